"""Backups: whole on the disk before anything is written, and read back as they were."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.cluster import backup
from kubectl_npcheck.cluster.backup import BackupError, Place
from kubectl_npcheck.cluster.write import Write
from kubectl_npcheck.errors import InputError

Plain = dict[str, Any]
HERE = Place("kind", "https://127.0.0.1:6443", "kind", "jane", "uid-of-kube-system")


def write(annotations: dict[str, str] | None = None, **spec: Any) -> Write:
    meta: Plain = {"name": "web", "namespace": "shop", "uid": "u", "resourceVersion": "7"}
    if annotations is not None:
        meta["annotations"] = annotations
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    before = {**head, "metadata": {**meta, "managedFields": [{}]}, "spec": spec}
    after = {**before, "spec": {**spec, "egress": [{}]}}
    return Write(before, {"spec": {"egress": [{}]}}, after)


def rendered(*writes: Write) -> str:
    return backup.render(HERE, writes, "2026-11-26T22:00:00Z", "b.yaml", "npcheck")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["y", "No", "on", "null", "~", "1e3", "0777", "1:30", "2026-11-26", "- a", "a: b", "#", "é\n"]
)
VALUES = st.recursive(
    TEXTS | st.integers(0, 70_000) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_what_is_read_is_what_was_saved(spec: Plain, annotations: dict[str, str]) -> None:
    (kept,) = backup.parse(rendered(write(annotations, **spec)), "b.yaml").objects
    assert kept.original["spec"] == spec
    assert kept.original["metadata"]["annotations"] == annotations
    assert kept.spec == {**spec, "egress": [{}]}


def test_it_holds_what_undo_needs() -> None:
    found = backup.parse(rendered(write()), "b.yaml")
    assert (found.place, found.created) == (HERE, "2026-11-26T22:00:00Z")
    (kept,) = found.objects
    assert (kept.namespace, kept.name, kept.uid, kept.version) == ("shop", "web", "u", "7")


def test_kubectl_can_replace_with_it() -> None:
    """A list of objects that carry neither managedFields nor the old resourceVersion."""
    held = yaml.safe_load(rendered(write()))
    assert (held["apiVersion"], held["kind"]) == ("v1", "List")
    (item,) = held["items"]
    assert item["metadata"] == {"name": "web", "namespace": "shop", "uid": "u"}


@pytest.mark.parametrize("text", ["y", "No", "null", "1e3", "0777", "0o17", "1:30", "~", "", "1."])
def test_texts_that_others_read_as_something_else_are_quoted(text: str) -> None:
    assert f'note: "{text}"' in rendered(write({"note": text}))


def test_the_header_says_what_it_is_and_how_to_undo() -> None:
    head = rendered(write()).partition("npcheck:")[0]
    assert "the NetworkPolicies as they were before" in head
    assert "# cluster kind (https://127.0.0.1:6443), context kind, as jane\n" in head
    assert "npcheck fix --live --undo b.yaml\n" in head


def test_a_name_cannot_end_the_header() -> None:
    place = HERE._replace(cluster="kind\nkind: Evil", identity="\x1b[31m")
    text = backup.render(place, [write()], "2026-11-26T22:00:00Z", "b.yaml", "npcheck")
    assert yaml.safe_load(text)["kind"] == "List"
    assert "\x1b" not in text.partition("npcheck:")[0]
    assert backup.parse(text, "b.yaml").place == place


@given(st.integers(0, 5000))
def test_no_beginning_of_a_backup_is_taken_for_one(length: int) -> None:
    text = rendered(write(note="x"))
    if length < len(text):
        with pytest.raises(InputError):
            backup.parse(text[:length], "b.yaml")


def test_another_schema_is_told() -> None:
    body = rendered(write()).partition(backup.END)[0].replace("backup/v1\n", "backup/v9\n")
    text = f"{body}# npcheck.backup/v1\n"
    with pytest.raises(InputError, match="not a backup that this version"):
        backup.parse(f"{text}{backup.END}{backup._digest(text)}\n", "b.yaml")


def test_a_file_is_new_and_only_ours(tmp_path: Path) -> None:
    os.umask(0)
    names = {backup.save(str(tmp_path), HERE, [write()], "npcheck") for _ in range(3)}
    assert len(names) == 3
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names} == {0o600}
    assert all(backup.read(str(tmp_path / name)).objects for name in names)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing was written to the cluster"):
        backup.save(str(tmp_path / "gone"), HERE, [write()], "npcheck")


def test_what_cannot_be_flushed_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupError, match="no space left on device"):
        backup.save(str(tmp_path), HERE, [write()], "npcheck")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a: 1\n", b"# Backup by hand\n"])
def test_what_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a backup of npcheck"):
        backup.read(str(path))


def test_a_directory_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        backup.read(str(tmp_path))
