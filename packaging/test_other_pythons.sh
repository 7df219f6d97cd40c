#!/bin/sh
# Runs the unit tests on every other CPython of 3.10 or newer that this machine has, as many at a
# time as it has cores, and says of each whether it ran or why it was left out. Fails if the tests
# failed on one that ran.
#
#   test_other_pythons.sh                   all of them
#   test_other_pythons.sh VERSION PYTHON    one whose environment .cache/pythonVERSION is there
set -eu

# A background job would ignore the interrupts that some tests send to what they start: hence xargs.
if [ $# -eq 2 ]; then
  venv=.cache/python$1
  if HYPOTHESIS_PROFILE=ci "$venv/bin/python" -m pytest -q -p no:cacheprovider >"$venv.log" 2>&1 </dev/null; then
    echo "CPython $1: run: $(tail -n 1 "$venv.log") ($2)"
    exit 0
  fi
  cat "$venv.log"
  echo "CPython $1: FAILED ($2)"
  exit 1
fi

lines=$(sh packaging/pythons.sh --others)
[ -n "$lines" ] || echo "no other CPython of 3.10 or newer found"

tab=$(printf '\t')
found=
while IFS=$tab read -r status version what; do
  [ -n "$version" ] || continue
  if [ "$status" = out ]; then
    echo "CPython $version: left out: $what"
    continue
  fi
  venv=.cache/python$version
  mkdir -p .cache
  if ! sh packaging/venv.sh "$venv" "$what" test >"$venv.log" 2>&1; then
    echo "CPython $version: left out: installing failed: $(tail -n 1 "$venv.log")"
    continue
  fi
  found="$found$version
$what
"
done <<EOT
$lines
EOT

[ -n "$found" ] || exit 0
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
if ! printf '%s' "$found" | tr '\n' '\0' | xargs -0 -n 2 -P "$cores" sh "$0"; then
  echo "error: the tests failed on a CPython named above" >&2
  exit 1
fi
