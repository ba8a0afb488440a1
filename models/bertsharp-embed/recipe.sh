#!/usr/bin/env bash
# bertsharp-embed: two layers of all-MiniLM-L6-v2 with embeddings of 128 dimensions, which learn their teacher's vectors from the
# corpus of bertsharp-mini (../bertsharp-mini/prepare.sh makes it). Stopped, it goes on; the same bits on every machine.
# usage: models/bertsharp-embed/recipe.sh [SHARED]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runs=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}
bert=${BERT:-bert}
corpus=$runs/corpus
shared=${1:-$here/../../../shared}

# 1,278,419 sentences of 3 to 64 words, each once; the first pass asks the teacher and keeps its vectors (teacher.f16, 0.9 GiB).
# The layers and the loss are those that won on STS-B dev after two passes over 8,192 sentences, see README.md.
mkdir -p "$runs/bertsharp-embed"
exec "$bert" train --task embed -m "$shared/models/real/all-MiniLM-L6-v2" --loss distill --cosine-weight 0 \
    --student-layers 4,5 --student-embedding 128 \
    --data "$corpus"/novels/*.txt "$corpus"/dictionaries/*.txt "$corpus"/manuals/*.txt --sentences 1500000 \
    --validate "$shared/data/stsbenchmark/sts-dev.csv" --delimiter tab --header no --columns score=5,sentence1=6,sentence2=7 \
    --batch 256 --learning-rate 5e-4 --epochs 3 --warmup 500 --validate-every 250 --seed 1 --out "$runs/bertsharp-embed/run"
