"""Where something is, in SARIF's words."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.reports.paths import plain_path


def artifact(file: str) -> dict[str, str]:
    """A file by its URI: relative as the path is, or `file:` for an absolute one."""
    from urllib.parse import quote

    file = plain_path(file)
    try:
        content = file.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no name that a file system gives
        content = file.encode("utf-8", "backslashreplace")
    path = quote(content, safe="/~")
    return {"uri": f"file://{path}" if path.startswith("/") else path}


def region(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    """1-based, columns in code points, the end exclusive."""
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def place(file: str, line: int | None, column: int | None) -> dict[str, Any]:
    """A location of which the line or the column may not be known."""
    physical: dict[str, Any] = {"artifactLocation": artifact(file)}
    if line:
        physical["region"] = {"startLine": line}
        if column:
            physical["region"]["startColumn"] = column
    return {"physicalLocation": physical}
