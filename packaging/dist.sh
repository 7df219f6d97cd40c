#!/bin/sh
# Installs the pinned tools that a release is made with, and makes one.
#
#   dist.sh --output DIRECTORY   a whole release
#   dist.sh --zipapp FILE        the zipapp for this machine, unless FILE is newer than its sources
set -eu

tools=.cache/dist-tools
pins=packaging/tools.txt

python=$(sh packaging/pythons.sh)
if ! { [ -x "$tools/bin/python" ] && cmp -s "$pins" "$tools/installed.txt" &&
  [ "$(cat "$tools/made-in" 2>/dev/null)" = "$(pwd)" ]; }; then
  echo "installing what a release is made with into $tools" >&2
  rm -rf "$tools"
  mkdir -p .cache
  "$python" -m venv "$tools"
  "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: --requirement "$pins"
  pwd >"$tools/made-in"
  cp "$pins" "$tools/installed.txt"
fi

# Directories too: the deletion of a file leaves no other trace.
newer() {
  find kubectl_npcheck packaging pyproject.toml README.md CHANGELOG.md -newer "$1" \
    ! -name '*.pyc' ! -name __pycache__ | head -n 1
}
if [ "${1-}" = --zipapp ] && [ -e "$2" ] && [ -z "$(newer "$2")" ]; then exit 0; fi
exec "$tools/bin/python" packaging/make_dist.py "$@"
