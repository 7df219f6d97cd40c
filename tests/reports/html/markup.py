"""A page as a browser's parser sees it: what is opened and closed, ids, links and texts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Element(NamedTuple):
    """A start tag."""

    tag: str
    attributes: dict[str, str | None]


class Markup(HTMLParser):
    """Collects the elements; `errors` holds what is not closed as it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.errors: list[str] = []
        self.pieces: list[str] = []
        self.own: dict[str, list[str]] = {"style": [], "script": []}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        self.errors += [f"<{tag}> is not closed" for tag in self._open]

    @property
    def text(self) -> str:
        """All text outside of style and script."""
        return "".join(self.pieces)

    @property
    def ids(self) -> list[str]:
        """Every id, in the order of the page."""
        return [e.attributes["id"] or "" for e in self.elements if "id" in e.attributes]

    def named(self, *tags: str) -> list[Element]:
        """The elements with these names."""
        return [element for element in self.elements if element.tag in tags]

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [e.attributes[attribute] or "" for e in self.elements if attribute in e.attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) != len(attrs):
            self.errors.append(f"<{tag}> has an attribute twice")
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.errors.append(f"</{tag}> closes what was not open")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside in self.own:
            self.own[inside].append(data)
        else:
            self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        self.errors.append(f"a comment: {data}")
