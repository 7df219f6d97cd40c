"""Collects what the API server would say against one object, in its words and field paths.

`mismatch` is what its JSON decoder refuses (status 400), the other complaints are its
validation's (status 422). A value that is a placeholder is never a defect: it is noted as
unresolved instead. Knows wording; must not know which field has to hold what.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.model import Defect
from kubectl_npcheck.policy.parsing.names import is_placeholder

LONGEST = 256
"""How much of a text a message shows: every valid name fits."""


class Defects:
    """The defects of one object, and the paths of its placeholders."""

    __slots__ = ("found", "unresolved")

    def __init__(self) -> None:
        self.found: list[Defect] = []
        self.unresolved: list[Path] = []

    def mismatch(
        self, value: object, path: Path, struct: str, wanted: str, field: Path | None = None
    ) -> bool:
        """A value of the wrong type; `struct` and `wanted` are Go's names, `field` where it says.

        True if the value is a placeholder, and so no defect.
        """
        if type(value) is str and is_placeholder(value):
            self.unresolved.append(path)
            return True
        kind = go_kind(value)
        if kind == "number" and wanted in ("int32", "int64"):
            kind = f"number {number_text(value)}"
        names = ".".join([p for p in field or path if isinstance(p, str)])
        self.found.append(
            Defect(
                "invalid",
                path,
                f"json: cannot unmarshal {kind} into Go struct field {struct}.{names} "
                f"of type {wanted}",
                _type_hint(value, wanted),
            )
        )
        return False

    def invalid(
        self,
        path: Path,
        value: object,
        detail: str,
        field: Path | None = None,
        hint: str = "",
    ) -> None:
        """`Invalid value`, or unresolved where the value is a placeholder."""
        if type(value) is str and is_placeholder(value):
            self.unresolved.append(path)
            return
        self.refuse(path, f"Invalid value: {shown(value)}: {detail}", field, hint)

    def unsupported(self, path: Path, value: str, supported: tuple[str, ...]) -> None:
        """`Unsupported value`, or unresolved where the value is a placeholder."""
        if is_placeholder(value):
            self.unresolved.append(path)
            return
        choices = ", ".join([f'"{choice}"' for choice in supported])
        hint = ""
        for choice in supported:
            if value.lower() == choice.lower():
                hint = f"write `{choice}`"
        self.refuse(
            path, f"Unsupported value: {shown(value)}: supported values: {choices}", hint=hint
        )

    def refuse(self, path: Path, complaint: str, field: Path | None = None, hint: str = "") -> None:
        """Any other complaint of the validation; the message begins with the field."""
        self.found.append(
            Defect("invalid", path, f"{field_text(field or path)}: {complaint}", hint)
        )


def field_text(path: Path) -> str:
    """The path as the API server writes it: `spec.ingress[0].from[1].podSelector`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def go_kind(value: object) -> str:
    """What Go's JSON decoder calls the value's type; null never reaches it as a mismatch."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, Mapping):
        return "object"
    return "array" if isinstance(value, (list, tuple)) else "string"


def number_text(value: object) -> str:
    """A number as kubectl writes it to JSON: integers beyond 64 bits become floats."""
    if isinstance(value, int) and value.bit_length() > 64:
        return str(float(value)) if value.bit_length() < 1024 else "+Inf"
    return str(value)


def shown(value: object) -> str:
    """A value as the API server prints it in a message: texts in quotes, on one line."""
    if isinstance(value, str):
        text = value if len(value) <= LONGEST else value[:LONGEST] + "…"
        return '"' + "".join([_escape(c) for c in text]) + '"'
    if isinstance(value, list):
        return "[" + ",".join([shown(item) for item in value]) + "]"
    return number_text(value)


def scalar_text(value: object) -> str:
    """The text that an unquoted scalar was probably meant to be: `1` → "1", `true` → "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, (int, float)) else str(value)[:LONGEST]


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    return known or f"\\u{ord(character):04x}"


def _type_hint(value: object, wanted: str) -> str:
    """The remedy for a wrong type; most often YAML's favourite surprise, an unquoted scalar."""
    if wanted == "string":
        return f'quote it: "{scalar_text(value)}"' if isinstance(value, (bool, int, float)) else ""
    if wanted.startswith("[]"):
        return "write a list: each item begins with `- `"
    if isinstance(value, (list, tuple)) and not wanted.startswith("int"):
        return "write a mapping, not a list" if value else "write `{}`"
    return ""
