"""The pins of what is in the zipapp."""

from __future__ import annotations

import re

import pytest
from distribution.wheels import COMPILED, PINS, requirements

TEXT = PINS.read_text("utf-8")


def test_a_pin_ends_where_the_next_begins() -> None:
    text = (
        "# by a tool\na==1 \\\n    --hash=sha256:1\n    # via x\nB-c==2 \\\n    --hash=sha256:2\n"
    )
    assert requirements(text) == {
        "a": "a==1 \\\n    --hash=sha256:1\n",
        "b-c": "B-c==2 \\\n    --hash=sha256:2\n",
    }


def test_everything_is_pinned_by_hash() -> None:
    pins = requirements(TEXT)
    assert set(COMPILED) <= set(pins)
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins.values())


@pytest.mark.parametrize("name", ["click", "pyyaml", "kubernetes", "jinja2", "pysocks"])
def test_what_npcheck_imports_is_pinned(name: str) -> None:
    assert name in requirements(TEXT)


def test_the_client_is_one_that_runs_on_every_python() -> None:
    """37 is built on compiled code; 36.0.0 and 36.0.1 sent requests without credentials."""
    [pin] = re.findall(r"^kubernetes==36\.0\.(\d+)", TEXT, re.MULTILINE)
    assert int(pin) >= 3
