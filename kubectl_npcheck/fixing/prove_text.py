"""The proof of the texts: the new bytes hold the old data plus exactly what was intended.

Knows documents and operations; must not know what a policy means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.expected import expected
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.refusing import ProofError
from kubectl_npcheck.fixing.split import document_for
from kubectl_npcheck.fixing.texts import Texts, at
from kubectl_npcheck.manifests.document import Chunk, Document, DocumentError, decode, parse, split
from kubectl_npcheck.manifests.editing.plan import same
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.repairs import Rewritten


def prove_data(
    file: Rewritten, steps: Sequence[Step], texts: Texts, parsed: Mapping[int, Document]
) -> None:
    """That the new bytes hold the old data plus exactly what was intended, or ProofError.

    parsed: what was read again from the new bytes, by offset
    """
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
        _compare(file, new, found, value, parsed)
        for extra in beside:
            _compare(file, new, next(new_chunks, None), extra, parsed)
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
    return expected(value, Operation("insert", prefix, item), ())


def _compare(
    file: Rewritten,
    new: Source,
    chunk: Chunk | None,
    value: Any,
    parsed: Mapping[int, Document],
) -> None:
    if chunk is None:
        raise ProofError(file.file, "a document is missing")
    try:
        document = parsed.get(chunk.start) or parse(new, chunk)
    except DocumentError as error:
        place = f"{file.file}:{error.line}" if error.line else file.file
        raise ProofError(place, f"the new text cannot be read: {error.message}") from error
    if document is None or document.duplicates or not same(document.value, value):
        raise ProofError(f"{file.file}:{chunk.line}", "the new text holds other data than intended")
