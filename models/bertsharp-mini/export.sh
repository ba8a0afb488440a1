#!/usr/bin/env bash
# Writes the model that is shipped: a run's weights rounded to float16, its tokenizer, and the log of the steps that made it.
# usage: models/bertsharp-mini/export.sh [best|last] [RUN]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
which=${1:-best}
run=${2:-${BERTSHARP_RUNS:-$HOME/.bertsharp/runs}/bertsharp-mini/run}
most=16000000

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$run/log.jsonl" "$folder/log.jsonl" # before the weights: of a run that goes on, the log may be behind them, never ahead
"${BERT:-bert}" convert "$run/$which" --to "$folder/model" --type float16
size=$(stat -c %s "$folder/model/model.safetensors")
if ((size > most)); then
    echo "export.sh: model.safetensors has $size bytes; a shipped model has at most $most" >&2
    exit 1
fi

# The log ends with the validation of the weights: the least loss for `best`, the last one for `last`.
python3 - "$which" "$folder/log.jsonl" "$here/log.jsonl" <<'PYTHON'
import json, sys
which, source, target = sys.argv[1:]
lines = open(source, encoding="utf-8").read().splitlines(keepends=True)
validations = [(json.loads(line)["validation"]["loss"], number) for number, line in enumerate(lines) if '"validation"' in line]
end = min(validations)[1] if which == "best" else validations[-1][1]
open(target, "w", encoding="utf-8").writelines(lines[:end + 1])
PYTHON
for file in config.json model.safetensors special_tokens_map.json tokenizer.json tokenizer_config.json vocab.txt; do
    install -m 644 "$folder/model/$file" "$here/$file"
done
sha256sum "$here/model.safetensors"
tail -n 1 "$here/log.jsonl"
