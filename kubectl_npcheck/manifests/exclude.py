"""`exclude` globs of the settings as a predicate on real paths. Knows no files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence


def excluder(patterns: Sequence[str], root: str) -> Callable[[str], bool] | None:
    """A predicate on real paths for `exclude` globs, which are relative to `root`.

    A pattern without a slash matches a name at any depth; `**` spans directories; a pattern that
    matches a directory excludes what is below it.
    """
    if not patterns:
        return None
    import re

    base = os.path.join(os.path.realpath(root), "").replace(os.sep, "/")
    pattern = re.compile("|".join(_translate(pattern) for pattern in patterns))

    def excluded(real: str) -> bool:
        path = real.replace(os.sep, "/") if os.sep != "/" else real
        if not path.startswith(base):
            return False
        return pattern.match(path[len(base) :]) is not None

    return excluded


def _translate(glob: str) -> str:
    """The glob as a regular expression on a path relative to its root."""
    import re

    glob = glob.removeprefix("./").rstrip("/")
    text = "" if "/" in glob else "(?:.*/)?"
    glob = glob.lstrip("/")
    position = 0
    while position < len(glob):
        if glob.startswith("**/", position):
            text += "(?:.*/)?"
            position += 3
        elif glob.startswith("**", position):
            text += ".*"
            position += 2
        else:
            char = glob[position]
            text += {"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char)
            position += 1
    return f"(?:{text})(?:/.*)?$"
