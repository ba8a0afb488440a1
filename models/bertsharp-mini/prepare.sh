#!/usr/bin/env bash
# Text, vocabulary and example stores of bertsharp-mini, into $BERTSHARP_RUNS (~/.bertsharp/runs): some three minutes.
# usage: models/bertsharp-mini/prepare.sh [SHARED]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runs=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}
bert=${BERT:-bert}
corpus=$runs/corpus
out=$runs/bertsharp-mini

python3 -B "$here/corpus/make_corpus.py" "${1:-$here/../../../shared}"
mkdir -p "$out"
"$bert" train-vocab "$corpus"/novels/*.txt "$corpus"/dictionaries/*.txt "$corpus"/manuals/*.txt --size 10240 --out "$out/tokenizer"
# What measure.sh masks: whole sentences up to 128 tokens, none alone.
rm -rf "$out/held-out-words"
"$bert" pretrain-data "$corpus/held-out"/*.txt --layout prose -m "$out/tokenizer" --length 128 --short 0 --seed 1 --out "$out/held-out-words"
# 512 tokens: for the last tenth of the run.
for length in 128 512; do
    for group in novels dictionaries manuals held-out; do
        store=$out/$group-$length
        rm -rf "$store"
        "$bert" pretrain-data "$corpus/$group"/*.txt --layout prose -m "$out/tokenizer" --length $length --short 0.15 --seed 1 --out "$store"
    done
done
