#!/usr/bin/env bash
# bertsharp-mini from nothing: packages to text, text to vocabulary and examples, examples to a model, the model to the files here.
# The log of the training is the committed log.jsonl, byte for byte, on any machine (../verify.sh checks its beginning).
# usage: models/bertsharp-mini/recipe.sh [SHARED]   with `bert` in the PATH or named by $BERT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/prepare.sh" "$@"
"$here/pretrain.sh"
"$here/export.sh" last
"$here/measure.sh" "$@"
