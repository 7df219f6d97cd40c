"""A rule's docstring as text and as Markdown. Knows how docstrings are written, not what of."""

from __future__ import annotations


def plain(documentation: str) -> str:
    """The docstring without its indentation; a literal block keeps its own."""
    import inspect

    return inspect.cleandoc(documentation).replace("::\n", ":\n")


def markdown(documentation: str) -> str:
    """The docstring with its literal blocks (`FAIL::`) as fenced YAML; ends with a newline."""
    import inspect
    import re
    import textwrap

    def fenced(block: re.Match[str]) -> str:
        code = textwrap.dedent(block["code"]).strip("\n")
        return f"{block['label']}:\n\n```yaml\n{code}\n```\n\n"

    text = inspect.cleandoc(documentation) + "\n"
    pattern = r"^(?P<label>\S.*)::\n\n(?P<code>(?:(?: {4}.*)?\n)*)"
    text = re.sub(pattern, fenced, text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"
