#!/usr/bin/env bash
# Pretrains bertsharp-mini on the stores of prepare.sh; a run that was stopped goes on, at low priority.
# usage: models/bertsharp-mini/pretrain.sh [RUN]   with `bert` in the PATH or named by $BERT
set -euo pipefail
runs=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}
bert=${BERT:-bert}
run=$(realpath -m "${1:-$runs/bertsharp-mini/run}")
cd "$runs/bertsharp-mini"
exec nice -n 19 "$bert" pretrain --tokenizer tokenizer --data novels-128=60 dictionaries-128=25 manuals-128=15 \
    --long-data novels-512=60 dictionaries-512=25 manuals-512=15 --long-share 0.1 --held-out held-out-128 \
    --layers 6 --hidden 256 --heads 4 --intermediate 1024 --dropout 0 --batch 16 --whole-word --mask 0.30 --final-mask 0.15 \
    --steps 70500 --schedule wsd --warmup 500 --decay 19100 --learning-rate 1e-3 --beta1 0.9 --beta2 0.98 --epsilon 1e-6 --weight-decay 0.01 --clip 1 \
    --seed 1 --validate-every 2000 --out "$run"
