"""The paths that the user names: arguments, and `-f` with its commas."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.errors import UsageError


def named_paths(arguments: Sequence[str], filenames: Sequence[str]) -> tuple[str, ...]:
    """All paths in their order, arguments first; () if none is named.

    UsageError for an empty one: behind `-f "$FILES"` stands a variable that is not set, and
    to check the working directory in its place would be a surprise.
    """
    if "" in arguments or any(not text.strip(",") for text in filenames):
        raise UsageError("a path is empty; is a variable not set?")
    listed = [part for text in filenames for part in text.split(",") if part]
    return (*arguments, *listed)
