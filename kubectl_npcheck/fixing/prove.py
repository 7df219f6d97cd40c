"""The proof, on the new texts read again: the data, the meaning, the obligation of each strategy.

Nothing is written unless all of it holds. Knows texts as parsed and policies as read; must not
know how the edits were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kubectl_npcheck.errors import NpcheckError
from kubectl_npcheck.fixing.allowance import allowance, allowances
from kubectl_npcheck.fixing.expected import expected
from kubectl_npcheck.fixing.options import ALLOW_ALL, PRESERVE
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.split import document_for
from kubectl_npcheck.fixing.texts import Texts, at
from kubectl_npcheck.fixing.world import stated
from kubectl_npcheck.manifests.document import Document, DocumentError, decode, parse, split
from kubectl_npcheck.manifests.plan import same
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.isolation import Reading, same_meaning
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.podclasses import PodClass, class_of, classes_selected_by
from kubectl_npcheck.repairs import Rewritten


class ProofError(NpcheckError):
    """A new text that does not mean what it should. Nothing has been written."""

    exit_code = 5

    def __init__(self, place: str, message: str) -> None:
        super().__init__(
            f"{place}: the repair could not be proved, so nothing was written: {message}; "
            "please report this with the file"
        )


class Pair:
    """A policy in one group before and after."""

    __slots__ = ("after", "group", "new", "old")

    def __init__(self, group: Group, old: NetworkPolicy, after: Group, new: NetworkPolicy) -> None:
        self.group = group
        self.old = old
        self.after = after
        self.new = new


Pairs = dict[int, list[Pair]]
"""By the `id` of the origin of the policy as it was."""


def prove_data(file: Rewritten, steps: Sequence[Step], texts: Texts) -> None:
    """That the new bytes hold the old data plus exactly what was intended."""
    try:
        new = decode(file.new_bytes, file.file)
    except DocumentError as error:
        raise ProofError(file.file, f"the new text is no text: {error.message}") from error
    if new.text != file.new:
        raise ProofError(file.file, "the new bytes do not give the new text")
    by_start: dict[int, list[Step]] = {}
    for step in steps:
        by_start.setdefault(step.target.origin.document.start, []).append(step)
    old_chunks = split(file.old)
    new_chunks = iter(split(new.text))
    for chunk in old_chunks:
        concerned = by_start.get(chunk.start, [])
        found = next(new_chunks, None)
        if found is None:
            raise ProofError(file.file, "a document is lost")
        if not concerned:
            if (
                file.old[chunk.start : chunk.end].strip()
                != new.text[found.start : found.end].strip()
            ):
                raise ProofError(
                    f"{file.file}:{chunk.line}", "a document has changed that must not"
                )
            continue
        document: Document = concerned[0].target.origin.document
        value, beside = _intended(texts.value(document), concerned)
        _compare(file, new, found, value)
        for extra in beside:
            _compare(file, new, next(new_chunks, None), extra)
    if next(new_chunks, None) is not None:
        raise ProofError(file.file, "there is a document too many")


def _intended(value: Any, steps: Sequence[Step]) -> tuple[Any, list[Any]]:
    """What a document must hold, and the documents that must follow it."""
    old = value
    for step in steps:
        for operation in step.intent.operations:
            value = expected(value, operation, step.target.origin.prefix)
    beside = []
    # from the last item to the first, so that each new one stands after its own
    ordered = sorted(steps, key=lambda step: tuple(map(str, step.target.origin.prefix)))
    for step in sorted(ordered, key=_index, reverse=True):
        part, prefix = step.intent.added, step.target.origin.prefix
        if part is None:
            continue
        new = document_for(at(old, prefix), part)
        if not prefix:
            beside.append(new)
        else:
            value = _with_item(value, prefix, new)
    return value, beside


def _index(step: Step) -> int:
    prefix = step.target.origin.prefix
    return int(prefix[-1]) if prefix else 0


def _with_item(value: Any, prefix: tuple[str | int, ...], item: Any) -> Any:
    from kubectl_npcheck.findings import Operation

    return expected(value, Operation("insert", prefix, item), ())


def _compare(file: Rewritten, new: Any, chunk: Any, value: Any) -> None:
    if chunk is None:
        raise ProofError(file.file, "a document is missing")
    try:
        document = parse(new, chunk)
    except DocumentError as error:
        place = f"{file.file}:{error.line}" if error.line else file.file
        raise ProofError(place, f"the new text cannot be read: {error.message}") from error
    if document is None or document.duplicates or not same(document.value, value):
        raise ProofError(f"{file.file}:{chunk.line}", "the new text holds other data than intended")


def paired(before: Inventory, after: Inventory, steps: Iterable[Step]) -> Pairs:
    """Each policy as it was and as it is, in each of its groups. Raises ProofError if they differ.

    The policies that were added (`--split`) are those that nothing of the old ones corresponds to.
    """
    added = {step.intent.added.name for step in steps if step.intent.added is not None}
    pairs: Pairs = {}
    if [unit.name for unit in before.units] != [unit.name for unit in after.units]:
        raise ProofError("the input", "it is applied together in another way than before")
    for old_unit, new_unit in zip(before.units, after.units, strict=True):
        if old_unit.groups.keys() != new_unit.groups.keys():
            raise ProofError(old_unit.name, "its namespaces have changed")
        for namespace, group in old_unit.groups.items():
            _pair(group, new_unit.groups[namespace], added, pairs)
    return pairs


def _pair(group: Group, after: Group, added: set[str], pairs: Pairs) -> None:
    old_names = {policy.name for policy in group.policies}
    left = [p for p in after.policies if p.name in old_names or not _is_added(p.name, added)]
    if [p.name for p in left] != [p.name for p in group.policies]:
        raise ProofError(group.unit.name, "its policies are not those that were there before")
    for old, new in zip(group.policies, left, strict=True):
        if old.origin.parts != new.origin.parts:
            raise ProofError(group.unit.name, f"policy {old.name} comes from another file")
        pairs.setdefault(id(old.origin), []).append(Pair(group, old, after, new))


def _is_added(name: str, added: set[str]) -> bool:
    """Whether a name is that of an added policy; a kustomization may put affixes around it."""
    return name in added or any(own in name for own in added)


def prove_meaning(steps: Iterable[Step], pairs: Pairs, allow_widening: bool) -> None:
    """That each step does what its strategy promises, for every class under both readings."""
    proved: dict[int, PodClass] = {}
    for step in steps:
        for pair in pairs.get(id(step.target.origin), []):
            _prove_policy(step, pair)
            if step.intent.strategy == PRESERVE:
                _prove_preserved(step, pair, proved)
            elif step.intent.strategy == ALLOW_ALL and not allow_widening:
                _prove_no_widening(step, pair)


def _prove_policy(step: Step, pair: Pair) -> None:
    wanted = stated(pair.old, step.intent.effect)
    if step.intent.effect.more:
        fits = wanted.lists_egress == pair.new.lists_egress
        fits = fits and wanted.lists_ingress == pair.new.lists_ingress
    else:
        fits = same_meaning(wanted, pair.new)
    if not fits:
        why = f"in {pair.group.unit.name} the policy would mean something else than was asked for"
        raise ProofError(_place(step), why)


def _prove_preserved(step: Step, pair: Pair, proved: dict[int, PodClass]) -> None:
    """The obligation of `preserve`; classes that are proved already are known by their `id`."""
    classes = classes_selected_by(pair.after, pair.new)
    if classes is None:
        raise ProofError(_place(step), "there are too many pod classes")
    for podclass in classes:
        if id(podclass) in proved:
            continue
        proved[id(podclass)] = podclass
        if any(policy.implicit_egress for policy in podclass.policies):
            continue
        old = class_of(pair.group, podclass.witness).policies
        before = allowances(old, Reading.OPEN)
        for reading in Reading:
            if allowances(podclass.policies, reading) != before:
                why = f"pods {podclass.witness} could send something else ({reading.label} reading)"
                raise ProofError(_place(step), why)


def _prove_no_widening(step: Step, pair: Pair) -> None:
    classes = classes_selected_by(pair.group, pair.old)
    if classes is None:
        raise ProofError(_place(step), "there are too many pod classes")
    for podclass in classes:
        if allowance(podclass.policies, Reading.OPEN) is not None:
            why = f"pods {podclass.witness} are restricted, and would not be"
            raise ProofError(_place(step), why)


def _place(step: Step) -> str:
    origin = step.target.origin
    return f"{origin.file}:{origin.line}" if origin.file else step.target.policy.name
