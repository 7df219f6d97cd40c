"""What each strategy writes, and what it says of the consequences."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Severity
from kubectl_npcheck.fixing import Options
from kubectl_npcheck.fixing.options import DNS_RULES, checked_rules, read_rules
from kubectl_npcheck.settings import Settings
from tests.fixing.support import (
    DENY,
    RESTRICTED,
    WEB,
    changed,
    everything,
    fixed,
    netpol,
    refused,
    rule,
    spec,
    strategy,
)

SILENT = netpol(WEB)
NO_TYPES = netpol("podSelector: {matchLabels: {app: web}}, ingress: [{}]")
EMPTY = netpol(WEB + ", egress: []")
BOTH = ["Ingress", "Egress"]


# What is left exactly as it is, and why.
UNTOUCHED = {
    "it states its egress": netpol(RESTRICTED),
    "it denies on purpose": netpol(DENY),
    "it denies by an empty list that Egress is listed for": netpol(
        "podSelector: {}, policyTypes: [Ingress, Egress], egress: []"
    ),
    "its finding is suppressed": netpol(WEB, annotations="npcheck/ignore: egress-implicit"),
    "a comment suppresses it": "# npcheck: ignore[egress-implicit] meant\n" + SILENT,
    "it selects nothing": netpol(
        "podSelector: {matchExpressions: [{key: a, operator: Exists},"
        " {key: a, operator: DoesNotExist}]}, policyTypes: [Ingress]"
    ),
    "no policy": "kind: ConfigMap\nmetadata: {name: NetworkPolicy}\n",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
@pytest.mark.parametrize("name", ["preserve", "allow-all", "deny-all", "dns"])
def test_untouched(text: str, name: str) -> None:
    done = fixed({"a.yaml": text}, options=strategy(name, notes=True))
    assert (changed(done), refused(done), done.files) == ([], [], ())


def test_rules_that_are_off_are_not_repaired() -> None:
    settings = Settings(rules={"egress-implicit": None, "policy-types-implicit": None})
    assert fixed({"a.yaml": NO_TYPES}, settings=settings).files == ()
    only = fixed({"a.yaml": NO_TYPES}, settings=Settings(egress_default="open"))
    assert spec(only)["policyTypes"] == ["Ingress"]
    assert "egress" not in spec(only)


WRITTEN: dict[str, tuple[Options, object]] = {
    "preserve": (strategy("preserve"), [{}]),
    "allow-all": (strategy("allow-all"), [{}]),
    "deny-all": (strategy("deny-all"), None),
    "dns": (strategy("dns"), DNS_RULES),
    "rules": (
        strategy("rules", egress=({"ports": [{"port": 443}]},)),
        [{"ports": [{"port": 443}]}],
    ),
}


@pytest.mark.parametrize(("options", "egress"), WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("text", [SILENT, NO_TYPES, EMPTY, WEB], ids=["", "no types", "[]", "list"])
def test_what_is_written(options: Options, egress: object, text: str) -> None:
    if text is WEB:
        text = netpol(WEB.replace("[Ingress]", "[Ingress, Ingress]"))
    done = fixed({"a.yaml": text}, options=options)
    assert changed(done) == ["web"]
    assert spec(done)["policyTypes"] == BOTH
    assert spec(done).get("egress") == egress
    assert ("egress" in spec(done)) is (egress is not None)
    assert done.report.findings == []


def test_what_changes_is_said() -> None:
    (change,) = fixed({"a.yaml": SILENT}).changes
    assert change.effects == ()
    (change,) = fixed({"a.yaml": SILENT}, options=strategy("deny-all")).changes
    assert change.effects == ("pods app=web: egress was open and will be denied",)
    (change,) = fixed({"a.yaml": SILENT}, options=strategy("dns")).changes
    assert change.effects == ("pods app=web: egress was open and will be restricted",)
    before, after = change.states()
    assert [state.egress for state in before] == [("open", "denied")]
    assert [state.egress for state in after] == [("restricted", "restricted")]


def test_more_than_a_sibling_allows_is_said_too() -> None:
    files = {"a.yaml": SILENT, "b.yaml": netpol(RESTRICTED, "db")}
    done = fixed(files, options=strategy("dns", notes=True))
    assert done.changes[0].effects == ("pods app=web: they may send more than before",)


def test_a_denial_that_lint_would_warn_of_is_put_on_record() -> None:
    done = fixed({"a.yaml": SILENT}, options=strategy("deny-all"))
    (text,) = [item.new for item in done.files]
    annotations = yaml.safe_load(text)["metadata"]["annotations"]
    assert annotations == {"npcheck/ignore": "egress-denied"}
    assert "on record" in done.changes[0].summary
    bare = fixed({"a.yaml": netpol("podSelector: {}, policyTypes: [Ingress]")},
                 options=strategy("deny-all"))  # fmt: skip
    assert "npcheck/ignore" not in bare.files[0].new
    off = Settings(rules={"egress-denied": None})
    done = fixed({"a.yaml": SILENT}, options=strategy("deny-all"), settings=off)
    assert "npcheck/ignore" not in done.files[0].new


def test_an_annotation_that_is_there_is_kept() -> None:
    text = netpol(WEB, annotations="npcheck/ignore: peer-or, other: x")
    done = fixed({"a.yaml": text}, options=strategy("deny-all"))
    assert yaml.safe_load(done.files[0].new)["metadata"]["annotations"] == {
        "npcheck/ignore": "peer-or,egress-denied",
        "other": "x",
    }


def test_a_denial_that_is_on_record_is_not_recorded_twice() -> None:
    text = netpol(WEB, annotations="npcheck/ignore: egress-denied")
    done = fixed({"a.yaml": text}, options=strategy("deny-all"))
    assert changed(done) == ["web"]
    assert done.files[0].new.count("egress-denied") == 1


def test_an_empty_list_needs_a_strategy_by_name() -> None:
    done = fixed({"a.yaml": EMPTY})
    assert changed(done) == []
    assert "`egress: []` is written" in everything(done)
    settings = Settings(fix_strategy="preserve")
    assert settings.fix_strategy  # the command makes it `named`
    assert spec(fixed({"a.yaml": EMPTY}, options=strategy("preserve")))["egress"] == [{}]


def test_where_silence_is_read_as_a_denial_preserve_is_refused() -> None:
    settings = Settings(egress_default="deny")
    done = fixed({"a.yaml": SILENT}, settings=settings)
    assert "egress-default: deny" in everything(done)
    assert changed(fixed({"a.yaml": SILENT}, settings=settings, options=strategy("dns"))) == ["web"]


def test_a_refused_policy_still_gets_its_policy_types() -> None:
    """Writing the default out is neutral, whatever is in doubt about egress."""
    other = netpol(RESTRICTED + ", unknown: 1", "rejected")
    done = fixed({"a.yaml": NO_TYPES, "b.yaml": other})
    assert spec(done) == {**yaml.safe_load(NO_TYPES)["spec"], "policyTypes": ["Ingress"]}
    assert done.changes[0].rules == ("policy-types-implicit",)
    assert [item.rules for item in done.refused] == [("egress-implicit",)]


def test_the_default_is_written_as_it_is() -> None:
    text = netpol("podSelector: {}, egress: [{}]")
    assert spec(fixed({"a.yaml": text}))["policyTypes"] == BOTH
    text = netpol("podSelector: {}, policyTypes: [], egress: []")
    done = fixed({"a.yaml": text}, options=rule("policy-types-implicit"))
    assert spec(done)["policyTypes"] == ["Ingress"]


# A file of which no policy is changed, since a document in it cannot be read.
UNREADABLE = {
    "a template": "kind: NetworkPolicy\nmetadata:\n  name: {{ .name }}\n",
    "a template of another kind": "kind: Deployment\nmetadata:\n  name: {{ .name }}\n  {{- end }}\n",
    "broken": "kind: ConfigMap\nmetadata: {a\n",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("name", ["preserve", "deny-all"])
def test_a_file_with_an_unreadable_document_is_refused_whole(text: str, name: str) -> None:
    done = fixed({"a.yaml": SILENT + "---\n" + text}, options=strategy(name))
    assert changed(done) == []
    assert "its file holds a document that cannot be read" in everything(done)
    assert "a.yaml:" in everything(done)


# What the API would refuse is corrected first: a misspelt `egress` beside `egress: [{}]`, for one.
REJECTED = {
    "misspelt": netpol(WEB + ", egres: [{to: []}]"),
    "invalid": netpol(WEB.replace("app: web", "app: 'a b'")),
    "removed": SILENT.replace("networking.k8s.io/v1", "extensions/v1beta1"),
    "a key twice": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
    "spec:\n  podSelector: {}\n  ingress: []\n  ingress: [{}]\n",
}


@pytest.mark.parametrize("text", REJECTED.values(), ids=REJECTED)
def test_what_the_api_refuses_is_not_repaired(text: str) -> None:
    done = fixed({"a.yaml": text}, options=strategy("deny-all"))
    assert (changed(done), len(done.refused)) == ([], 1)
    assert done.refused[0].remedy


def test_text_that_cannot_be_edited_is_refused() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n"
        "  kind: NetworkPolicy\n  metadata: {name: a}\n  spec: &spec\n    podSelector: {}\n"
        "    policyTypes: [Ingress]\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n"
        "  metadata: {name: b, namespace: other}\n  spec: *spec\n"
    )
    done = fixed({"a.yaml": text})
    assert changed(done) == []
    assert len(done.refused) == 2
    assert "&spec" in everything(done) or "*spec" in everything(done)


OWN_RULES = {
    "egress-empty-list": (
        "podSelector: {}, policyTypes: [Ingress, Egress], egress: []",
        "podSelector: {}, policyTypes: [Ingress, Egress]",
    ),
    "dns-one-protocol": (
        "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]",
        "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP},"
        " {protocol: TCP, port: 53}]}]",
    ),
    "namespace-name-label": (
        "podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector:"
        " {matchLabels: {name: a}, matchExpressions: [{key: name, operator: In, values: [a]}]}}]}]",
        None,
    ),
    "cidr-not-canonical": (
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 010.0.0.0/8}}]}]",
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
    ),
}


@pytest.mark.parametrize("name", OWN_RULES)
def test_repairs_that_must_be_asked_for(name: str) -> None:
    before, after = OWN_RULES[name]
    files = {"a.yaml": netpol(before)}
    assert fixed(files).files == ()
    done = fixed(files, options=rule(name))
    if after is not None:
        assert spec(done) == yaml.safe_load(netpol(after))["spec"]
    assert done.report.findings == []
    assert done.changes[0].rules == (name,)


def test_a_label_selector_keeps_its_value() -> None:
    text = (
        "podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector:"
        " {matchLabels: {name: a, tier: b}}}]}]"
    )
    done = fixed({"a.yaml": netpol(text)}, options=rule("namespace-name-label"))
    assert spec(done)["ingress"] == [
        {
            "from": [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": "a", "tier": "b"}
                    }
                }
            ]
        }
    ]


def test_a_finding_that_only_its_author_can_repair_is_listed() -> None:
    text = netpol(
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]"
    )
    done = fixed({"a.yaml": text}, options=rule("cidr-not-canonical"))
    assert changed(done) == []
    assert "10.0.0.0/8" in done.refused[0].remedy


def test_removing_an_empty_list_puts_the_denial_on_record() -> None:
    text = netpol("podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: []")
    done = fixed({"a.yaml": text}, options=rule("egress-empty-list"))
    assert "egress" not in spec(done)
    assert "npcheck/ignore: egress-denied" in done.files[0].new


def test_an_empty_list_that_denies_nothing_is_refused_or_stated_by_name() -> None:
    done = fixed({"a.yaml": EMPTY}, options=rule("egress-empty-list"))
    assert changed(done) == []
    named = rule("egress-empty-list", strategy="deny-all", named=True)
    done = fixed({"a.yaml": EMPTY}, options=named)
    assert spec(done)["policyTypes"] == BOTH
    assert "egress" not in spec(done)


def test_the_severity_of_the_settings_decides_nothing() -> None:
    settings = Settings(rules={"egress-implicit": Severity.NOTE})
    assert changed(fixed({"a.yaml": SILENT}, settings=settings)) == ["web"]


RULE_FILES = {
    "a list": "- ports: [{port: 443}]\n",
    "egress": "egress:\n- ports: [{port: 443}]\n",
    "a policy": netpol("podSelector: {}, egress: [{ports: [{port: 443}]}]"),
    "json": '{"egress": [{"ports": [{"port": 443}]}]}',
}


@pytest.mark.parametrize("text", RULE_FILES.values(), ids=RULE_FILES)
def test_rules_files(text: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    assert read_rules(str(path)) == ({"ports": [{"port": 443}]},)


BAD_RULE_FILES = {
    "- to: [{podSelector: 1}]\n": "egress[0].to[0].podSelector",
    "- from: []\n": "unknown field",
    "[]\n": "the list of egress rules is empty",
    "egress: 1\n": "no egress rules",
    "a: [\n": "rules.yaml:",
    "": "one document is expected",
    "- to: [{ipBlock: {cidr: '${CIDR}'}}]\n": "placeholder",
}


@pytest.mark.parametrize(("text", "said"), BAD_RULE_FILES.items(), ids=BAD_RULE_FILES.values())
def test_bad_rules_files(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"^--rules-file") as raised:
        read_rules(str(path))
    assert said in str(raised.value)
    with pytest.raises(UsageError, match="does not exist"):
        read_rules(str(tmp_path / "none"))


def test_rule_ids_are_checked() -> None:
    with pytest.raises(UsageError, match='did you mean "egress-implicit"'):
        checked_rules(["egress-implict"])
    with pytest.raises(UsageError, match="only its author"):
        checked_rules(["peer-or"])


def test_rules_are_not_written_where_a_kustomization_would_change_them() -> None:
    files = {
        "a.yaml": netpol(WEB, namespace=""),
        "kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {team: x}\n",
    }
    done = fixed(files, options=strategy("dns"))
    assert changed(done) == []
    assert "puts labels into selectors" in everything(done)
    assert changed(fixed(files)) == ["web"]
