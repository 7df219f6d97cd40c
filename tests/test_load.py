"""From paths to an inventory: inputs, context, units, what is skipped, what cannot be read."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kubectl_npcheck.load import Loaded, Request, load
from kubectl_npcheck.manifests.discover import read_bytes
from kubectl_npcheck.policy.model import NetworkPolicy


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def netpol(name: str, namespace: str = "", spec: str = "podSelector: {}") -> str:
    meta = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{meta}}}\n"
        f"spec: {{{spec}}}\n"
    )


DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
    "spec: {template: {metadata: {labels: {app: web}}}}\n"
)
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
DENY = "podSelector: {}, policyTypes: [Ingress, Egress]"


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())


def loaded(files: dict[str, str], *paths: str, **options: object) -> Loaded:
    write(files)
    return load(Request(paths=paths, **options))  # type: ignore[arg-type]


def units(found: Loaded) -> dict[str, list[str]]:
    """Unit → `namespace/name` of its policies, those of the context in brackets."""
    return {
        unit.name: [shown(p) for group in unit.groups.values() for p in group.policies]
        for unit in found.inventory.units
        if any(group.policies for group in unit.groups.values())
    }


def shown(policy: NetworkPolicy) -> str:
    text = f"{policy.namespace or ''}/{policy.name}"
    return f"({text})" if policy.origin.context else text


def reasons(found: Loaded) -> list[tuple[str | None, str | None, str]]:
    return [(s.file, s.name, s.reason) for s in found.skipped]


def only_policy(found: Loaded) -> NetworkPolicy:
    [policy] = [p for group in found.inventory.groups for p in group.policies]
    return policy


# What is read


def test_nothing_is_parsed_where_no_input_mentions_a_policy() -> None:
    found = loaded({"k/a.yaml": DEPLOYMENT, "k/b.yaml": "}{"}, "k")
    assert found.sources == []
    assert found.errors == []
    assert found.counts[:3] == (2, 0, 0)


def test_the_current_directory_is_the_default() -> None:
    assert units(loaded({"a.yaml": netpol("a", "s")})) == {"namespace s": ["s/a"]}


def test_objects_of_every_kind() -> None:
    text = "---\n".join(
        [netpol("a"), DEPLOYMENT, SERVICE, "kind: Namespace\nmetadata: {name: s}\n"]
    )
    found = loaded({"k/a.yaml": text}, "k")
    [group] = found.inventory.groups
    assert (len(group.policies), len(group.workloads), len(group.services)) == (1, 1, 1)
    assert list(found.inventory.namespaces) == ["s"]


def test_the_namespace_option_puts_files_together() -> None:
    files = {"a/x.yaml": netpol("a"), "b/x.yaml": netpol("b"), "c.yaml": netpol("c", "s")}
    assert units(loaded(files, ".", namespace="s")) == {"namespace s": ["s/a", "s/b", "s/c"]}


def test_a_line_and_a_path_for_each_item_of_a_list() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: a}\n"
        "- apiVersion: v1\n  kind: List\n  items:\n"
        "  - apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy\n    metadata: {name: b}\n"
    )
    [group] = loaded({"a.yaml": text}, "a.yaml").inventory.groups
    assert [(p.name, p.origin.line, p.origin.prefix) for p in group.policies] == [
        ("a", 4, ("items", 0)),
        ("b", 7, ("items", 1, "items", 0)),
    ]


def test_items_of_a_typed_list_need_no_kind() -> None:
    text = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\n"
        "items: [{metadata: {name: a}, spec: {podSelector: {}}}]\n"
    )
    assert only_policy(loaded({"a.yaml": text}, "a.yaml")).accepted


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}\n",
        "apiVersion: hive.openshift.io/v1\nkind: SyncSet\nspec: {resources: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}]}\n",
        '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}}',
        "# kind: Deployment\n" + netpol("a"),
        "kind: ConfigMap\n" + netpol("a"),
        "\ufeff" + netpol("a"),
        netpol("a").replace("\n", "\r\n"),
        netpol("a").replace("kind: NetworkPolicy", "kind: !!str NetworkPolicy"),
        netpol("a").replace("kind: NetworkPolicy", 'kind: "NetworkPolicy" # a'),
    ],
)
def test_wherever_a_policy_stands(text: str) -> None:
    assert only_policy(loaded({"a.yaml": text}, "a.yaml")).name == "a"


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap\ndata:\n  x: |\n    kind: NetworkPolicy\n",
        "kind: CustomResourceDefinition\nspec: {names: {kind: NetworkPolicy}}\n",
        "kind: ConfigMap\ndata: {a: NetworkPolicy\n",
        "# NetworkPolicy\na: [\n",
        "kind: Deployment\n# NetworkPolicy\nspec: [\n",
        "NetworkPolicy",
        "- kind: NetworkPolicy\n",
    ],
)
def test_a_mention_is_no_policy_and_no_error(text: str) -> None:
    found = loaded({"a.yaml": text}, "a.yaml")
    assert (found.errors, found.counts.policies, found.skipped) == ([], 0, [])


def test_utf_16_is_read() -> None:
    Path("a.yaml").write_bytes(netpol("a").encode("utf-16"))
    assert only_policy(load(Request(("a.yaml",)))).name == "a"


def test_standard_input_only_where_it_is_named() -> None:
    found = load(Request(("-",), stdin=lambda: netpol("a", "s").encode()))
    assert units(found) == {"standard input": ["s/a"]}
    assert only_policy(found).origin.file == "<stdin>"


def test_empty_standard_input_is_an_error() -> None:
    found = load(Request(("-",), stdin=lambda: b" \n"))
    assert [(e.file, e.message) for e in found.errors] == [("<stdin>", "standard input is empty")]


def test_another_api_and_other_kinds_are_seen_and_not_read() -> None:
    text = (
        "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: a, namespace: s}\n"
        "---\napiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: b}\n"
    )
    found = loaded({"a.yaml": text}, "a.yaml")
    others = [o for group in found.inventory.groups for o in group.others]
    assert [(o.kind, o.cluster_wide) for o in others] == [
        ("NetworkPolicy", False),
        ("CiliumClusterwideNetworkPolicy", True),
    ]


def test_custom_resources_are_noted_without_parsing() -> None:
    text = "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata:\n  name: k\n  namespace: s\nspec: [\n"
    found = loaded({"a.yaml": netpol("a", "s"), "b.yaml": text}, ".")
    assert [group.custom_resources for group in found.inventory.groups] == [True]


# What cannot be read, and what is skipped


def test_a_broken_policy_is_an_error_and_the_rest_is_read() -> None:
    broken = "kind: NetworkPolicy\nmetadata:\n  name: b\nspec: [\n"
    found = loaded(
        {"k/a.yaml": netpol("a", "s") + "---\n" + broken, "k/c.yaml": netpol("c", "s")}, "k"
    )
    assert units(found) == {"namespace s": ["s/a", "s/c"]}
    [error] = found.errors
    assert (error.file, error.line is not None) == ("k/a.yaml", True)
    assert [[u.name for u in group.unread] for group in found.inventory.groups] == [["b"]]


def test_binary_content_with_a_policy_is_an_error() -> None:
    Path("a.yaml").write_bytes(b"kind: NetworkPolicy\n\xff\n")
    [error] = load(Request(("a.yaml",))).errors
    assert (error.file, error.line) == ("a.yaml", 2)


def test_broken_context_is_no_error_but_doubt() -> None:
    files = {"a.yaml": netpol("a", "s"), "b.yaml": "kind: NetworkPolicy\nspec: [\n"}
    found = loaded(files, "a.yaml")
    assert found.errors == []
    assert [len(group.unread) for group in found.inventory.groups] == [1]


def test_template_text_is_skipped() -> None:
    text = "{{- if .Values.x }}\n" + netpol("a") + "{{- end }}\n"
    found = loaded({"a.yaml": text}, "a.yaml")
    assert reasons(found) == [("a.yaml", "a", "template")] or reasons(found) == [
        ("a.yaml", None, "template")
    ]
    assert found.errors == []


def test_placeholders_are_judged_and_listed() -> None:
    found = loaded({"a.yaml": netpol("'a-${ENV}'", "s")}, "a.yaml")
    assert reasons(found) == [("a.yaml", "a-${ENV}", "unresolved")]
    assert units(found) == {"namespace s": ["s/a-${ENV}"]}


def test_plain_data_is_dropped() -> None:
    assert only_policy(loaded({"a.yaml": netpol("a")}, "a.yaml")).origin.document.value is None


# Context

REPOSITORY = {
    "k/a.yaml": netpol("a", "s"),
    "k/b.yaml": netpol("b", "s", DENY),
    "c.yaml": netpol("c", "s"),
}


def test_without_git_the_directory_of_a_named_file_is_context() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml")) == {"namespace s": ["s/a", "(s/b)"]}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_repository_of_a_named_file_is_context() -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    found = loaded(REPOSITORY, "k/a.yaml")
    assert units(found) == {"namespace s": ["s/a", "(s/c)", "(s/b)"]}
    assert found.counts[:3] == (1, 1, 1)
    assert units(loaded(REPOSITORY, "k")) == {"namespace s": ["s/a", "s/b"]}
    assert units(loaded(REPOSITORY, "k", for_fix=True)) == {"namespace s": ["s/a", "s/b", "(s/c)"]}


def test_alone_there_is_no_context_but_the_named_one() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml", alone=True)) == {"namespace s": ["s/a"]}
    assert units(loaded(REPOSITORY, "k/a.yaml", alone=True, context=("c.yaml",))) == {
        "namespace s": ["s/a", "(s/c)"]
    }


def test_a_path_wins_over_context() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml", "k/b.yaml", context=("k",))) == {
        "namespace s": ["s/a", "s/b"]
    }


def test_missing_context_is_an_error() -> None:
    found = loaded(REPOSITORY, "k/a.yaml", context=("gone",))
    assert [(e.file, e.message) for e in found.errors] == [("gone", "does not exist")]


# Kustomizations

SHOP = {
    "base/kustomization.yaml": "resources: [np.yaml, web.yaml]\ncommonLabels: {team: t}\n",
    "base/np.yaml": netpol(
        "a",
        spec="podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {b: c}}}, {podSelector: {}}]}]",
    ),
    "base/web.yaml": DEPLOYMENT + "---\n" + SERVICE,
    "prod/kustomization.yaml": "resources: [../base, deny.yaml]\nnamespace: prod\nnamePrefix: p-\n",
    "prod/deny.yaml": netpol("deny", spec=DENY),
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
}


def test_two_overlays_over_one_base() -> None:
    found = loaded(SHOP, ".")
    assert units(found) == {"dev": ["dev/a"], "prod": ["prod/p-a", "prod/p-deny"]}
    policies = [group.policies[0] for group in found.inventory.groups]
    assert policies[0].origin is policies[1].origin
    assert found.counts.policies == 2


def test_labels_go_into_selectors_as_kustomize_puts_them() -> None:
    found = loaded(SHOP, ".")
    group = found.inventory.groups[0]
    [policy] = group.policies
    assert policy.pod_selector.matches({"app": "web", "team": "t"})
    assert not policy.pod_selector.matches({"app": "web"})
    [rule] = policy.ingress
    assert rule.peers is not None
    selectors = [peer.pod_selector for peer in rule.peers]
    assert selectors[0] is not None
    assert not selectors[0].matches({"b": "c"})
    assert selectors[1] is not None
    assert selectors[1].everything
    assert policy.labels == {"team": "t"}
    assert group.workloads[0].labels == {"app": "web", "team": "t"}
    assert [w.name for g in found.inventory.groups for w in g.workloads] == ["web", "p-web"]
    assert group.services[0].selector == {"app": "web", "team": "t"}


def test_a_closure_outside_of_the_paths_is_context() -> None:
    found = loaded(SHOP, "prod")
    assert units(found) == {"prod": ["(prod/p-a)", "prod/p-deny"]}
    assert found.inventory.units[0].complete


def test_alone_a_closure_is_not_followed_and_incomplete() -> None:
    found = loaded(SHOP, "prod", alone=True)
    assert units(found) == {"prod": ["prod/p-deny"]}
    [unit] = found.inventory.units
    assert not unit.complete
    assert "base" in unit.missing[0]


PATCHED = {
    **SHOP,
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\npatches: [{path: egress.yaml}]\n",
    "dev/egress.yaml": netpol("a", spec="egress: [{}]"),
}


def test_a_patched_policy_is_skipped_in_its_unit_only() -> None:
    found = loaded(PATCHED, ".")
    assert units(found) == {"prod": ["prod/p-a", "prod/p-deny"]}
    assert reasons(found) == [
        ("dev/egress.yaml", "a", "kustomize-patch"),
        ("base/np.yaml", "a", "kustomize-patch"),
    ]
    assert "patched in dev; check with -k" in found.skipped[1].message
    dev = next(unit for unit in found.inventory.units if unit.name == "dev")
    assert [len(group.unread) for group in dev.groups.values()] == [1]


def test_a_patch_of_another_object_leaves_the_policy() -> None:
    files = {**PATCHED, "dev/egress.yaml": netpol("b", spec="egress: [{}]")}
    assert units(loaded(files, "."))["dev"] == ["dev/a"]


@pytest.mark.parametrize(
    ("target", "patched"),
    [
        ("kind: NetworkPolicy", True),
        ("kind: NetworkPolicy, name: a", True),
        ("kind: NetworkPolicy, name: 'a|b'", True),
        ("kind: NetworkPolicy, name: .*", True),
        ("kind: Deployment", False),
        ("kind: NetworkPolicy, name: aa", False),
        ("kind: NetworkPolicy, labelSelector: team=t", True),
        ("kind: NetworkPolicy, labelSelector: team!=t", False),
        ("kind: NetworkPolicy, labelSelector: 'team in (x, y)'", False),
        ("kind: NetworkPolicy, labelSelector: '!team'", False),
        ("kind: NetworkPolicy, name: d-a", True),
        ("group: apps", False),
    ],
)
def test_targets(target: str, patched: bool) -> None:
    files = {
        **SHOP,
        "dev/kustomization.yaml": f"resources: [../base]\nnamePrefix: d-\npatches: [{{target: {{{target}}}, patch: '[]'}}]\n",
    }
    assert ("dev" not in units(loaded(files, "."))) is patched


def test_files_that_no_kustomization_names_are_other_files() -> None:
    files = {**SHOP, "base/loose.yaml": netpol("loose")}
    assert units(loaded(files, "."))["base"] == ["/loose"]


def test_a_namespace_takes_the_name_that_the_overlay_gives() -> None:
    files = {
        **SHOP,
        "dev/kustomization.yaml": "resources: [../base, ns.yaml]\nnamespace: dev\ncommonLabels: {env: d}\n",
        "dev/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    }
    [namespace] = loaded(files, ".").inventory.namespaces["dev"]
    assert namespace.labels == {"kubernetes.io/metadata.name": "dev", "env": "d"}


def test_dev_and_prod_trees_do_not_vouch_for_each_other() -> None:
    files = {
        "dev/np.yaml": netpol("a", "s"),
        "prod/np.yaml": netpol("a", "s"),
        "prod/deny.yaml": netpol("deny", "s", DENY),
    }
    assert units(loaded(files, ".")) == {
        "namespace s in dev": ["s/a"],
        "namespace s in prod": ["s/deny", "s/a"],
    }


def test_two_install_variants_in_one_directory_do_not_vouch_for_each_other() -> None:
    files = {
        "m/install.yaml": netpol("a") + "---\n" + netpol("b"),
        "m/namespace-install.yaml": netpol("a") + "---\n" + netpol("b", spec=DENY),
    }
    assert units(loaded(files, "m")) == {
        "m/install.yaml": ["/a", "/b"],
        "m/namespace-install.yaml": ["/a", "/b"],
    }


def test_a_broken_policy_of_a_closure_is_doubt_in_its_unit_and_its_directory() -> None:
    files = {
        **SHOP,
        "base/np.yaml": SHOP["base/np.yaml"] + "---\nkind: NetworkPolicy\nspec: [\n",
        "base/loose.yaml": netpol("loose"),
    }
    doubted = {
        group.unit.name: len(group.unread)
        for group in loaded(files, ".").inventory.groups
        if group.policies
    }
    assert doubted == {"dev": 1, "prod": 1, "base": 1}


# Rendering


def fake_kubectl(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"bin/kubectl": f"#!/bin/sh\n{script}\n"})
    os.chmod("bin/kubectl", 0o755)
    monkeypatch.setenv("PATH", f"{Path.cwd()}/bin")
    Path("k").mkdir()


def test_rendered_objects_have_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    document = netpol("a", "s")
    fake_kubectl(f"while read -r line; do echo \"$line\"; done <<'EOF'\n{document}EOF", monkeypatch)
    found = load(Request(kustomize=("k",)))
    assert units(found) == {"k": ["s/a"]}
    assert only_policy(found).origin.file is None


def test_a_tool_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_kubectl("echo 'error: no such thing' >&2; exit 1", monkeypatch)
    [error] = load(Request(kustomize=("k",))).errors
    assert error.message == "`kubectl kustomize` failed: no such thing"


def test_without_a_tool_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    Path("k").mkdir()
    [error] = load(Request(kustomize=("k",))).errors
    assert "`kubectl`" in error.message
    assert "`kustomize`" in error.message


def fake_helm(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helm that notes its arguments, a line each, in `arguments`."""
    chart = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
    helm = f'#!/bin/sh\nprintf "%s\\n" "$@" > arguments\n{script}\n'
    write({"bin/helm": helm, "charts/x/Chart.yaml": chart})
    os.chmod("bin/helm", 0o755)
    monkeypatch.setenv("PATH", f"{Path.cwd()}/bin")


def printing(text: str) -> str:
    return f"while IFS= read -r line; do echo \"$line\"; done <<'EOF'\n{text}EOF"


def test_a_chart_is_rendered_by_its_name_with_values_and_namespace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_helm(printing(netpol("a", "s")), monkeypatch)
    request = Request(charts=("charts/x",), values=("v.yaml", "w.yaml"), namespace="prod")
    found = load(request)
    assert units(found) == {"charts/x": ["s/a"]}
    assert only_policy(found).origin.file is None
    assert Path("arguments").read_text().split("\n")[:-1] == [
        *("template", "shop", "./charts/x", "--skip-tests"),
        *("--values", "v.yaml", "--values", "w.yaml", "--namespace", "prod"),
    ]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("---\n# Source: shop/templates/np.yaml\n", "shop/templates/np.yaml"),
        ("# Source: shop/templates/np.yaml\n", "shop/templates/np.yaml"),
        ("---\n", ""),
        ("---\n# a comment\n# Source: further down\n", ""),
    ],
)
def test_the_template_is_known_where_helm_names_it(
    text: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f"---\n# Source: other.yaml\n{netpol('b', 's')}"
    fake_helm(printing(text + netpol("a", "s") + other), monkeypatch)
    [group] = load(Request(charts=("charts/x",))).inventory.groups
    assert {p.name: p.origin.rendered for p in group.policies} == {"a": source, "b": "other.yaml"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Error: execution error at (shop/templates/np.yaml:3:4): app is required\n\n"
            "Use --debug flag to render out invalid YAML",
            "execution error at (shop/templates/np.yaml:3:4): app is required",
        ),
        (
            "walk.go:75: found symbolic link\nError: values do not fit:\nshop:\n- at '': missing x",
            "values do not fit: shop: - at '': missing x",
        ),
        ("", "it gave no reason"),
    ],
)
def test_what_helm_complains_of_is_one_line(
    said: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_helm(f'echo "{said}" >&2; exit 1', monkeypatch)
    [error] = load(Request(charts=("charts/x",))).errors
    assert (error.file, error.message) == ("charts/x", f"`helm template` failed: {shown}")


def test_without_helm_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"x/Chart.yaml": "name: x\n", "x/templates/np.yaml": netpol("{{ .x }}")})
    monkeypatch.setenv("PATH", "")
    found = load(Request(charts=("x", "missing", "x/Chart.yaml")))
    assert [(error.file, error.message) for error in found.errors] == [
        ("x", "`helm` is not on PATH; --helm renders with it"),
        ("missing", "does not exist"),
        ("x/Chart.yaml", "is not a directory"),
    ]


@pytest.mark.parametrize("chart", ["", "name: [", "name: --post-renderer=x\n", "name: {}", "- a"])
def test_a_chart_without_a_usable_name_is_left_to_helm(
    chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_helm("echo 'Error: no name' >&2; exit 1", monkeypatch)
    write({"charts/x/Chart.yaml": chart})
    [error] = load(Request(charts=("charts/x",))).errors
    assert error.message == "`helm template` failed: no name"
    assert Path("arguments").read_text().startswith("template\nrelease\n./charts/x\n")


def test_a_second_run_takes_over_what_did_not_change_and_reads_the_new_texts() -> None:
    broken = netpol("broken") + "  x: [\n"
    files = {"a.yaml": netpol("a", "s"), "b.yaml": netpol("b", "s"), "c.yaml": broken}
    first = loaded({**files, "t.yaml": netpol("{{ .Name }}")}, ".", for_fix=True)
    Path("a.yaml").write_text(netpol("changed-meanwhile", "s"))
    new = {os.path.realpath("b.yaml"): netpol("b", "s", DENY).encode()}
    request = Request(paths=(".",), for_fix=True, replaced=new, known=first.gathered)
    second = load(request)
    assert units(second) == units(first) == {"namespace s": ["s/a", "s/b"]}
    before, after = (
        {p.name: p for p in found.inventory.groups[0].policies} for found in (first, second)
    )
    assert after["a"] is before["a"]
    assert after["b"].lists_egress
    assert not before["b"].lists_egress
    assert (second.errors, second.skipped) == (first.errors, first.skipped)
    assert second.counts == first.counts


def test_a_second_run_reads_no_bytes_of_what_it_takes_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"a.yaml": netpol("a", "s"), "b.yaml": netpol("b", "s"), "kustomization.yaml": ""}
    first = loaded(files, ".", for_fix=True)
    read: list[str] = []

    def note(path: str, flags: int = 0) -> bytes:
        read.append(os.path.basename(path))
        return read_bytes(path, flags)

    monkeypatch.setattr("kubectl_npcheck.manifests.discover.read_bytes", note)
    new = {os.path.realpath("b.yaml"): netpol("b", "s", DENY).encode()}
    load(Request(paths=(".",), for_fix=True, replaced=new, known=first.gathered))
    assert read == ["kustomization.yaml"]
