#!/bin/sh
# Which CPythons of 3.10 or newer this machine has.
#
#   pythons.sh           prints the one to use: the first of python3.14 ... python3.10, python3 on
#                        PATH that runs, is new enough and can make a virtual environment
#   pythons.sh --others  prints one line for each other minor version found on PATH or under pyenv:
#                        "run<TAB>3.12<TAB>/path/to/python" or "out<TAB>3.13<TAB>reason"
#
# A name on PATH proves nothing: pyenv leaves shims that only print an error. So each is tried.
set -eu

MINORS="14 13 12 11 10"
TAB=$(printf '\t')

# Prints "3.12 venv" or "3.12 no-venv" if $1 is a CPython of 3.10 or newer that runs; else nothing.
probe() {
  "$1" -I -c '
import sys
if sys.implementation.name == "cpython" and sys.version_info >= (3, 10):
    try:
        import ensurepip, venv
        can = "venv"
    except ImportError:
        can = "no-venv"
    print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], can))
' 2>/dev/null </dev/null || true
}

# Every executable file called $1 in the directories of PATH, in order.
on_path() {
  saved_ifs=$IFS
  IFS=:
  for directory in $PATH; do
    if [ -x "${directory:-.}/$1" ] && [ ! -d "${directory:-.}/$1" ]; then
      printf '%s\n' "${directory:-.}/$1"
    fi
  done
  IFS=$saved_ifs
}

# The interpreters that may be 3.$1, best guess first: by name on PATH, under pyenv, plain python3.
candidates() {
  on_path "python3.$1"
  root=${PYENV_ROOT:-$(pyenv root 2>/dev/null || true)}
  if [ -n "$root" ]; then
    for path in "$root"/versions/*/bin/python3."$1"; do
      if [ -x "$path" ]; then printf '%s\n' "$path"; fi
    done
  fi
  on_path python3
}

chosen() {
  for name in $(printf 'python3.%s ' $MINORS) python3; do
    on_path "$name" | while IFS= read -r path; do
      case "$(probe "$path")" in
        *" venv") printf '%s\n' "$path"; break ;;
      esac
    done
  done | head -n 1
}

missing() {
  for name in $(printf 'python3.%s ' $MINORS) python3; do
    on_path "$name" | while IFS= read -r path; do
      case "$(probe "$path")" in
        *" no-venv") printf '%s\n' "$(probe "$path" | cut -d ' ' -f 1)" ;;
      esac
    done
  done | head -n 1
}

others() {
  main=$1
  for minor in $MINORS; do
    version=3.$minor
    [ "$version" != "$main" ] || continue
    reason=
    found=
    while IFS= read -r path; do
      [ -n "$path" ] || continue
      case "$(probe "$path")" in
        "$version venv") found=$path; break ;;
        "$version no-venv") reason="$path has no ensurepip (package python$version-venv)" ;;
        "") case "$path" in *"python$version") reason="$path does not run" ;; esac ;;
      esac
    done <<EOT
$(candidates "$minor")
EOT
    if [ -n "$found" ]; then
      printf 'run%s%s%s%s\n' "$TAB" "$version" "$TAB" "$found"
    elif [ -n "$reason" ]; then
      printf 'out%s%s%s%s\n' "$TAB" "$version" "$TAB" "$reason"
    fi
  done
}

python=$(chosen)
if [ -z "$python" ]; then
  version=$(missing)
  if [ -n "$version" ]; then
    echo "error: Python $version cannot make virtual environments: install the package python3-venv (Debian, Ubuntu: apt install python3-venv)" >&2
  else
    echo "error: no Python 3.10 or newer found: install the packages python3 and python3-venv (Debian, Ubuntu: apt install python3 python3-venv)" >&2
  fi
  exit 1
fi
case "${1-}" in
  "") printf '%s\n' "$python" ;;
  --others) others "$(probe "$python" | cut -d ' ' -f 1)" ;;
  *) echo "usage: pythons.sh [--others]" >&2; exit 2 ;;
esac
