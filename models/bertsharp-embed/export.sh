#!/usr/bin/env bash
# Writes the model that is shipped: a run's last weights rounded to float16, its tokenizer and settings, and its log.
# usage: models/bertsharp-embed/export.sh [RUN]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
run=${1:-${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}/bertsharp-embed/run}
most=16000000

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${BERT:-bert}" convert "$run/last" --to "$folder/model" --type float16
size=$(stat -c %s "$folder/model/model.safetensors")
if ((size > most)); then
    echo "export.sh: model.safetensors has $size bytes; a shipped model has at most $most" >&2
    exit 1
fi

cp -r "$folder/model/." "$here/"
cp "$run/log.jsonl" "$here/log.jsonl"
sha256sum "$here/model.safetensors"
tail -n 1 "$here/log.jsonl"
