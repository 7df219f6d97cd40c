"""The completion script for zsh: sourced, or as `_npcheck` in a directory of fpath."""

from __future__ import annotations

SCRIPT = r"""#compdef npcheck kubectl-npcheck
# Completion of npcheck in zsh. To try it, after compinit:  source <(npcheck completion zsh)

_npcheck() {
  local -a lines candidates suffixes typed
  local line directive value described
  typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  lines=("${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete "${(@)typed}" </dev/null 2>/dev/null)}")
  directive=${lines[-1]#:}
  lines[-1]=()
  if [[ $directive != <-> ]]; then return 1; fi
  if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi

  if (( directive == 0 )); then _files; return; fi
  if (( directive & 16 )); then _files -/; return; fi
  if (( directive & 8 )); then _files -g "*.(${(j:|:)lines})"; return; fi
  for line in "${(@)lines}"; do
    if [[ -z $line ]]; then continue; fi
    value=${line%%$'\t'*}
    described=${line#$value}
    candidates+=("${value//:/\\:}${described:+:${described#$'\t'}}")
  done
  if (( directive & 2 )); then
    _describe -V npcheck candidates -S ''
  else
    _describe -V npcheck candidates
  fi
}

if [[ ${funcstack[1]} == _npcheck ]]; then
  _npcheck "$@"
else
  compdef _npcheck npcheck kubectl-npcheck
fi
"""
