"""Steps of a masked language model in plain PyTorch, as a peer of `BertSharp.Benchmarks steps`.

usage: pytorch_step.py base|mini SEQUENCES TOKENS THREADS DROPOUT whole|gradients RUNS [WARMUP]; prints a line of JSON.
The layers are those of the paper (post-LN, GELU with erf, decoder tied to the word embeddings); the head reads predicted tokens
alone, as ours. A whole step clips gradients to norm 1 and takes a step of torch.optim.AdamW.
"""
import json, sys, time
import torch
from torch import nn
import torch.nn.functional as F

SIZES = {"base": (30522, 768, 12, 12, 3072), "mini": (10240, 256, 6, 4, 1024)}
WARMUP = 2


class Layer(nn.Module):
    def __init__(self, hidden, heads, intermediate, dropout):
        super().__init__()
        self.heads, self.dropout = heads, nn.Dropout(dropout)
        self.query, self.key, self.value, self.dense = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, intermediate), nn.Linear(intermediate, hidden)
        self.attention_norm, self.output_norm = nn.LayerNorm(hidden, 1e-12), nn.LayerNorm(hidden, 1e-12)

    def forward(self, x):
        batch, length, hidden = x.shape
        size = hidden // self.heads
        query, key, value = (linear(x).view(batch, length, self.heads, size).transpose(1, 2) for linear in (self.query, self.key, self.value))
        probabilities = self.dropout(torch.softmax(query @ key.transpose(2, 3) * size ** -0.5, -1))
        context = (probabilities @ value).transpose(1, 2).reshape(batch, length, hidden)
        x = self.attention_norm(x + self.dropout(self.dense(context)))
        return self.output_norm(x + self.dropout(self.down(F.gelu(self.up(x)))))


class MaskedLM(nn.Module):
    def __init__(self, vocabulary, hidden, layers, heads, intermediate, dropout):
        super().__init__()
        self.words, self.positions, self.types = nn.Embedding(vocabulary, hidden), nn.Embedding(512, hidden), nn.Embedding(2, hidden)
        self.norm, self.dropout = nn.LayerNorm(hidden, 1e-12), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(hidden, heads, intermediate, dropout) for _ in range(layers))
        self.transform, self.transform_norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden, 1e-12)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, ids, predicted, labels):
        x = self.words(ids) + self.positions.weight[:ids.shape[1]] + self.types.weight[0]
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x)
        rows = x.reshape(-1, x.shape[-1])[predicted]
        rows = self.transform_norm(F.gelu(self.transform(rows)))
        return F.cross_entropy(F.linear(rows, self.words.weight, self.bias), labels)


def main():
    name, sequences, tokens, threads, dropout, what, runs, *warmup = sys.argv[1:]
    warmup = int(*warmup) if warmup else WARMUP
    sequences, tokens = int(sequences), int(tokens)
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    model = MaskedLM(*SIZES[name], float(dropout))
    optimizer = torch.optim.AdamW(model.parameters(), 1e-4)
    ids = torch.randint(1, SIZES[name][0], (sequences, tokens))
    predicted = torch.tensor([i for i in range(sequences * tokens) if i % 20 in (0, 7, 13)])
    labels = torch.randint(0, SIZES[name][0], predicted.shape)
    seconds = []
    for run in range(warmup + int(runs)):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=False)
        model(ids, predicted, labels).backward()
        if what == "whole":
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        if run >= warmup:
            seconds.append(time.perf_counter() - start)
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "peaks": [], "peak_bytes": peak}))


main()
