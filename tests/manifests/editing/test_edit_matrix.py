"""Every layout, shape of a spec and repair: the data is as intended and no other byte changes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.document import Document, decode, parse, split
from kubectl_npcheck.manifests.edit import (
    Append,
    Edit,
    Operation,
    Put,
    Remove,
    apply,
    edits,
    encode,
)
from kubectl_npcheck.origin import Path
from tests.manifests.editing.layouts import LAYOUTS, Layout, Plain, Raw, meant, policy, written

RULES = [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80}]}]
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
SHAPES: dict[str, Plain] = {
    "rules, types": {"podSelector": {}, "ingress": RULES, "policyTypes": ["Ingress"]},
    "types first": {"policyTypes": ["Ingress"], "ingress": RULES, "podSelector": {}},
    "no types": {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": RULES},
    "selector only": {"podSelector": {}},
    "no keys": {},
    "deny all ingress": {"podSelector": {}, "policyTypes": ["Ingress"]},
    "twice the same": {"podSelector": {}, "policyTypes": ["Ingress", "Ingress"], "ingress": [{}]},
    "egress empty": {"podSelector": {}, "egress": [], "policyTypes": ["Ingress"], "ingress": []},
    "egress empty, last": {"podSelector": {}, "ingress": RULES, "egress": []},
    "egress null": {"egress": None, "podSelector": {}, "ingress": RULES, "policyTypes": None},
    "nothing written": {
        "podSelector": {},
        "egress": Raw("", None),
        "policyTypes": Raw("   # all\tof them", None),
        "ingress": RULES,
    },
    "nothing at the end": {"podSelector": {}, "ingress": RULES, "egress": Raw(" # none yet", None)},
    "tilde, brackets on lines": {
        "podSelector": {},
        "policyTypes": Raw(" ~  # as it comes", None),
        "egress": Raw(" [\n  ]", []),
        "ingress": RULES,
    },
}


def preserve_undecided(spec: Plain, at: Path) -> list[Operation]:
    return [*full_types(spec, at), egress([{}], at)]


def preserve_decided(spec: Plain, at: Path) -> list[Operation]:
    return full_types(spec, at)


def deny_all(spec: Plain, at: Path) -> list[Operation]:
    annotations = (*at[:-1], "metadata", "annotations")
    return [*full_types(spec, at), Put(annotations, "npcheck/ignore", "egress-denied")]


def dns(spec: Plain, at: Path) -> list[Operation]:
    return [*full_types(spec, at), egress(DNS, at)]


def remove_empty(spec: Plain, at: Path) -> list[Operation]:
    return [] if spec.get("egress") else [Remove((*at, "egress"))]


def full_types(spec: Plain, at: Path) -> list[Operation]:
    types = spec.get("policyTypes") or []
    if types and len(set(types)) == len(types):
        return [Append((*at, "policyTypes"), "Egress")]
    return [Put(at, "policyTypes", ["Ingress", "Egress"], ("podSelector", "ingress"))]


def egress(rules: list[Any], at: Path) -> Operation:
    return Put(at, "egress", rules, ("podSelector", "policyTypes", "ingress"))


Repair = Callable[[Plain, Path], list[Operation]]
REPAIRS: list[Repair] = [preserve_undecided, preserve_decided, deny_all, dns, remove_empty]
# Anything else that goes makes the case fail.
MAY_GO = {"", "null", "~", "[]", "{}", "Ingress", '"Ingress"', "'Ingress'"}


def intended(value: Plain, repair: Repair) -> Plain:
    result = deepcopy(value)
    spec = result["spec"]
    if repair is remove_empty:
        if not spec.get("egress"):
            spec.pop("egress", None)
        return result
    spec["policyTypes"] = ["Ingress", "Egress"]
    if repair is preserve_undecided:
        spec["egress"] = [{}]
    if repair is dns:
        spec["egress"] = DNS
    if repair is deny_all:
        result["metadata"]["annotations"] = {"npcheck/ignore": "egress-denied"}
    return result


def documents(content: bytes) -> tuple[str, list[Document]]:
    source = decode(content, "a.yaml")
    found = [parse(source, chunk) for chunk in split(source.text)]
    return source.text, [document for document in found if document is not None]


def at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def checked(shape: Plain, layout: Layout, repair: Repair) -> tuple[str, str, list[Edit]]:
    """Old text, new text and edits of a case, after all checks that hold for every layout."""
    content, number, prefix = written(policy(shape), layout)
    old, found = documents(content)
    document = found[number]
    value = at(document.value, prefix)
    assert value == meant(policy(shape))
    made = edits(document, repair(value["spec"], (*prefix, "spec")))
    new = apply(old, made)

    changed = encode(document.source, new)
    _, again = documents(changed)
    expected = [deepcopy(each.value) for each in found]
    if prefix:
        at(expected[number], prefix[:-1])[int(prefix[-1])] = intended(value, repair)
    else:
        expected[number] = intended(value, repair)
    assert [each.value for each in again] == expected

    after = at(again[number].value, prefix)
    assert edits(again[number], repair(after["spec"], (*prefix, "spec"))) == []
    assert changed[:2] == content[:2]
    assert new.endswith(("\n", "\r")) == old.endswith(("\n", "\r"))
    if len(old.splitlines()) > 1:
        assert set(re.findall("\r\n|\r|\n", new)) == {layout.eol}
    assert re.findall("#[^\r\n]*", new) == comments_left(old, repair)
    return old, new, made


def comments_left(text: str, repair: Repair) -> list[str]:
    """The comments, but for those at the end of a line that is taken out: third types, too."""
    lines = re.split("\r\n|\r|\n", text)
    if repair is remove_empty:
        lines = [line for line in lines if not re.match(r"""\s*["']?egress["']?:.*#""", line)]
    types = [at for at, line in enumerate(lines) if re.match(r"""\s*-\s+["']?Ingress\b""", line)]
    lines = [line for at, line in enumerate(lines) if repair is remove_empty or at not in types[2:]]
    return [found[0] for line in lines if (found := re.search("#.*", line))]


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.__name__)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_only_what_is_wanted_changes(layout: Layout, shape: Plain, repair: Repair) -> None:
    old, new, made = checked(shape, layout, repair)
    for edit in made:
        gone = old[edit.start : edit.end].strip()
        if repair is not remove_empty:
            assert re.sub(r"\s", "", gone) in MAY_GO
    lines = re.split("\r\n|\r|\n", old)
    if layout.kind == "flow" or len(lines) < 4:
        return
    compared = list(difflib.ndiff(lines, re.split("\r\n|\r|\n", new)))
    put_in = {without_comma(line) for line in compared if line.startswith("+ ")}
    for line in compared:
        if line.startswith("- ") and not re.search("egress|policyTypes|Ingress|spec|^-  *]", line):
            if layout.gaps and repair is remove_empty and not line.strip("- "):
                continue  # one of two blank lines that would stand together
            # in braces, the comma between what was the last element and the next
            assert layout.kind in ("json", "spread")
            assert without_comma(line) in put_in


def without_comma(line: str) -> str:
    return re.sub(r",(?= *(#|$))", "", line[2:])


@st.composite
def specs(draw: st.DrawFn) -> Plain:
    rule = st.sampled_from(
        [{}, RULES[0], {"from": [{"podSelector": {}}]}, {"ports": [{"port": 1}]}]
    )
    spec: Plain = {}
    for key in draw(st.permutations(["podSelector", "ingress", "egress", "policyTypes"])):
        if key == "podSelector":
            spec[key] = draw(st.sampled_from([{}, {"matchLabels": {"a": "b", "c": "d"}}]))
        elif key == "ingress":
            spec[key] = draw(st.none() | st.lists(rule, max_size=3))
        elif key == "egress":
            spec[key] = draw(st.sampled_from([None, []]))
        else:
            spec[key] = draw(st.none() | st.lists(st.just("Ingress"), max_size=3))
        if key != "podSelector" and draw(st.booleans()):
            del spec[key]
    return spec


layouts = st.builds(
    Layout,
    kind=st.sampled_from(["block", "block", "block", "flow", "spread"]),
    indent=st.sampled_from([2, 3, 4, 8]),
    lists=st.integers(0, 5),
    dash=st.sampled_from([0, 2, 3, 4]),
    quote=st.sampled_from(["", "", '"', "'"]),
    types=st.booleans(),
    remarks=st.booleans(),
    eol=st.sampled_from(["\n", "\r\n", "\r"]),
    final=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]),
    holder=st.sampled_from(["", "List", "Template"]),
    beside=st.booleans(),
    gaps=st.booleans(),
)


@given(specs(), layouts, st.sampled_from(REPAIRS))
def test_random_policies_in_random_layouts(spec: Plain, layout: Layout, repair: Repair) -> None:
    checked(spec, layout, repair)


@given(specs(), layouts.map(lambda layout: layout._replace(kind="block")), st.data())
def test_comments_anywhere(spec: Plain, layout: Layout, data: st.DataObject) -> None:
    """Comment lines at any depth between any two lines change neither data nor each other."""
    content, number, prefix = written(policy(spec), layout._replace(encoding="utf-8"))
    lines = content.decode().split(layout.eol)
    for _ in range(data.draw(st.integers(1, 5))):
        where = data.draw(st.integers(1, len(lines) - 1))
        text = data.draw(
            st.sampled_from(["# x\ty", "# - from: []", "#- y", "# egress: []", "#   z"])
        )
        lines.insert(where, data.draw(st.sampled_from(["", "  ", "    ", "          "])) + text)
    old, found = documents(layout.eol.join(lines).encode())
    value = at(found[number].value, prefix)
    operations = preserve_undecided(value["spec"], (*prefix, "spec"))
    new = apply(old, edits(found[number], operations))
    _, again = documents(new.encode())
    assert at(again[number].value, prefix) == intended(value, preserve_undecided)
    assert re.findall("#[^\r\n]*", new) == comments_left(old, preserve_undecided)
