"""What is wrong with a YAML text, in words that help. Knows the wording of libyaml and PyYAML."""

from __future__ import annotations

import yaml


def complaint(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    """One line on why a text cannot be read, and the offset in the text it is about."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "not valid YAML"
        return reason, min(mark.index if mark else 0, len(text))
    if isinstance(error, yaml.reader.ReaderError):
        return str(error.reason), min(error.position or 0, len(text))
    return str(error).split("\n")[0] or "not valid YAML", 0
