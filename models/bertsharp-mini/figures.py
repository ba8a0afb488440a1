"""Writes what measure.sh found into the model card: figures.py MODEL_FOLDER FOLDER_OF_RESULTS."""

import hashlib
import json
import pathlib
import sys

BEGIN, END = "<!-- figures: written by measure.sh -->", "<!-- end of figures -->"


def main():
    here, results = (pathlib.Path(argument) for argument in sys.argv[1:])
    log = [json.loads(line) for line in open(here / "log.jsonl", encoding="utf-8")]
    mask, cloze = (json.loads((results / name).read_text())["figures"] for name in ("mask.json", "cloze.json"))
    guesses = json.loads((results / "example.json").read_text())[0]["guesses"]
    weights = hashlib.sha256((here / "model.safetensors").read_bytes()).hexdigest()
    tokens = sum(line.get("tokens", 0) for line in log)
    lines = [
        BEGIN, "",
        f"Measured on `model.safetensors` with SHA-256 `{weights}`,",
        f"after step {log[-1]['step']:,} ({tokens / 1e6:.1f} million tokens).", "",
        "| held-out novels | words | model | commonest word | commonest between the same neighbours |",
        "|---|---|---|---|---|",
        row("all words, punctuation marks among them", mask, ""),
        row("words with letters or digits", mask, "_without_punctuation"), "",
        f"Loss of a piece {mask['loss']:.4f}, perplexity {mask['perplexity']:.2f}, pieces right {mask['accuracy']:.2%}.", "",
        "| cloze | sentences | accepted word in the top 5 | accepted word first |", "|---|---|---|---|",
    ]
    for kind in ["", *dict.fromkeys(name[:-len("questions")] for name in cloze if name.endswith("_questions"))]:
        count = cloze[kind + "questions"]
        lines.append(f"| {kind.rstrip('_') or 'all'} | {count:.0f} | {cloze[kind + 'top_5'] * count:.0f} | {cloze[kind + 'first'] * count:.0f} |")
    best = ", ".join(f"{guess['token']} {guess['score']:.1%}" for guess in guesses)
    lines += ["", f"“The capital of France is [MASK].”: {best}.", "", END]
    card = (here / "README.md").read_text(encoding="utf-8")
    before, after = card.split(BEGIN)[0], card.split(END)[1]
    (here / "README.md").write_text(before + "\n".join(lines) + after, encoding="utf-8")
    print("\n".join(lines[1:-1]))


def row(name, mask, suffix):
    model, commonest, between = (f"{mask[figure + suffix]:.2%}" for figure in ("word_accuracy", "commonest_word", "commonest_between_neighbours"))
    return f"| {name} | {mask['words' + suffix]:,.0f} | {model} | {commonest} | {between} |"


main()
