"""Writing: each file whole or not at all, whatever fails, and nothing that was not asked for."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from kubectl_npcheck.fixing import apply
from kubectl_npcheck.fixing.apply import PREFIX, SUFFIX, WriteError, write
from kubectl_npcheck.repairs import Rewritten
from tests.command import run
from tests.fixing.support import WEB, netpol

OLD, NEW = b"old: text\n", b"new: text, longer\n"


def rewritten(path: Path, old: bytes = OLD, new: bytes = NEW) -> Rewritten:
    return Rewritten(path.name, os.path.realpath(path), old.decode(), new.decode(), old, new, ())


@pytest.fixture
def files(tmp_path: Path) -> list[Rewritten]:
    """Three files in two directories."""
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "sub" / "c.yaml"]
    (tmp_path / "sub").mkdir()
    for path in paths:
        path.write_bytes(OLD)
    return [rewritten(path) for path in paths]


def contents(files: list[Rewritten]) -> list[bytes]:
    return [Path(file.real).read_bytes() for file in files]


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def test_all_are_replaced_and_nothing_is_left_over(files: list[Rewritten], tmp_path: Path) -> None:
    write(files)
    assert contents(files) == [NEW] * 3
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_is_kept(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(OLD)
    path.chmod(mode)
    write([rewritten(path)])
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_symbolic_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = tmp_path / "real" / "a.yaml"
    path.write_bytes(OLD)
    (tmp_path / "link.yaml").symlink_to("real/a.yaml")
    write([rewritten(tmp_path / "link.yaml")])
    assert (tmp_path / "link.yaml").is_symlink()
    assert path.read_bytes() == NEW


def fails(code: int, after: int = 0) -> Any:
    """A function that raises this error from its n-th call on, and else does nothing."""
    calls = []

    def function(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) > after:
            raise OSError(code, os.strerror(code))

    return function


# What breaks, and how the message says it. All new contents are on the disk before the first
# rename, so that nothing is written when the disk is full.
BEFORE = {
    "the disk is full": ("fsync", errno.ENOSPC, "the disk is full"),
    "no quota left": ("fsync", errno.EDQUOT, "the disk is full"),
    "a read error": ("fsync", errno.EIO, "input/output error"),
    "no permission": ("open", errno.EACCES, "its directory cannot be written"),
    "a read-only file system": ("open", errno.EROFS, "the file system is read-only"),
    "the mode cannot be set": ("chmod", errno.EPERM, "cannot be written"),
}


@pytest.mark.parametrize(("call", "code", "said"), BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("after", [0, 1])
def test_nothing_is_written_if_preparing_fails(
    call: str, code: int, said: str, after: int, files: list[Rewritten], tmp_path: Path
) -> None:
    real = getattr(os, call)
    failing = fails(code, after)

    def function(*arguments: Any, **more: Any) -> Any:
        failing()
        return real(*arguments, **more)

    with patch.object(os, call, function), pytest.raises(WriteError) as raised:
        write(files)
    assert said in str(raised.value)
    assert str(raised.value).endswith("nothing was written")
    assert contents(files) == [OLD] * 3
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_disk_that_fills_while_writing(files: list[Rewritten], tmp_path: Path) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    real = open

    def opened(file: Any, mode: str = "r") -> Any:
        if mode == "wb":
            os.close(file)
            return Full()
        return real(file, mode)

    with (
        patch.object(apply, "open", opened, create=True),
        pytest.raises(WriteError, match="the disk is full; nothing was written"),
    ):
        write(files)
    assert contents(files) == [OLD] * 3
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_rename_that_fails_leaves_whole_files_and_names_them(
    files: list[Rewritten], tmp_path: Path
) -> None:
    real, failing = os.replace, fails(errno.EIO, 1)

    def replace(old: str, new: str) -> None:
        failing()
        real(old, new)

    with patch.object(os, "replace", replace), pytest.raises(WriteError) as raised:
        write(files)
    assert str(raised.value) == (
        "b.yaml: cannot be written: input/output error; already written: a.yaml"
    )
    assert contents(files) == [NEW, OLD, OLD]
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_file_that_changed_since_it_was_read_stops_everything(
    files: list[Rewritten], tmp_path: Path
) -> None:
    (tmp_path / "b.yaml").write_bytes(b"someone: else\n")
    with pytest.raises(WriteError, match=r"b.yaml: changed since it was read; run fix again"):
        write(files)
    assert contents(files) == [OLD, b"someone: else\n", OLD]


def test_a_file_that_changes_at_the_last_moment(files: list[Rewritten], tmp_path: Path) -> None:
    real = apply._flush

    def flush(path: str, file: Rewritten) -> None:
        real(path, file)
        (tmp_path / "b.yaml").write_bytes(b"someone: else\n")

    with patch.object(apply, "_flush", flush), pytest.raises(WriteError, match="already written"):
        write(files)
    assert contents(files) == [NEW, b"someone: else\n", OLD]
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_file_that_is_gone(files: list[Rewritten], tmp_path: Path) -> None:
    (tmp_path / "b.yaml").unlink()
    with pytest.raises(WriteError, match=r"b.yaml: cannot be written: is not there any more"):
        write(files)


def test_hard_links_are_not_parted(files: list[Rewritten], tmp_path: Path) -> None:
    os.link(tmp_path / "b.yaml", tmp_path / "other")
    with pytest.raises(WriteError, match="has 2 hard links"):
        write(files)
    assert contents(files) == [OLD] * 3


def test_a_read_only_file_is_left_alone(files: list[Rewritten]) -> None:
    with (
        patch.object(os, "access", lambda path, mode: not path.endswith("b.yaml")),
        pytest.raises(WriteError, match=r"b.yaml: is read-only; nothing was written"),
    ):
        write(files)
    assert contents(files) == [OLD] * 3


def test_an_interrupt_leaves_nothing_beside_the_files(
    files: list[Rewritten], tmp_path: Path
) -> None:
    with (
        patch.object(apply, "_flush", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        write(files)
    assert contents(files) == [OLD] * 3
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]


def test_what_a_killed_run_left_is_cleaned_and_a_running_ones_is_not(
    files: list[Rewritten], tmp_path: Path
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f"{PREFIX}{ended.pid}-0{SUFFIX}").write_bytes(b"left")
    mine = tmp_path / f"{PREFIX}{os.getppid()}-0{SUFFIX}"
    mine.write_bytes(b"at work")
    write(files)
    assert names(tmp_path) == [mine.name, "a.yaml", "b.yaml", "c.yaml"]
    assert mine.name.startswith(".")
    assert not mine.name.endswith((".yaml", ".yml", ".json"))


KILL = """
import os, sys
from kubectl_npcheck.cli import main
call, left = sys.argv[1], [int(sys.argv[2])]
real = getattr(os, call)
def die(*arguments, **more):
    if not left[0]:
        os._exit(9)
    left[0] -= 1
    return real(*arguments, **more)
setattr(os, call, die)
sys.argv = ["npcheck", "fix"]
main()
"""


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_killed_run_leaves_old_or_new_and_the_next_one_cleans_up(
    call: str, after: int, tmp_path: Path
) -> None:
    texts = {f"{n}.yaml": netpol(WEB.replace("web", n), n) for n in "abc"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", KILL, call, str(after)], cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 9
    for name, text in texts.items():
        new = text.replace("[Ingress]", "[Ingress, Egress]").replace("[{}]}", "[{}], egress: [{}]}")
        assert (tmp_path / name).read_text() in (text, new)
    assert any(name.startswith(PREFIX) for name in names(tmp_path))
    assert run("fix", cwd=tmp_path).code == 1
    assert names(tmp_path) == ["a.yaml", "b.yaml", "c.yaml"]
    assert run("fix", cwd=tmp_path).code == 0


def test_what_was_left_is_cleaned_where_nothing_is_written(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "a.yaml").write_text(netpol(WEB.replace("[Ingress]", "[Ingress, Egress]")))
    left = tmp_path / f"{PREFIX}{ended.pid}-0{SUFFIX}"
    left.write_bytes(b"left")
    assert run("fix", "--diff", cwd=tmp_path).code == 0
    assert left.exists()
    assert run("fix", cwd=tmp_path).code == 0
    assert not left.exists()
