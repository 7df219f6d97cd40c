"""A run that takes over what a former one read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kubectl_npcheck.load import Request, load
from kubectl_npcheck.manifests.discover import read_bytes
from tests.load.support import (
    DENY,
    loaded,
    netpol,
    units,
)


def test_a_second_run_takes_over_what_did_not_change_and_reads_the_new_texts() -> None:
    broken = netpol("broken") + "  x: [\n"
    files = {"a.yaml": netpol("a", "s"), "b.yaml": netpol("b", "s"), "c.yaml": broken}
    first = loaded({**files, "t.yaml": netpol("{{ .Name }}")}, ".", for_fix=True)
    Path("a.yaml").write_text(netpol("changed-meanwhile", "s"))
    new = {os.path.realpath("b.yaml"): netpol("b", "s", DENY).encode()}
    request = Request(paths=(".",), for_fix=True, replaced=new, known=first.gathered)
    second = load(request)
    assert units(second) == units(first) == {"namespace s": ["s/a", "s/b"]}
    before, after = (
        {p.name: p for p in found.inventory.groups[0].policies} for found in (first, second)
    )
    assert after["a"] is before["a"]
    assert after["b"].lists_egress
    assert not before["b"].lists_egress
    assert (second.errors, second.skipped) == (first.errors, first.skipped)
    assert second.counts == first.counts


def test_a_second_run_reads_no_bytes_of_what_it_takes_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"a.yaml": netpol("a", "s"), "b.yaml": netpol("b", "s"), "kustomization.yaml": ""}
    first = loaded(files, ".", for_fix=True)
    read: list[str] = []

    def note(path: str, flags: int = 0) -> bytes:
        read.append(os.path.basename(path))
        return read_bytes(path, flags)

    monkeypatch.setattr("kubectl_npcheck.manifests.discover.read_bytes", note)
    new = {os.path.realpath("b.yaml"): netpol("b", "s", DENY).encode()}
    load(Request(paths=(".",), for_fix=True, replaced=new, known=first.gathered))
    assert read == ["kustomization.yaml"]
