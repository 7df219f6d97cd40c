"""Where a field path stands in the text of its document, on demand. Knows no meaning of fields.

A document keeps no nodes: it is composed again, once for all findings in it. Offsets come from
the marks' code point index, so that neither CRLF, a byte order mark nor U+2028 shifts them.
"""

from __future__ import annotations

from kubectl_npcheck.manifests.compose import AliasNode, TooDeepError, compose_exact
from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.json_text import has_surrogates, without_surrogates
from kubectl_npcheck.manifests.plain import BuildError, is_merge, key_name, merge_sources
from kubectl_npcheck.origin import Path
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode, yaml
from kubectl_npcheck.record import Record


class Region(Record):
    """Lines and columns, 1-based; columns count code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(Record):
    """Where a path led.

    key:   node of the key, None for an item and for the root
    node:  the value; an alias is an AliasNode and stands where it is written
    found: how many parts of the path exist
    """

    key: Node | None
    node: Node
    found: int


def locate(document: Document, path: Path) -> Region:
    """The region to show for a path: what an editor underlines, never more than one line.

    A key with its value, or an item; where that takes several lines, the key alone, or the first
    token of the item. A path that does not exist gives its nearest parent that does.
    """
    place = find(document, path)
    if place is None:
        return Region(document.line, 1, document.line, 1)
    start, end = _bounds(place, document.text)
    source = document.source
    line, column = source.position(document.start + start)
    end_line, end_column = source.position(document.start + end)
    if end_line > line:
        first = _first_token(place.key or place.node)
        end_line, end_column = source.position(document.start + first)
        if end_line > line:  # a key or scalar that is itself written over several lines
            end_line, end_column = line, column + 1
    return Region(line, column, end_line, end_column)


def extent(document: Document, path: Path) -> tuple[int, int]:
    """Offsets in the file's text of a path's key (or item) up to the true end of its value."""
    place = find(document, path)
    if place is None:
        return document.start, document.end
    start, end = _bounds(place, document.text)
    return document.start + start, document.start + end


def find(document: Document, path: Path) -> Place | None:
    """The node at a path, or at its nearest existing parent; None if nothing can be located.

    Through merge keys and aliases it leads to where the value is written.
    """
    root = root_node(document)
    if root is None:
        return None
    place = Place(None, root, 0)
    for part in path:
        below = _child(place, part)
        if below is None:
            break
        place = below
    return place


def root_node(document: Document) -> Node | None:
    """The document's root node, from `compose_exact`; the most recent document's is kept."""
    if not _latest or _latest[0][0] is not document:
        _latest[:] = [(document, _compose(document.text))]
    return _latest[0][1]


def node_end(node: Node, text: str) -> int:
    """Offset of the true end of a node: a block collection ends with its last leaf.

    libyaml's mark for it lies at the next token, past comments and blank lines.
    """
    while isinstance(node, CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return start + len(text[start:end].rstrip())
    return int(end)


_latest: list[tuple[Document, Node | None]] = []


def _compose(text: str) -> Node | None:
    try:
        return compose_exact(without_surrogates(text) if has_surrogates(text) else text)
    except (yaml.YAMLError, TooDeepError):  # JSON that only a JSON parser reads
        return None


def _child(place: Place, part: str | int) -> Place | None:
    node = place.node.value if isinstance(place.node, AliasNode) else place.node
    if isinstance(node, MappingNode):
        pair = _pair(node, str(part))
        return Place(*pair, place.found + 1) if pair else None
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return Place(None, node.value[part], place.found + 1)
    return None


def _pair(node: MappingNode, name: str) -> tuple[Node, Node] | None:
    """The key and value that give `name` its value: the last one written, merges in order."""
    found = None
    for key, value in node.value:
        try:
            if is_merge(key):
                sources = merge_sources(value)
                merged = next(filter(None, (_pair(source, name) for source in sources)), None)
                found = merged or found
            elif key_name(key) == name:
                found = key, value
        except BuildError:
            continue
    return found


def _bounds(place: Place, text: str) -> tuple[int, int]:
    first = place.key or place.node
    return first.start_mark.index, node_end(place.node, text)


def _first_token(node: Node) -> int:
    """Offset of the end of the first token of a node: a key, a scalar, an opening bracket."""
    while isinstance(node, CollectionNode) and not node.flow_style and node.value:
        node = node.value[0][0] if isinstance(node, MappingNode) else node.value[0]
    if isinstance(node, CollectionNode):
        return int(node.start_mark.index) + 1
    return int(node.end_mark.index)
