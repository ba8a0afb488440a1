#!/usr/bin/env bash
# bertsharp-embed: two layers of all-MiniLM-L6-v2 with embeddings of 128 dimensions, which learn their teacher's vectors from the
# corpus of bertsharp-mini (../bertsharp-mini/prepare.sh makes it). Stopped, it goes on; the same bits on every machine.
# usage: models/bertsharp-embed/distill.sh [RUN]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runs=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}
bert=${BERT:-bert}
corpus=$runs/corpus
shared=${BERTSHARP_SHARED:-$here/../../../shared}
run=${1:-$runs/bertsharp-embed/run}

# 150,000 of the 1,278,419 sentences of 3 to 64 words, evenly thinned, each once: 586 steps, 15 minutes on two free cores; the teacher's vectors are kept (teacher.f16).
# The layers and the loss are those that won on STS-B dev after two passes over 8,192 sentences, see README.md.
mkdir -p "$(dirname "$run")"
exec "$bert" train --task embed -m "$shared/models/real/all-MiniLM-L6-v2" --loss distill --cosine-weight 0 \
    --student-layers 4,5 --student-embedding 128 \
    --data "$corpus"/novels/*.txt "$corpus"/dictionaries/*.txt "$corpus"/manuals/*.txt --sentences 150000 \
    --validate "$shared/data/stsbenchmark/sts-dev.csv" --delimiter tab --header no --columns score=5,sentence1=6,sentence2=7 \
    --batch 256 --learning-rate 5e-4 --epochs 1 --warmup 50 --validate-every 100 --seed 1 --out "$run"
