"""`completion install`: the file that kubectl asks, and nobody else's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kubectl_npcheck.cli.completing.plugin import MARK, NAME, PLUGIN
from tests.command import run


@pytest.fixture
def bin_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory on PATH where the plugin is a link, as Krew and pipx make one."""
    store = tmp_path / "store"
    store.mkdir()
    program = store / "program"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\necho\n', encoding="utf-8")
    program.chmod(0o755)
    directory = tmp_path / "bin"
    directory.mkdir()
    (directory / PLUGIN).symlink_to(program)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}/bin:/usr/bin")
    return directory


def test_somebody_elses_file_is_left_alone(bin_directory: Path) -> None:
    (bin_directory / NAME).write_text("#!/bin/sh\n", encoding="utf-8")
    for command in ("install", "uninstall"):
        done = run("completion", command, "--dir", str(bin_directory))
        assert (done.code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"error: {bin_directory / NAME} ")
        assert "left alone" in done.stderr
    assert (bin_directory / NAME).read_text(encoding="utf-8") == "#!/bin/sh\n"


def test_nothing_is_written_behind_a_dangling_link(bin_directory: Path, tmp_path: Path) -> None:
    (bin_directory / NAME).symlink_to(tmp_path / "nowhere")
    assert run("completion", "install").code == 2
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_that_cannot_be_used(bin_directory: Path, tmp_path: Path) -> None:
    done = run("completion", "install", "--dir", str(tmp_path / "none"))
    assert (done.code, done.stderr) == (2, f"error: --dir {tmp_path / 'none'}: no such directory\n")


def test_without_the_plugin_on_path_there_is_no_place_to_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("completion", "install")
    assert done.code == 2
    assert done.stderr.startswith("error: kubectl-npcheck is not on PATH")


def test_it_is_written_beside_the_link_and_asks_the_program_on_path(bin_directory: Path) -> None:
    done = run("completion", "install")
    path = bin_directory / NAME
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{path}: written",
        "`kubectl npcheck completion uninstall` removes it",
    ]
    assert path.stat().st_mode & 0o777 == 0o755
    asked = subprocess.run([path, "lint", "--fa", ""], capture_output=True, text=True, check=True)
    assert asked.stdout == "__complete|lint|--fa||\n"
    assert sorted(entry.name for entry in bin_directory.iterdir()) == [PLUGIN, NAME]


def test_a_second_time_changes_nothing(bin_directory: Path) -> None:
    run("completion", "install")
    path = bin_directory / NAME
    before = path.stat()
    done = run("completion", "install")
    assert (done.code, done.stdout) == (0, f"{path}: there already\n")
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_that_of_another_version_is_written_anew(bin_directory: Path) -> None:
    path = bin_directory / NAME
    path.write_text(f"#!/bin/sh\n{MARK}: in other words\n", encoding="utf-8")
    assert run("completion", "install").stdout.startswith(f"{path}: written\n")
    assert os.access(path, os.X_OK)


def test_a_directory_that_kubectl_does_not_search_is_told(
    bin_directory: Path, tmp_path: Path
) -> None:
    done = run("completion", "install", "--dir", str(tmp_path / "store"))
    assert done.code == 0
    assert (
        done.stderr == f"warning: {tmp_path / 'store'} is not on PATH: kubectl will not find it\n"
    )


def test_it_is_removed_again(bin_directory: Path) -> None:
    run("completion", "install")
    assert run("completion", "uninstall").stdout == f"{bin_directory / NAME}: removed\n"
    assert not (bin_directory / NAME).exists()
    done = run("completion", "uninstall")
    assert (done.code, done.stdout) == (0, f"{NAME} is not there\n")


def test_a_directory_that_is_read_only(
    bin_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kubectl_npcheck.cli.completing.plugin.os.replace", refuse)
    done = run("completion", "install")
    path = bin_directory / NAME
    assert done.code == 2
    assert done.stderr == (
        f"error: cannot write {path}: permission denied; name a directory on PATH with --dir\n"
    )
    assert sorted(entry.name for entry in bin_directory.iterdir()) == [PLUGIN]
