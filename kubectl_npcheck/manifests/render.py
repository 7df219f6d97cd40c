"""Kustomizations and charts rendered by the user's own tools: `kubectl kustomize`, `helm template`.

What a tool says on standard error becomes one line. Knows no meaning of what is rendered.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from kubectl_npcheck.errors import InputError

_KUSTOMIZE = (("kubectl", "kustomize"), ("kustomize", "build"))
_HELM = (("helm", "template"),)
_SOURCE = "# Source: "


def kustomize(directory: str) -> bytes:
    """The manifests that a kustomization renders to.

    Raises InputError if no tool is installed, or with the tool's own complaint.
    """
    _require_directory(directory)
    content = _output(_KUSTOMIZE, [_path(directory)])
    if content is None:
        message = "neither `kubectl` nor `kustomize` is on PATH; -k renders with one of them"
        raise InputError(message)
    return content


def helm(directory: str, values: Sequence[str] = (), namespace: str | None = None) -> bytes:
    """The manifests that a chart renders to, with its name as that of the release.

    values: files that override the chart's own values. Hooks that test a release are left out:
    they are no part of it. Raises InputError as `kustomize` does.
    """
    _require_directory(directory)
    arguments = [_chart_name(directory), _path(directory), "--skip-tests"]
    for file in values:
        arguments += ["--values", file]
    if namespace is not None:
        arguments += ["--namespace", namespace]
    content = _output(_HELM, arguments)
    if content is None:
        raise InputError("`helm` is not on PATH; --helm renders with it")
    return content


def source_of(text: str, start: int) -> str:
    """The template that helm names above a document, `chart/templates/policy.yaml`; "" if none.

    start: where the document begins, at its `---`
    """
    for line in text[start : start + 1000].split("\n")[:2]:
        if line.startswith(_SOURCE):
            return line[len(_SOURCE) :].strip()
    return ""


def _require_directory(path: str) -> None:
    if not os.path.isdir(path):
        missing = not os.path.exists(path)
        raise InputError("does not exist" if missing else "is not a directory")


def _path(directory: str) -> str:
    """A directory as no tool takes it for an option or for the name of a chart."""
    return os.path.join(".", directory)


def _chart_name(directory: str) -> str:
    """The name in Chart.yaml; helm itself complains where that cannot be read."""
    from kubectl_npcheck.pyyaml import SafeLoader, yaml

    try:
        with open(os.path.join(directory, "Chart.yaml"), "rb") as stream:
            chart = yaml.load(stream, SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        chart = None
    name = chart.get("name") if isinstance(chart, dict) else None
    return name if isinstance(name, str) and name[:1].isalnum() else "release"


def _output(tools: Sequence[tuple[str, str]], arguments: Sequence[str]) -> bytes | None:
    """What the first of the tools that is installed writes; None if none is."""
    import subprocess

    for tool in tools:
        try:
            done = subprocess.run(
                [*tool, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(f"`{' '.join(tool)}` cannot be run: {error.strerror}") from None
        if done.returncode == 0:
            return done.stdout
        raise InputError(f"`{' '.join(tool)}` failed: {_complaint(done.stderr)}")
    return None


def _complaint(output: bytes) -> str:
    """What a tool wrote to standard error from its last `error:` on, as one line."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("Use --debug flag")]
    if not lines:
        return "it gave no reason"
    starts = [at for at, line in enumerate(lines) if line.lower().startswith("error: ")]
    text = " ".join(lines[starts[-1] :]) if starts else lines[-1]
    _, found, quoted = text.partition('err="')  # kubectl's log
    if found:
        text = quoted.removesuffix('"').replace('\\"', '"')
    return text.removeprefix("error: ").removeprefix("Error: ")
