#!/usr/bin/env bash
# Measures the shipped files and writes the figures into README.md, with the hash of what was measured.
# usage: models/bertsharp-mini/measure.sh [SHARED]   after prepare.sh, with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
shared=${1:-$here/../../../shared}
stores=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}/bertsharp-mini
bert=${BERT:-bert}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bert" evaluate -m "$here" --task mask --data "$stores/held-out-words" --baseline "$stores/novels-128" --format json --output "$work/mask.json"
"$bert" evaluate -m "$here" --task cloze --data "$shared/cloze.jsonl" --format json --output "$work/cloze.json"
"$bert" fill-mask -m "$here" --format json "The capital of France is [MASK]." --output "$work/example.json"
python3 -B "$here/figures.py" "$here" "$work"
