"""How much of a very large report is in the page: what is best to know first, up to 10 MB.

A table that is cut says how much of it is missing and where all of it is; the figures and the bars
always count everything.
"""

from __future__ import annotations

from collections.abc import Iterable

EVIDENCE = 1_600_000
LINES = 600_000
FINDINGS = 3_200_000
POLICIES = 4_800_000
PICTURES = 1_300_000
"""Characters, with the markup around them. Together with style and script less than 10 MB."""


class Room:
    """How many characters may still be spent; the last that fits may go a little over.

    around: the characters of markup around each thing
    """

    def __init__(self, characters: int, around: int) -> None:
        self._left = characters
        self._around = around

    def takes(self, texts: Iterable[str]) -> bool:
        """Whether there is room for the texts; they are counted if so."""
        if self._left <= 0:
            return False
        self._left -= self._around + sum(map(len, texts))
        return True
