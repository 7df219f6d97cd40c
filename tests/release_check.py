"""Whether the tree could be released as it stands: `make release-check`, with TAG=vX.Y.Z for a tag.

One line for each thing that has to agree with the version; exit 1 if one does not. The changelog
counts as ready when the version has a section with its date and [Unreleased] is empty: until then
this fails, and says so. Changes nothing.
"""

from __future__ import annotations

import datetime
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kubectl_npcheck.cli.root import COMMANDS
from tests import generated_pages, man_page

ROOT = Path(__file__).resolve().parent.parent
NUMBER = r"\d+\.\d+\.\d+"
# Where users copy a version from: a tag of hooks or of the action, a package, a file's name.
PINNED = re.compile(
    rf"rev: v({NUMBER})|npcheck@v({NUMBER})|kubectl-npcheck==({NUMBER})|npcheck-v?({NUMBER})"
)
COPIED_FROM = ("README.md", "CONTRIBUTING.md", "action.yml", "templates/npcheck.yml", ".krew.yaml")


class Line(NamedTuple):
    """What was looked at; wrong: what does not agree, [] if all does."""

    subject: str
    wrong: list[str]


class Tree:
    """The files of a project, and the version that they should agree on."""

    def __init__(self, root: Path, tag: str = "") -> None:
        self.root = root
        self.tag = tag
        found = re.search(r'(?m)^version = "([^"]*)"$', self.text("pyproject.toml"))
        self.version = found[1] if found else ""

    def text(self, name: str) -> str:
        """A file's text, "" without it."""
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def data(self, name: str) -> Any:
        """A YAML file."""
        return yaml.safe_load(self.text(name))


def version(tree: Tree) -> Iterator[str]:
    """One number, everywhere."""
    if not re.fullmatch(NUMBER, tree.version):
        yield f'pyproject.toml: version "{tree.version}" is not of the form X.Y.Z'
    if f'\n__version__ = "{tree.version}"\n' not in tree.text("kubectl_npcheck/__init__.py"):
        yield f"kubectl_npcheck/__init__.py: __version__ is not {tree.version}"
    if tree.tag and tree.tag != f"v{tree.version}":
        yield f"the tag is {tree.tag}, not v{tree.version}"


def changelog(tree: Tree) -> Iterator[str]:
    """A section for the version, with its date, on top; nothing is left unreleased."""
    sections = re.split(r"(?m)^## ", tree.text("CHANGELOG.md"))[1:]
    titles = [section.partition("\n")[0] for section in sections]
    for section, title in zip(sections, titles, strict=True):
        if title == "[Unreleased]" and section.partition("\n")[2].strip():
            yield f"CHANGELOG.md: [Unreleased] has entries; move them to [{tree.version}] - DATE"
    released = [title for title in titles if title != "[Unreleased]"]
    found = re.fullmatch(r"\[(.*)\] - (.*)", released[0]) if released else None
    if found is None or found[1] != tree.version:
        yield f"CHANGELOG.md: the first section is not [{tree.version}] - DATE"
        return
    try:
        day = datetime.date.fromisoformat(found[2])
    except ValueError:
        yield f'CHANGELOG.md: "{found[2]}" is not a date of the form YYYY-MM-DD'
        return
    if day > datetime.datetime.now(datetime.timezone.utc).date():
        yield f"CHANGELOG.md: {day} has not come yet"


def manifest(tree: Tree) -> Iterator[str]:
    """Krew's manifest names the version; a rendered one in dist/ that of the tree."""
    template = tree.text("krew/npcheck.yaml.in")
    if "\n  version: v@VERSION@\n" not in template:
        yield "krew/npcheck.yaml.in: the version is not v@VERSION@"
    if re.search(NUMBER, re.sub(r"Python \S+", "", template)):
        yield "krew/npcheck.yaml.in: a version is written out"
    rendered = tree.text("dist/npcheck.yaml")
    if rendered and tree.data("dist/npcheck.yaml")["spec"]["version"] != f"v{tree.version}":
        yield f"dist/npcheck.yaml: not v{tree.version}; run `make dist` again"


def hooks(tree: Tree) -> Iterator[str]:
    """Each hook runs a command that there is, and README.md names hooks that there are."""
    found = tree.data(".pre-commit-hooks.yaml")
    for hook in found:
        program, command, *_ = [*shlex.split(hook["entry"]), ""]
        if program != "npcheck" or command not in COMMANDS:
            yield f".pre-commit-hooks.yaml: {hook['id']} runs `{hook['entry']}`"
    named = set(re.findall(r"(?m)^ +- id: (\S+)", tree.text("README.md")))
    if not named:
        yield "README.md: no hook is shown"
    for name in sorted(named - {hook["id"] for hook in found}):
        yield f"README.md: there is no hook {name}"


def copied_versions(tree: Tree) -> Iterator[str]:
    """What users copy from the documentation, the action and the GitLab component."""
    for name in COPIED_FROM:
        for found in PINNED.finditer(tree.text(name)):
            if next(filter(None, found.groups())) != tree.version:
                yield f"{name}: {found[0]}, not {tree.version}"
    if f"kubectl-npcheck=={tree.version}\n" not in tree.text("templates/npcheck.yml"):
        yield f"templates/npcheck.yml: the default package is not kubectl-npcheck=={tree.version}"


def documentation(tree: Tree) -> Iterator[str]:
    """The generated pages are those of this program."""
    readme = tree.text("README.md")
    for name, current in (
        ("README.md", generated_pages.readme(readme)),
        ("docs/rules.md", generated_pages.rules_page()),
        ("docs/npcheck.1", man_page.man_page()),
    ):
        if tree.text(name) != current:
            yield f"{name}: not current; run `make docs`"


CHECKS: dict[str, Callable[[Tree], Iterator[str]]] = {
    "version": version,
    "changelog": changelog,
    "krew manifest": manifest,
    "hooks": hooks,
    "versions to copy": copied_versions,
    "documentation": documentation,
}


def checked(tree: Tree) -> list[Line]:
    """Every check, in its order."""
    return [Line(subject, list(check(tree))) for subject, check in CHECKS.items()]


def main() -> None:
    """Print the lines; exit 1 if something is wrong."""
    tree = Tree(ROOT, *sys.argv[1:])
    lines = checked(tree)
    for line in lines:
        print(f"{'wrong' if line.wrong else 'ok   '}  {line.subject}")
        for said in line.wrong:
            print(f"         {said}")
    if any(line.wrong for line in lines):
        sys.exit(f"error: {tree.version} cannot be released as it stands")
    print(f"npcheck {tree.version} can be released: git tag v{tree.version}")


if __name__ == "__main__":
    main()
