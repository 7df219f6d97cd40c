"""Kustomizations rendered by the user's own tools: `kubectl kustomize`, else `kustomize build`."""

from __future__ import annotations

from kubectl_npcheck.errors import InputError

_TOOLS = (("kubectl", "kustomize"), ("kustomize", "build"))


def kustomize(directory: str) -> bytes:
    """The manifests that a kustomization renders to.

    Raises InputError if no tool is installed, or with the tool's own complaint.
    """
    import os
    import subprocess

    if not os.path.isdir(directory):
        missing = not os.path.exists(directory)
        raise InputError("does not exist" if missing else "is not a directory")
    for tool in _TOOLS:
        try:
            done = subprocess.run(
                [*tool, os.path.join(".", directory)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(f"`{' '.join(tool)}` cannot be run: {error.strerror}") from None
        if done.returncode == 0:
            return done.stdout
        raise InputError(f"`{' '.join(tool)}` failed: {_complaint(done.stderr)}")
    raise InputError("neither `kubectl` nor `kustomize` is on PATH; -k renders with one of them")


def _complaint(output: bytes) -> str:
    """The last line of what a tool wrote to standard error, without kubectl's log prefix."""
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    if not lines:
        return "it gave no reason"
    text = lines[-1].strip()
    _, found, quoted = text.partition('err="')
    if found:
        text = quoted.removesuffix('"').replace('\\"', '"')
    return text.removeprefix("error: ").removeprefix("Error: ")
