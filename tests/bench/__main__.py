"""`python -m tests.bench [--corpus DIR] [--rounds N]`: the table of measurements."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench import inputs, peers, zipapp
from tests.bench.baselines import COMPOSE, READ, START, installed, npcheck, python
from tests.bench.page import first_paint
from tests.bench.repair import totals
from tests.bench.timing import Command, Measure, in_turns


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    goal: str = ""


class Bench:
    """A scratch directory for the generated trees, and the number of rounds."""

    def __init__(self, scratch: Path, rounds: int) -> None:
        self.scratch = scratch
        self.rounds = rounds

    def tree(self, name: str, fill: Callable[[Path], None]) -> Path:
        """A generated tree, made on first use."""
        directory = self.scratch / name
        if not directory.exists():
            directory.mkdir()
            fill(directory)
        return directory

    def measure(self, **commands: Command) -> dict[str, Measure]:
        """All commands in turns."""
        return in_turns(commands, self.rounds)


def times(measure: Measure, base: Measure) -> str:
    """`2.31 x (812 ms / 352 ms)`."""
    ratio = measure.times(base)
    return f"{ratio:.2f} x ({measure.seconds * 1000:.0f} ms / {base.seconds * 1000:.0f} ms)"


def start_up(bench: Bench) -> Iterator[Row]:
    """One small file in a directory of its own outside git."""
    one = bench.tree("one", inputs.one_file)
    got = bench.measure(
        lint=npcheck(one, "lint", "policy.yaml"),
        help=npcheck(one, "--help"),
        base=python(one, START),
    )
    yield Row("one file / `import click, yaml`", times(got["lint"], got["base"]), "1.5 x")
    yield Row("--help / `import click, yaml`", times(got["help"], got["base"]))


def nothing_to_do(bench: Bench) -> Iterator[Row]:
    """2,000 files of which none mentions NetworkPolicy."""
    tree = bench.tree("without", inputs.without_policies)
    got = bench.measure(lint=npcheck(tree, "lint"), base=python(tree, READ))
    yield Row("2,000 files without policies / reading", times(got["lint"], got["base"]), "2 x")


def scale(bench: Bench) -> Iterator[Row]:
    """10,000 policies in 1,000 files over 50 namespaces, and twice as many."""
    small = bench.tree("one", inputs.one_file)
    many = bench.tree("many", inputs.many_policies)
    twice = bench.tree("twice", lambda path: inputs.many_policies(path, 20_000, 100))
    got = bench.measure(
        small=npcheck(small, "lint", "policy.yaml"),
        many=npcheck(many, "lint"),
        twice=npcheck(twice, "lint"),
        json=npcheck(many, "lint", "-o", "json"),
        base=python(many, COMPOSE),
    )
    per_policy = (got["many"].seconds - got["small"].seconds) / 10_000 * 1000
    memory = (got["many"].peak - got["small"].peak) / 10_000 / 1000
    yield Row("10,000 policies / yaml.compose_all", times(got["many"], got["base"]), "4 x, aim 2.5")
    yield Row("  a policy", f"{per_policy:.3f} ms", "0.2 ms")
    yield Row("  the same as JSON / yaml.compose_all", times(got["json"], got["base"]))
    yield Row("  memory a policy", f"{memory:.1f} kB", "60 kB")
    yield Row("20,000 policies / 10,000", times(got["twice"], got["many"]), "2.2 x")


def repairs(bench: Bench) -> Iterator[Row]:
    """The repair of 10,000 policies, where few, many and all of them are changed."""
    many = bench.tree("many", inputs.many_policies)
    undecided = bench.tree("undecided", inputs.undecided_policies)
    got = bench.measure(
        lint=npcheck(many, "lint"),
        fix=npcheck(many, "fix", "--diff"),
        notes=npcheck(many, "fix", "--diff", "--notes"),
        lint_all=npcheck(undecided, "lint"),
        fix_all=npcheck(undecided, "fix", "--diff"),
    )
    yield Row("fix of 10,000 policies / lint", times(got["fix"], got["lint"]), "3 x")
    yield Row("  with --notes: 3,000 changes", times(got["notes"], got["lint"]), "3 x")
    yield Row("  all of them to be changed", times(got["fix_all"], got["lint_all"]))


def page(bench: Bench) -> Iterator[Row]:
    """The HTML report of 5,000 policies, each with a finding."""
    tree = bench.tree("page", lambda path: inputs.undecided_policies(path, 5000))
    written = bench.scratch / "page.html"
    got = bench.measure(
        lint=npcheck(tree, "lint", "-o", "json"),
        page=npcheck(tree, "lint", "--report", str(written)),
    )
    yield Row("5,000 policies: HTML report / JSON", times(got["page"], got["lint"]))
    yield Row("  its size", f"{written.stat().st_size / 1e6:.1f} MB", "10 MB")
    yield Row("  first paint in Chromium", first_paint(written), "2,000 ms")


def hooks(bench: Bench) -> Iterator[Row]:
    """What pre-commit starts for 1,000 changed files, 20 with policies, of a tree of 5,000."""
    tree = bench.tree("commit", inputs.commit)
    changed = inputs.changed_files(tree)
    got = bench.measure(
        lint=npcheck(tree, "lint", *changed), fix=npcheck(tree, "fix", "--diff", *changed)
    )
    yield Row("pre-commit, 1,000 of 5,000 files: lint", f"{got['lint'].seconds:.2f} s", "1 s")
    yield Row("  fix", f"{got['fix'].seconds:.2f} s", "1 s")


def repaired(bench: Bench, corpus: Path) -> Iterator[Row]:
    """What a repair of real files does; the rows with a goal count what must not be."""
    found = totals(corpus, bench.scratch)
    changed = f"{found.changed} of {found.policies} policies, {found.changed_files} files"
    yield Row(f"{corpus.name}, fix: changed", changed)
    yield Row("  refused, and listed", str(found.refused))
    yield Row("  egress-implicit errors left unlisted", str(found.remaining_errors), "0")
    yield Row("  documents with other changes", str(found.other_changes), "0")
    yield Row("  deleted lines of other fields", str(found.deleted_lines), "0")
    yield Row("  changes of a second run", str(found.changed_again), "0")
    yield Row("  files touched and not listed", str(found.touched_in_vain), "0")


def hard(bench: Bench) -> Iterator[Row]:
    """One namespace of 300 policies whose selectors have six requirements."""
    tree = bench.tree("hard", inputs.hard_selectors)
    got = bench.measure(lint=npcheck(tree, "lint"))
    yield Row("300 policies of six requirements", f"{got['lint'].seconds:.2f} s", "3 s")


def zipapp_starts(bench: Bench) -> Iterator[Row]:
    """What the zipapp costs at each start, and at the first."""
    got = zipapp.starts(bench.tree("one", inputs.one_file), bench.scratch, bench.rounds)
    more = (got.warm - got.installed) * 1000
    both = f"{got.warm * 1000:.0f} ms, {got.installed * 1000:.0f} ms"
    yield Row("zipapp: one file, over a plain venv", f"{more:.0f} ms ({both})", "40 ms")
    yield Row("  first run, which unpacks", f"{got.first:.2f} s", "2 s")
    yield Row("  size", f"{got.size / 1e6:.1f} MB", "16 MB")


def compared(bench: Bench, title: str, tree: Path) -> Iterator[Row]:
    """npcheck, installed from a wheel as the peers are, and they on one directory, in turns."""
    asked = peers.commands(tree, bench.scratch)
    present = {name: what for name, what in asked.items() if isinstance(what, Command)}
    command = Command([str(installed(bench.scratch)), "lint"], tree)
    got = in_turns({"npcheck": command, **present}, 3 * bench.rounds)
    mine = got["npcheck"]
    yield Row(title, f"{mine.seconds * 1000:.0f} ms from a wheel, exit {mine.codes[0]}")
    for name, what in asked.items():
        if isinstance(what, str):
            yield Row(f"  {name}", what)
        else:
            codes = "/".join(map(str, got[name].codes))
            processor = mine.times(got[name], lambda run: run.processor)
            measured = f"{times(mine, got[name])}, cpu {processor:.2f} x"
            yield Row(f"  npcheck / {name} (exit {codes})", measured)


def rows(bench: Bench, corpus: Path | None) -> Iterator[Row]:
    """Every line of the table, as it is measured."""
    sections = (start_up, zipapp_starts, nothing_to_do, scale, repairs, page, hooks, hard)
    for section in sections:
        yield from section(bench)
    yield from compared(bench, "one file, peers", bench.tree("one", inputs.one_file))
    yield from compared(
        bench, "100 clean files, peers", bench.tree("hundred", inputs.hundred_files)
    )
    if corpus is not None:
        yield from compared(bench, f"{corpus.name}, peers", corpus)
        yield from repaired(bench, corpus)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--corpus", type=Path, help="a tree of real files")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    corpus = arguments.corpus.resolve() if arguments.corpus else None
    load = os.getloadavg()[0]
    rounds = f"{arguments.rounds} interleaved runs (peers: {3 * arguments.rounds})"
    print(f"medians of {rounds}, ratios within a round, whole processes; load {load:.1f}\n")
    with tempfile.TemporaryDirectory(prefix="npcheck-bench-") as scratch:
        for row in rows(Bench(Path(scratch), arguments.rounds), corpus):
            print(f"{row.what:44} {row.measured:34} {row.goal}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
