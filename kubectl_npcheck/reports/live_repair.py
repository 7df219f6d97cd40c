"""A repair of a cluster: for humans, what is written into each object and why; and as plain data.

What each is about stands as a diff of its spec, with the states of its pods before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubectl_npcheck.findings import ClassState
from kubectl_npcheck.repairs import LiveChange, LiveRepair, Repair, Undone
from kubectl_npcheck.reports import cluster, text
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown, visible, wrapped
from kubectl_npcheck.reports.repair import INDENT, OVERRULES, heading, opens, refusal_lines
from kubectl_npcheck.reports.repair_data import repair_structure

SHOWN_CLASSES = 6
SHOWN_PODS = 6
ROLES = {
    "planned": "good",
    "written": "good",
    "not written": "error",
    "not known": "error",
    "not reached": "warning",
}


def render(repair: LiveRepair, program: str, appearance: Appearance = PLAIN) -> str:
    """The whole account. program: how the user calls the repair, for what to do next."""
    lines = [*cluster.header(repair.report.input, appearance), ""]
    for change in repair.changes:
        lines += [*_change(change, appearance), ""]
    for refusal in repair.refused:
        lines += refusal_lines(refusal, appearance)
    skipped = text.skipped(repair.report.skipped, appearance, text.SHOWN_SKIPPED, "-o json")
    lines += skipped
    if repair.refused or skipped:
        lines.append("")
    return "\n".join(lines + _summary(repair, program, appearance)) + "\n"


def _change(change: LiveChange, appearance: Appearance) -> list[str]:
    item = change.change
    verb = "would fix" if change.outcome == "planned" else change.outcome
    strategy = f" ({item.strategy})" if item.strategy else ""
    intended = "" if change.outcome in ("planned", "written") else "intended: "
    said = f"{intended}{shown(item.summary)}{strategy}"
    lines = [heading(item, verb, ROLES[change.outcome], said, appearance)]
    if change.detail:
        lines.append(wrapped(shown(change.detail), INDENT, appearance.width))
    lines += _diff(change, appearance)
    details = [*_states(*item.states()), _pods(change)]
    details += [f"change: {effect}" for effect in item.effects]
    details += change.notes
    if not change.verified:
        details.append("not verified: this account may not even try it out (patch)")
    return lines + [wrapped(shown(line), INDENT, appearance.width) for line in details]


def _diff(change: LiveChange, appearance: Appearance) -> list[str]:
    from difflib import unified_diff

    old, new = (_yaml(value) for value in (change.before, change.after))
    lines = []
    for line in list(unified_diff(old, new, n=3, lineterm=""))[2:]:
        role = {"+": "good", "-": "removed", "@": "note"}.get(line[:1])
        seen = visible(line)
        lines.append(INDENT + (appearance.paint(seen, role) if role else seen))
    return lines


def _yaml(value: dict[str, Any]) -> list[str]:
    from kubectl_npcheck.pyyaml import yaml

    dumped: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    return dumped.splitlines()


def _states(before: Sequence[ClassState], after: Sequence[ClassState]) -> list[str]:
    """The egress of each class under both readings, then and now."""
    then = {_class(state): state.egress for state in before}
    lines = []
    for state in after:
        key = _class(state)
        pods = f"pods {key}" if key else "pods without labels"
        was, now = then.get(key), state.egress
        if was is None:
            was = now
        opened, denied = _step(was.open, now.open), _step(was.deny, now.deny)
        said = f"{opened} (open reading), {denied} (deny reading)"
        if opened == denied:
            said = f"{opened} (both readings)"
        lines.append(f"{pods}: egress {said}")
    if len(lines) > SHOWN_CLASSES:
        more = len(lines) - SHOWN_CLASSES
        lines[SHOWN_CLASSES:] = [f"and {plural(more, 'more kind')} of pods: -o json"]
    return lines


def _class(state: ClassState) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(state.witness.items()))


def _step(was: str, now: str) -> str:
    return f"stays {now}" if was == now else f"{was} → {now}"


def _pods(change: LiveChange) -> str:
    pods = change.pods
    if not pods:
        return (
            "concerns no pod now" if change.known else "which pods are concerned now is not known"
        )
    more = f" and {len(pods) - SHOWN_PODS} more" if len(pods) > SHOWN_PODS else ""
    unsure = "" if change.known else "; not all could be listed"
    return f"concerns {', '.join(pods[:SHOWN_PODS])}{more}{unsure}"


def _summary(repair: LiveRepair, program: str, appearance: Appearance) -> list[str]:
    counts: dict[str, int] = {}
    for change in repair.changes:
        counts[change.outcome] = counts.get(change.outcome, 0) + 1
    parts = []
    for outcome, role in ROLES.items():
        if outcome in counts:
            verb = "would be fixed" if outcome == "planned" else outcome
            parts.append(appearance.paint(f"{counts[outcome]} {verb}", role))
    if repair.refused:
        names = {(item.namespace, item.name) for item in repair.refused}
        parts.append(appearance.paint(f"{len(names)} refused", "warning"))
    said = ", ".join(parts) if parts else "nothing to fix"
    lines = [f"{cluster.checked(repair.report)}: {said}"]
    if repair.stands and repair.changes:
        lines.append(f"proved for the pods of today only: {repair.stands}")
    if any(opens(change.change) for change in repair.changes):
        lines.append(OVERRULES)
    lines += _next(repair, program)
    if repair.trouble:
        stopped = "the cluster refused or broke off; see the errors"
        lines.append(appearance.paint(stopped, "error"))
    if repair.report.errors:
        said = plural(len(repair.report.errors), "list")
        lines.append(appearance.paint(f"{said} could not be read: this is incomplete", "error"))
    return [wrapped(line, "", appearance.width) for line in lines]


def _next(repair: LiveRepair, program: str) -> list[str]:
    if repair.backup:
        return [
            f"the originals are in {repair.backup}; "
            f"to restore them: {program} --live --undo {repair.backup}"
        ]
    if any(change.outcome == "planned" and change.verified for change in repair.changes):
        return ["nothing was written; --apply saves a backup, then writes"]
    return ["nothing was written"] if repair.changes else []


def structure(repair: LiveRepair) -> dict[str, Any]:
    """The account of `fix` as plain data, with what only a cluster has."""
    changes = tuple(change.change for change in repair.changes)
    written = bool(changes) and all(change.outcome == "written" for change in repair.changes)
    plain = repair_structure(Repair(changes, repair.refused, (), repair.report), written)
    plain["summary"]["fixed"] = sum(c.outcome in ("planned", "written") for c in repair.changes)
    plain["backup"] = repair.backup or None
    plain["trouble"] = list(repair.trouble)
    for item, change in zip(plain["changes"], repair.changes, strict=True):
        item["live"] = {
            "outcome": change.outcome,
            "detail": change.detail,
            "verified": change.verified,
            "pods": list(change.pods),
            "podsKnown": change.known,
            "notes": list(change.notes),
            "before": change.before,
            "after": change.after,
        }
    return plain


def render_undo(
    done: Sequence[Undone], path: str, where: str, appearance: Appearance = PLAIN
) -> str:
    """What became of each object of a backup, and the totals. where: what the backup is of."""
    roles = {"restored": "good", "as before": "dim"}
    lines = [wrapped(shown(where), "", appearance.width), ""]
    counts: dict[str, int] = {}
    for item in done:
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
        named = text.subject(item.namespace, item.name)
        why = f": {shown(item.detail)}" if item.detail else ""
        line = wrapped(f"{item.outcome} {named}{why}", "", appearance.width)
        role = roles.get(item.outcome, "error")
        lines.append(line.replace(item.outcome, appearance.paint(item.outcome, role), 1))
    total = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    lines += ["", f"{shown(path)}: {plural(len(done), 'policy')}: {total}"]
    return "\n".join(lines) + "\n"


def undo_structure(done: Sequence[Undone], path: str, trouble: str) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema": "npcheck.undo/v1",
        "backup": path,
        "objects": [item._asdict() for item in done],
        "trouble": [trouble] if trouble else [],
    }
