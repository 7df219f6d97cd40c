"""What every test may rely on: reproducible properties, and nothing of the caller's environment."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Variables that would change colours, paths, git's answers or the settings that are found.
AMBIENT = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_STEP_SUMMARY",
    "KUBECONFIG",
    "KUBECTL_PATH",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
    "PYTHONUTF8",
    "PYTHONIOENCODING",
)


def scrub() -> None:
    """Take the ambient variables away, before any test or fixture reads them."""
    for name in list(os.environ):
        if name in AMBIENT or name.startswith(("GIT_", "NPCHECK_")):
            del os.environ[name]
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    os.environ["TERM"] = "dumb"


scrub()

SLOW = [HealthCheck.too_slow]
settings.register_profile("dev", deadline=None, max_examples=100, suppress_health_check=SLOW)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=100,
    derandomize=True,
    database=None,
    suppress_health_check=SLOW,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))
