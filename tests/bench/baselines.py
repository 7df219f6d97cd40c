"""What npcheck is compared with: the least that any Python program would have to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.timing import Command

ROOT = Path(__file__).resolve().parents[2]

START = "import click, yaml"

READ = """
import click, os, yaml
for directory, _, names in os.walk("."):
    for name in names:
        with open(os.path.join(directory, name), "rb") as file:
            file.read()
"""

# Document by document, nothing is kept. libyaml's loader, where PyYAML has it.
COMPOSE = """
import os, yaml
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
for directory, _, names in os.walk("."):
    for name in names:
        with open(os.path.join(directory, name), "rb") as file:
            for node in yaml.compose_all(file.read(), Loader):
                pass
"""


def npcheck(cwd: Path, *arguments: str) -> Command:
    """`kubectl-npcheck` of this interpreter, as its console script starts it."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kubectl_npcheck.cli import main; main()"
    return Command([sys.executable, "-c", code, *arguments], cwd)


def installed(scratch: Path) -> Path:
    """npcheck's console script in an environment of its own, from a wheel, as users have it.

    Beside peers this is the fair one: an editable install pays an import hook at each start.
    """
    environment = scratch / "installed"
    if not environment.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", str(ROOT)], check=True)
        # A venv of Python up to 3.11 begins with setuptools, whose hook runs at each start.
        subprocess.run([*pip, "uninstall", "--quiet", "--yes", "setuptools"], check=True)
    return environment / "bin" / "npcheck"


def python(cwd: Path, code: str) -> Command:
    """A program of the same interpreter."""
    return Command([sys.executable, "-c", code], cwd)
