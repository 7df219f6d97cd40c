"""Repairs manifests: what to write, where, and the proof that it means what was asked for.

`repair` reads and decides and changes nothing; `apply.write` puts the new texts in place.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from kubectl_npcheck.check import check, described, judge
from kubectl_npcheck.check.baseline import leave_out, unknown
from kubectl_npcheck.check.baseline_file import read_baseline
from kubectl_npcheck.fixing.account import changes_of
from kubectl_npcheck.fixing.intent import Settled
from kubectl_npcheck.fixing.options import Options
from kubectl_npcheck.fixing.plan import Plan, Step, make_plan
from kubectl_npcheck.fixing.prove import paired, prove_meaning
from kubectl_npcheck.fixing.prove_text import prove_data
from kubectl_npcheck.fixing.targets import narrowed_to, switched_off, targets
from kubectl_npcheck.fixing.texts import Texts, real_path
from kubectl_npcheck.load import STDIN, Loaded, Request, load
from kubectl_npcheck.load import standard_input as read_stdin
from kubectl_npcheck.manifests import edit as text_edit
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.repairs import Change, Repair, Rewritten
from kubectl_npcheck.settings import Settings

__all__ = ["Options", "repair"]


def repair(request: Request, settings: Settings, options: Options) -> Repair:
    """Decide what to write, make the new texts and prove them. Writes nothing.

    Raises ProofError (a defect of npcheck) if a new text does not hold what it should, UsageError
    for a baseline that cannot be used.
    """
    baseline = None if settings.baseline is None else read_baseline(settings.baseline)
    request = _ready(request)
    narrowed = narrowed_to(settings, options.rules)
    loaded = load(request)
    settled = Settled(
        options,
        blind=request.alone or STDIN in request.paths,
        denied=settings.egress_default == "deny",
        off=switched_off(settings),
    )
    texts = Texts(loaded.documents)
    kept = judge(loaded, narrowed, everywhere=False).kept
    if baseline is not None:
        kept = unknown(kept, baseline, os.getcwd())
    found = targets(kept, options)
    plan = make_plan(loaded.inventory, found, settled, texts)
    files = _rewritten(plan.steps, texts)
    after = load(_with_new_texts(request, loaded, files)) if files else loaded
    changes = _prove(plan, loaded, after, files, texts, options)
    report = check(after, narrowed, described(request.paths, (), request.namespace, settings))
    if baseline is not None:
        leave_out(report, baseline, os.getcwd())
    return Repair(
        tuple(changes),
        tuple(plan.refused),
        tuple([file for file, _ in files]),
        report,
        _directories(loaded),
    )


def _directories(loaded: Loaded) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for documents in loaded.documents.values():
        for document in documents.values():
            path = real_path(document.source)
            if path:
                found[os.path.dirname(path)] = None
            break
    return tuple(found)


def _ready(request: Request) -> Request:
    """The request for a repair; standard input is read once, as it is needed twice."""
    request = request._replace(for_fix=True)
    if STDIN in request.paths:
        content = (request.stdin or read_stdin)()
        request = request._replace(stdin=lambda: content)
    return request


def _rewritten(steps: Sequence[Step], texts: Texts) -> list[tuple[Rewritten, list[Step]]]:
    """The changed files, each with the steps that it takes, in the order of the steps."""
    sources: dict[int, Source] = {}
    by_source: dict[int, list[Step]] = {}
    for step in steps:
        source = step.target.origin.document.source
        sources[id(source)] = source
        by_source.setdefault(id(source), []).append(step)
    files = []
    for key, members in by_source.items():
        source = sources[key]
        pieces = [
            piece
            for step in members
            for piece in texts.edits(step.target.origin, step.intent.operations, step.intent.added)
        ]
        edits = text_edit.arranged(pieces)
        new = text_edit.apply(source.text, edits)
        if new == source.text:
            continue
        file = Rewritten(
            source.file,
            real_path(source),
            source.text,
            new,
            source.encode(source.text),
            text_edit.encode(source, new),
            tuple(edits),
            source.encoding,
            source.bom,
        )
        files.append((file, members))
    return files


def _with_new_texts(
    request: Request, loaded: Loaded, files: Sequence[tuple[Rewritten, list[Step]]]
) -> Request:
    """The request that reads the new texts in the place of the old ones, and nothing else anew."""
    replaced = {file.real: file.new_bytes for file, _ in files if file.real}
    request = request._replace(replaced=replaced, known=loaded.gathered)
    streams = [file.new_bytes for file, _ in files if not file.real]
    return request._replace(stdin=lambda: streams[0]) if streams else request


def _prove(
    plan: Plan,
    before: Loaded,
    after: Loaded,
    files: Sequence[tuple[Rewritten, list[Step]]],
    texts: Texts,
    options: Options,
) -> list[Change]:
    """All proofs; then what the changes come to."""
    if not files:
        return []
    for file, steps in files:
        prove_data(file, steps, texts, after.documents.get(file.file, {}))
    pairs = paired(before.inventory, after.inventory, plan.steps)
    prove_meaning(plan.steps, pairs, options.allow_widening)
    return changes_of([step for _, steps in files for step in steps], pairs, texts)
