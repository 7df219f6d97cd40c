"""What the manifest of a live policy wrote, as far as its metadata tells (semantics, 6 and 10).

The API server defaults policyTypes and drops empty lists, so the stored spec does not show what its
author wrote. Two places do: the annotation that client-side apply leaves holds the manifest, and a
managedFields entry of operation `Apply` lists the fields of it. Entries of operation `Update` do
not: they claim defaulted fields as well.
Knows `meta/v1` ObjectMeta; must not know rules, nor where the object was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kubectl_npcheck.policy.model import Applied, Authored
from kubectl_npcheck.policy.parse import authored

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KUBECTL = "kubectl"
"""The manager of `kubectl apply --server-side`; the server keeps the annotation in step with it."""

Plain = Mapping[str, object]


class _Entry(NamedTuple):
    """One managedFields entry: who owns which fields of the spec since when."""

    manager: str
    operation: str
    time: str
    spec: Plain
    annotation: bool


def last_applied(obj: Plain) -> Applied | None:
    """What was last applied, for a live NetworkPolicy as the API returns it; None if unknown.

    Where both places tell, the newer one counts. Never raises.
    """
    meta = _mapping(obj.get("metadata"))
    entries = _entries(meta)
    written = _manifest(meta)
    by_annotation = [entry for entry in entries if entry.annotation]
    by_apply = [entry for entry in entries if entry.operation == "Apply"]
    noted = max(by_annotation, key=_time, default=None)
    whole = [entry for entry in by_apply if "f:podSelector" in entry.spec]  # not single fields
    applied = max(whole, key=_time, default=None)
    if written is not None and (applied is None or _in_step(applied, noted)):
        last = applied if noted is None else noted
        return _from_manifest(_mapping(written.get("spec")), last, entries)
    if applied is None:
        return None
    return _from_entries(_mapping(obj.get("spec")), applied, by_apply, entries)


def _in_step(applied: _Entry, noted: _Entry | None) -> bool:
    """Whether the annotation holds what was applied last, beside an Apply entry."""
    return applied.manager == KUBECTL or (noted is not None and noted.time > applied.time)


def _from_manifest(spec: Plain, last: _Entry | None, entries: list[_Entry]) -> Applied:
    types = spec.get("policyTypes")
    return Applied(
        "last-applied annotation",
        last.manager if last is not None else "",
        authored(spec, "policyTypes"),
        authored(spec, "ingress"),
        authored(spec, "egress"),
        "Egress" in types if type(types) is list and types else _has_rules(spec, "egress"),
        _settled(last, entries),
    )


def _from_entries(
    stored: Plain, last: _Entry, by_apply: list[_Entry], entries: list[_Entry]
) -> Applied:
    """What the Apply entries list. Whoever owns a field has set it to the value that is stored."""
    owned = {field for entry in by_apply for field in entry.spec}

    def wrote(field: str) -> Authored:
        if f"f:{field}" not in owned:
            return Authored.ABSENT
        return Authored.SET if stored.get(field) else Authored.UNKNOWN  # null or empty

    types = wrote("policyTypes")
    egress = wrote("egress")
    listed = stored.get("policyTypes")
    return Applied(
        "managedFields",
        last.manager,
        types,
        wrote("ingress"),
        egress,
        type(listed) is list and "Egress" in listed
        if types is Authored.SET
        else egress is Authored.SET,
        _settled(last, entries),
    )


def _settled(last: _Entry | None, entries: list[_Entry]) -> bool | None:
    """Whether policyTypes was set by somebody else since the last apply; None if nothing tells.

    Times have whole seconds: an equal one counts as later, so that a repair is never blamed.
    """
    if last is None:
        return None
    return any(
        "f:policyTypes" in entry.spec
        and (entry.manager, entry.operation) != (last.manager, last.operation)
        and entry.time >= last.time
        for entry in entries
    )


def _entries(meta: Plain) -> list[_Entry]:
    """The managedFields entries of the object itself, not those of subresources."""
    found = []
    listed = meta.get("managedFields")
    for item in listed if type(listed) is list else ():
        entry = _mapping(item)
        if not entry or entry.get("subresource"):
            continue
        fields = _mapping(entry.get("fieldsV1"))
        noted = _mapping(_mapping(fields.get("f:metadata")).get("f:annotations"))
        found.append(
            _Entry(
                _text(entry.get("manager")),
                _text(entry.get("operation")),
                _text(entry.get("time")),
                _mapping(fields.get("f:spec")),
                f"f:{LAST_APPLIED}" in noted,
            )
        )
    return found


def _manifest(meta: Plain) -> Plain | None:
    text = _mapping(meta.get("annotations")).get(LAST_APPLIED)
    if type(text) is not str:
        return None
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if type(found) is dict and type(found.get("spec")) is dict else None


def _has_rules(spec: Plain, field: str) -> bool:
    value = spec.get(field)
    return type(value) is list and bool(value)


def _mapping(value: object) -> Plain:
    return value if type(value) is dict else {}


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _time(entry: _Entry) -> str:
    return entry.time
