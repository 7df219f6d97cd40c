"""What a document's text says it is, before it is parsed: worth parsing or not.

Works on substrings only. A document whose kind stands at column 0 is judged by it; of any other
(JSON, flow style, indented) only the words decide, in favour of parsing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kubectl_npcheck.manifests.split import Chunk, sniff

if TYPE_CHECKING:
    import re

POLICY = "NetworkPolicy"
MARKER = "npcheck:"
"""What a text has that holds suppression comments."""
WORKLOAD_KINDS = frozenset(
    {
        "Pod",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
    }
)
INVENTORY_KINDS = WORKLOAD_KINDS | {"Service", "Namespace"}
WRAPPER_KINDS = frozenset({"Template", "SyncSet", "SelectorSyncSet", "ManifestWork"})
_BUILT_IN = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "kustomize.config.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)


def worth_parsing(text: str, chunk: Chunk) -> bool:
    """Whether the document may hold a policy, a workload, a Service or a Namespace."""
    kinds = _kinds(text, chunk)
    if kinds:
        for kind in kinds:
            if kind in INVENTORY_KINDS or kind.endswith(POLICY):
                return True
            if kind.endswith("List") or kind in WRAPPER_KINDS:
                return _words().search(text, chunk.start, chunk.end) is not None
            if not kind.isalnum():  # a tag, an anchor, a template: the words decide
                return text.find(POLICY, chunk.start, chunk.end) >= 0
        return False
    return _words().search(text, chunk.start, chunk.end) is not None


def workload_only(text: str, chunk: Chunk) -> bool:
    """Whether the document is surely one workload, if it is anything, and holds no policy."""
    kinds = _kinds(text, chunk)
    if len(kinds) != 1 or kinds[0] not in WORKLOAD_KINDS:
        return False
    return text.find(POLICY, chunk.start, chunk.end) < 0


def holds_policy(text: str, chunk: Chunk) -> bool:
    """Whether a document that cannot be parsed seems to hold a NetworkPolicy.

    A mention does not count, nor does one inside of a document of another kind.
    """
    if text.find(POLICY, chunk.start, chunk.end) < 0:
        return False
    kinds = _kinds(text, chunk)
    if kinds and not any(
        k.endswith((POLICY, "List")) or k in WRAPPER_KINDS or not k.isalnum() for k in kinds
    ):
        return False
    for found in _policy_kind().finditer(text, chunk.start, chunk.end):
        line = text.rfind("\n", chunk.start, found.start()) + 1
        if "#" not in text[line : found.start()]:
            return True
    return False


def custom_resource(text: str, chunk: Chunk) -> tuple[bool, str | None]:
    """Whether the document is an object of an API that is not built in, and its namespace."""
    version, kind = sniff(text, chunk)
    group = version.partition("/")[0] if "/" in version else ""
    if group in _BUILT_IN or kind.endswith(POLICY) or "{{" in version:
        return False, None
    return True, named(text, chunk, "namespace")


def named(text: str, chunk: Chunk, field: str) -> str | None:
    """`metadata.name` or `metadata.namespace` by the text's looks; None where it is not plain."""
    found = _metadata_field(field).search(text, chunk.start, chunk.end)
    if found is None:
        return None
    value = (found[1] or found[2]).strip("\"'")
    return value if value and value[0] not in "#&*!|>" and not set("{[") & set(value) else None


def _kinds(text: str, chunk: Chunk) -> list[str]:
    """Each `kind` at column 0: a second one is what a forgotten `---` leaves."""
    start, end, _ = chunk
    kinds: list[str] = []
    at = start if text.startswith("kind:", start) else text.find("\nkind:", start, end) + 1
    while at or (not start and not kinds and text.startswith("kind:")):
        stop = text.find("\n", at, end)
        line = text[at + 5 : stop if stop >= 0 else end]
        kinds.append(line.split(" #")[0].strip().strip("\"'"))
        at = text.find("\nkind:", at, end) + 1
    return kinds


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    import re

    kinds = "|".join(sorted(INVENTORY_KINDS))
    return re.compile(rf"{POLICY}|kind[\"']?\s*:\s*[\"']?(?:{kinds})\b")


@lru_cache(maxsize=1)
def _policy_kind() -> re.Pattern[str]:
    import re

    return re.compile(r"kind[\"']?\s*:\s*(?:[!&]\S+\s+)*[\"']?NetworkPolicy(?:List)?\b")


@lru_cache(maxsize=2)
def _metadata_field(field: str) -> re.Pattern[str]:
    import re

    block = rf"[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*?[ \t]+{field}:[ \t]*([^\s,}}]+)"
    flow = rf"[ \t]*\{{(?:[^\n}}]*[\s,])?{field}:[ \t]*([^\s,}}]+)"
    return re.compile(rf"^metadata:(?:{flow}|{block})", re.M)
