#!/bin/sh
# Replays the outage of examples/outage: what npcheck says of its manifests before they are applied,
# what it would write, the repair of a copy, and a clean second look.
set -eu

npcheck=$PWD/.venv/bin/kubectl-npcheck

# step EXPECTED-EXIT ARGUMENTS...
step() {
  expected=$1
  shift
  printf '$ kubectl npcheck %s\n\n' "$*"
  status=0
  "$npcheck" "$@" || status=$?
  if [ "$status" -ne "$expected" ]; then
    printf '\nerror: %s was expected to end with exit %s, and ended with exit %s\n' "$1" "$expected" "$status" >&2
    exit 1
  fi
}

step 1 lint examples/outage
printf '\nexit 1: two policies leave what their pods may send to a default. What would be written:\n\n'
step 1 fix --diff examples/outage

copy=$(mktemp -d "${TMPDIR:-/tmp}/npcheck-demo.XXXXXX")
trap 'rm -rf "$copy"' EXIT
cp examples/outage/*.yaml "$copy"
cd "$copy"
printf '\nexit 1: nothing is written yet. The repair of a copy, and a second look at it:\n\n'
step 1 fix
printf '\n'
step 0 lint
printf '\nexit 0: every reader of these policies reads the same. The story: examples/outage/README.md\n'
