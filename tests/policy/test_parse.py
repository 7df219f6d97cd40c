"""Reading a NetworkPolicy: defaulting, what was authored, and what is left of a refused one."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import Applied, Authored, NetworkPolicy
from kubectl_npcheck.policy.parse import parse_policy

INGRESS = "ingress: [{from: [{podSelector: {}}]}]"
EGRESS = "egress: [{to: [{podSelector: {}}]}]"


def read(text: str, **options: Any) -> NetworkPolicy:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    return parse_policy(yaml.safe_load(head + text), Origin("web.yaml"), **options)


def spec(text: str) -> NetworkPolicy:
    return read(f"metadata: {{name: web}}\nspec: {{{text}}}")


# case of the reference, spec → policyTypes as stored, ingress rules, egress rules
STORED = {
    "a": (INGRESS, "I", 1, 0),
    "b": (f"policyTypes: [Ingress], {INGRESS}", "I", 1, 0),
    "c": (f"policyTypes: [Ingress, Egress], {INGRESS}", "IE", 1, 0),
    "d": (f"{INGRESS}, egress: []", "I", 1, 0),
    "e": (f"policyTypes: [Ingress], {INGRESS}, egress: []", "I", 1, 0),
    "f": (f"policyTypes: [Ingress, Egress], {INGRESS}, egress: []", "IE", 1, 0),
    "g": (EGRESS, "IE", 0, 1),
    "h": (f"policyTypes: [Ingress], {INGRESS}, {EGRESS}", "I", 1, 1),
    "i": ("policyTypes: [Egress]", "E", 0, 0),
    "j": (f"policyTypes: [], {INGRESS}", "I", 1, 0),
    "k": (f"{INGRESS}, egress: null", "I", 1, 0),
    "k2": (f"policyTypes: [Ingress, Egress], {INGRESS}, egress: null", "IE", 1, 0),
    "l": ("ingress: [{ports: [{port: 80}]}]", "I", 1, 0),
    "l2": ("ingress: [{ports: [{}]}]", "I", 1, 0),
    "m": ("ingress: [{}]", "I", 1, 0),
    "n": ("ingress: [{from: []}]", "I", 1, 0),
    "o1": ("podSelector: {}", "I", 0, 0),
    "o2": ("", "I", 0, 0),
    "o3": (f"{INGRESS}, {EGRESS}", "IE", 1, 1),
    "o4": ("ingress: [], egress: []", "I", 0, 0),
    "o5": (f"policyTypes: [Egress, Ingress], {INGRESS}", "IE", 1, 0),
    "o6": (f"policyTypes: [Ingress, Ingress], {INGRESS}", "I", 1, 0),
    "o7": (f"policyTypes: null, {EGRESS}", "IE", 0, 1),
    "o8": ("ingress: [{from: [{namespaceSelector: {}}]}]", "I", 1, 0),
    "o9": ("podSelector: null", "I", 0, 0),
    "o10": ("policyTypes: [Egress], egress: [{}]", "E", 0, 1),
    "null rule": ("ingress: [null]", "I", 1, 0),
    "null egress rule": ("egress: [null]", "IE", 0, 1),
}


@pytest.mark.parametrize("case", STORED)
def test_stored_as_a_real_api_server_stores_it(case: str) -> None:
    text, types, ingress, egress = STORED[case]
    policy = spec(text)
    assert policy.defects == ()
    assert policy.lists_ingress == ("I" in types)
    assert policy.lists_egress == ("E" in types)
    assert (len(policy.ingress), len(policy.egress)) == (ingress, egress)


def test_no_spec_is_accepted_and_selects_everything() -> None:
    policy = read("metadata: {name: web}")
    assert policy.defects == ()
    assert policy.pod_selector.everything
    assert policy.lists_ingress
    assert not policy.lists_egress


@pytest.mark.parametrize(
    ("text", "authored"),
    [
        ("", Authored.ABSENT),
        ("FIELD: null", Authored.NULL),
        ("FIELD: []", Authored.EMPTY),
        ("FIELD: [{}]", Authored.SET),
        ("FIELD: {}", Authored.UNKNOWN),
        ("FIELD: x", Authored.UNKNOWN),
    ],
)
def test_what_was_authored(text: str, authored: Authored) -> None:
    assert spec(text.replace("FIELD", "ingress")).ingress_authored is authored
    assert spec(text.replace("FIELD", "egress")).egress_authored is authored
    assert spec(text.replace("FIELD", "policyTypes")).types_authored is authored


@pytest.mark.parametrize(
    ("rule", "authored", "peers_authored", "any_peer"),
    [
        ("null", Authored.NULL, Authored.ABSENT, True),
        ("{}", Authored.EMPTY, Authored.ABSENT, True),
        ("{ports: [{port: 1}]}", Authored.SET, Authored.ABSENT, True),
        ("{PEERS: null}", Authored.SET, Authored.NULL, True),
        ("{PEERS: []}", Authored.SET, Authored.EMPTY, True),
        ("{PEERS: [{podSelector: {}}]}", Authored.SET, Authored.SET, False),
        ("{PEERS: {}}", Authored.SET, Authored.UNKNOWN, False),
        ("{PEERS: [{}]}", Authored.SET, Authored.SET, False),
        ("{form: []}", Authored.SET, Authored.ABSENT, True),
    ],
)
def test_how_a_rule_was_authored(
    rule: str, authored: Authored, peers_authored: Authored, any_peer: bool
) -> None:
    policy = spec(
        f"ingress: [{rule.replace('PEERS', 'from')}], egress: [{rule.replace('PEERS', 'to')}]"
    )
    for found in (*policy.ingress, *policy.egress):
        assert found.authored is authored
        assert found.peers_authored is peers_authored
        assert (found.peers is None) == any_peer


def test_a_live_object_says_nothing_of_its_author() -> None:
    text = f"metadata: {{name: web}}\nspec: {{policyTypes: [Ingress], {INGRESS}}}"
    policy = read(text, live=True)
    assert policy.types_authored is Authored.UNKNOWN
    assert policy.ingress_authored is Authored.UNKNOWN
    assert policy.egress_authored is Authored.UNKNOWN
    known = Applied(
        "managedFields", "x", Authored.ABSENT, Authored.SET, Authored.EMPTY, False, False
    )
    policy = read(text, live=True, applied=known)
    assert policy.types_authored is Authored.ABSENT
    assert policy.ingress_authored is Authored.SET
    assert policy.egress_authored is Authored.EMPTY
    assert policy.applied is known
    assert not policy.lists_egress


def test_peers_and_ports_keep_their_place() -> None:
    policy = spec(
        "podSelector: {matchLabels: {app: web}}, ingress: [{}, {"
        "from: [7, {podSelector: {matchLabels: {a: b}}}, "
        "{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], "
        "ports: [7, {port: 80}, {protocol: UDP, port: dns}, {port: 1, endPort: 9}, null]}]"
    )
    rule = policy.ingress[1]
    assert rule.peers is not None
    assert rule.ports is not None
    assert [peer.index for peer in rule.peers] == [1, 2]
    assert rule.peer_path(rule.peers[1]) == ("spec", "ingress", 1, "from", 2)
    assert rule.peers[0].pod_selector is not None
    assert rule.peers[0].pod_selector.matches({"a": "b"})
    assert rule.peers[0].namespace_selector is None
    assert rule.peers[1].ip_block == ("10.0.0.0/8", ("10.1.0.0/16",))
    assert [(p.index, p.protocol, p.port, p.end_port) for p in rule.ports] == [
        (1, "TCP", 80, None),
        (2, "UDP", "dns", None),
        (3, "TCP", 1, 9),
        (4, "TCP", None, None),
    ]
    assert policy.pod_selector.matches({"app": "web"})
    assert not policy.pod_selector.matches({"app": "x"})


def test_selectors() -> None:
    policy = spec(
        "podSelector: {matchLabels: {a: b}, matchExpressions: ["
        "{key: c, operator: In, values: [d, e]}, {key: f, operator: DoesNotExist}, "
        "{key: g, operator: Exists}, {key: h, operator: NotIn, values: [i]}]}"
    )
    assert policy.defects == ()
    assert policy.pod_selector.matches({"a": "b", "c": "e", "g": ""})
    assert not policy.pod_selector.matches({"a": "b", "c": "e", "g": "", "f": "x"})
    assert not policy.pod_selector.matches({"a": "b", "c": "e", "g": "", "h": "i"})
    assert policy.pod_selector.terms[1].path == ("matchExpressions", 0)


def test_equal_labels_share_a_selector_and_others_do_not() -> None:
    first, second, other = (
        spec(f"podSelector: {{matchLabels: {{app: {app}}}}}").pod_selector
        for app in ("web", "web", "api")
    )
    assert first is second
    assert first.matches({"app": "web"})
    assert not first.matches({"app": "api"})
    assert other.matches({"app": "api"})
    assert not other.matches({"app": "web"})


def test_a_refused_selector_is_refused_each_time() -> None:
    for _ in range(2):
        assert len(spec("podSelector: {matchLabels: {app: a b}}").defects) == 1
        assert len(spec("podSelector: {matchLabels: {app: 1}}").defects) == 1
        assert spec('podSelector: {matchLabels: {app: "${A}"}}').unresolved


class TestRefused:
    """What is left of a policy that the API refuses: nothing gets wider by dropping the wrong."""

    def test_no_valid_peer_is_not_any_peer(self) -> None:
        for peers in ("x", "{}", "[{}]", "[null]", "[7]", "[{ipBlock: {}}]"):
            assert spec(f"egress: [{{to: {peers}}}]").egress[0].peers == ()

    def test_no_valid_port_is_not_any_port(self) -> None:
        for ports in ("80", "{}", "[80]"):
            assert spec(f"egress: [{{ports: {ports}}}]").egress[0].ports == ()

    def test_protocol_and_quoted_label_are_understood(self) -> None:
        policy = spec(
            "podSelector: {matchLabels: {v: 1}}, egress: [{ports: [{protocol: udp, port: 53}]}]"
        )
        assert not policy.accepted
        assert policy.pod_selector.matches({"v": "1"})
        assert policy.egress[0].ports is not None
        assert policy.egress[0].ports[0].protocol == "UDP"

    def test_a_senseless_requirement_is_left_out(self) -> None:
        policy = spec(
            "podSelector: {matchLabels: {a: b}, matchExpressions: ["
            "{key: c, operator: Gt}, {key: d, operator: In}, 7, null, "
            "{key: e, operator: Exists, values: [x]}]}"
        )
        policy_terms = [term[:3] for term in policy.pod_selector.terms]
        assert policy_terms == [("a", "In", ("b",)), ("e", "Exists", ())]
        assert policy.pod_selector.matches({"a": "b", "e": "y"})
        assert not policy.pod_selector.matches({})

    def test_a_selector_of_the_wrong_type_selects_everything(self) -> None:
        assert spec("podSelector: [a]").pod_selector.everything


@pytest.mark.parametrize(
    ("metadata", "name", "complaint"),
    [
        ("{name: web}", "web", None),
        ("{name: web.v2}", "web.v2", None),
        ("{generateName: web-}", "web-*", None),
        ("{name: web, generateName: web-}", "web", None),
        ("{name: web, creationTimestamp: null, uid: x, ownerReferences: []}", "web", None),
        ("{}", "", "Required value: name or generateName is required"),
        ("null", "", "Required value: name or generateName is required"),
        ("{name: Web}", "Web", 'Invalid value: "Web": a lowercase RFC 1123 subdomain must'),
        ("{name: 1}", "1", "into Go struct field ObjectMeta.metadata.name of type string"),
        ("[]", "", "json: cannot unmarshal array into Go struct field NetworkPolicy.metadata"),
    ],
)
def test_names(metadata: str, name: str, complaint: str | None) -> None:
    policy = read(f"metadata: {metadata}\nspec: {{}}")
    assert policy.name == name
    assert policy.generated_name == name.endswith("*")
    if complaint is None:
        assert policy.defects == ()
    else:
        (defect,) = policy.defects
        assert complaint in defect.message


def test_namespace() -> None:
    assert read("metadata: {name: a}").namespace is None
    assert read("metadata: {name: a}", namespace_default="shop").namespace == "shop"
    assert read("metadata: {name: a, namespace: ''}", namespace_default="x").namespace == "x"
    policy = read("metadata: {name: a, namespace: b}", namespace_default="shop")
    assert policy.namespace == "b"
    (defect,) = read("metadata: {name: a, namespace: a.b}").defects
    assert defect.message == 'metadata.namespace: Invalid value: "a.b": must not contain dots'


def test_labels_and_annotations() -> None:
    policy = read(
        "metadata: {name: a, labels: {app: web, n: null}, annotations: {npcheck/ignore: x, b: 1}}"
    )
    assert policy.labels == {"app": "web", "n": ""}
    assert policy.annotations == {"npcheck/ignore": "x", "b": "1"}
    (defect,) = policy.defects
    assert defect.path == ("metadata", "annotations", "b")
    assert defect.message == (
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations "
        "of type string"
    )


@pytest.mark.parametrize(
    ("version", "rule", "message"),
    [
        (
            "extensions/v1beta1",
            "removed-api",
            "extensions/v1beta1 NetworkPolicy was removed in Kubernetes 1.16",
        ),
        (
            "networking.k8s.io/v1beta1",
            "invalid",
            'no matches for kind "NetworkPolicy" in version "networking.k8s.io/v1beta1"',
        ),
        ("v1", "invalid", 'no matches for kind "NetworkPolicy" in version "v1"'),
        (None, "invalid", "apiVersion not set"),
        (
            1,
            "invalid",
            "json: cannot unmarshal number into Go struct field TypeMeta.apiVersion of type string",
        ),
    ],
)
def test_versions(version: object, rule: str, message: str) -> None:
    obj = {"apiVersion": version, "kind": "NetworkPolicy", "metadata": {"name": "a"}, "spec": {}}
    (defect,) = parse_policy(obj, Origin("a")).defects
    assert (defect.rule, defect.path, defect.message) == (rule, ("apiVersion",), message)


class TestPlaceholders:
    """A value that a tool fills in later is never invalid; it is listed, and read as it stands."""

    @pytest.mark.parametrize("text", ["${VAR}", "a-$(VAR)", "{{ .Values.x }}", "$NAME", "x${A}y"])
    def test_kinds(self, text: str) -> None:
        policy = read(f'metadata: {{name: "{text}", namespace: "{text}"}}\nspec: {{}}')
        assert policy.defects == ()
        assert policy.unresolved == (("metadata", "name"), ("metadata", "namespace"))
        assert (policy.name, policy.namespace) == (text, text)

    def test_everywhere(self) -> None:
        policy = spec(
            'podSelector: {matchLabels: {app: "${A}"}}, policyTypes: ["${A}"], '
            'ingress: [{from: [{ipBlock: {cidr: "${A}/8", except: ["${A}"]}}, '
            '{podSelector: {matchExpressions: [{key: a, operator: In, values: ["${A}"]}]}}], '
            'ports: [{port: "${A}", protocol: "${A}"}, {port: 1, endPort: "${A}"}]}]'
        )
        assert policy.defects == ()
        assert len(policy.unresolved) == 8
        assert len(set(policy.unresolved)) == 8
        assert policy.pod_selector.matches({"app": "${A}"})

    def test_instead_of_a_selector_it_selects_neither_all_nor_nothing(self) -> None:
        policy = spec('podSelector: "${A}"')
        assert policy.unresolved == (("spec", "podSelector"),)
        assert not policy.pod_selector.everything
        assert not policy.pod_selector.void

    @pytest.mark.parametrize("text", ["$", "cost$", "$ x", "$1", "{x}"])
    def test_other_odd_texts_are_invalid(self, text: str) -> None:
        policy = read(f'metadata: {{name: "{text}"}}')
        assert policy.unresolved == ()
        assert not policy.accepted


def test_duplicate_keys() -> None:
    obj = {"apiVersion": "networking.k8s.io/v1", "metadata": {"name": "a"}, "spec": {}}
    (defect,) = parse_policy(obj, Origin("a"), None, [("spec", "ingress")]).defects
    assert defect.rule == "duplicate-key"
    assert defect.path == ("spec", "ingress")
    assert defect.message == 'key "ingress" is set twice: the first value is lost'
    item = Origin("a", prefix=("items", 3))
    paths = [("items", 3, "spec", "egress"), ("items", 4, "spec"), ("items",)]
    (defect,) = parse_policy(obj, item, None, paths).defects
    assert defect.path == ("spec", "egress")
