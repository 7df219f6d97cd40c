"""Whatever stands under `kind: NetworkPolicy`, the command ends with an answer: never exit 5."""

from __future__ import annotations

import json

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.command import Result, run
from tests.unreadable_input import GOOD

KEYS = [
    "apiVersion",
    "cidr",
    "egress",
    "endPort",
    "except",
    "from",
    "ingress",
    "ipBlock",
    "items",
    "key",
    "kind",
    "labels",
    "matchExpressions",
    "matchLabels",
    "metadata",
    "name",
    "namespace",
    "namespaceSelector",
    "operator",
    "podSelector",
    "policyTypes",
    "port",
    "ports",
    "protocol",
    "spec",
    "to",
    "values",
]
WORDS = ["", "Ingress", "Egress", "In", "Exists", "NotIn", "TCP", "UDP", "http", "10.0.0.0/8"]
WORDS += ["::/0", "10.0.0.1/8", "${NAME}", "{{ .Values.x }}", "kube-system", "a/b", "NetworkPolicy"]

CIDRS = ["10.0.0.0/8", "0.0.0.0/0", "::/0", "10.0.0.1/8", "169.254.169.254/32", "x"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-1, 70_000)
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
keys = st.sampled_from(KEYS) | st.integers(0, 3) | st.booleans() | st.text(max_size=4)
structures = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


def mapping(loose: bool, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mappings that have some of these fields; where loose, some with arbitrary content."""
    return st.fixed_dictionaries(
        {},
        optional={name: what | structures if loose else what for name, what in fields.items()},
    )


def specs(loose: bool) -> st.SearchStrategy[object]:
    """Nearly right specs, which reach further than arbitrary ones; all right if not loose."""
    odd = scalars if loose else st.nothing()
    words = st.sampled_from(["app", "tier"])
    labels = st.dictionaries(words, st.sampled_from(["web", "db"]) | odd, max_size=2)
    listed = mapping(
        loose,
        key=words,
        operator=st.sampled_from(["In", "NotIn"]),
        values=st.lists(st.sampled_from(["web", "db"]) | odd, min_size=1, max_size=3),
    )
    present = mapping(loose, key=words, operator=st.sampled_from(["Exists", "DoesNotExist"]))
    expressions = st.lists(listed | present, max_size=2)
    selectors = mapping(loose, matchLabels=labels, matchExpressions=expressions)
    blocks = mapping(
        loose,
        cidr=st.sampled_from(CIDRS),
        **{"except": st.lists(st.just("10.1.0.0/16") | odd, max_size=2)},
    )
    pods = mapping(loose, podSelector=selectors, namespaceSelector=selectors)
    peers = pods | mapping(loose, ipBlock=blocks)
    ports = mapping(
        loose,
        protocol=st.sampled_from(["TCP", "UDP", "SCTP"]) | odd,
        port=st.integers(1, 65_535) | st.just("http") | odd,
        endPort=st.integers(1, 65_535) | odd,
    )
    several = {"ports": st.lists(ports, max_size=2)}
    ingress = mapping(loose, **several, **{"from": st.lists(peers, max_size=2)})
    egress = mapping(loose, **several, to=st.lists(peers, max_size=2))
    types = st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"], []])
    return mapping(
        loose,
        podSelector=selectors,
        policyTypes=types,
        ingress=st.lists(ingress, max_size=3),
        egress=st.lists(egress, max_size=3),
    )


def lint(content: bytes, *arguments: str) -> Result:
    """Lint standard input and check what holds for every run."""
    result = run("lint", *arguments, "-", stdin=content)
    assert result.code in (0, 1, 3), result.stderr
    assert "Traceback" not in result.stderr
    return result


@given(specs(loose=True) | structures, structures)
def test_any_structure_under_a_policy(spec: object, metadata: object) -> None:
    document = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": spec,
    }
    result = lint(yaml.safe_dump(document).encode(), "-o", "json")
    json.loads(result.stdout)


@given(st.lists(specs(loose=False), min_size=1, max_size=6))
def test_policies_of_one_namespace(several: list[object]) -> None:
    documents = [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"np-{number}", "namespace": "shop"},
            "spec": spec,
        }
        for number, spec in enumerate(several)
    ]
    result = lint(yaml.safe_dump_all(documents).encode(), "-o", "json")
    report = json.loads(result.stdout)
    if result.code != 3:
        assert len(report["policies"]) == len(several)
    lint(yaml.safe_dump_all(documents).encode(), "-o", "wide")


@given(structures)
def test_any_document_that_names_a_policy(document: object) -> None:
    lint(b"# NetworkPolicy\n" + yaml.safe_dump(document).encode())


@given(st.binary(max_size=200))
def test_any_bytes_that_name_a_policy(content: bytes) -> None:
    lint(b"kind: NetworkPolicy\n" + content)


@given(
    st.integers(0, len(GOOD)),
    st.text(alphabet="{}[]:,-#&*!|>'\"%@`?\t\n \x00~<é\u2028\ufeff", max_size=6),
)
def test_any_slip_of_the_keyboard(place: int, typed: str) -> None:
    lint((GOOD[:place] + typed + GOOD[place:]).encode())
