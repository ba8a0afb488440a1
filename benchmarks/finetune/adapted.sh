#!/usr/bin/env bash
# SST-2 from a small model that knows little of films: it goes on with masked words in the training sentences (task-adaptive
# pretraining, Gururangan et al. 2020), then learns their labels; three seeds and a table. What was stopped goes on.
# usage: benchmarks/finetune/adapted.sh [MODEL|random] [further options of bert train]   random: the same from random weights of bertsharp-mini's shape
#   with MODEL --random-weights, and another OUT, the labels alone are learned from random weights, and nothing is adapted
#   SHARED, OUT, SEEDS, BERT   as in run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mini=$here/../../models/bertsharp-mini
model=${1:-$mini}
data=${SHARED:-$here/../../../shared}/data/sst2
out=${OUT:-${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}/finetune}/$(basename "$model")/sst2-adapted
bert=${BERT:-bert}
mkdir -p "$out"

# The rows are sentences and their phrases; each text is to be read once, so phrases of longer ones are left out.
adapt() {
    python3 - "$data/train.tsv" "$out/sentences.txt" <<'PYTHON'
import collections, sys
rows = {line.split("\t")[0].strip() for line in open(sys.argv[1], encoding="utf-8").read().splitlines()[1:]}
longer, kept = collections.defaultdict(list), []
for row in sorted(rows, key=lambda row: (-len(row), row)):
    words = row.split()
    if words and not any(f" {row} " in other for other in longer[words[0]]):
        kept.append(row)
        for word in set(words):
            longer[word].append(f" {row} ")
open(sys.argv[2], "w", encoding="utf-8").write("\n\n".join(kept) + "\n")
PYTHON

    start=(--from "$model")
    tokenizer=$model
    if [ "$model" = random ]; then
        tokenizer=$mini
        start=(--tokenizer "$mini" --layers 6 --hidden 256 --heads 4 --intermediate 1024 --random-start)
    fi
    [ -d "$out/store" ] || "$bert" pretrain-data "$out/sentences.txt" -m "$tokenizer" --out "$out/store" --short 1
    "$bert" pretrain "${start[@]}" --dropout 0.1 --data "$out/store" --epochs 30 --batch 32 --whole-word --learning-rate 4e-4 --schedule linear --seed 1 --out "$out/adapted"
}

first=$model
if [[ " $* " != *" --random-weights "* ]]; then
    adapt
    first=$out/adapted/last
fi
"$bert" train -m "$first" --task classify --data "$data/train.tsv" --validate "$data/dev.tsv" --columns text=sentence --labels 0,1 \
    --dropout 0.1 --learning-rate 3e-4 --layerwise-decay 0.85 --epochs 3 --validate-every 1052 --seeds "${SEEDS:-1,2,3}" --out "$out/runs" "${@:2}"
