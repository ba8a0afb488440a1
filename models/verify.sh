#!/usr/bin/env bash
# Trains the first steps of a shipped model anew and compares their log with the committed one, byte for byte.
# usage: models/verify.sh bertsharp-mini|bertsharp-embed [STEPS]   200 by default; after bertsharp-mini/prepare.sh, with `bert` in the PATH or named by $BERT
set -euo pipefail
model=$(cd "$(dirname "$0")" && pwd)/$1
steps=${2:-200}
case $1 in
bertsharp-mini) train=$model/pretrain.sh ;;
bertsharp-embed) train=$model/distill.sh ;;
*)
    echo "verify.sh: there is no model '$1'; expected bertsharp-mini or bertsharp-embed" >&2
    exit 2
    ;;
esac
work=$(mktemp -d)
"$train" "$work/run" >"$work/output" 2>&1 &
training=$!
trap 'kill "$training" 2>/dev/null || true; wait "$training" 2>/dev/null || true; rm -rf "$work"' EXIT
until [[ -f $work/run/log.jsonl && $(wc -l <"$work/run/log.jsonl") -ge $steps ]]; do
    if ! kill -0 "$training" 2>/dev/null; then
        cat "$work/output" >&2
        echo "verify.sh: the training ended before step $steps" >&2
        exit 1
    fi
    sleep 1
done
cmp <(head -n "$steps" "$work/run/log.jsonl") <(head -n "$steps" "$model/log.jsonl")
echo "the first $steps lines are those of $1/log.jsonl"
