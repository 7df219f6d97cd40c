"""Bytes of files → objects of the model, with what was skipped and what could not be read.

Decides per document; knows nothing of directories, context or units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_npcheck.findings import ReadError, Skipped
from kubectl_npcheck.load.deferred import Deferred, Found, settled
from kubectl_npcheck.manifests.discover import File, mentions_policy
from kubectl_npcheck.manifests.document import Document, parse
from kubectl_npcheck.manifests.paths import KUSTOMIZATIONS
from kubectl_npcheck.manifests.relevance import (
    INVENTORY_KINDS,
    custom_resource,
    holds_policy,
    named,
    workload_only,
    worth_parsing,
)
from kubectl_npcheck.manifests.source import DocumentError, Source, decode
from kubectl_npcheck.manifests.split import Chunk, split
from kubectl_npcheck.manifests.template import template_reason, unrendered_reason
from kubectl_npcheck.manifests.wrappers import objects_of
from kubectl_npcheck.origin import Closure, Origin, Path
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.policy.members import PATCHED, CustomResource, Object
from kubectl_npcheck.policy.model import NetworkPolicy, UnreadPolicy
from kubectl_npcheck.policy.objects import (
    is_network_policy,
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.record import Record

_ITEMS = (("items",), ("objects",))


class Gathered(Record):
    """What one file gave. A second run takes it over instead of parsing the file again."""

    objects: list[Found]
    skipped: list[Skipped]
    sources: list[Source]
    unread: list[ReadError]
    errors: list[ReadError]
    policies: int


class Collector:
    """Gathers the objects of one run.

    namespace: of objects that name none (`-n`); patches: real path of each kustomize patch →
    the kustomization that names it; closures: of the kustomizations of the run; errors: where
    unreadable inputs are noted (those without a policy: `unread`); keep: `documents` holds what is
    not context with its plain data, by file and offset (a repair compares it), and `gathered` what
    each file gave, by its real path; known: the same of a former run, of files that are still what
    they were.

    Workloads of the context are deferred: `settled` parses those that the policies may ask for.
    """

    def __init__(
        self,
        namespace: str | None,
        patches: dict[str, str],
        errors: list[ReadError],
        closures: Sequence[Closure] = (),
        keep: bool = False,
        known: Mapping[str, Gathered] | None = None,
    ) -> None:
        self.skipped: list[Skipped] = []
        self.sources: list[Source] = []
        self.unread: list[ReadError] = []
        self.files_with_policies = 0
        self.policies = 0
        self._namespace = namespace
        self._patches = patches
        self._closures = closures
        self._included = {member.parts for closure in closures for member in closure.members}
        self._errors = errors
        self._keep = keep
        self._known = known or {}
        self.documents: dict[str, dict[int, Document]] = {}
        self.gathered: dict[str, Gathered] = {}
        self._objects: list[Found] = []

    def take(self) -> list[Found]:
        """What was gathered since the last call."""
        found, self._objects = self._objects, []
        return found

    def settled(self, gathered: Sequence[Sequence[Found]]) -> list[list[Object]]:
        """The same with the deferred workloads parsed that the policies of all may ask for."""
        return settled(gathered, self._closures, self._parsed)

    def _parsed(self, item: Deferred) -> list[Object]:
        self._add_chunk(item.source, item.chunk, item.shown, None)
        return [made for made in self.take() if not isinstance(made, Deferred)]

    def add_file(self, file: File, content: bytes) -> None:
        """Gather the objects of one file."""
        if file.path.endswith(KUSTOMIZATIONS) and file.parts[-1] in KUSTOMIZATIONS:
            return
        known = self._known.get(file.real)
        if known is not None:
            self._take_over(known)
            return
        objects, skipped, sources = len(self._objects), len(self.skipped), len(self.sources)
        unread, errors, policies = len(self.unread), len(self._errors), self.policies
        self._parse_file(file, content)
        if self._keep:
            self.gathered[file.real] = Gathered(
                self._objects[objects:],
                self.skipped[skipped:],
                self.sources[sources:],
                self.unread[unread:],
                self._errors[errors:],
                self.policies - policies,
            )

    def _take_over(self, known: Gathered) -> None:
        self._objects += known.objects
        self.skipped += known.skipped
        self.sources += known.sources
        self.unread += known.unread
        self._errors += known.errors
        self.policies += known.policies
        if known.policies or known.skipped:
            self.files_with_policies += 1

    def _parse_file(self, file: File, content: bytes) -> None:
        try:
            source = decode(content, file.file, file.parts, file.context)
        except DocumentError as error:
            if mentions_policy(content):
                origin = Origin(file.file, file.parts, context=file.context)
                self._unreadable(origin, error, None, None)
            return
        self._add_source(source, file.file, self._patches.get(file.real))

    def add_stream(self, shown: str | None, content: bytes) -> None:
        """Gather the objects of standard input, or of rendered text (shown is None)."""
        try:
            source = decode(content, shown or "rendered")
        except DocumentError as error:
            self._unreadable(Origin(shown), error, None, None)
            return
        self._add_source(source, shown, None)

    def _add_source(self, source: Source, shown: str | None, patch_of: str | None) -> None:
        before, skipped = self.policies, len(self.skipped)
        parsed = False
        defers = self._defers(source, patch_of)
        for chunk in split(source.text):
            if defers and workload_only(source.text, chunk):
                self._objects.append(Deferred(source, chunk, shown))
                parsed = True
                continue
            if worth_parsing(source.text, chunk):
                self._add_chunk(source, chunk, shown, patch_of)
                parsed = True
                continue
            custom, namespace = custom_resource(source.text, chunk)
            if custom:
                origin = Origin(shown, source.parts, line=chunk.line, context=source.context)
                self._objects.append(CustomResource(origin, namespace or self._namespace))
        if parsed:
            self.sources.append(source)
        if self.policies > before or len(self.skipped) > skipped:
            self.files_with_policies += 1

    def _defers(self, source: Source, patch_of: str | None) -> bool:
        """Whether workloads of a source may wait: not where a namespace or a kustomization does
        something to them that their own text does not show."""
        if not source.context or patch_of is not None or self._namespace is not None:
            return False
        return source.parts not in self._included

    def _add_chunk(
        self, source: Source, chunk: Chunk, shown: str | None, patch_of: str | None
    ) -> None:
        unrendered = unrendered_reason(source.text, chunk.start, chunk.end)
        if unrendered is not None and holds_policy(source.text, chunk):
            self._add_template(source, chunk, shown, unrendered)
            return
        try:
            document = parse(source, chunk)
        except DocumentError as error:
            if holds_policy(source.text, chunk):
                self._add_unread(source, chunk, shown, error)
            else:
                self._add_unknown(source, chunk, shown, error)
            return
        if document is not None:
            self._add_document(document, shown, patch_of)

    def _add_unknown(
        self, source: Source, chunk: Chunk, shown: str | None, error: DocumentError
    ) -> None:
        """Note a workload that cannot be read: which pods its namespace has is not known then."""
        if not source.context and template_reason(source.text[chunk.start : chunk.end]) is None:
            place = shown or "rendered"
            self.unread.append(ReadError(place, error.line, error.column, error.message))
        origin = Origin(shown, source.parts, line=chunk.line, context=source.context)
        namespace = named(source.text, chunk, "namespace") or self._namespace
        self._objects.append(CustomResource(origin, namespace))

    def _add_unread(
        self, source: Source, chunk: Chunk, shown: str | None, error: DocumentError
    ) -> None:
        """Note a document that holds a policy and cannot be parsed: a template, or broken."""
        text = source.text
        templated = template_reason(text[chunk.start : chunk.end])
        if templated is not None:
            self._add_template(source, chunk, shown, templated)
            return
        origin = Origin(shown, source.parts, line=chunk.line, context=source.context)
        name, namespace = named(text, chunk, "name"), named(text, chunk, "namespace")
        self._unreadable(origin, error, namespace, name)

    def _add_template(self, source: Source, chunk: Chunk, shown: str | None, why: str) -> None:
        """Note a policy that is not written out yet."""
        text = source.text
        origin = Origin(shown, source.parts, line=chunk.line, context=source.context)
        name, namespace = named(text, chunk, "name"), named(text, chunk, "namespace")
        self._objects.append(UnreadPolicy(origin, namespace, name, why))
        if not source.context:
            self._skip(origin, namespace, name, "template", why)

    def _add_document(self, document: Document, shown: str | None, patch_of: str | None) -> None:
        source = document.source
        rendered = "" if shown is not None else _rendered(document)
        for obj, prefix in objects_of(document.value):
            line = _line(document, prefix)
            origin = Origin(
                shown, source.parts, document, prefix, line, source.context, rendered=rendered
            )
            if patch_of is not None:
                if is_network_policy(obj) and not source.context:
                    self._skip_patch(obj, origin, patch_of)
            elif is_network_policy(obj):
                self._add_policy(obj, origin, document.duplicates)
            else:
                self._add_other(obj, origin)
        if self._keep and not source.context:
            self.documents.setdefault(source.file, {})[document.start] = document
        else:
            document.value = None  # the model stands; positions compose the text again

    def skip_patched(self, inventory: Inventory) -> None:
        """List the policies that a patch of their unit changes, once for each unit."""
        for group in inventory.groups:
            for item in group.unread:
                if item.why.startswith(PATCHED) and not item.origin.context:
                    self._skip(item.origin, item.namespace, item.name, "kustomize-patch", item.why)

    def _add_policy(
        self, obj: dict[str, Any], origin: Origin, duplicates: tuple[Path, ...]
    ) -> None:
        policy = parse_policy(obj, origin, self._namespace, duplicates)
        self._objects.append(policy)
        if origin.context:
            return
        self.policies += 1
        if policy.unresolved:
            self._skip_unresolved(policy)

    def _add_other(self, obj: dict[str, Any], origin: Origin) -> None:
        kind = obj["kind"]
        found: Object | None
        if kind == "Service":
            found = parse_service(obj, origin, self._namespace)
        elif kind == "Namespace":
            found = parse_namespace(obj, origin)
        elif kind in INVENTORY_KINDS:
            found = parse_workload(obj, origin, self._namespace)
        else:
            found = parse_other(obj, origin, self._namespace)
        if found is not None:
            self._objects.append(found)

    def _unreadable(
        self, origin: Origin, error: DocumentError, namespace: str | None, name: str | None
    ) -> None:
        self._objects.append(UnreadPolicy(origin, namespace, name, error.message))
        if not origin.context:
            shown = origin.file or "rendered"
            self._errors.append(ReadError(shown, error.line, error.column, error.message))

    def _skip(
        self, origin: Origin, namespace: str | None, name: str | None, reason: str, message: str
    ) -> None:
        line = origin.line or 1
        self.skipped.append(Skipped(origin.file, line, 1, namespace, name, reason, message))

    def _skip_patch(self, obj: dict[str, Any], origin: Origin, patch_of: str) -> None:
        meta = obj.get("metadata")
        meta = meta if isinstance(meta, dict) else {}
        message = f"a patch of {patch_of}, not a policy of its own"
        name, namespace = meta.get("name"), meta.get("namespace")
        self._skip(
            origin,
            namespace if isinstance(namespace, str) else None,
            name if isinstance(name, str) else None,
            "kustomize-patch",
            message,
        )

    def _skip_unresolved(self, policy: NetworkPolicy) -> None:
        from kubectl_npcheck.origin import path_text

        places = ", ".join(path_text(path) for path in policy.unresolved[:3])
        more = len(policy.unresolved) - 3
        message = f"placeholders in {places}"
        message += f" and {more} more" if more > 0 else ""
        self._skip(policy.origin, policy.namespace, policy.name, "unresolved", message)


def _rendered(document: Document) -> str:
    from kubectl_npcheck.manifests.render import source_of

    return source_of(document.source.text, document.start)


def _line(document: Document, prefix: Path) -> int:
    """The line of an object: its item's in a list, a List or a Template, else the document's."""
    if document.item_lines and prefix:
        index = prefix[1] if prefix[:1] in _ITEMS else prefix[0]
        if isinstance(index, int):
            return document.item_lines[index]
    return document.line
