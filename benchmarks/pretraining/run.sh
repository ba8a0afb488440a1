#!/usr/bin/env bash
# Does pretraining learn as a whole? A BERT of two layers and H 128, with next sentences; a run that was stopped goes on.
# usage: benchmarks/pretraining/run.sh sample|nsp
#   sample  google-research/bert's sample text, learned by heart: held out are its own pairs, masked anew
#   nsp     novels and manuals of bertsharp-mini's corpus (models/bertsharp-mini/prepare.sh makes it); held out are other authors' novels
#           and one manual of ten: documents of the same kinds, in the same proportion
#   SHARED  the folder with data/ and models/ (../shared beside the checkout)
#   OUT     where runs go (${BERTSHARP_RUNS:-~/.bertsharp/runs}/pretraining)
#   BERT    the tool (bert)
set -euo pipefail
shopt -s extglob
here=$(cd "$(dirname "$0")" && pwd)
shared=${SHARED:-$here/../../../shared}
runs=${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}
out=${OUT:-$runs/pretraining}/$1
bert=${BERT:-bert}
mkdir -p "$out"

pairs() {
    if [[ ! -d $out/$1 ]]; then
        "$bert" pretrain-data "${@:2}" --next-sentence --length 128 --seed 1 --out "$out/$1"
    fi
}

train() {
    "$bert" pretrain --data "$out/pairs" --layers 2 --hidden 128 --dropout 0 --seed 1 --out "$out/run" "$@"
}

case $1 in
sample)
    vocabulary=$shared/models/real/all-MiniLM-L6-v2
    pairs pairs "$shared/data/corpus/google-bert-sample_text.txt" -m "$vocabulary" --duplicates 5
    train --tokenizer "$vocabulary" --held-out "$out/pairs" --batch 16 --steps 2000 --warmup 50 --validate-every 200
    ;;
nsp)
    vocabulary=$runs/bertsharp-mini/tokenizer
    pairs pairs "$runs"/corpus/novels/*.txt "$runs"/corpus/manuals/!(manpages).txt --layout prose -m "$vocabulary" --duplicates 2
    pairs held-out "$runs"/corpus/held-out/*.txt "$runs"/corpus/manuals/manpages.txt --layout prose -m "$vocabulary"
    train --tokenizer "$vocabulary" --held-out "$out/held-out" --batch 32 --steps 6000 --warmup 300 --validate-every 1000
    ;;
*)
    echo "$0: there is no recipe for '$1'; see the first lines of this file." >&2
    exit 2
    ;;
esac
grep next_sentence_accuracy "$out/run/log.jsonl" | tail -n 1
