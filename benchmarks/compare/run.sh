#!/usr/bin/env bash
# Measures BertSharp and its peers side by side and writes tables to benchmarks/results.
#   benchmarks/compare/run.sh [--only PEER,…] [--rows ROW,…] [--rounds N] [--visit SECONDS]
#     --only    parts of the names of the peers beside BertSharp: onnxruntime, onnxruntimespinning, pytorch, …
#     --rows    parts of the names of rows: base-8x128-2t, minilm, real, 1t, …; rows that are not measured keep their figures
#     --rounds  how often each is visited, in turn; 5 by default
#     --visit   for how many seconds a visit repeats a pass; 2 by default
# Models and npm's packages are kept in COMPARE_WORK, /tmp/bertsharp-compare by default. Peers that are not there are left out:
# ONNX Runtime needs node and npm, PyTorch needs `apt-get install python3-torch libopenblas0-openmp`. README.md beside has more.
set -euo pipefail
cd "$(dirname "$0")/../.."
export COMPARE_WORK=${COMPARE_WORK:-/tmp/bertsharp-compare}
ort=1.30.0

dotnet build -c Release src/BertSharp.Cli --verbosity quiet -nologo
dotnet build -c Release benchmarks/BertSharp.Benchmarks --verbosity quiet -nologo

# The package carries its binaries; what its install script would fetch is for GPUs.
if command -v npm >/dev/null && [[ ! -d $COMPARE_WORK/node/node_modules/onnxruntime-node ]]; then
  mkdir -p "$COMPARE_WORK/node"
  npm install --prefix "$COMPARE_WORK/node" --ignore-scripts --no-audit --no-fund "onnxruntime-node@$ort" || echo "run.sh: onnxruntime-node could not be installed; its column will say so" >&2
fi

exec benchmarks/BertSharp.Benchmarks/bin/Release/net10.0/BertSharp.Benchmarks compare "$@"
