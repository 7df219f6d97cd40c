"""The parts of the documentation that come from the code: `make docs` writes them again.

docs/rules.md and docs/npcheck.1 are generated whole; in README.md what stands between
`<!-- NAME -->` and `<!-- /NAME -->`. Tests compare all with what would be written now.
"""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from kubectl_npcheck.check.catalogue import catalogue
from kubectl_npcheck.cli.topics import TOPICS, topic
from kubectl_npcheck.cli.topics.blocks import Block, Bullets, Code, Paragraph, Table
from kubectl_npcheck.findings import RuleEntry
from kubectl_npcheck.reports.documentation import markdown
from tests import man_page
from tests.command import run

ROOT = Path(__file__).resolve().parent.parent
RULES_PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"


def rules_page() -> str:
    """docs/rules.md: the table, then each rule's documentation."""
    head = (
        "# Rules\n\n"
        "Generated from the rules' own documentation by `make docs`; "
        "`kubectl npcheck rules RULE` shows the same.\n\n"
        "**error**: wrong, or undecided, on the evidence given. **warning**: very likely a mistake. "
        "**note**: worth knowing; fails no run by default. A rule of scope *policy* looks at one "
        "policy, with the others that act on the same pods as evidence; one of scope *inventory* "
        "needs workloads, namespaces or services in the input, and is silent without them; one of "
        "scope *live* looks at the objects of a cluster only, as the API server returns them.\n\n"
    )
    sections = [rule_section(entry) for entry in catalogue()]
    return head + rule_table("") + "\n" + "\n".join(sections)


def rule_table(page: str) -> str:
    """A table of all rules, each linked to its section of the page."""
    lines = ["| rule | severity | what it says |", "|---|---|---|"]
    for entry in catalogue():
        link = f"[`{entry.id}`]({page}#{entry.id})"
        lines.append(f"| {link} | {entry.severity.label} | {cell(entry.summary)} |")
    return "\n".join(lines) + "\n"


def rule_section(entry: RuleEntry) -> str:
    """One rule: its heading, and its docstring as Markdown."""
    return f"## {entry.id}\n\n*{entry.severity.label}, {entry.scope}*\n\n{markdown(entry.documentation)}"


def cell(text: str) -> str:
    """Text that does not end a table's cell."""
    return text.replace("|", "\\|")


def help_block(command: str) -> str:
    """What a command's `-h` prints, at a width that does not depend on the terminal."""
    with patch.dict(os.environ, {"COLUMNS": "100"}):
        result = run(command, "-h", cwd=ROOT)
    return f"```\n{result.stdout.rstrip()}\n```\n"


def outage() -> str:
    """What lint says of the outage example."""
    result = run("lint", "examples/outage", cwd=ROOT)
    return f"```\n$ kubectl npcheck lint examples/outage\n{result.stdout.rstrip()}\n```\n"


def repair() -> str:
    """What fix would write into one file of the example."""
    command = "fix --diff examples/outage/notification-service.yaml"
    result = run(*command.split(), cwd=ROOT)
    return f"```diff\n$ kubectl npcheck {command}\n{result.stdout}{result.stderr.rstrip()}\n```\n"


def topic_text(name: str) -> str:
    """A topic of `help` as Markdown."""
    return "\n".join(map(block_text, topic(name)))


def block_text(block: Block) -> str:
    """One part of a topic."""
    match block:
        case Paragraph(text):
            return f"{text}\n"
        case Bullets(items):
            return "".join(f"- {item}\n" for item in items)
        case Table(head, rows):
            lines = "".join(f"| {cell(term)} | {cell(meaning)} |\n" for term, meaning in rows)
            return f"| {head[0]} | {head[1]} |\n|---|---|\n{lines}"
        case Code(language, text):
            return f"```{language}\n{text}```\n"


def readme(text: str) -> str:
    """README.md with its generated parts written again."""
    parts = {
        **{f"help {name}": topic_text(name) for name in TOPICS},
        "outage": outage(),
        "rules": rule_table("docs/rules.md"),
        "help": help_block("lint"),
        "repair": repair(),
        "fix-help": help_block("fix"),
        "audit-help": help_block("audit"),
    }
    for name, part in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        assert begin, f"README.md has no <!-- {name} -->"
        assert end, f"README.md has no <!-- /{name} -->"
        text = before + begin + part + end + after
    return text


def write() -> None:
    """Write every generated part."""
    RULES_PAGE.write_text(rules_page(), encoding="utf-8")
    man_page.PAGE.write_text(man_page.man_page(), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
