"""PyYAML as the package imports it: one pattern later than usual, and otherwise as it is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml as plain

from kubectl_npcheck.pyyaml import NON_PRINTABLE, LatePattern, yaml

FRESH = """
import json, re, sys
before = re.compile
from kubectl_npcheck.pyyaml import yaml
after = re.compile
late = type(yaml.reader.Reader.NON_PRINTABLE).__name__
try:
    yaml.load("a: \\x07", Loader=yaml.SafeLoader)
    said = ""
except yaml.reader.ReaderError as error:
    said = str(error)
print(json.dumps([before is after, late, said, yaml.safe_load("[a, \\u00e9, \\U0001f600]")]))
"""


def fresh(script: str) -> list[object]:
    """What a script prints in a process that has not imported PyYAML yet."""
    ended = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{script}"],
        capture_output=True,
        check=True,
    )
    found: list[object] = json.loads(ended.stdout)
    return found


def test_the_pattern_waits_and_the_reader_in_python_refuses_what_it_always_did() -> None:
    with pytest.raises(plain.reader.ReaderError) as refused:
        plain.load("a: \x07", Loader=plain.SafeLoader)
    whole = [True, "LatePattern", str(refused.value), ["a", "é", "\U0001f600"]]
    assert fresh(FRESH) == whole, "if PyYAML has another pattern now, pyyaml.py can go"


def test_where_pyyaml_is_there_already_nothing_is_changed() -> None:
    assert fresh("import yaml\n" + FRESH)[:2] == [True, "Pattern"]


def test_what_waits_is_the_pattern_in_every_other_way() -> None:
    late = LatePattern()
    assert late.pattern == NON_PRINTABLE
    assert [bool(late.search(text)) for text in ("\t\n a\x85ÿ", "\x00", "\x7f", "\ufffe")] == [
        False,
        True,
        True,
        True,
    ]


def test_it_is_the_same_package() -> None:
    assert yaml is plain
