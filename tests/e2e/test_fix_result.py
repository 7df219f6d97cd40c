"""What `fix` wrote, as kubectl and the API server read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_npcheck.manifests.document import decode, parse, split
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.parse import parse_policy
from tests.command import run
from tests.e2e.binaries import Binaries
from tests.e2e.hook_repository import execute
from tests.e2e.meaning import meaning
from tests.e2e.server import Namespace
from tests.manifests.editing.layouts import LAYOUTS, Layout, Plain, policy, written

BENCH = Path(__file__).parents[1] / "data" / "bench100"
BAD = sorted([*(BENCH / "bad").glob("*.yaml"), *(BENCH / "bad-without-ingress-rules").glob("*")])

RULES = [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80}]}]
SPECS: dict[str, Plain] = {
    "rules": {"podSelector": {}, "ingress": RULES, "policyTypes": ["Ingress"]},
    "no types": {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": RULES},
    "selector only": {"podSelector": {}},
    "null": {"egress": None, "podSelector": {}, "ingress": RULES, "policyTypes": None},
}
DNS = [
    {
        "to": [
            {
                "namespaceSelector": {
                    "matchLabels": {"kubernetes.io/metadata.name": "kube-system"}
                },
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    }
]
STRATEGIES: dict[str, object] = {"preserve": [{}], "allow-all": [{}], "deny-all": None, "dns": DNS}

# kubectl reads UTF-8 only, and knows no Template without OpenShift's types.
READABLE = {
    name: layout
    for name, layout in LAYOUTS.items()
    if layout.holder != "Template" and not layout.encoding.startswith("utf-16")
}


def manifest(spec: Plain) -> Plain:
    """The policy of the layouts, with its text outside ASCII where the API allows one."""
    made = policy(spec)
    made["metadata"]["annotations"] = made["metadata"].pop("labels")
    return made


def fix(path: Path, strategy: str) -> None:
    """Repair one file that stands alone; this has to change it."""
    before = path.read_bytes()
    done = run("fix", "--alone", "--allow-widening", "--strategy", strategy, str(path))
    assert (done.code, done.stderr) == (1, ""), done
    assert path.read_bytes() != before


def by_kubectl(kubectl: Path, path: Path) -> list[dict[str, Any]]:
    """The policies of a file as kubectl decodes them, without a server."""
    command = [str(kubectl), *("patch", "--local", "--type", "merge", "-p", "{}", "-o", "json")]
    done = execute([*command, "-f", str(path)], path.parent, {"KUBECONFIG": "/dev/null"})
    assert done.code == 0, done
    decoder, text, found = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        value, end = decoder.raw_decode(text)
        text = text[end:].lstrip()
        found += [item for item in objects(value) if item["kind"] == "NetworkPolicy"]
    return found


def by_npcheck(path: Path) -> list[dict[str, Any]]:
    """The policies of a file as npcheck decodes them."""
    source = decode(path.read_bytes(), str(path))
    read = [parse(source, chunk) for chunk in split(source.text)]
    values = [value for document in read if document for value in objects(document.value)]
    return [value for value in values if value["kind"] == "NetworkPolicy"]


def objects(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object, or the items of a List."""
    if value["kind"].endswith("List"):
        yield from value["items"]
    else:
        yield value


@pytest.mark.parametrize("name", READABLE)
def test_kubectl_reads_the_result_as_npcheck_does(
    binaries: Binaries, tmp_path: Path, name: str
) -> None:
    layout: Layout = READABLE[name]
    for shape, spec in SPECS.items():
        for strategy, egress in STRATEGIES.items():
            path = tmp_path / f"{shape}-{strategy}".replace(" ", "-") / "web.yaml"
            path.parent.mkdir()
            path.write_bytes(written(manifest(spec), layout)[0])
            fix(path, strategy)
            (theirs,) = by_kubectl(binaries.kubectl, path)
            (ours,) = by_npcheck(path)
            assert meaning(parse_policy(theirs, Origin(None))) == meaning(
                parse_policy(ours, Origin(None))
            )
            assert theirs["spec"]["policyTypes"] == ["Ingress", "Egress"], path.read_text("utf-8")
            assert theirs["spec"].get("egress") == egress
            assert theirs["metadata"]["annotations"]["example.org/team"] == "größe"


def without_namespace(text: str) -> str:
    """A manifest that can be applied to any namespace, otherwise unchanged."""
    return re.sub(r"(?m)^  namespace: .*\n", "", text)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
@pytest.mark.parametrize("strategy", ["preserve", "deny-all"])
def test_a_real_file_converges_once_it_is_fixed(
    namespace: Namespace, tmp_path: Path, path: Path, strategy: str
) -> None:
    text = without_namespace(path.read_text(encoding="utf-8"))
    if "${" in text:  # has a value when it is applied
        text = re.sub(r"\$\{\w+\}", "value", text)
    copy = tmp_path / "policy.yaml"
    copy.write_text(text, encoding="utf-8")
    fix(copy, strategy)
    (policy,) = yaml.safe_load_all(copy.read_text(encoding="utf-8"))
    name = policy["metadata"]["name"]

    applied = namespace.kubectl("apply", "--validate=strict", "-f", str(copy))
    assert (applied.code, applied.stderr) == (0, "")
    first = namespace.stored(name)
    assert meaning(parse_policy(policy, Origin(None))) == meaning(
        parse_policy(first, Origin(None), live=True)
    )
    assert namespace.kubectl("apply", "-f", str(copy)).code == 0
    # The API drops an empty map as it drops an empty list; fix leaves what it was not asked about.
    settles = "matchLabels: {}" not in text
    generation = namespace.stored(name)["metadata"]["generation"]
    assert generation == first["metadata"]["generation"] + (0 if settles else 1)
    assert namespace.kubectl("diff", "-f", str(copy)).code == (0 if settles else 1)


def test_an_authored_empty_list_never_converges_until_it_is_fixed(
    namespace: Namespace, tmp_path: Path
) -> None:
    path = tmp_path / "web.yaml"
    spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": []}
    path.write_bytes(written(manifest({**spec, "ingress": RULES}), Layout())[0])
    assert namespace.kubectl("apply", "-f", str(path)).code == 0
    assert namespace.kubectl("diff", "-f", str(path)).code == 1
    assert namespace.kubectl("apply", "-f", str(path)).code == 0
    assert namespace.stored("web")["metadata"]["generation"] == 2
    fixed = run("fix", "--alone", "--rule", "egress-empty-list", "--notes", str(path))
    assert (fixed.code, fixed.stderr) == (1, ""), fixed
    assert namespace.kubectl("apply", "-f", str(path)).code == 0
    generation = namespace.stored("web")["metadata"]["generation"]
    assert namespace.kubectl("apply", "-f", str(path)).code == 0
    assert namespace.stored("web")["metadata"]["generation"] == generation
    assert namespace.kubectl("diff", "-f", str(path)).code == 0
    stored = namespace.stored("web")["spec"]
    assert stored["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in stored
