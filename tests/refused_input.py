"""Policies that parse and that an API server refuses, and what must be said of them.

The texts are those of real servers, where 1.33, 1.34 and 1.37 agree; those of the wrong types at
the end follow Go's encoding/json, as far as the beginning of the sentence.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\n"
)


class Refused(NamedTuple):
    """A policy that parses and that an API server refuses, or stores as something else.

    rule and path: of the finding that must speak of it; text: what its message must contain.
    """

    name: str
    spec: str
    rule: str
    path: str
    text: str


def port(field: str) -> str:
    """A spec with one port."""
    return f"{{ingress: [{{ports: [{{{field}}}]}}]}}"


def peer(field: str) -> str:
    """A spec with one peer."""
    return f"{{ingress: [{{from: [{field}]}}]}}"


def block(cidr: str, *excepts: str) -> str:
    """A spec with one ipBlock."""
    rest = f", except: [{', '.join(excepts)}]" if excepts else ""
    return peer(f"{{ipBlock: {{cidr: {cidr}{rest}}}}}")


def labels(field: str) -> str:
    """A spec with one peer of a podSelector."""
    return peer(f"{{podSelector: {{{field}}}}}")


def expression(field: str) -> str:
    """A spec with one peer of a podSelector of one expression."""
    return labels(f"matchExpressions: [{{key: a, {field}}}]")


P = "spec.ingress[0].ports[0]"
F = "spec.ingress[0].from[0]"
RANGE = "must be between 1 and 65535, inclusive"
CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
SUBSET = "must be a strict subset of `cidr`"
VALUES = "must be specified when `operator` is 'In' or 'NotIn'"
NO_VALUES = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
ORDER = "must be greater than or equal to `port`"
BOTH = "may not specify both ipBlock and another peer"
TYPES = 'supported values: "Ingress", "Egress"'
PROTOCOLS = 'supported values: "TCP", "UDP", "SCTP"'
GO = "json: cannot unmarshal"

REFUSED = (
    Refused(
        "endport-without-port",
        port("endPort: 90"),
        "invalid",
        f"{P}.endPort",
        "Invalid value: 90: may not be specified when `port` is not specified",
    ),
    Refused("endport-below-port", port("port: 90, endPort: 80"), "invalid", f"{P}.endPort", ORDER),
    Refused(
        "endport-of-name",
        port("port: http, endPort: 90"),
        "invalid",
        f"{P}.endPort",
        "Invalid value: 90: may not be specified when `port` is non-numeric",
    ),
    Refused("endport-zero", port("port: 80, endPort: 0"), "invalid", f"{P}.endPort", RANGE),
    Refused("port-zero", port("port: 0"), "invalid", f"{P}.port", f"Invalid value: 0: {RANGE}"),
    Refused(
        "port-too-big",
        port("port: 70000"),
        "invalid",
        f"{P}.port",
        f"Invalid value: 70000: {RANGE}",
    ),
    Refused(
        "port-quoted",
        port('port: "80"'),
        "invalid",
        f"{P}.port",
        'Invalid value: "80": must contain at least one letter (a-z)',
    ),
    Refused(
        "port-name-long",
        port("port: averylongportname"),
        "invalid",
        f"{P}.port",
        'Invalid value: "averylongportname": must be no more than 15 characters',
    ),
    Refused(
        "port-fraction",
        port("port: 80.5"),
        "invalid",
        f"{P}.port",
        f"{GO} number 80.5 into Go struct field NetworkPolicyPort.spec.ingress.ports.port of type int32",
    ),
    Refused(
        "protocol-icmp",
        port("protocol: ICMP"),
        "invalid",
        f"{P}.protocol",
        f'Unsupported value: "ICMP": {PROTOCOLS}',
    ),
    Refused(
        "protocol-lower-case",
        port("protocol: tcp"),
        "invalid",
        f"{P}.protocol",
        f'Unsupported value: "tcp": {PROTOCOLS}',
    ),
    Refused(
        "cidr-mask-33",
        block("10.0.0.0/33"),
        "invalid",
        f"{F}.ipBlock.cidr",
        f'Invalid value: "10.0.0.0/33": {CIDR}',
    ),
    Refused(
        "cidr-without-mask",
        block("10.0.0.1"),
        "invalid",
        f"{F}.ipBlock.cidr",
        f'Invalid value: "10.0.0.1": {CIDR}',
    ),
    Refused("cidr-empty", block('""'), "invalid", f"{F}.ipBlock.cidr", "Required value"),
    Refused(
        "cidr-host-bits",
        block("10.0.0.1/8"),
        "cidr-not-canonical",
        f"{F}.ipBlock.cidr",
        "10.0.0.1/8",
    ),
    Refused(
        "cidr-leading-zeros",
        block("010.000.000.000/8"),
        "cidr-not-canonical",
        f"{F}.ipBlock.cidr",
        "10.0.0.0/8",
    ),
    Refused(
        "cidr-mapped",
        block('"::ffff:10.0.0.0/104"'),
        "cidr-not-canonical",
        f"{F}.ipBlock.cidr",
        "::ffff:10.0.0.0/104",
    ),
    Refused(
        "except-outside",
        block("10.0.0.0/8", "192.168.0.0/16"),
        "invalid",
        f"{F}.ipBlock.except[0]",
        f'Invalid value: "192.168.0.0/16": {SUBSET}',
    ),
    Refused(
        "except-equal",
        block("10.0.0.0/8", "10.0.0.0/8"),
        "invalid",
        f"{F}.ipBlock.except[0]",
        f'Invalid value: "10.0.0.0/8": {SUBSET}',
    ),
    Refused(
        "except-other-family",
        block("10.0.0.0/8", '"fd00::/8"'),
        "invalid",
        f"{F}.ipBlock.except[0]",
        f'Invalid value: "fd00::/8": {SUBSET}',
    ),
    Refused(
        "except-nonsense",
        block("10.0.0.0/8", "nonsense"),
        "invalid",
        f"{F}.ipBlock.except[0]",
        f'Invalid value: "nonsense": {CIDR}',
    ),
    Refused(
        "ipblock-and-pods",
        peer("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}"),
        "invalid",
        F,
        BOTH,
    ),
    Refused(
        "ipblock-and-namespaces",
        peer("{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}"),
        "invalid",
        F,
        BOTH,
    ),
    Refused("peer-empty", peer("{}"), "invalid", F, "Required value: must specify a peer"),
    Refused("peer-null", peer("null"), "invalid", F, "Required value: must specify a peer"),
    Refused("rule-null", "{ingress: [null]}", "open-by-accident", "spec.ingress[0]", ""),
    Refused(
        "label-value",
        labels('matchLabels: {app: "bad value!"}'),
        "invalid",
        f"{F}.podSelector.matchLabels",
        "a valid label must be an empty string or consist of alphanumeric characters",
    ),
    Refused(
        "label-key",
        labels("matchLabels: {-app-: x}"),
        "invalid",
        f"{F}.podSelector.matchLabels",
        "name part must consist of alphanumeric characters",
    ),
    Refused(
        "label-number",
        labels("matchLabels: {app: 1}"),
        "invalid",
        f"{F}.podSelector.matchLabels",
        f"{GO} number into Go struct field LabelSelector.spec.ingress.from.podSelector.matchLabels of type string",
    ),
    Refused(
        "in-without-values",
        expression("operator: In"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].values",
        f"Required value: {VALUES}",
    ),
    Refused(
        "in-of-nothing",
        expression("operator: In, values: []"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].values",
        f"Required value: {VALUES}",
    ),
    Refused(
        "notin-of-nothing",
        expression("operator: NotIn, values: []"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].values",
        f"Required value: {VALUES}",
    ),
    Refused(
        "exists-with-values",
        expression("operator: Exists, values: [x]"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].values",
        f"Forbidden: {NO_VALUES}",
    ),
    Refused(
        "operator-gt",
        expression("operator: Gt, values: ['1']"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].operator",
        'Invalid value: "Gt": not a valid selector operator',
    ),
    Refused(
        "types-outbound",
        "{policyTypes: [Outbound]}",
        "invalid",
        "spec.policyTypes[0]",
        f'Unsupported value: "Outbound": {TYPES}',
    ),
    Refused(
        "types-lower-case",
        "{policyTypes: [ingress]}",
        "invalid",
        "spec.policyTypes[0]",
        f'Unsupported value: "ingress": {TYPES}',
    ),
    Refused(
        "types-three",
        "{policyTypes: [Ingress, Egress, Ingress]}",
        "invalid",
        "spec.policyTypes",
        "may not specify more than two policyTypes",
    ),
    Refused(
        "types-string",
        "{policyTypes: Ingress}",
        "invalid",
        "spec.policyTypes",
        f"{GO} string into Go struct field NetworkPolicySpec.spec.policyTypes of type []v1.PolicyType",
    ),
    Refused(
        "ingress-map",
        "{ingress: {}}",
        "invalid",
        "spec.ingress",
        f"{GO} object into Go struct field NetworkPolicySpec.spec.ingress of type []v1.NetworkPolicyIngressRule",
    ),
    Refused(
        "field-in-spec",
        "{egresss: []}",
        "unknown-field",
        "spec.egresss",
        'unknown field "spec.egresss"',
    ),
    Refused(
        "field-in-rule",
        "{ingress: [{form: []}]}",
        "unknown-field",
        "spec.ingress[0].form",
        'unknown field "spec.ingress[0].form"',
    ),
    Refused(
        "from-in-egress",
        "{egress: [{from: []}]}",
        "unknown-field",
        "spec.egress[0].from",
        'unknown field "spec.egress[0].from"',
    ),
    # Wrong types at every level.
    Refused("spec-list", "[]", "invalid", "spec", f"{GO} array"),
    Refused("spec-string", "x", "invalid", "spec", f"{GO} string"),
    Refused("spec-number", "7", "invalid", "spec", f"{GO} number"),
    Refused("egress-map", "{egress: {}}", "invalid", "spec.egress", f"{GO} object"),
    Refused("egress-string", "{egress: deny}", "invalid", "spec.egress", f"{GO} string"),
    Refused("egress-true", "{egress: true}", "invalid", "spec.egress", f"{GO} bool"),
    Refused("rule-string", "{egress: [all]}", "invalid", "spec.egress[0]", f"{GO} string"),
    Refused("rule-list", "{egress: [[]]}", "invalid", "spec.egress[0]", f"{GO} array"),
    Refused(
        "ports-number",
        "{ingress: [{ports: 80}]}",
        "invalid",
        "spec.ingress[0].ports",
        f"{GO} number",
    ),
    Refused("ports-of-numbers", "{ingress: [{ports: [80]}]}", "invalid", P, f"{GO} number"),
    Refused("port-list", port("port: [80]"), "invalid", f"{P}.port", ""),
    Refused("port-true", port("port: true"), "invalid", f"{P}.port", ""),
    Refused("protocol-number", port("protocol: 6"), "invalid", f"{P}.protocol", f"{GO} number"),
    Refused(
        "endport-string", port('port: 80, endPort: "90"'), "invalid", f"{P}.endPort", f"{GO} string"
    ),
    Refused(
        "from-map",
        "{ingress: [{from: {podSelector: {}}}]}",
        "invalid",
        "spec.ingress[0].from",
        f"{GO} object",
    ),
    Refused("peer-string", peer("web"), "invalid", F, f"{GO} string"),
    Refused("selector-list", "{podSelector: []}", "invalid", "spec.podSelector", f"{GO} array"),
    Refused(
        "labels-list",
        "{podSelector: {matchLabels: [a]}}",
        "invalid",
        "spec.podSelector.matchLabels",
        f"{GO} array",
    ),
    Refused(
        "labels-string",
        "{podSelector: {matchLabels: app=web}}",
        "invalid",
        "spec.podSelector.matchLabels",
        f"{GO} string",
    ),
    Refused(
        "label-true",
        labels("matchLabels: {app: yes}"),
        "invalid",
        f"{F}.podSelector.matchLabels",
        f"{GO} bool",
    ),
    Refused(
        "label-map",
        labels("matchLabels: {app: {in: [x]}}"),
        "invalid",
        f"{F}.podSelector.matchLabels",
        f"{GO} object",
    ),
    Refused(
        "expressions-map",
        labels("matchExpressions: {key: a}"),
        "invalid",
        f"{F}.podSelector.matchExpressions",
        f"{GO} object",
    ),
    Refused(
        "values-string",
        expression("operator: In, values: x"),
        "invalid",
        f"{F}.podSelector.matchExpressions[0].values",
        f"{GO} string",
    ),
    Refused(
        "ipblock-string", peer("{ipBlock: 10.0.0.0/8}"), "invalid", f"{F}.ipBlock", f"{GO} string"
    ),
    Refused(
        "except-string",
        peer("{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}"),
        "invalid",
        f"{F}.ipBlock.except",
        f"{GO} string",
    ),
)


def policy(spec: str) -> bytes:
    """A whole document around a spec in flow style; podSelector is added where there is none."""
    if spec.startswith("{") and "{podSelector" not in spec.split("ingress")[0]:
        spec = "{podSelector: {}, " + spec[1:]
    return (HEAD + "spec: " + spec + "\n").encode()
