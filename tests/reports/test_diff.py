"""The diff is one that git and patch take, byte by byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.repairs import Rewritten
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.reports.diff import render

Edits = tuple[tuple[int, int, str], ...]


def rewritten(old: str, edits: Edits, file: str = "a.yaml", bom: bool = False) -> Rewritten:
    """A file with these edits made."""
    new = old
    for start, end, text in reversed(edits):
        new = new[:start] + text + new[end:]
    mark = b"\xef\xbb\xbf" if bom else b""
    return Rewritten(file, "", old, new, mark + old.encode(), mark + new.encode(), edits, bom=bom)


def test_a_diff_reads_as_usual() -> None:
    old = "".join(f"{number}\n" for number in range(1, 30))
    at = old.index("5\n") + 2
    later = old.index("25\n")
    assert render([rewritten(old, ((at, at, "new\n"), (later, later + 2, "changed")))]) == (
        "--- a/a.yaml\n+++ b/a.yaml\n"
        "@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+new\n 6\n 7\n 8\n"
        "@@ -22,7 +23,7 @@\n 22\n 23\n 24\n-25\n+changed\n 26\n 27\n 28\n"
    )


def test_no_newline_at_the_end() -> None:
    assert render([rewritten("a\nb", ((3, 3, "\nc"),))]).endswith(
        "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n"
        "\\ No newline at end of file\n"
    )


def test_colours_do_not_change_the_text() -> None:
    text = render([rewritten("a\nb\n", ((0, 1, "c"),))], Appearance(color=True))
    assert "\x1b[31m-a\x1b[0m\n\x1b[32m+c\x1b[0m\n b\n" in text


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("k8s/a b.yaml", "--- a/k8s/a b.yaml\t"),
        ('a"b.yaml', '--- "a/a\\"b.yaml"'),
        ("a\nb.yaml", '--- "a/a\\012b.yaml"'),
        ("/tmp/a.yaml", "--- a/tmp/a.yaml"),
        ("ä.yaml", "--- a/ä.yaml"),
    ],
)
def test_names(file: str, shown: str) -> None:
    assert render([rewritten("a\n", ((0, 1, "b"),), file)]).split("\n+++")[0] == shown


def test_an_encoding_that_no_patch_tool_reads_is_said() -> None:
    item = rewritten("a\n", ((0, 1, "b"),))._replace(encoding="utf-16-le")
    assert render([item]).startswith("# a.yaml is utf-16-le")


lines = st.lists(st.sampled_from(["a", "b", "", "c\r", "\t", "é", "--- x", "+y", "u\u2028v"]))


@st.composite
def changes(draw: st.DrawFn) -> Rewritten:
    """A text of awkward lines, with edits anywhere."""
    old = "\n".join(draw(lines)) + draw(st.sampled_from(["", "\n"]))
    places = sorted(set(draw(st.lists(st.integers(0, len(old)), max_size=6))))
    edits = [
        (start, end, draw(st.sampled_from(["", "x", "x\ny", "\nx", "x\r\n"])))
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]
    return rewritten(old, tuple(edits), bom=draw(st.booleans()))


@given(changes())
def test_git_makes_the_new_bytes_of_the_old_ones(
    tmp_path_factory: pytest.TempPathFactory, item: Rewritten
) -> None:
    if item.old_bytes == item.new_bytes:
        return
    directory = tmp_path_factory.mktemp("diff")
    path: Path = directory / "a.yaml"
    path.write_bytes(item.old_bytes)
    patch = render([item]).encode()
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "--unidiff-zero", "-"],
        cwd=directory,
        input=patch,
        check=True,
        capture_output=True,
    )
    got = path.read_bytes() if path.exists() else b""
    assert got == item.new_bytes
