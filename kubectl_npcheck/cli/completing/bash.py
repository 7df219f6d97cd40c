"""The completion script for bash, from 3.2 (macOS) on; it needs no bash-completion."""

from __future__ import annotations

SCRIPT = r"""# Completion of npcheck in bash. To try it:  source <(npcheck completion bash)
# In bash 3.2 (macOS), which cannot source that:  eval "$(npcheck completion bash)"

_npcheck_complete() {
  local rest=${COMP_LINE:0:COMP_POINT} glued word i
  local words=()
  # bash breaks words at "=" and ":", so at --context=arn:aws:eks too: put them together again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    glued=$rest
    rest=${rest#"${rest%%[![:space:]]*}"}
    if ((i == COMP_CWORD)); then word=$rest; fi
    if [[ $i -gt 0 && $glued == "$rest" && -n $word ]]; then
      words[${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    rest=${rest#"$word"}
  done

  local current=${words[${#words[@]}-1]} value before
  local lines=() values=() described=() tab=$'\t' width=0
  while IFS= read -r word; do lines+=("$word"); done <<EOF
$("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" </dev/null 2>/dev/null)
EOF
  local directive=${lines[${#lines[@]}-1]#:}
  unset "lines[${#lines[@]}-1]"
  COMPREPLY=()
  if [[ ! $directive =~ ^[0-9]+$ ]]; then return; fi

  value=$current
  if [[ $value == --*=* ]]; then value=${value#*=}; fi
  if ((directive == 0 || directive & 24)); then
    _npcheck_files "$value" "$directive" "${lines[@]}"
    return
  fi
  if ((directive & 4)) && type -t compopt >/dev/null; then compopt +o default; fi
  if ((directive & 2)) && type -t compopt >/dev/null; then compopt -o nospace; fi
  # Only the part behind the last ":" is bash's current word.
  before=
  if [[ $value == *:* && $COMP_WORDBREAKS == *:* ]]; then before=${value%"${value##*:}"}; fi
  for word in "${lines[@]}"; do
    value=${word%%"$tab"*}
    values+=("${value#"$before"}")
    if ((${#value} > width)); then width=${#value}; fi
  done
  COMPREPLY=("${values[@]}")
  # Descriptions where the second TAB lists the candidates and nothing is inserted.
  if ((COMP_TYPE == 63 && ${#values[@]} > 1)); then
    for ((i = 0; i < ${#values[@]}; i++)); do
      word=${lines[i]#*"$tab"}
      if [[ $word == "${lines[i]}" ]]; then described+=("${values[i]}"); continue; fi
      printf -v word "%-${width}s  (%s)" "${values[i]}" "$word"
      if ((${COLUMNS:-0} > width + 8)); then word=${word:0:COLUMNS-1}; fi
      described+=("$word")
    done
    COMPREPLY=("${described[@]}")
  fi
}

# _npcheck_files BEGINNING DIRECTIVE SUFFIX...
_npcheck_files() {
  local beginning=$1 directive=$2 path suffix
  shift 2
  if type -t compopt >/dev/null; then compopt -o filenames; fi
  while IFS= read -r path; do
    if [[ -z $path ]]; then continue; fi
    if [[ $directive -eq 0 || -d ${path/#\~/$HOME} ]]; then COMPREPLY+=("$path"); continue; fi
    for suffix in "$@"; do
      if [[ $path == *."$suffix" ]]; then COMPREPLY+=("$path"); break; fi
    done
  done <<EOF
$(compgen -f -- "$beginning")
EOF
}

complete -o default -F _npcheck_complete npcheck kubectl-npcheck
"""
