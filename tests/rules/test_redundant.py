"""Rule redundant."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import redundant
from tests.rules.support import found, netpol, problems

WEB = "podSelector: {matchLabels: {app: web}}"
ALL = "podSelector: {}"
IN = "policyTypes: [Ingress]"
OUT = "policyTypes: [Egress]"
SAME = netpol(f"{ALL}, {IN}, ingress: [{{from: [{{podSelector: {{}}}}]}}]", "same")
GATEWAY = "ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}], ports: [{port: 80}]}]"
DNS = (
    "to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], "
    "ports: [{port: 53, protocol: UDP}]"
)
DB = "to: [{podSelector: {matchLabels: {app: db}}}]"


VOID = "{matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}"


def rules(*peers: str) -> str:
    """An ingress policy of the web pods, one rule for each item in flow style."""
    return netpol(f"{WEB}, {IN}, ingress: [{', '.join('{' + peer + '}' for peer in peers)}]")


@pytest.mark.parametrize(
    "documents",
    [
        # only denies: isolation is its purpose
        [netpol(f"{ALL}, {IN}", "deny"), netpol(f"{WEB}, {IN}"), SAME],
        # what each allows is its own
        [netpol(f"{WEB}, {IN}, {GATEWAY}"), netpol(f"{ALL}, {IN}", "deny")],
        # the other one selects fewer pods
        [netpol(f"{ALL}, {IN}, {GATEWAY}"), netpol(f"{WEB}, {IN}, ingress: [{{}}]", "web-open")],
        # another namespace, another unit
        [netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME.replace("namespace: shop", "namespace: dev")],
        # its rules are dead: it allows nothing
        [netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME.replace("[Ingress]", "[Egress]")],
        # the wider one is no policy that the API accepts
        [netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME.replace("[Ingress]", "[Ingress, Sideways]")],
        # allows all egress on purpose
        [
            netpol(f"{WEB}, {OUT}, egress: [{{}}]"),
            netpol(f"{ALL}, {OUT}, egress: [{{}}]", "open"),
        ],
        # many policies bring DNS along
        [
            netpol(f"{WEB}, {OUT}, egress: [{{{DNS}}}, {{{DB}}}]"),
            netpol(f"{ALL}, {OUT}, egress: [{{{DNS}}}]", "dns"),
        ],
        [
            netpol(f"{WEB}, policyTypes: [Ingress, Egress], {GATEWAY}, egress: [{{{DNS}}}]"),
            netpol(f"{ALL}, {OUT}, egress: [{{{DNS}}}]", "dns"),
        ],
        # a named port may be another number; an address range is not the pods in it
        [rules("ports: [{port: http}]", "ports: [{port: 1, endPort: 65534}]")],
        [rules("from: [{podSelector: {}}]", "from: [{ipBlock: {cidr: 0.0.0.0/0}}]")],
        [rules("from: [{podSelector: {}}]", "from: [{namespaceSelector: {matchLabels: {a: b}}}]")],
        [
            rules(
                "ports: [{port: 80}]", "ports: [{port: 443}]", "ports: [{port: 80, protocol: UDP}]"
            )
        ],
        [rules("from: [{podSelector: {}}]", "ports: [{port: 80}]")],
        # placeholders may be anything
        [
            netpol(f"podSelector: {{matchLabels: {{app: '${{APP}}'}}}}, {IN}, {GATEWAY}"),
            SAME,
        ],
        # allows nobody: other rules say so
        [rules(f"from: [{{podSelector: {VOID}}}]", "")],
        # one name, two contents: which of them exists is not known
        [netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME, netpol(f"{ALL}, {OUT}", "same")],
    ],
)
def test_silent(documents: list[str]) -> None:
    assert found(redundant, *documents) == []


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME], ["web spec"]),
        ([SAME, netpol(f"{WEB}, {IN}, {GATEWAY}")], ["web spec"]),
        # equal ones: the later
        ([SAME, SAME.replace("name: same", "name: later")], ["later spec"]),
        # of the same name in one file: duplicate-policy, or nothing
        ([SAME, SAME], []),
        # its denial of egress is its own, its ingress rules are not
        (
            [netpol(f"{WEB}, policyTypes: [Ingress, Egress], {GATEWAY}"), SAME],
            ["web spec.ingress"],
        ),
        # a whole policy for DNS beside a wider one
        (
            [
                netpol(f"{WEB}, {OUT}, egress: [{{{DNS}}}]"),
                netpol(f"{ALL}, {OUT}, egress: [{{{DNS}}}]", "dns"),
            ],
            ["web spec"],
        ),
        # beside what allows everything, a restriction does not restrict
        (
            [
                netpol(f"{WEB}, {OUT}, egress: [{{{DB}}}]"),
                netpol(f"{ALL}, {OUT}, egress: [{{}}]", "open"),
            ],
            ["web spec"],
        ),
        # one rule of several
        (
            [netpol(f"{WEB}, {IN}, ingress: [{GATEWAY[10:-1]}, {{ports: [{{port: 81}}]}}]"), SAME],
            ["web spec.ingress[0]"],
        ),
        # within one policy; of two equal rules the later
        (
            [rules("from: [{podSelector: {matchLabels: {a: b}}}]", "from: [{podSelector: {}}]")],
            ["web spec.ingress[0]"],
        ),
        ([rules("ports: [{port: 80}]", "ports: [{port: 80}]")], ["web spec.ingress[1]"]),
        (
            [rules("ports: [{port: 80}]", "ports: [{port: 1, endPort: 90}]")],
            ["web spec.ingress[0]"],
        ),
        ([rules("ports: [{port: 80}]", "")], ["web spec.ingress[0]"]),
        ([rules("ports: [{port: http}]", "ports: [{protocol: TCP}]")], ["web spec.ingress[0]"]),
        (
            [
                rules(
                    "from: [{ipBlock: {cidr: 10.0.0.0/8}}]",
                    "from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]",
                )
            ],
            ["web spec.ingress[0]"],
        ),
        # the own namespace is one of all; by its name it is the own one
        (
            [rules("from: [{podSelector: {}}]", "from: [{namespaceSelector: {}}]")],
            ["web spec.ingress[0]"],
        ),
        (
            [
                rules(
                    "from: [{podSelector: {}}]",
                    "from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]",
                )
            ],
            ["web spec.ingress[1]"],
        ),
    ],
)
def test_reported(documents: list[str], expected: list[str]) -> None:
    assert found(redundant, *documents) == expected


def test_the_wider_policy_is_named() -> None:
    (problem,) = problems(redundant, netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME)
    assert problem.message == (
        "the policy changes nothing: shop/same allows all of it to the same pods"
    )
    assert problem.evidence == ("contained in shop/same (input.yaml:7)",)


def test_of_several_wider_ones_the_first_is_named() -> None:
    second = netpol(f"{ALL}, {IN}, ingress: [{{ports: [{{port: 80}}]}}]", "second")
    problem = problems(redundant, netpol(f"{WEB}, {IN}, {GATEWAY}"), SAME, second)[0]
    assert "shop/same allows all of it" in problem.message


def test_the_wider_rule_says_what_it_allows() -> None:
    (problem,) = problems(redundant, rules("ports: [{port: 80}]", "from: [], ports: [{}]"))
    assert problem.message == "the rule changes nothing: spec.ingress[1] allows all of it"
    assert problem.evidence == ("spec.ingress[1] allows any peer on every TCP port",)


def test_a_chain_leaves_the_widest() -> None:
    names = ["a", "b", "c"]
    documents = [
        netpol(f"{ALL}, {IN}, ingress: [{{ports: [{{port: 1, endPort: {end}}}]}}]", name)
        for name, end in zip(names, (10, 30, 20), strict=True)
    ]
    assert found(redundant, *documents) == ["a spec", "c spec"]
