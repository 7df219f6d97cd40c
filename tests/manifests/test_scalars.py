"""What a scalar means: every row was compared with kubectl 1.32."""

from __future__ import annotations

import math

import pytest

from kubectl_npcheck.manifests.scalars import PlainScalars, key_text, plain_scalar, tagged_scalar

READINGS: list[tuple[str, object]] = [
    ("yes", True), ("y", True), ("Y", True), ("n", False), ("on", True), ("Off", False),
    ("NO", False), ("TRUE", True), ("yES", "yES"), ("tRue", "tRue"),
    ("", None), ("~", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
    ("0", 0), ("-0", 0), ("00", 0), ("0777", 511), ("0o777", 511), ("0O17", 15), ("-0777", -511),
    ("0x1F", 31), ("0X1f", 31), ("-0x10", -16), ("0x_1f", 31), ("0b11", 3), ("0B11", 3),
    ("089", 89), ("1_000", 1000), ("1_", 1), ("_1", "_1"), ("+12", 12),
    ("0x", "0x"), ("0xg", "0xg"), ("0x-1", "0x-1"), ("0o8", "0o8"), ("-", "-"), ("+", "+"),
    ("0xfffffffffffffffff", "0xfffffffffffffffff"),
    ("1:30", "1:30"), ("1:30.5", "1:30.5"), ("2001-01-01", "2001-01-01"),
    ("1.5", 1.5), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("+.5", 0.5), ("1e3", 1000),
    ("1.5E+3", 1500), ("1_0.5", 10.5), ("08.5", 8.5), ("80.0", 80), ("1.0", 1),
    ("1e400", "1e400"), ("0x1p4", "0x1p4"), (".", "."), ("..", ".."), ("1.2.3.4", "1.2.3.4"),
    ("99999999999999999999", 99999999999999999999),
    (".inf", math.inf), ("-.Inf", -math.inf), ("=", "="), ("٣", "٣"), ("1٣", "1٣"),
    ("9" * 500, "9" * 500), ("0x" + "f" * 500, "0x" + "f" * 500),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_plain_scalars_read_as_kubectl_reads_them(text: str, expected: object) -> None:
    value = plain_scalar(text)
    assert value == expected
    assert type(value) is type(expected)
    assert PlainScalars()[text] == expected


def test_not_a_number() -> None:
    assert math.isnan(plain_scalar(".NaN"))


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("tag:yaml.org,2002:str", "5", "5"),
        ("tag:yaml.org,2002:int", "5", 5),
        ("tag:yaml.org,2002:float", "5", 5),
        ("tag:yaml.org,2002:bool", "yes", True),
        ("tag:yaml.org,2002:null", "", None),
        ("tag:yaml.org,2002:binary", "aGVs\nbG8=", "hello"),
        ("tag:yaml.org,2002:timestamp", "2001-01-01", "2001-01-01"),
        ("!Foo", "5", "5"),
        ("!", "5", "5"),
    ],
)
def test_tagged_scalars(tag: str, text: str, expected: object) -> None:
    assert tagged_scalar(tag, text, True) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "foo"),
        ("int", "1.5"),
        ("int", "yes"),
        ("float", "x"),
        ("bool", "1"),
        ("null", "x"),
        ("binary", "%"),
    ],
)
def test_a_scalar_that_is_not_of_its_tag(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        tagged_scalar("tag:yaml.org,2002:" + kind, text, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"), (True, "true"), (False, "false"), (5, "5"), (1.5, "1.5"), (1.5e-7, "1.5e-07"),
        (99999999999999999999, "1e+20"), (math.inf, ".inf"), (math.nan, ".nan"), (None, None),
    ],
)  # fmt: skip
def test_keys_become_text(value: object, expected: str | None) -> None:
    assert key_text(value) == expected


def test_the_cache_is_bounded() -> None:
    scalars = PlainScalars()
    scalars.limit = 10
    for number in range(100):
        assert scalars[str(number)] == number
    assert len(scalars) <= 10
