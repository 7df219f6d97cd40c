"""From files' texts to the outcome of a repair, for tests of a few lines a case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from kubectl_npcheck.fixing import Options, repair
from kubectl_npcheck.fixing.options import checked_rules
from kubectl_npcheck.load import Request
from kubectl_npcheck.repairs import Repair
from kubectl_npcheck.settings import Settings
from tests.command import working_directory
from tests.rules.support import netpol

WEB = "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{}]"
ALL_PODS = "podSelector: {}, policyTypes: [Ingress], ingress: [{}]"
DENY = "podSelector: {}, policyTypes: [Ingress, Egress]"
DB_ONLY = "to: [{podSelector: {matchLabels: {app: db}}}]"
RESTRICTED = (
    f"podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Egress], egress: [{{{DB_ONLY}}}]"
)


@contextmanager
def tree(files: Mapping[str, str]) -> Iterator[Path]:
    """A directory with these files, which is the working directory meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for file, text in files.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(text.encode())
        with working_directory(root):
            yield root


def fixed(
    files: Mapping[str, str],
    *paths: str,
    options: Options | None = None,
    settings: Settings | None = None,
    alone: bool = False,
) -> Repair:
    """The outcome for a tree of files; paths default to all of it. Nothing is written."""
    with tree(files):
        request = Request(paths=paths or (".",), alone=alone)
        return repair(request, settings or Settings(), options or Options())


def strategy(name: str, **more: object) -> Options:
    """Options with a strategy that the user named."""
    options = Options(strategy=name, named=True)
    return options._replace(**more)  # type: ignore[arg-type]


def rule(*ids: str, **more: object) -> Options:
    """Options for the findings of these rules."""
    return Options(rules=checked_rules(ids))._replace(**more)  # type: ignore[arg-type]


def spec(done: Repair, file: str = "a.yaml") -> dict[str, object]:
    """The spec of the only document of a changed file."""
    (new,) = [item.new for item in done.files if item.file == file]
    return dict(yaml.safe_load(new)["spec"])


def changed(done: Repair) -> list[str]:
    """The names of the changed policies."""
    return [change.name for change in done.changes]


def refused(done: Repair) -> list[str]:
    """`name: reason` for what was refused."""
    return [f"{item.name}: {item.reason}" for item in done.refused]


def everything(done: Repair, at: int = 0) -> str:
    """All that is said about one refusal."""
    item = done.refused[at]
    witnesses = " ".join(map(str, item.witnesses))
    return "\n".join([item.reason, *item.evidence, witnesses, item.remedy])


__all__ = [
    "ALL_PODS",
    "DB_ONLY",
    "DENY",
    "RESTRICTED",
    "WEB",
    "changed",
    "everything",
    "fixed",
    "netpol",
    "refused",
    "rule",
    "spec",
    "strategy",
    "tree",
]  # fmt: skip
