"""The completion script for fish, from 3.1 on."""

from __future__ import annotations

SCRIPT = r"""# Completion of npcheck in fish. To try it:  npcheck completion fish | source

function __npcheck_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $typed[1])
    set -e typed[1]
    set -l lines (command $program __complete $typed "$current" 2>/dev/null </dev/null)
    if not set -q lines[1]
        return
    end
    set -l directive (string replace -r '^:' '' -- $lines[-1])
    set -e lines[-1]

    # fish completes the whole word --option=value.
    set -l option (string match -r -- '^--[^=]*=' "$current")
    set -l value (string replace -r -- '^--[^=]*=' '' "$current")
    set -l found
    switch $directive
        case 0
            set found (__fish_complete_path "$value")
        case 8
            set -l suffixes (string join '|' -- $lines)
            set found (__fish_complete_path "$value" |
                string match -r -- "^[^\t]*(?:/|\.(?:$suffixes))(?:\t.*)?\$")
        case 16
            set found (__fish_complete_directories "$value" '')
        case '*'
            set found $lines
    end
    for line in $found
        echo -- "$option$line"
    end
end

complete -c npcheck -f -a '(__npcheck_complete)'
complete -c kubectl-npcheck -f -a '(__npcheck_complete)'
"""
