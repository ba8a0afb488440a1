#!/bin/sh
# Builds the tokenizers that BertSharp's is compared with:
#   benchmarks/peers/build.sh SOURCE FOLDER
# SOURCE: a git copy of github.com/georg-jung/FastBertTokenizer (any clone or its .git directory); FOLDER: where the peers go.
set -eu
source=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/fastbert-source"
folder=$(cd "$2" && pwd)
git -C "$source" archive --prefix=src/FastBertTokenizer/ HEAD:src/FastBertTokenizer | tar -x -C "$folder/fastbert-source"
git -C "$source" log -1 --format='at %h of %cs' > "$folder/fastbert-version.txt"
dotnet build -c Release "$here/FastBertTokenizer/FastBertTokenizerPeer.csproj" -o "$folder/fastbert" \
    -p:FastBertTokenizerSource="$folder/fastbert-source" -p:BaseIntermediateOutputPath="$folder/fastbert-obj/"
npm install --prefix "$folder" tokenizers@0.23.2
