#!/bin/sh
# Makes or renews a virtual environment with npcheck in it (editable).
#
#   venv.sh DIRECTORY PYTHON [EXTRA]
#
# Nothing is done while DIRECTORY runs and pyproject.toml is the one that it was installed from. An
# environment knows its own path: where the checkout was moved, it is made again.
set -eu

directory=$1
python=$2
extra=${3-}
stamp="$directory/installed${extra:+-$extra}.toml"

made_in="$directory/made-in"
if [ -f "$made_in" ] && [ "$(cat "$made_in")" != "$(pwd)" ]; then rm -rf "$directory"; fi

if [ -x "$directory/bin/python" ] && "$directory/bin/python" -c '' 2>/dev/null; then
  if cmp -s pyproject.toml "$stamp"; then exit 0; fi
else
  rm -rf "$directory"
  "$python" -m venv "$directory"
  pwd >"$made_in"
fi

echo "installing npcheck${extra:+ with what its $extra needs} into $directory"
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check \
  --editable ".${extra:+[$extra]}"
cp pyproject.toml "$stamp"
