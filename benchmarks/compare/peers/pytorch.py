"""BERT's encoder in plain PyTorch, as a peer of benchmarks/compare: a JSON request a line in, a JSON answer a line out.

The weights come from model.safetensors, the layers follow the paper (post-LN, GELU with erf). OpenBLAS multiplies: oneDNN, which
torch.utils.mkldnn takes for linear layers, was slower in the three rows tried. Needs Debian's python3-torch and libopenblas0-openmp.
"""
import json, os, struct, sys, time
import numpy, torch
import torch.nn.functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    data = numpy.fromfile(path, dtype=numpy.uint8, offset=8 + length)
    tensors = {}
    for name, info in header.items():
        if name == "__metadata__" or info["dtype"] != "F32":
            continue
        begin, end = info["data_offsets"]
        tensors[name.removeprefix("bert.")] = torch.from_numpy(data[begin:end].copy().view(numpy.float32).reshape(info["shape"]))
    return tensors


class Encoder:
    def __init__(self, folder):
        with open(os.path.join(folder, "config.json")) as file:
            self.config = json.load(file)
        self.tensors = read_safetensors(os.path.join(folder, "model.safetensors"))
        self.heads = self.config["num_attention_heads"]

    def linear(self, x, path):
        return F.linear(x, self.tensors[path + ".weight"], self.tensors[path + ".bias"])

    def norm(self, x, path):
        return F.layer_norm(x, x.shape[-1:], self.tensors[path + ".weight"], self.tensors[path + ".bias"], self.config["layer_norm_eps"])

    def attend(self, x, mask, path):
        batch, length, hidden = x.shape
        size = hidden // self.heads
        query, key, value = (self.linear(x, path + name).view(batch, length, self.heads, size).transpose(1, 2).reshape(-1, length, size)
                             for name in ("query", "key", "value"))
        # One operation scales, multiplies, and adds the mask; without padding there is none to add.
        scores = torch.baddbmm(mask, query, key.transpose(1, 2), beta=0 if mask is self.no_mask else 1, alpha=size ** -0.5)
        context = torch.bmm(torch.softmax(scores, -1), value)
        return context.view(batch, self.heads, length, size).transpose(1, 2).reshape(batch, length, hidden)

    def forward(self, ids, mask):
        e, length = "embeddings.", ids.shape[1]
        x = F.embedding(ids, self.tensors[e + "word_embeddings.weight"])
        x = x + self.tensors[e + "position_embeddings.weight"][:length] + self.tensors[e + "token_type_embeddings.weight"][0]
        x = self.norm(x, e + "LayerNorm")
        self.no_mask = torch.zeros(1)
        added = self.no_mask
        if not bool(mask.all()):
            added = (1.0 - mask.float())[:, None, None, :].mul(-1e9).expand(-1, self.heads, length, -1).reshape(-1, length, length)
        for layer in range(self.config["num_hidden_layers"]):
            p = f"encoder.layer.{layer}."
            attended = self.linear(self.attend(x, added, p + "attention.self."), p + "attention.output.dense")
            x = self.norm(x + attended, p + "attention.output.LayerNorm")
            up = F.gelu(self.linear(x, p + "intermediate.dense"))
            x = self.norm(x + self.linear(up, p + "output.dense"), p + "output.LayerNorm")
        return x


class Peer:
    def load(self, request):
        torch.set_num_threads(request["threads"])
        self.encoder = Encoder(request["folder"])
        return {"version": torch.__version__}

    def inputs(self, request):
        self.members = request["batches"]
        self.batches = []
        for members in self.members:
            rows = [request["sequences"][i] for i in members]
            length = max(map(len, rows))
            self.batches.append((torch.tensor([row + [0] * (length - len(row)) for row in rows]),
                                 torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])))
        return {}

    def run(self, request):
        seconds = []
        while not seconds or sum(seconds) < request["visit_seconds"]:
            start = time.perf_counter()
            for batch in self.batches:
                self.encoder.forward(*batch)
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds}

    def states(self, request):
        outputs = [self.encoder.forward(*batch) for batch in self.batches]
        place = {sequence: (batch, row) for batch, members in enumerate(self.members) for row, sequence in enumerate(members)}
        return {"states": [outputs[place[sequence][0]][place[sequence][1], token].tolist() for sequence, token in request["tokens"]]}


peer = Peer()
with torch.inference_mode():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(peer, request["verb"])(request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
