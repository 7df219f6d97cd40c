"""Workloads of the context that are not parsed: they leave every answer as it is."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.load import Request, load
from kubectl_npcheck.load.asked import Asked
from kubectl_npcheck.policy.isolation import NAMESPACE_NAME
from tests.command import run, working_directory

Plain = dict[str, object]

PORTS = [80, 8080, "http"]
DIRECTORIES = ["a", "a/b", "c"]


def rarely(odd: list[str], plain: list[str]) -> st.SearchStrategy[str]:
    """Mostly one of the plain ones: a single odd one has everything parsed."""
    return st.integers(0, 30).flatmap(lambda n: st.sampled_from(plain if n else odd))


namespaces = rarely(["2048"], ["", "shop", "ops", "edge", "kube-system"])
values = rarely(["1", "true", "", "${APP}"], ["web", "api", "db-0"])
keys = rarely(["tier", "job-name"], ["app"])
labels = st.dictionaries(keys, values, max_size=2)
expressions = st.builds(
    lambda key, operator, values: {
        "key": key,
        "operator": operator,
        **({"values": values} if operator.endswith("In") else {}),
    },
    keys,
    st.sampled_from(["In", "In", "In", "NotIn", "Exists", "DoesNotExist"]),
    st.lists(values, min_size=1, max_size=2),
)
named = st.dictionaries(keys, values, min_size=1, max_size=2).map(
    lambda found: {"matchLabels": found}
)
selectors = st.one_of(
    st.just({}),
    *[named] * 3,
    labels.map(lambda found: {"matchLabels": found}),
    st.lists(expressions, min_size=1, max_size=2).map(lambda found: {"matchExpressions": found}),
)
places: st.SearchStrategy[Plain] = st.one_of(
    st.sampled_from(["shop", "ops", "edge", "kube-system"]).map(
        lambda name: {"matchLabels": {NAMESPACE_NAME: name}}
    ),
    st.just({"matchLabels": {"team": "a"}}),
    st.just({}),
)
peers = st.one_of(
    named.map(lambda found: {"podSelector": found}),
    selectors.map(lambda found: {"podSelector": found}),
    places.map(lambda found: {"namespaceSelector": found}),
    st.builds(lambda a, b: {"podSelector": a, "namespaceSelector": b}, selectors, places),
)
ports = st.integers(0, 4).flatmap(
    lambda n: st.just([]) if n else st.sampled_from(PORTS).map(lambda port: [{"port": port}])
)


@st.composite
def policies(draw: st.DrawFn) -> Plain:
    spec: Plain = {"podSelector": draw(selectors), "policyTypes": ["Ingress"]}
    spec["ingress"] = [{"from": [draw(peers)], "ports": draw(ports)}]
    if draw(st.booleans()):
        spec["policyTypes"] = ["Ingress", "Egress"]
        spec["egress"] = [{"to": [draw(peers)], "ports": draw(ports)}]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(draw(st.sampled_from(["p", "q"])), draw(namespaces)),
        "spec": spec,
    }


@st.composite
def workloads(draw: st.DrawFn) -> Plain:
    pod: Plain = {
        "metadata": {"labels": draw(labels)},
        "spec": {
            "hostNetwork": draw(st.booleans()),
            "containers": [{"ports": [{"containerPort": draw(st.sampled_from([80, 53]))}]}],
        },
    }
    kind, version = draw(st.sampled_from([("Deployment", "apps/v1"), ("Job", "batch/v1")]))
    name = draw(rarely(["node-local-dns", "web"], ["one", "two", "three"]))
    meta = metadata(name, draw(namespaces))
    return {"apiVersion": version, "kind": kind, "metadata": meta, "spec": {"template": pod}}


def metadata(name: str, namespace: str) -> Plain:
    return {"name": name} if not namespace else {"name": name, "namespace": namespace}


def block(obj: Plain) -> str:
    """YAML whose kind stands at column 0."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in obj.items())


ESCAPED = {"plain": "web", "escaped": "w\\u0065b", "broken": 'web" "', "number": "1"}
styles = st.sampled_from([*["plain"] * 6, *ESCAPED])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Workloads, one of them written in another way, and now and then a policy."""
    documents = [block(found) for found in draw(st.lists(workloads(), max_size=2))]
    style = draw(styles)
    documents = [text.replace("web", ESCAPED[style]) for text in documents]
    if style == "number":
        documents = [text.replace('"1"', "0x1").replace('"true"', "yes") for text in documents]
    if draw(st.integers(0, 2)) == 0:
        documents.append(block(draw(policies())))
    return "---\n".join(documents)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """A file that is checked, and files around it."""
    checked = [
        *draw(st.lists(workloads(), max_size=2)),
        *draw(st.lists(policies(), min_size=1, max_size=2)),
    ]
    found = {"a/named.yaml": "---\n".join(map(block, checked))}
    for number, text in enumerate(draw(st.lists(files(), min_size=1, max_size=4))):
        found[f"{draw(st.sampled_from(DIRECTORIES))}/{number}.yaml"] = text
    if draw(st.integers(0, 3)) == 0:
        directory = draw(st.sampled_from(["a", "c"]))
        inside = [name for name in found if name.startswith(f"{directory}/")]
        found[f"{directory}/kustomization.yaml"] = block(
            {
                "resources": [name.removeprefix(f"{directory}/") for name in inside],
                **draw(
                    st.sampled_from([{}, {"namespace": "ops"}, {"commonLabels": {"app": "web"}}])
                ),
            }
        )
    return found


@contextmanager
def written(tree: dict[str, str]) -> Iterator[None]:
    """Inside of a directory that holds these files."""
    with tempfile.TemporaryDirectory() as top:
        for name, text in tree.items():
            path = Path(top, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        with working_directory(Path(top)):
            yield


@given(tree=trees())
def test_what_is_not_parsed_changes_no_answer(tree: dict[str, str]) -> None:
    with written(tree):
        for arguments in (
            ["lint", "a/named.yaml", "--with", ".", "-o", "json"],
            ["fix", "a/named.yaml", "--with", ".", "--diff", "-o", "json"],
        ):
            quick = run(*arguments)
            with mock.patch.object(Asked, "wants", return_value=True):
                assert run(*arguments) == quick


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: named, namespace: {namespace}}}
spec: {{{spec}}}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: other, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: main}}]}}}}}}
"""
WEB = "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]"


def parsed(policy: str, other: str, kustomization: str = "") -> list[str]:
    """The names of the workloads that the policy has parsed: `other`, if any."""
    tree = {"a/named.yaml": policy, "b/other.yaml": other}
    if kustomization:
        tree["a/kustomization.yaml"] = kustomization
    with written(tree):
        found = load(Request(paths=("a",), context=("b",), alone=True)).inventory
    return [workload.name for group in found.groups for workload in group.workloads]


def in_shop(spec: str) -> str:
    return POLICY.format(namespace="shop", spec=spec)


def elsewhere(labels: str) -> str:
    return WORKLOAD.format(namespace="edge", labels=labels)


ASKED = {
    "its namespace": (in_shop(WEB), WORKLOAD.format(namespace="shop", labels="app: api")),
    "a label of its podSelector": (in_shop(WEB), elsewhere("app: web")),
    "a label of a peer": (
        in_shop(WEB + ", ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]"),
        elsewhere("app: api"),
    ),
    "one of several values": (
        in_shop(
            "podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}, "
            "policyTypes: [Ingress]"
        ),
        elsewhere("app: api"),
    ),
    "a key": (
        in_shop(
            "podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Ingress]"
        ),
        elsewhere("app: api"),
    ),
    "a label that an escape hides": (in_shop(WEB), elsewhere('app: "w\\x65b"')),
    "a label that a tag hides": (in_shop(WEB), elsewhere("app: !!binary d2Vi")),
    "a label that is a placeholder": (in_shop(WEB), elsewhere("app: $APP")),
    "a number": (in_shop(WEB.replace("web", "'15'")), elsewhere("app: 0xF")),
    "a boolean": (in_shop(WEB.replace("web", "'true'")), elsewhere("app: yes")),
    "an empty value": (in_shop(WEB.replace("web", "''")), elsewhere("app: ")),
    "the namespace of a peer": (
        in_shop(
            WEB + ", ingress: [{from: [{namespaceSelector: {matchLabels: "
            "{kubernetes.io/metadata.name: edge}}}]}]"
        ),
        elsewhere("app: api"),
    ),
    "the cache of DNS on the node": (in_shop(WEB), elsewhere("k8s-app: nodelocaldns")),
    "everybody whom the policy selects": (
        in_shop("podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]"),
        WORKLOAD.format(namespace="", labels="app: api"),
    ),
    "everybody to whom a rule's ports may lead": (
        in_shop(
            "podSelector: {}, policyTypes: [Egress], "
            "egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]"
        ),
        WORKLOAD.format(namespace="", labels="app: api"),
    ),
    "all but some": (
        in_shop(
            "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}, "
            "policyTypes: [Ingress]"
        ),
        WORKLOAD.format(namespace="", labels="app: api"),
    ),
    "a label that only the job controller adds": (
        in_shop(
            "podSelector: {matchExpressions: [{key: job-name, operator: Exists}]}, "
            "policyTypes: [Ingress]"
        ),
        elsewhere("app: api").replace("apps/v1", "batch/v1").replace("Deployment", "Job"),
    ),
}
MOVED = {
    "the namespace that a kustomization gives": "namespace: edge\n",
    "a label that a kustomization adds": "commonLabels: {app: api}\n",
}


@pytest.mark.parametrize("what", ASKED)
def test_a_policy_may_ask_for(what: str) -> None:
    assert parsed(*ASKED[what]) == ["other"]


@pytest.mark.parametrize("what", MOVED)
def test_a_policy_of_a_kustomization_may_ask_for(what: str) -> None:
    kustomization = "resources: [named.yaml]\n" + MOVED[what]
    assert parsed(in_shop(WEB), elsewhere("app: api"), kustomization) == ["other"]
    assert parsed(in_shop(WEB), elsewhere("app: api"), "resources: [named.yaml]\n") == []


NOT_ASKED = {
    "another namespace and other labels": (in_shop(WEB), elsewhere("app: api")),
    "labels of which one fits": (
        in_shop(WEB.replace("{app: web}", "{app: web, tier: front}")),
        elsewhere("app: api, tier: frontend"),
    ),
    "a value that is a part of the label's": (in_shop(WEB), elsewhere("app: web-2")),
    "the system's namespace, never all in files": (
        in_shop(
            "podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
            "{matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: 53}]}]"
        ),
        elsewhere("app: api"),
    ),
}


@pytest.mark.parametrize("what", NOT_ASKED)
def test_nothing_asks_for(what: str) -> None:
    assert parsed(*NOT_ASKED[what]) == []


def test_what_lies_beside_a_policy_without_namespace_is_parsed() -> None:
    policy = POLICY.format(namespace="", spec=WEB)
    assert parsed(policy, elsewhere("app: api")) == []
    tree = {"a/named.yaml": policy, "a/other.yaml": elsewhere("app: api")}
    with written(tree):
        found = load(Request(paths=("a/named.yaml",))).inventory
    assert [w.name for group in found.groups for w in group.workloads] == ["other"]


def test_named_files_are_parsed_whole() -> None:
    tree = {"a/named.yaml": in_shop(WEB), "b/other.yaml": elsewhere("app: api")}
    with written(tree):
        found = load(Request(paths=("a", "b"))).inventory
    assert [w.name for group in found.groups for w in group.workloads] == ["other"]
