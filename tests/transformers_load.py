#!/usr/bin/env python3
"""Loads folders that BertSharp saved with transformers, unchanged, and compares what both say.

usage: transformers_load.py BERT FOLDER...     (BERT is the tool; needs PyTorch and transformers)

Fails where transformers misses a tensor, finds one too many or one of another shape, or where an answer differs.
"""
import json
import subprocess
import sys

import torch
import transformers

TEXT, PAIR = "Paris Hilton flew to London on Monday.", "She went to the capital of England by plane."
MASKED = "The cat sat on the [MASK]."
QUESTION, CONTEXT = "Who wrote it?", "The book was written by Jane Austen in 1813."
TOLERANCE = 1e-4


def ours(bert, verb, folder, *arguments):
    return json.loads(subprocess.run([bert, verb, "-m", folder, *arguments, "--format", "json"], check=True, stdout=subprocess.PIPE).stdout)


def masks(model, tokenizer, bert, folder):
    encoded = tokenizer(MASKED, return_tensors="pt")
    output = model(**encoded)
    logits = output.logits if "logits" in output else output.prediction_logits
    probabilities = logits[0, encoded.input_ids[0].tolist().index(tokenizer.mask_token_id)].softmax(-1)
    best = probabilities.topk(5)
    return ([(tokenizer.convert_ids_to_tokens(i), p) for i, p in zip(best.indices.tolist(), best.values.tolist())],
            [(guess["token"], guess["score"]) for guess in ours(bert, "fill-mask", folder, MASKED)[0]["guesses"]])


def labels(model, tokenizer, bert, folder):
    logits = model(**tokenizer(TEXT, PAIR, return_tensors="pt")).logits[0]
    mine = [(label["label"], label["score"]) for label in ours(bert, "classify", folder, TEXT, "--pair", PAIR, "--raw")[0]["labels"]]
    return sorted((model.config.id2label[i], score) for i, score in enumerate(logits.tolist())), sorted(mine)


def tokens(model, tokenizer, bert, folder):
    best = model(**tokenizer(TEXT, return_tensors="pt")).logits[0].softmax(-1).max(-1)
    named = [(model.config.id2label[i], p) for i, p in zip(best.indices.tolist()[1:-1], best.values.tolist()[1:-1])]
    mine = [(entity["label"], entity["score"]) for entity in ours(bert, "ner", folder, TEXT, "--aggregation", "none")[0]["entities"]]
    return [pair for pair in named if pair[0] != "O"], mine


def answers(model, tokenizer, bert, folder):
    encoded = tokenizer(QUESTION, CONTEXT, return_tensors="pt")
    output = model(**encoded)
    elsewhere = encoded.token_type_ids[0] == 0
    elsewhere[0] = False  # As the pipeline: [CLS] takes part in the softmax, the question does not; nor the last [SEP].
    elsewhere[-1] = True
    start, end = (logits[0].masked_fill(elsewhere, -1e4).softmax(-1) for logits in (output.start_logits, output.end_logits))
    start[0] = end[0] = 0
    scores = (start[:, None] * end[None, :]).triu()
    best = int(scores.argmax())
    ids = encoded.input_ids[0][best // len(start):best % len(start) + 1]
    answer = ours(bert, "answer", folder, QUESTION, CONTEXT)[0]["answers"][0]
    return [(tokenizer.decode(ids), float(scores.max()))], [(answer["text"].lower(), answer["score"])]


def vectors(model, tokenizer, bert, folder):
    mean = model(**tokenizer(TEXT, return_tensors="pt")).last_hidden_state[0].mean(0)
    mine = ours(bert, "embed", folder, TEXT)[0]["embedding"]
    return list(enumerate(torch.nn.functional.normalize(mean, dim=0).tolist())), list(enumerate(mine))


COMPARISONS = {"MaskedLM": masks, "PreTraining": masks, "SequenceClassification": labels, "TokenClassification": tokens, "QuestionAnswering": answers, "Model": vectors}


def check(bert, folder):
    name = transformers.AutoConfig.from_pretrained(folder).architectures[0]
    model, info = getattr(transformers, name).from_pretrained(folder, output_loading_info=True)
    problems = {key: value for key, value in info.items() if value}
    if problems:
        sys.exit(f"{folder}: {name}: {problems}")
    tokenizer = transformers.BertTokenizer.from_pretrained(folder)
    compare = next(function for head, function in COMPARISONS.items() if name.endswith(head))
    with torch.no_grad():
        theirs, mine = compare(model.eval(), tokenizer, bert, folder)
    worst = max((abs(a[1] - b[1]) for a, b in zip(theirs, mine)), default=0)
    if [a[0] for a in theirs] != [b[0] for b in mine] or not worst <= TOLERANCE:
        sys.exit(f"{folder}: {name}: transformers says {theirs}, bert {mine}")
    print(f"{folder}: {name}: {len(model.state_dict())} tensors, none missing, none left over; {len(mine)} figures, largest distance {worst:.1e}")


if __name__ == "__main__":
    print(f"transformers {transformers.__version__}, PyTorch {torch.__version__}")
    for one in sys.argv[2:]:
        check(sys.argv[1], one)
