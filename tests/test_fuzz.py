"""Whatever stands under `kind: NetworkPolicy`, the command ends with an answer: never exit 5."""

from __future__ import annotations

import json

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.broken_input import GOOD
from tests.command import Result, run

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


def mapping(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Mappings that have some of these fields, now and then with arbitrary content."""
    return st.fixed_dictionaries(
        {}, optional={name: content | structures for name, content in fields.items()}
    )


# Nearly right policies: they reach further than arbitrary ones.
labels = st.dictionaries(st.sampled_from(["app", "tier", "a/b"]), scalars, max_size=2)
expressions = mapping(
    key=st.just("app"),
    operator=st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "Gt"]),
    values=st.lists(st.sampled_from(["web", "db"]) | scalars, max_size=3),
)
selectors = mapping(matchLabels=labels, matchExpressions=st.lists(expressions, max_size=2))
blocks = mapping(cidr=st.sampled_from(WORDS), **{"except": st.lists(scalars, max_size=2)})
peers = mapping(podSelector=selectors, namespaceSelector=selectors, ipBlock=blocks)
ports = mapping(protocol=st.sampled_from(WORDS), port=scalars, endPort=scalars)
rules = mapping(
    ports=st.lists(ports, max_size=2),
    to=st.lists(peers, max_size=2),
    **{"from": st.lists(peers, max_size=2)},
)
specs = mapping(
    podSelector=selectors,
    policyTypes=st.lists(st.sampled_from(["Ingress", "Egress", "egress"]), max_size=3),
    ingress=st.lists(rules, max_size=3),
    egress=st.lists(rules, max_size=3),
)


def lint(content: bytes, *arguments: str) -> Result:
    """Lint standard input and check what holds for every run."""
    result = run("lint", *arguments, "-", stdin=content)
    assert result.code in (0, 1, 3), result.stderr
    assert "Traceback" not in result.stderr
    return result


@given(specs | structures, structures)
def test_any_structure_under_a_policy(spec: object, metadata: object) -> None:
    document = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": spec,
    }
    result = lint(yaml.safe_dump(document).encode(), "-o", "json")
    json.loads(result.stdout)


@given(st.lists(specs, min_size=1, max_size=5))
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
