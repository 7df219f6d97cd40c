"""What `make e2e` needs of the machine, and the command that installs what is missing.

`python -m tests.e2e.prerequisites` prints one line for each missing program and exits 1; nothing
is skipped in silence. kubectl is not among them: it is built with the control plane. Runs on any
Python, before there is an environment.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

OLDEST_GO = (1, 21)
"""The first that fetches the toolchain which a module asks for."""

DOWNLOAD_GO = (
    "curl -fsSL https://go.dev/dl/go1.26.0.linux-$(dpkg --print-architecture).tar.gz"
    " | tar -C /usr/local -xz && export PATH=$PATH:/usr/local/go/bin"
)


class Program(NamedTuple):
    """A program: why it is needed, what is wrong with the one that is there, how it is installed."""

    name: str
    purpose: str
    complaint: Callable[[], str | None]
    linux: str
    mac: str


def absent(name: str) -> Callable[[], str | None]:
    """A complaint unless the program is on PATH."""
    return lambda: None if shutil.which(name) else "not on PATH"


def go_complaint() -> str | None:
    """A complaint unless there is a Go that can build the control plane."""
    if not shutil.which("go"):
        return "not on PATH"
    done = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True)
    found = re.match(r"go(\d+)\.(\d+)", done.stdout.strip())
    if found is None:
        return f"`go env GOVERSION` says nothing useful: {(done.stdout + done.stderr).strip()}"
    if (int(found[1]), int(found[2])) < OLDEST_GO:
        return f"{found[0]} is too old: 1.21 or newer is needed"
    return None


def chromium_complaint() -> str | None:
    """A complaint unless there is a Chromium, by any of its names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return None if any(map(shutil.which, names)) else "not on PATH"


def strace_complaint() -> str | None:
    """A complaint unless strace is there and may trace."""
    if not shutil.which("strace"):
        return "not on PATH"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True)
    if tried.returncode:
        return f"may not trace here (a container without SYS_PTRACE?): {tried.stderr.decode()}"
    return None


NEEDED = (
    Program(
        "go", "builds the API server and kubectl", go_complaint, DOWNLOAD_GO, "brew install go"
    ),
    Program("git", "for pre-commit", absent("git"), "apt-get install -y git", "brew install git"),
    Program(
        "strace",
        "kills `npcheck fix` at each system call",
        strace_complaint,
        "apt-get install -y strace",
        "none: strace exists on Linux only, so run `make e2e` there",
    ),
    Program(
        "chromium",
        "shows the HTML report",
        chromium_complaint,
        "apt-get install -y chromium",
        "brew install --cask chromium",
    ),
    Program(
        "chromedriver",
        "steers Chromium",
        absent("chromedriver"),
        "apt-get install -y chromium-driver",
        "brew install --cask chromedriver",
    ),
    Program(
        "zsh", "completes npcheck", absent("zsh"), "apt-get install -y zsh", "brew install zsh"
    ),
    Program(
        "fish", "completes npcheck", absent("fish"), "apt-get install -y fish", "brew install fish"
    ),
)


def missing() -> list[str]:
    """One line for each program that is missing."""
    lines = []
    for program in NEEDED:
        complaint = program.complaint()
        if complaint:
            install = program.mac if sys.platform == "darwin" else program.linux
            lines.append(
                f"missing: {program.name} ({program.purpose}): {complaint}\n  install: {install}"
            )
    return lines


def main() -> None:
    """Print what is missing; exit 1 if anything is."""
    lines = missing()
    if lines:
        sys.exit("\n".join([*lines, "error: nothing was run: `make e2e` needs the above"]))


if __name__ == "__main__":
    main()
