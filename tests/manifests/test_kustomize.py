"""Closures of kustomizations: what is reached, by which layers, what is missing, what is a patch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kubectl_npcheck.manifests.kustomization import remote
from kubectl_npcheck.manifests.kustomize import Found, follow
from kubectl_npcheck.origin import Closure


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def followed(files: dict[str, str], *roots: str) -> Found:
    """Write files, then follow the kustomizations at `roots` (none: all of them)."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    names = roots or tuple(name for name in files if name.endswith("kustomization.yaml"))

    def read(real: str) -> bytes | None:
        path = Path(real)
        return path.read_bytes() if path.is_file() else None

    return follow([(os.path.realpath(name), name) for name in names], read)


def members(closure: Closure) -> list[tuple[str, list[str]]]:
    """Each file below the working directory with the names of its layers."""
    depth = len(Path.cwd().resolve().parts) - 1
    return [
        ("/".join(member.parts[depth:]), [layer.name for layer in member.layers])
        for member in closure.members
    ]


BASE = {"base/kustomization.yaml": "resources: [np.yaml]", "base/np.yaml": "a: 1"}


def test_layers_apply_inner_first() -> None:
    found = followed(
        {
            **BASE,
            "mid/kustomization.yaml": "resources: [../base]",
            "top/kustomization.yaml": "bases: [../mid]\nresources: [own.yaml]",
            "top/own.yaml": "a: 1",
        }
    )
    [closure] = found.closures
    assert closure.name == "top"
    assert members(closure) == [
        ("top/own.yaml", ["top"]),
        ("base/np.yaml", ["base", "mid", "top"]),
    ]
    assert closure.missing == ()


def test_one_that_another_includes_is_no_unit_of_its_own() -> None:
    found = followed(
        {
            **BASE,
            "dev/kustomization.yaml": "resources: [../base]",
            "prod/kustomization.yaml": "resources: [../base]",
        }
    )
    assert [closure.name for closure in found.closures] == ["dev", "prod"]


def test_an_included_one_outside_of_the_input_is_followed() -> None:
    found = followed(
        {**BASE, "prod/kustomization.yaml": "resources: [../base]"}, "prod/kustomization.yaml"
    )
    assert members(found.closures[0]) == [("base/np.yaml", ["base", "prod"])]


def test_a_component_applies_to_what_stands_before_it() -> None:
    found = followed(
        {
            **BASE,
            "comp/kustomization.yaml": "kind: Component\nnamePrefix: c-\nresources: [extra.yaml]",
            "comp/extra.yaml": "a: 1",
            "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../comp]",
        }
    )
    [closure] = found.closures
    assert members(closure) == [
        ("base/np.yaml", ["base", "comp", "prod"]),
        ("comp/extra.yaml", ["comp", "prod"]),
    ]


def test_a_component_that_nothing_includes_is_incomplete() -> None:
    found = followed({"comp/kustomization.yaml": "kind: Component"})
    assert "component" in found.closures[0].missing[0]


def test_a_cycle_ends_and_is_incomplete() -> None:
    found = followed(
        {
            "a/kustomization.yaml": "resources: [../b, np.yaml]",
            "a/np.yaml": "a: 1",
            "b/kustomization.yaml": "resources: [../a]",
        }
    )
    assert [closure.name for closure in found.closures] == ["a", "b"]
    assert all("includes itself" in closure.missing[0] for closure in found.closures)


def test_one_that_includes_itself_ends() -> None:
    found = followed({"a/kustomization.yaml": "resources: [., np.yaml]", "a/np.yaml": "a: 1"})
    assert members(found.closures[0]) == [("a/np.yaml", ["a"])]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("resources: [gone.yaml]", "gone.yaml"),
        ("resources: [../nowhere]", "nowhere"),
        ("resources: ['https://example.org/x.yaml']", "remote"),
        ("resources: ['github.com/a/b//k?ref=v1']", "remote"),
        ("components: ['git@example.org:a/b']", "remote"),
        ("helmCharts: [{name: x}]", "Helm"),
        ("transformers: [x.yaml]", "transformers"),
        ("patches: [{path: gone.yaml}]", "gone.yaml"),
        ("resources: [", "cannot be read"),
    ],
)
def test_what_cannot_be_followed_makes_it_incomplete(text: str, why: str) -> None:
    [closure] = followed({"k/kustomization.yaml": text}).closures
    assert why in closure.missing[0]


def test_generators_of_config_and_crds_are_no_gap() -> None:
    text = "configMapGenerator: [{name: x}]\nsecretGenerator: [{name: x}]\ncrds: [x.json]\nimages: [{name: a}]"
    assert followed({"k/kustomization.yaml": text}).closures[0].missing == ()


def test_a_kustomization_of_flux_is_none_of_ours() -> None:
    text = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    assert followed({"k/kustomization.yaml": text}).closures == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "a", "resources: {a: b}\nlabels: 3\npatches: [1]\nnamespace: []"]
)
def test_odd_contents_do_not_crash(text: str) -> None:
    [closure] = followed({"k/kustomization.yaml": text}).closures
    assert closure.members == ()


def test_a_layer_reads_its_fields() -> None:
    text = """
namespace: prod
namePrefix: p-
nameSuffix: -s
commonLabels: {team: a}
labels:
- pairs: {only: meta}
- {pairs: {sel: x}, includeSelectors: true}
- {pairs: {tpl: z}, includeTemplates: true}
resources: [np.yaml]
"""
    found = followed({"k/kustomization.yaml": text, "k/np.yaml": "a: 1"})
    layer = found.closures[0].members[0].layers[0]
    assert (layer.namespace, layer.prefix, layer.suffix) == ("prod", "p-", "-s")
    assert layer.labels == {"team": "a", "only": "meta", "sel": "x", "tpl": "z"}
    assert layer.selector_labels == {"team": "a", "sel": "x"}
    assert layer.template_labels == {"tpl": "z"}


PATCH = "kind: NetworkPolicy\nmetadata: {name: a}\nspec: {egress: [{}]}"


@pytest.mark.parametrize(
    "field",
    [
        "patches: [{path: p.yaml}]",
        "patchesStrategicMerge: [p.yaml]",
        "patches:\n- patch: |-\n    kind: NetworkPolicy\n    metadata: {name: a}\n",
        "patchesStrategicMerge:\n- |-\n  kind: NetworkPolicy\n  metadata: {name: a}\n",
        "patchesJson6902: [{path: p.yaml, target: {kind: NetworkPolicy, name: a}}]",
        "replacements: [{source: {kind: X}, targets: [{select: {kind: NetworkPolicy, name: a}}]}]",
    ],
)
def test_targets_of_patches(field: str) -> None:
    found = followed(
        {
            "k/kustomization.yaml": f"resources: [np.yaml]\n{field}",
            "k/np.yaml": "a: 1",
            "k/p.yaml": PATCH,
        }
    )
    [target] = found.closures[0].members[0].layers[0].targets
    assert (target.kind, target.name) == ("NetworkPolicy", "a")
    if "p.yaml" in field.replace("np.yaml", ""):
        assert found.patches == {os.path.realpath("k/p.yaml"): "k"}


def test_replacements_in_a_file() -> None:
    found = followed(
        {
            "k/kustomization.yaml": "resources: [np.yaml]\nreplacements: [{path: r.yaml}]",
            "k/np.yaml": "a: 1",
            "k/r.yaml": "targets: [{select: {kind: NetworkPolicy}}]",
        }
    )
    [target] = found.closures[0].members[0].layers[0].targets
    assert target.kind == "NetworkPolicy"


def test_labels_that_reach_into_selectors_by_a_path_of_their_own() -> None:
    text = "resources: [np.yaml]\nlabels: [{pairs: {a: b}, fields: [{path: spec/podSelector/matchLabels, kind: NetworkPolicy}]}]"
    found = followed({"k/kustomization.yaml": text, "k/np.yaml": "a: 1"})
    assert found.closures[0].members[0].layers[0].targets[0].kind == "NetworkPolicy"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("../base", False),
        ("np.yaml", False),
        ("./a//b.yaml", False),
        ("github.com/a/b", True),
        ("https://x/y.yaml", True),
        ("ssh://git@x/y", True),
        ("git@x:y", True),
        ("example.org/a/b//c", True),
        ("x?ref=v1", True),
    ],
)
def test_remote_entries(entry: str, expected: bool) -> None:
    assert remote(entry) is expected
