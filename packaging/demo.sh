#!/bin/sh
# Replays the outage of examples/outage: what npcheck says of its manifests before they are applied.
set -eu

printf '$ kubectl npcheck lint examples/outage\n\n'
status=0
.venv/bin/kubectl-npcheck lint examples/outage || status=$?
if [ "$status" -ne 1 ]; then
  printf '\nerror: lint was expected to find the two policies (exit 1), and ended with exit %s\n' "$status" >&2
  exit 1
fi
printf '\nexit 1: two policies leave what their pods may send to a default. The story: examples/outage/README.md\n'
