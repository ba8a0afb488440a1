#!/usr/bin/env bash
# One command does all that CI does.
#   ./build.sh        everything: restore, format, build, test, pack, NativeAOT and its smoke tests
#   ./build.sh test   the tests; needs the .NET SDK alone
#   ./build.sh long   the long suites
#   ./build.sh pack   the packages, into artifacts/packages
#   ./build.sh aot    the tool as a native program, into artifacts/aot
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

passed=0 failed=0 skipped=0 broken=0

say() { printf '\n== %s\n' "$*"; }

build() {
  say "build"
  dotnet build BertSharp.slnx -c Release
}

# Every file is checked, also those that the compiler's own style rules do not see.
check_format() {
  say "format"
  dotnet format BertSharp.slnx --verify-no-changes --no-restore
}

# Runs one suite (an xunit.v3 program) and adds up its closing line.
#   run_suite NAME TITLE [ARGUMENT…]
run_suite() {
  local name=$1 title=$2 log summary
  shift 2
  say "$title"
  log=$(mktemp)
  local status=0
  "tests/$name/bin/Release/net10.0/$name" "$@" -noLogo -noColor </dev/null 2>&1 | tee "$log" || status=$?
  summary=$(grep -E 'Total: [0-9]+' "$log" | tail -1 || true)
  rm -f "$log"
  if [[ -z $summary ]]; then
    echo "$title: the suite ended without a summary (exit code $status)"
    broken=1
    return
  fi
  local total errors fail skip
  total=$(count Total "$summary") errors=$(count Errors "$summary")
  fail=$(( $(count Failed "$summary") + errors )) skip=$(( $(count Skipped "$summary") + $(count 'Not Run' "$summary") ))
  failed=$(( failed + fail )) skipped=$(( skipped + $(count Skipped "$summary") ))
  passed=$(( passed + total - $(count Failed "$summary") - skip ))
  if [[ $status -ne 0 && $fail -eq 0 ]]; then
    echo "$title: exit code $status"
    broken=1
  fi
}

# The number behind a word of the closing line; 0 where the word is absent.
count() { grep -oE "$1: [0-9]+" <<<"$2" | grep -oE '[0-9]+$' || echo 0; }

has_icu() { ldconfig -p 2>/dev/null | grep -q libicuuc || compgen -G '/usr/lib/*/libicuuc.so*' >/dev/null || compgen -G '/usr/lib64/libicuuc.so*' >/dev/null; }

# The filters that choose the tokenizer's tests.
tokenizer_classes() {
  local file
  for file in tests/BertSharp.Tests/Tokenization/*Tests.cs; do
    echo "-class BertSharp.Tests.$(basename "$file" .cs)"
  done
}

run_tests() {
  local without_long=(-trait- suite=long)
  if has_icu; then
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 run_suite BertSharp.Tests "library, with ICU" "${without_long[@]}"
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 run_suite BertSharp.Tests "tokenizer, without ICU" "${without_long[@]}" $(tokenizer_classes)
  else
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 run_suite BertSharp.Tests "library (no ICU here)" "${without_long[@]}"
  fi
  run_suite BertSharp.Cli.Tests "command line tool" "${without_long[@]}"
}

run_long() {
  say "long suites"
  run_suite BertSharp.Tests "library, long" -trait suite=long
  run_suite BertSharp.Cli.Tests "command line tool, long" -trait suite=long
}

pack() {
  say "pack"
  rm -rf artifacts/packages
  dotnet pack src/BertSharp -c Release --no-build -o artifacts/packages
  dotnet pack src/BertSharp.Cli -c Release --no-build -o artifacts/packages
}

# The vector width of a native program is fixed when it is compiled: one for each level of x86-64 that matters,
# and a launcher that takes the one for this machine.
aot() {
  say "NativeAOT"
  if ! command -v clang >/dev/null; then
    echo "build.sh: NativeAOT needs a linker: apt-get install clang zlib1g-dev"
    return 1
  fi
  rm -rf artifacts/aot
  local level
  for level in x86-64-v3 x86-64-v4; do
    dotnet publish src/BertSharp.Cli -c Release -r linux-x64 -p:PublishAot=true -p:IlcInstructionSet="$level" -o "artifacts/aot/$level"
  done
  install -m 755 src/BertSharp.Cli/launcher.sh artifacts/aot/bert
  ls -l artifacts/aot/*/bert
  artifacts/aot/bert --version
}

finish() {
  echo
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed -eq 0 && $broken -eq 0 && $passed -gt 0 ]]
}

case ${1:-all} in
  test) build; run_tests; finish ;;
  long) build; run_long; finish ;;
  pack) build; pack ;;
  aot) aot ;;
  all) build; check_format; pack; aot; run_tests; finish ;;
  *) echo "build.sh: unknown verb '$1'; see the top of the file" >&2; exit 2 ;;
esac
