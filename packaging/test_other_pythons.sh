#!/bin/sh
# Runs the unit tests on every other CPython of 3.10 or newer that this machine has, and says of
# each whether it ran or why it was left out. Fails if the tests failed on one that ran.
set -eu

failed=
lines=$(sh packaging/pythons.sh --others)
[ -n "$lines" ] || echo "no other CPython of 3.10 or newer found"

tab=$(printf '\t')
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
  if HYPOTHESIS_PROFILE=ci "$venv/bin/python" -m pytest -q -p no:cacheprovider >"$venv.log" 2>&1 </dev/null; then
    echo "CPython $version: run: $(tail -n 1 "$venv.log") ($what)"
  else
    cat "$venv.log"
    echo "CPython $version: FAILED ($what)"
    failed="$failed $version"
  fi
done <<EOT
$lines
EOT

if [ -n "$failed" ]; then
  echo "error: the tests failed on CPython$failed" >&2
  exit 1
fi
