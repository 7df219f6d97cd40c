"""docs/npcheck.1: the manual page, made of the commands' help and of the topics.

Written in man(7) macros, which groff and mandoc read alike. Source: man(7), groff_char(7).
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.cli.root import root
from kubectl_npcheck.cli.topics import topic
from kubectl_npcheck.cli.topics.blocks import Block, Bullets, Code, Paragraph, Table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "npcheck.1"
CHANGELOG = ROOT / "CHANGELOG.md"
PROGRAM = "kubectl npcheck"
WIDTH = 78

TOPIC_SECTIONS = {
    "readings": "TWO READINGS OF SILENCE",
    "inputs": "INPUTS",
    "formats": "FORMATS",
    "exit-codes": "EXIT STATUS",
    "settings": "SETTINGS",
    "suppression": "SUPPRESSION",
}
ENVIRONMENT = Table(
    ("variable", "meaning"),
    (
        ("KUBECONFIG", "the kubeconfig files, where `--kubeconfig` names none"),
        ("HTTPS_PROXY, NO_PROXY", "the way to the cluster"),
        ("NO_COLOR", "if not empty, `--color auto` paints nothing"),
    ),
)
FILES = Table(
    ("file", "meaning"),
    (
        (".npcheck.yaml", "the settings; see SETTINGS"),
        ("kubectl_complete-npcheck", "what `completion install` writes; kubectl asks it"),
    ),
)


def man_page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_commands(), *_topics(), *_end()]) + "\n"


def _head() -> Iterator[str]:
    yield ".\\\" Generated from the program's own help by `make docs`."
    yield f'.TH NPCHECK 1 "{release_date()}" "npcheck {__version__}" "npcheck manual"'
    yield ".SH NAME"
    yield "npcheck, kubectl\\-npcheck \\- check Kubernetes NetworkPolicies"
    yield ".SH SYNOPSIS"
    yield ".B npcheck"
    yield "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]..."
    yield ".br"
    yield ".B kubectl npcheck"
    yield "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]..."
    yield ".SH DESCRIPTION"
    yield _text(
        "npcheck says which NetworkPolicies do not do what they appear to do; first of all, which"
        " ones leave what their pods may send to an unstated default. It checks manifests and"
        " clusters, and repairs manifests. The two names are one program; kubectl finds the second"
        " as a plugin."
    )


def release_date() -> str:
    """The date of this version in the changelog; "" before its release."""
    text = CHANGELOG.read_text(encoding="utf-8")
    found = re.search(rf"(?m)^## \[{re.escape(__version__)}\] - (\d{{4}}-\d\d-\d\d)$", text)
    return found[1] if found else ""


def _commands() -> Iterator[str]:
    yield ".SH COMMANDS"
    # click keeps a command's help option with the names that it had first.
    context = click.Context(
        root, info_name=PROGRAM, help_option_names=root.context_settings["help_option_names"]
    )
    yield from _each(context, root)


def _each(context: click.Context, group: click.Group) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield from _command(inner, command)
        if isinstance(command, click.Group):
            yield from _each(inner, command)


def _command(context: click.Context, command: click.Command) -> Iterator[str]:
    path = context.command_path.removeprefix(f"{PROGRAM} ")
    yield f".SS {_escape(' '.join([path, *command.collect_usage_pieces(context)[1:]]))}"
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        yield from (".PP",) if number else ()
        yield _text(paragraph.replace("{program}", PROGRAM))
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and isinstance(parameter, click.Option) and "--help" not in parameter.opts:
            yield ".TP"
            yield f".B {_escape(record[0], code=True)}"
            yield _text(record[1])
    for part in (command.epilog or "").replace("{program}", PROGRAM).split("\b\n"):
        yield from _epilog(part.strip("\n"))


def _epilog(part: str) -> Iterator[str]:
    """A part of what stands below the options; the exit codes have a section of their own."""
    title, _, lines = part.partition("\n")
    if not part or title == "Exit codes:":
        return
    yield ".PP"
    if not lines.startswith("  "):
        yield _text(part)
        return
    yield _text(title)
    yield from _code(inspect.cleandoc(lines))


def _topics() -> Iterator[str]:
    for name, section in TOPIC_SECTIONS.items():
        yield f".SH {section}"
        yield from _blocks(topic(name))


def _end() -> Iterator[str]:
    yield ".SH ENVIRONMENT"
    yield from _blocks((ENVIRONMENT,))
    yield ".SH FILES"
    yield from _blocks((FILES,))
    yield ".SH SEE ALSO"
    yield ".BR kubectl (1)"


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        match block:
            case Paragraph(text):
                yield from (".PP",) if number else ()
                yield _text(text)
            case Bullets(items):
                for item in items:
                    yield ".IP \\(bu 2"
                    yield _text(item)
            case Table(_, rows):
                for term, meaning in rows:
                    yield ".TP"
                    yield f".B {_escape(term.replace('`', ''), code=True)}"
                    yield _text(meaning)
            case Code(_, text):
                yield from _code(text.rstrip("\n"))


def _code(text: str) -> Iterator[str]:
    yield ".PP"
    yield ".RS 4"
    yield ".EX"
    for line in text.split("\n"):
        yield _line(_escape(line, code=True))
    yield ".EE"
    yield ".RE"


def _text(text: str) -> str:
    """Running text, one sentence a line as roff wants it, with its `code` and **weight** in bold."""
    parts = re.split(r"`([^`]+)`|\*\*(.+?)\*\*", " ".join(text.split()))
    shown = ""
    for plain, code, strong in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
        shown += _escape(plain)
        if code:
            shown += f"\\fB{_escape(code, code=True)}\\fR"
        elif strong:
            shown += f"\\fB{_escape(strong.replace('`', ''))}\\fR"
    sentences = re.sub(r"(?<=[.:?]) (?=[A-Z\\])", "\n", shown).split("\n")
    return "\n".join(_line(line) for sentence in sentences for line in _wrapped(sentence))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _line(text: str) -> str:
    """A line that is text whatever it begins with."""
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _escape(text: str, code: bool = False) -> str:
    """Text that roff prints as it is; in code, a minus that can be copied and straight quotes."""
    text = text.replace("\\", "\\e")
    if code:
        text = text.replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
        text = text.replace("^", "\\(ha").replace("~", "\\(ti")
    return "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in text)
