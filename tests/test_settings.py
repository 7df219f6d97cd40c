"""`.npcheck.yaml`: what is read, and the one line that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubectl_npcheck import settings
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Severity

IDS = ("egress-implicit", "dead-rules", "dns-blocked")


def parse(text: str, file: str = ".npcheck.yaml") -> settings.Settings:
    return settings.parse(text, file, IDS)


def message(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", "---\n", "{}", "rules:\nwith:\nfix:\n"]
)
def test_empty_settings_are_the_defaults(text: str) -> None:
    assert parse(text) == settings.Settings(file=".npcheck.yaml")


def test_everything() -> None:
    found = parse(
        """
rules: {egress-implicit: warning, dead-rules: off, dns-blocked: "off"}
exclude: ["vendor/**", '*.gen.yaml']
with: [../shared, /srv/base]
namespace: shop
fail-on: error
egress-default: deny
baseline: known.json
fix: {strategy: dns, rules-file: egress.yaml}
""",
        "conf/.npcheck.yaml",
    )
    assert found == settings.Settings(
        file="conf/.npcheck.yaml",
        directory="conf",
        rules={"egress-implicit": Severity.WARNING, "dead-rules": None, "dns-blocked": None},
        exclude=("vendor/**", "*.gen.yaml"),
        context=("conf/../shared", "/srv/base"),
        namespace="shop",
        fail_on=Severity.ERROR,
        egress_default="deny",
        fix_strategy="dns",
        fix_rules_file="conf/egress.yaml",
        baseline="conf/known.json",
    )


def test_one_string_is_a_list_of_one() -> None:
    assert parse("exclude: vendor").exclude == ("vendor",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail_on: error", '.npcheck.yaml:1: unknown key "fail_on"; did you mean "fail-on"?'),
        ("xyz: 1", '.npcheck.yaml:1: unknown key "xyz"; known: rules, exclude, with, namespace,'),
        (
            "\nrules:\n  egress-implict: off",
            '.npcheck.yaml:3: unknown rule "egress-implict"; did you mean "egress-implicit"?',
        ),
        ("rules: {dead-rules: loud}", ".npcheck.yaml:1: rules.dead-rules cannot be"),
        ("rules: {dead-rules: eror}", 'did you mean "error"?'),
        ("rules: {dead-rules: }", "one of note, warning, error, off"),
        ("rules: {dead-rules: false}", 'cannot be "false"'),
        ("rules: [dead-rules]", "rules must be a mapping"),
        ("- rules", "the settings must be a mapping"),
        ("fail-on: never", '.npcheck.yaml:1: fail-on cannot be "never"'),
        ("fail-on: [error]", "fail-on cannot be this: one of note, warning, error"),
        ("egress-default: closed", "one of either, open, deny"),
        ("fix: {strategy: allow}", 'did you mean "allow-all"?'),
        ("fix: {stratgy: dns}", 'unknown key "stratgy"; did you mean "strategy"?'),
        ("namespace: [a]", "namespace must be a string"),
        ("namespace: ''", "namespace must be a string"),
        ("exclude: {a: b}", "exclude must be a list of strings"),
        ("with: [[a]]", "with must be a list of strings"),
        ("namespace: a\nnamespace: b", '.npcheck.yaml:2: key "namespace" is written twice'),
        ("rules: {", ".npcheck.yaml:1: not valid YAML"),
        ("a: b\n\tc: d", ".npcheck.yaml:2: not valid YAML"),
        ("a: 1\n---\nb: 2", "not valid YAML"),
        ("\x01", "not valid YAML"),
        ("[" * 5000, "not valid YAML"),
        ("a: *b", "not valid YAML"),
    ],
)
def test_one_line_with_the_place_and_the_remedy(text: str, said: str) -> None:
    found = message(text)
    assert said in found
    assert found.startswith(".npcheck.yaml:")
    assert "\n" not in found


def test_found_upwards_to_the_root_of_the_repository(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / ".npcheck.yaml").write_text("")
    (repository / ".git").mkdir()
    assert settings.find(str(deep)) is None
    (repository / ".npcheck.yaml").write_text("")
    assert settings.find(str(deep)) == str(repository / ".npcheck.yaml")
    (repository / "a" / ".npcheck.yaml").write_text("")
    assert settings.find(str(deep)) == str(repository / "a" / ".npcheck.yaml")


def test_outside_of_a_repository_only_the_directory_itself_counts(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / ".npcheck.yaml").write_text("")
    assert settings.find(str(below)) is None
    assert settings.find(str(tmp_path)) == str(tmp_path / ".npcheck.yaml")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read settings .*: No such file"):
        settings.read(str(tmp_path / "none.yaml"), IDS)
    with pytest.raises(UsageError, match="cannot read settings"):
        settings.read(str(tmp_path), IDS)
    (tmp_path / "latin.yaml").write_bytes(b"namespace: caf\xe9\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        settings.read(str(tmp_path / "latin.yaml"), IDS)


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"\xef\xbb\xbfnamespace: shop\r\n")
    assert settings.read(str(tmp_path / "s.yaml"), IDS).namespace == "shop"
