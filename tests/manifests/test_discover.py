"""Which files are found: explicit paths, trees, git's ignore rules, links, odd kinds of files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kubectl_npcheck.manifests.discover import (
    Files,
    mentions_policy,
    read_bytes,
    surroundings,
)
from kubectl_npcheck.manifests.exclude import excluder

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def write(*names: str, text: str = "a: 1\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def git(*arguments: str, cwd: str = ".") -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


def found(*paths: str, recursive: bool = True, exclude: tuple[str, ...] = ()) -> list[str]:
    """Display paths of what can be read, after reading it."""
    files = listed(*paths, recursive=recursive, exclude=exclude)
    return [file.file for file in files.files if files.read(file) is not None]


def listed(*paths: str, recursive: bool = True, exclude: tuple[str, ...] = ()) -> Files:
    files = Files(excluder(exclude, "."))
    for path in paths:
        files.add_path(path, recursive)
    return files


def errors(*paths: str) -> list[tuple[str, str]]:
    files = listed(*paths)
    for file in files.files:
        files.read(file)
    return [(error.file, error.message) for error in files.errors]


def test_a_directory_gives_its_manifests_sorted() -> None:
    write("k/b.yaml", "k/a.yml", "k/sub/c.json", "k/README.md", "k/x.yaml.bak")
    assert found("k") == ["k/a.yml", "k/b.yaml", "k/sub/c.json"]


def test_kustomizations_are_found_whatever_their_extension() -> None:
    write("k/Kustomization", "k/kustomization.yml")
    assert found("k") == ["k/Kustomization", "k/kustomization.yml"]


def test_the_current_directory_is_not_part_of_the_shown_path() -> None:
    write("k/a.yaml")
    assert found(".") == ["k/a.yaml"]


def test_a_trailing_slash_is_shown_once() -> None:
    write("k/a.yaml")
    assert found("k/") == ["k/a.yaml"]


def test_one_level_without_recursion() -> None:
    write("k/a.yaml", "k/sub/b.yaml")
    assert found("k", recursive=False) == ["k/a.yaml"]


def test_hidden_files_are_left_out_below_a_directory() -> None:
    write("k/.a.yaml", "k/.hidden/b.yaml", "k/c.yaml")
    assert found("k") == ["k/c.yaml"]


def test_a_named_hidden_path_is_read() -> None:
    write(".hidden/a.yaml", ".b.yaml")
    assert found(".hidden", ".b.yaml") == [".hidden/a.yaml", ".b.yaml"]


def test_a_named_file_is_read_whatever_its_extension() -> None:
    write("policy.txt")
    assert found("policy.txt") == ["policy.txt"]


def test_a_missing_path_is_an_error_and_the_others_are_still_read() -> None:
    write("a.yaml")
    assert errors("gone.yaml", "a.yaml") == [("gone.yaml", "does not exist")]
    assert found("gone.yaml", "a.yaml") == ["a.yaml"]


def test_a_file_reached_twice_is_read_once() -> None:
    write("k/a.yaml")
    assert found("k/a.yaml", "k", "./k/a.yaml") == ["k/a.yaml"]


def test_a_link_to_a_file_that_is_read_anyway_is_left_out() -> None:
    write("k/z.yaml")
    os.symlink("z.yaml", "k/a.yaml")
    assert found("k") == ["k/z.yaml"]


def test_a_link_to_a_file_elsewhere_is_followed() -> None:
    write("other/z.yaml", "k/b.yaml")
    os.symlink("../other/z.yaml", "k/a.yaml")
    assert found("k") == ["k/a.yaml", "k/b.yaml"]
    files = listed("k")
    assert files.read(files.files[0]) is not None
    assert files.files[0].parts[-2:] == ("other", "z.yaml")


def test_links_to_directories_are_not_followed_so_loops_end() -> None:
    write("k/a.yaml")
    os.symlink(".", "k/loop")
    os.symlink("..", "k/loop.yaml")
    assert found("k") == ["k/a.yaml"]
    assert errors("k") == []


def test_a_link_to_nowhere_is_an_error() -> None:
    os.makedirs("k")
    os.symlink("gone", "k/a.yaml")
    os.symlink("b.yaml", "k/b.yaml")
    assert errors("k") == [
        ("k/a.yaml", "does not exist"),
        ("k/b.yaml", "cannot be read: its symbolic links form a loop"),
    ]


def test_a_directory_named_like_a_manifest_is_a_directory() -> None:
    write("k/x.yaml/a.yaml")
    assert found("k") == ["k/x.yaml/a.yaml"]
    assert errors("k") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_never_blocks() -> None:
    os.makedirs("k")
    os.mkfifo("k/a.yaml")
    assert (found("k"), errors("k")) == ([], [])
    [(file, message)] = errors("k/a.yaml")
    assert file == "k/a.yaml"
    assert "is a pipe" in message


def test_a_device_is_not_read() -> None:
    [(_, message)] = errors("/dev/zero")
    assert "is a device" in message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_unreadable_files_and_directories_are_errors() -> None:
    write("k/a.yaml", "k/sub/b.yaml")
    os.chmod("k/a.yaml", 0)
    os.chmod("k/sub", 0)
    denied = "cannot be read: permission denied"
    try:
        assert sorted(errors("k")) == [("k/a.yaml", denied), ("k/sub", denied)]
    finally:
        os.chmod("k/sub", 0o755)


def test_a_path_with_a_zero_byte_is_an_error() -> None:
    [(_, message)] = errors("a\0b")
    assert "NUL" in message


@needs_git
def test_ignored_files_are_left_out() -> None:
    git("init", "-q")
    write("k/a.yaml", "k/out/b.yaml", "k/c.yaml")
    write(".gitignore", text="out/\nc.yaml\n")
    assert found("k") == ["k/a.yaml"]


@needs_git
def test_an_ignored_path_that_is_named_is_read() -> None:
    git("init", "-q")
    write("out/b.yaml", "c.yaml")
    write(".gitignore", text="out/\nc.yaml\n")
    assert found("out", "c.yaml") == ["out/b.yaml", "c.yaml"]


@needs_git
def test_untracked_and_tracked_files_are_read_and_deleted_ones_are_no_error() -> None:
    git("init", "-q")
    write("a.yaml", "gone.yaml")
    git("add", ".")
    git("commit", "-qm", "x")
    write("new.yaml")
    os.remove("gone.yaml")
    assert found(".") == ["a.yaml", "new.yaml"]
    assert errors(".") == []


@needs_git
def test_the_repository_of_a_hook_is_not_taken_for_that_of_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("init", "-q")
    write("k/a.yaml")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
    write(".gitignore", text="b.yaml\n")
    write("k/b.yaml")
    assert found("k") == ["k/a.yaml"]


def test_a_checkout_of_another_user_is_read_whole_and_said_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As git 2.39 answers in a container that runs as root in a checkout of another user."""
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/c'\" >&2\nexit 128\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    os.mkdir(".git")
    write("k/a.yaml", "k/out/b.yaml")
    write(".gitignore", text="out/\n")
    files = Files()
    files.add_path("k")
    files.add_path("k", context=True)
    assert [file.file for file in files.files] == ["k/a.yaml", "k/out/b.yaml"]
    [item] = files.skipped
    assert (item.file, item.reason) == ("k", "no-permission")
    assert item.message.endswith(f"git config --global --add safe.directory {os.getcwd()}")


@needs_git
def test_nested_repositories_follow_their_own_rules() -> None:
    git("init", "-q")
    write("a.yaml", "inner/b.yaml", "inner/c.yaml")
    write("inner/.gitignore", text="c.yaml\n")
    git("init", "-q", cwd="inner")
    git("add", ".", cwd="inner")
    git("commit", "-qm", "x", cwd="inner")
    assert found(".") == ["a.yaml", "inner/b.yaml"]


@needs_git
def test_a_repository_met_outside_of_git_follows_its_rules() -> None:
    write("src/repo/a.yaml", "src/repo/b.yaml", "src/c.yaml")
    write("src/repo/.gitignore", text="b.yaml\n")
    git("init", "-q", cwd="src/repo")
    assert found("src") == ["src/c.yaml", "src/repo/a.yaml"]


@needs_git
def test_submodules_are_read() -> None:
    write("lib/b.yaml")
    git("init", "-q", cwd="lib")
    git("add", ".", cwd="lib")
    git("commit", "-qm", "x", cwd="lib")
    os.makedirs("app")
    git("init", "-q", cwd="app")
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib", "lib", cwd="app")
    assert found("app") == ["app/lib/b.yaml"]


def test_without_git_nothing_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".gitignore", text="a.yaml\n")
    write("a.yaml")
    os.makedirs(".git")
    monkeypatch.setenv("PATH", "")
    assert found(".") == ["a.yaml"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("charts", ["k/a.yaml", "k/sub/b.yaml"]),
        ("*.gen.yaml", ["k/a.yaml", "k/charts/c.yaml", "k/sub/b.yaml"]),
        ("k/*.yaml", ["k/charts/c.yaml", "k/sub/b.yaml", "k/sub/d.gen.yaml"]),
        ("k/**/c.yaml", ["k/a.yaml", "k/sub/b.yaml", "k/sub/d.gen.yaml"]),
        ("./k/sub/", ["k/a.yaml", "k/charts/c.yaml"]),
        ("sub/b.yaml", ["k/a.yaml", "k/charts/c.yaml", "k/sub/b.yaml", "k/sub/d.gen.yaml"]),
    ],
)
def test_excluded_files_are_left_out(pattern: str, left: list[str]) -> None:
    write("k/a.yaml", "k/charts/c.yaml", "k/sub/b.yaml", "k/sub/d.gen.yaml")
    everything = ["k/a.yaml", "k/charts/c.yaml", "k/sub/b.yaml", "k/sub/d.gen.yaml"]
    if pattern == "charts":
        left = [*left, "k/sub/d.gen.yaml"]
    assert found("k", exclude=(pattern,)) == left
    assert found(*everything, exclude=(pattern,)) == everything


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_the_word_is_seen_in_every_encoding(encoding: str) -> None:
    assert mentions_policy("kind: NetworkPolicy".encode(encoding))
    assert not mentions_policy("kind: Deployment".encode(encoding))


def test_all_bytes_of_a_file_are_read() -> None:
    Path("big").write_bytes(b"x" * 3_000_000)
    assert len(read_bytes("big")) == 3_000_000
    assert read_bytes("/proc/self/status") if os.path.exists("/proc/self/status") else True


@needs_git
def test_the_repository_around_a_named_file_is_context() -> None:
    git("init", "-q")
    write("k/a.yaml")
    assert surroundings(["k/a.yaml"], False) == [(".", True)]
    assert surroundings(["k"], False) == []
    assert surroundings(["k"], True) == [(".", True)]


def test_without_a_repository_the_directory_is_context_one_level() -> None:
    write("k/a.yaml")
    assert surroundings(["k/a.yaml", "gone"], False) == [("k", False)]
    assert surroundings(["k/gone", "k/a.yaml"], False) == [("k", False)]
