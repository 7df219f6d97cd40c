"""Bytes that no policy can be read from, and what must be said of them."""

from __future__ import annotations

from typing import NamedTuple

from tests.refused_input import HEAD


class Unreadable(NamedTuple):
    """Bytes that no policy can be read from: exit 3, one line; text: a part of that line."""

    name: str
    content: bytes
    text: str
    line: int | None


GOOD = HEAD + "spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"
NAMES = b"# NetworkPolicy\n"

UNREADABLE = (
    Unreadable("tab-indentation", (HEAD + "spec:\n\tpodSelector: {}\n").encode(), "tab", 5),
    Unreadable("unclosed-flow", (HEAD + "spec: {podSelector: {\n").encode(), "", None),
    Unreadable(
        "unclosed-quote",
        (HEAD + 'spec: {podSelector: {matchLabels: {app: "web}}}\n').encode(),
        "",
        None,
    ),
    Unreadable("two-colons", (HEAD + "spec: podSelector: {}\n").encode(), "", 4),
    Unreadable(
        "wrong-dedent", (HEAD + "spec:\n    podSelector: {}\n  ingress: []\n").encode(), "", None
    ),
    Unreadable(
        "list-in-map", (HEAD + "spec:\n  podSelector: {}\n  - ingress\n").encode(), "", None
    ),
    Unreadable("undefined-alias", (HEAD + "spec: *base\n").encode(), "base", 4),
    Unreadable("unknown-directive", b"%YAML 9.9\n---\n" + GOOD.encode(), "", 1),
    Unreadable("reserved-character", (HEAD + "spec: @env\n").encode(), "", 4),
    Unreadable(
        "json-comma",
        b'{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {},, }}',
        "",
        1,
    ),
    Unreadable(
        "control-character",
        (HEAD + "spec: {podSelector: {matchLabels: {a: \x01}}}\n").encode(),
        "",
        4,
    ),
    Unreadable("nul", GOOD.encode() + b"\x00\x00", "", None),
    Unreadable("binary", NAMES + bytes(range(256)) * 16, "", None),
    Unreadable("invalid-utf8", GOOD.encode() + b"# caf\xe9\n", "UTF-8", 7),
    Unreadable("utf16-odd", b"\xff\xfe" + GOOD.encode("utf-16-le")[:-1], "UTF-16", None),
    Unreadable("gzip", b"\x1f\x8b\x08\x00" + GOOD.encode(), "", None),
    Unreadable("flow-nesting", (HEAD + "spec: " + "[" * 100_000 + "\n").encode(), "", 4),
    Unreadable(
        "closed-nesting", (HEAD + "spec: " + "[" * 100_000 + "]" * 100_000 + "\n").encode(), "", 4
    ),
    Unreadable("map-nesting", (HEAD + "spec: " + "{a: " * 50_000 + "\n").encode(), "", 4),
    Unreadable("dash-nesting", (HEAD + "spec:\n  " + "- " * 50_000 + "x\n").encode(), "", 5),
    Unreadable("alias-of-itself", (HEAD + "spec: &a {podSelector: *a}\n").encode(), "", 4),
)


def bomb(levels: int) -> bytes:
    """Ten aliases a level: ten to the power of levels in the end."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    return (HEAD + "\n".join(lines) + f"\nspec: {{ingress: *a{levels - 1}}}\n").encode()
