"""Input that real API servers refused, with their texts (measured on 1.33, 1.34 and 1.37)."""

from __future__ import annotations

import pytest
import yaml

from kubectl_npcheck.origin import Origin, path_text
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.parse import parse_policy

P = "spec.ingress[0].ports[0]"
F = "spec.ingress[0].from[0]"
CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
KEY = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
SUBSET = "must be a strict subset of `cidr`"
TWO = "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer"


def policy(spec: str) -> NetworkPolicy:
    text = (
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, "
        f"spec: {{podSelector: {{}}, {spec}}}}}"
    )
    return parse_policy(yaml.safe_load(text), Origin("web.yaml"))


def port(text: str) -> str:
    return f"ingress: [{{ports: [{text}]}}]"


def peer(text: str) -> str:
    return f"ingress: [{{from: [{text}]}}]"


def labels(text: str) -> str:
    return peer(f"{{podSelector: {{matchLabels: {text}}}}}")


def expression(text: str) -> str:
    return peer(f"{{podSelector: {{matchExpressions: [{{key: a, {text}}}]}}}}")


RANGE = "must be between 1 and 65535, inclusive"
BELOW = "must be greater than or equal to `port`"
SETS = "must be specified when `operator` is 'In' or 'NotIn'"
KEYS = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"

INVALID = {
    port("{endPort: 90}"): [
        f"{P}.endPort: Invalid value: 90: may not be specified when `port` is not specified"
    ],
    port("{port: 90, endPort: 80}"): [f"{P}.endPort: Invalid value: 80: {BELOW}"],
    port("{port: http, endPort: 90}"): [
        f"{P}.endPort: Invalid value: 90: may not be specified when `port` is non-numeric"
    ],
    port("{port: 80, endPort: 0}"): [
        f"{P}.endPort: Invalid value: 0: {BELOW}",
        f"{P}.endPort: Invalid value: 0: {RANGE}",
    ],
    port("{port: 0}"): [f"{P}.port: Invalid value: 0: {RANGE}"],
    port("{port: 70000}"): [f"{P}.port: Invalid value: 70000: {RANGE}"],
    port('{port: "80"}'): [
        f'{P}.port: Invalid value: "80": must contain at least one letter (a-z)'
    ],
    port("{port: averylongportname}"): [
        f'{P}.port: Invalid value: "averylongportname": must be no more than 15 characters'
    ],
    port("{port: 80.5}"): [
        "json: cannot unmarshal number 80.5 into Go struct field "
        "NetworkPolicyPort.spec.ingress.ports.port of type int32"
    ],
    port("{protocol: ICMP}"): [
        f'{P}.protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"'
    ],
    port("{protocol: tcp}"): [
        f'{P}.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"'
    ],
    peer("{ipBlock: {cidr: 10.0.0.0/33}}"): [
        f'{F}.ipBlock.cidr: Invalid value: "10.0.0.0/33": {CIDR}'
    ],
    peer("{ipBlock: {cidr: 10.0.0.1}}"): [f'{F}.ipBlock.cidr: Invalid value: "10.0.0.1": {CIDR}'],
    peer('{ipBlock: {cidr: ""}}'): [f"{F}.ipBlock.cidr: Required value"],
    peer("{ipBlock: {cidr: 10.0.0.0/8, except: [192.168.0.0/16]}}"): [
        f'{F}.ipBlock.except[0]: Invalid value: "192.168.0.0/16": {SUBSET}'
    ],
    peer("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}"): [
        f'{F}.ipBlock.except[0]: Invalid value: "10.0.0.0/8": {SUBSET}'
    ],
    peer("{ipBlock: {cidr: 10.0.0.0/8, except: ['2001:db8::/64']}}"): [
        f'{F}.ipBlock.except[0]: Invalid value: "2001:db8::/64": {SUBSET}'
    ],
    peer("{ipBlock: {cidr: 10.0.0.0/8, except: [nonsense]}}"): [
        f'{F}.ipBlock.except[0]: Invalid value: "nonsense": {CIDR}'
    ],
    peer("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}"): [TWO],
    peer("{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}"): [TWO],
    peer("{}"): [f"{F}: Required value: must specify a peer"],
    peer("null"): [f"{F}: Required value: must specify a peer"],
    labels('{app: "bad value!"}'): [
        f'{F}.podSelector.matchLabels: Invalid value: "bad value!": {VALUE}'
    ],
    labels("{-app-: web}"): [f'{F}.podSelector.matchLabels: Invalid value: "-app-": {KEY}'],
    labels("{app: 1}"): [
        "json: cannot unmarshal number into Go struct field "
        "LabelSelector.spec.ingress.from.podSelector.matchLabels of type string"
    ],
    expression("operator: In"): [
        f"{F}.podSelector.matchExpressions[0].values: Required value: {SETS}"
    ],
    expression("operator: NotIn, values: []"): [
        f"{F}.podSelector.matchExpressions[0].values: Required value: {SETS}"
    ],
    expression("operator: Exists, values: [b]"): [
        f"{F}.podSelector.matchExpressions[0].values: Forbidden: {KEYS}"
    ],
    expression("operator: Gt, values: ['1']"): [
        f'{F}.podSelector.matchExpressions[0].operator: Invalid value: "Gt": '
        "not a valid selector operator"
    ],
    "policyTypes: [Outbound]": [
        'spec.policyTypes[0]: Unsupported value: "Outbound": supported values: "Ingress", "Egress"'
    ],
    "policyTypes: [ingress]": [
        'spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"'
    ],
    "policyTypes: [Ingress, Egress, Ingress]": [
        'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: '
        "may not specify more than two policyTypes"
    ],
    "policyTypes: Ingress": [
        "json: cannot unmarshal string into Go struct field "
        "NetworkPolicySpec.spec.policyTypes of type []v1.PolicyType"
    ],
    "ingress: {}": [
        "json: cannot unmarshal object into Go struct field "
        "NetworkPolicySpec.spec.ingress of type []v1.NetworkPolicyIngressRule"
    ],
}

UNKNOWN = {
    "egresss: []": ("spec.egresss", "did you mean `egress`?"),
    "ingress: [{form: []}]": ("spec.ingress[0].form", "did you mean `from`?"),
    "egress: [{from: []}]": (
        "spec.egress[0].from",
        "an egress rule has `to`; `from` belongs in an ingress rule",
    ),
}

NOT_CANONICAL = {
    "10.0.0.1/8": (
        f'{F}.ipBlock.cidr: CIDR value "10.0.0.1/8" is ambiguous in this context '
        '(should be "10.0.0.0/8" or "10.0.0.1/32"?)'
    ),
    "010.000.000.000/8": (
        f'{F}.ipBlock.cidr: non-standard CIDR value "010.000.000.000/8" (leading zeros): '
        'use "10.0.0.0/8"'
    ),
    "::ffff:10.0.0.0/104": (
        f'{F}.ipBlock.cidr: non-standard CIDR value "::ffff:10.0.0.0/104" '
        '(an IPv4-mapped IPv6 address): use "10.0.0.0/8"'
    ),
}


@pytest.mark.parametrize("spec", INVALID)
def test_refused(spec: str) -> None:
    read = policy(spec)
    assert [d.message for d in read.defects] == INVALID[spec]
    assert {d.rule for d in read.defects} == {"invalid"}
    assert not read.accepted


@pytest.mark.parametrize("spec", UNKNOWN)
def test_unknown_field(spec: str) -> None:
    (defect,) = policy(spec).defects
    field, hint = UNKNOWN[spec]
    assert defect.rule == "unknown-field"
    assert defect.message == f'unknown field "{field}"'
    assert path_text(defect.path) == field
    assert defect.hint == hint


@pytest.mark.parametrize("cidr", NOT_CANONICAL)
def test_cidr_that_is_refused_from_1_36_on(cidr: str) -> None:
    read = policy(peer(f"{{ipBlock: {{cidr: '{cidr}'}}}}"))
    (defect,) = read.defects
    assert defect.rule == "cidr-not-canonical"
    assert defect.message == NOT_CANONICAL[cidr]
    assert read.accepted, "stored objects keep working"


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        (port('{port: "80"}'), "write the number without quotes: 80"),
        (
            port('{port: "8080-8090"}'),
            "write the range as `port: 8080` and `endPort: 8090`",
        ),
        (port("{protocol: tcp}"), "write `TCP`"),
        (labels("{version: 1}"), 'quote it: "1"'),
        (labels("{on: true}"), 'quote it: "true"'),
        ("policyTypes: Ingress", "write a list: each item begins with `- `"),
        (peer("{podSelector: []}"), "write `{}`"),
        (peer("{ipBlock: {cidr: 10.0.0.1}}"), "write `10.0.0.1/32` for the one address"),
        (peer("{ipBlock: {cidr: '2001:db8::1'}}"), "write `2001:db8::1/128` for the one address"),
        (peer("{ipBlock: {cidr: 010.0.0.0/8}}"), "write `10.0.0.0/8`"),
    ],
)
def test_remedy(spec: str, hint: str) -> None:
    assert [d.hint for d in policy(spec).defects] == [hint]
