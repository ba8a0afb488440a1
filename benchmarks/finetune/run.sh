#!/usr/bin/env bash
# Fine-tunes a model on the small public sets and writes the table of its seeds; a run that was stopped goes on.
# usage: benchmarks/finetune/run.sh sst2|mrpc|rte|cola|stsb|wnut17|squad [MODEL] [further options of bert train]
#   SHARED  the folder with data/ and models/ (../shared beside the checkout)
#   OUT     where runs go (${BERTSHARP_RUNS:-~/.bertsharp/runs}/finetune)
#   SEEDS   1,2,3
#   BERT    the tool (bert)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
shared=${SHARED:-$here/../../../shared}
set_name=$1
model=${2:-$shared/models/real/all-MiniLM-L6-v2}
further=("${@:3}")
out=${OUT:-${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}/finetune}/$(basename "$model")/$set_name
data=$shared/data
bert=${BERT:-bert}
mkdir -p "$out"

# The larger model keeps its embeddings; any other is trained whole.
freeze=()
[ "$(basename "$model")" = all-MiniLM-L6-v2 ] && freeze=(--freeze 'bert.embeddings.*')

train() {
    "$bert" train -m "$model" --seeds "${SEEDS:-1,2,3}" "${freeze[@]}" --learning-rate 1.5e-4 --out "$out" "$@" "${further[@]}"
}

case $set_name in
sst2)
    train --task classify --data "$data/sst2/train.tsv" --validate "$data/sst2/dev.tsv" --columns text=sentence --labels 0,1 --epochs 2
    ;;
mrpc)
    train --task classify --data "$data/mrpc/msr-para-train.tsv" --validate "$data/mrpc/msr-para-val.tsv" --columns label=1,text=4,text_pair=5 --labels 0,1 --epochs 4
    ;;
rte)
    train --task classify --data "$data/rte/train.tsv" --validate "$data/rte/dev.tsv" --columns text=sentence1,text_pair=sentence2 --labels not_entailment,entailment --epochs 6
    ;;
cola)
    train --task classify --data "$data/cola/train.tsv" --validate "$data/cola/dev.tsv" --header no --columns label=2,text=4 --labels 0,1 --metric matthews --epochs 4
    ;;
stsb)
    # Train and dev are written with other delimiters; 25 rows of train have lost their second sentence, 14 have a score like 211.111.111.
    python3 - "$data/stsbenchmark/sts-train.csv" "$out/train.tsv" <<'PYTHON'
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as source, open(sys.argv[2], "w", encoding="utf-8") as target:
    for row in csv.reader(source, delimiter=";"):
        first, second = (row[5].split("\t") + row[6:7])[:2]
        if second and row[4].count(".") < 2:
            target.write("\t".join(["", "", "", "", row[4], first, second]) + "\n")
PYTHON
    train --task classify --regression --data "$out/train.tsv" --validate "$data/stsbenchmark/sts-dev.csv" --delimiter tab --quote none --header no --columns label=5,text=6,text_pair=7 --epochs 4
    ;;
wnut17)
    train --task tokens --data "$data/wnut17/wnut17train.conll" --validate "$data/wnut17/emerging.dev.conll" --epochs 8
    for run in "$out"/*-seed-*; do # The median of these is the figure; validation has chosen within each run alone.
        echo "$(basename "$run") on the test set:"
        "$bert" evaluate -m "$run/best" --task tokens --data "$data/wnut17/emerging.test.annotated"
    done
    ;;
squad)
    # Every eighth article from the first is held out.
    python3 - "$data/squad/dev-v1.1.json.zip" "$out" <<'PYTHON'
import json, sys, zipfile
articles = json.loads(zipfile.ZipFile(sys.argv[1]).read("dev-v1.1.json"))["data"]
for name, part in [("held-out", articles[::8]), ("train", [a for i, a in enumerate(articles) if i % 8])]:
    with open(f"{sys.argv[2]}/{name}.json", "w", encoding="utf-8") as target:
        json.dump({"version": "1.1", "data": part}, target)
PYTHON
    train --task answer --data "$out/train.json" --validate "$out/held-out.json" --epochs 2
    ;;
*)
    echo "$0: there is no recipe for '$set_name'; see the first lines of this file." >&2
    exit 2
    ;;
esac
