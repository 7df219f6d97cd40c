"""A repair for humans: what is written, what is refused and why, and the totals."""

from __future__ import annotations

from kubectl_npcheck.repairs import Change, Refusal, Repair
from kubectl_npcheck.reports import text
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown, visible, wrapped

INDENT = "    "
OVERRULES = (
    "`egress: [{}]` also overrules what is restricted later, by other policies or a baseline; "
    "replace it by the rules that the pods need"
)


def render(repair: Repair, written: bool, appearance: Appearance = PLAIN) -> str:
    """The whole account. written: the files are changed; else they would be."""
    blocks = [_change(change, written, appearance) for change in repair.changes]
    blocks += [refusal_lines(refusal, appearance) for refusal in repair.refused]
    closing = text.skipped(repair.report.skipped, appearance, text.SHOWN_SKIPPED, "-o json")
    blocks += [closing] if closing else []
    lines = [line for block in blocks for line in block]
    if lines:
        lines.append("")
    return "\n".join(lines + summary(repair, written, appearance)) + "\n"


def _change(change: Change, written: bool, appearance: Appearance) -> list[str]:
    verb = "fixed" if written else "would fix"
    strategy = f" ({change.strategy})" if change.strategy else ""
    lines = [
        heading(change, verb, "good", f"{shown(change.summary)}{strategy}", appearance),
    ]
    tense = "" if written else "would "
    lines += [
        wrapped(f"{tense}change: {shown(effect)}", INDENT, appearance.width)
        for effect in change.effects
    ]
    return lines


def refusal_lines(refusal: Refusal, appearance: Appearance) -> list[str]:
    """What is refused, why, for which pods, and what to do about it."""
    rules = ", ".join(refusal.rules)
    lines = [
        heading(refusal, "refused", "warning", f"{rules}: {shown(refusal.reason)}", appearance)
    ]
    for evidence in refusal.evidence:
        lines.append(wrapped(shown(evidence), INDENT, appearance.width))
    named = "\n".join(refusal.evidence)
    for witness in refusal.witnesses:
        labels = ",".join(f"{key}={value}" for key, value in sorted(witness.items()))
        if not labels or labels not in named:
            pods = (
                f"for example pods {shown(labels)}" if labels else "for example pods without labels"
            )
            if not (not labels and "pods without labels" in named):
                lines.append(wrapped(pods, INDENT, appearance.width))
    if refusal.remedy:
        said = wrapped(f"to do: {shown(refusal.remedy)}", INDENT, appearance.width)
        lines.append(said.replace("to do:", appearance.paint("to do:", "good"), 1))
    return lines


def heading(item: Change | Refusal, verb: str, role: str, said: str, appearance: Appearance) -> str:
    """`FILE:LINE: VERB NAMESPACE/NAME: …`, the verb in the colour of a role."""
    place = f"{visible(item.file)}:{item.line}: " if item.file is not None else ""
    named = text.subject(item.namespace, item.name)
    line = wrapped(f"{place}{verb} {named}: {said}", "", appearance.width)
    if not appearance.color:
        return line
    rest = line[len(place) :].replace(verb, appearance.paint(verb, role), 1)
    return line[: len(place)] + rest.replace(f"{named}:", appearance.paint(named, "bold") + ":", 1)


def summary(repair: Repair, written: bool, appearance: Appearance) -> list[str]:
    """The totals, also where there was nothing to do."""
    report = repair.report
    files = len({change.file for change in repair.changes})
    parts = []
    if repair.changes:
        verb = "fixed" if written else "would be fixed"
        done = f"{plural(len(repair.changes), 'policy')} {verb} in {plural(files, 'file')}"
        parts.append(appearance.paint(done, "good"))
    if repair.refused:
        names = {(item.file, item.line, item.name) for item in repair.refused}
        parts.append(appearance.paint(f"{plural(len(names), 'policy')} refused", "warning"))
    checked = f"{plural(report.counts.policies, 'policy')} in {plural(report.counts.files, 'file')}"
    lines = [f"{checked}: {', '.join(parts) if parts else 'nothing to fix'}"]
    if any(opens(change) for change in repair.changes):
        lines.append(wrapped(OVERRULES, "", appearance.width))
    if report.counts.baselined:
        known = plural(report.counts.baselined, "finding")
        lines.append(f"{known} left alone: the baseline knows them")
    if report.errors:
        said = plural(len(report.errors), "input") + " could not be read: the result is incomplete"
        lines.append(appearance.paint(said, "error"))
    return lines


def opens(change: Change) -> bool:
    """Whether a rule that allows everything is written."""
    return bool(change.added) or any(
        operation.path == ("spec", "egress") and {} in (operation.value or [])
        for operation in change.operations
    )
