"""The words of a command line → candidates, as kubectl and our shell scripts read them.

One candidate a line, `value<TAB>description`; the last line is `:` and a sum of directives. This
is what cobra prints for kubectl and its plugins, so one answer serves them and the shells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

FILES = 0
NO_SPACE = 2
NO_FILES = 4
FILTER_BY_SUFFIX = 8
FILTER_DIRECTORIES = 16
"""cobra's ShellCompDirective."""


def answer(command: click.Command, program: str, words: Sequence[str]) -> str:
    """The lines for the words behind the program's name; the last is the one to complete."""
    from click.shell_completion import ShellComplete

    *complete, incomplete = words or ("",)
    found = ShellComplete(command, {}, program, "").get_completions(complete, incomplete)
    kinds = {item.type for item in found}
    if "file" in kinds:
        suffixes = found[0].suffixes
        return _lines(suffixes, FILTER_BY_SUFFIX if suffixes else FILES)
    if "dir" in kinds:
        return _lines((), FILTER_DIRECTORIES)
    directive = NO_FILES
    if any(item.unfinished for item in found):
        directive |= NO_SPACE
    return _lines([_line(item) for item in found], directive)


def _line(item: CompletionItem[str]) -> str:
    described = " ".join((item.help or "").split())
    return f"{item.value}\t{described}" if described else item.value


def _lines(candidates: Sequence[str], directive: int) -> str:
    return "".join(f"{line}\n" for line in (*candidates, f":{directive}"))
