"""From objects as an API server returns them to the problems of one rule."""

from __future__ import annotations

import json

import yaml

from kubectl_npcheck.origin import Origin, path_text
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.policy.lastapplied import LAST_APPLIED, last_applied
from kubectl_npcheck.policy.members import Object, place
from kubectl_npcheck.policy.objects import (
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.rules import RuleModule
from kubectl_npcheck.rules.problem import Problem


def live_groups(*documents: str, reading: Reading | None = None) -> list[Group]:
    """The groups of a cluster that holds these objects; reading: that of all namespaces."""
    inventory = Inventory()
    unit = Unit("cluster test", live=True)
    inventory.units.append(unit)
    for obj in yaml.safe_load_all("\n---\n".join(documents)):
        found: Object | None
        if obj is None:
            continue
        if obj["kind"] == "NetworkPolicy":
            found = parse_policy(obj, Origin(None), live=True, applied=last_applied(obj))
        else:
            found = (
                parse_workload(obj, Origin(None), None)
                or parse_service(obj, Origin(None), None)
                or parse_namespace(obj, Origin(None))
                or parse_other(obj, Origin(None), None)
            )
        assert found is not None, obj
        place(inventory, unit, found)
    for group in inventory.groups:
        group.reading = reading
    return inventory.groups


def live_problems(
    rule: RuleModule, *documents: str, reading: Reading | None = None
) -> list[Problem]:
    """What the rule says of the cluster, in its own order."""
    groups = live_groups(*documents, reading=reading)
    return [problem for group in groups for problem in rule.check(group)]


def live_found(rule: RuleModule, *documents: str, reading: Reading | None = None) -> list[str]:
    """The problems as "name path"."""
    problems = live_problems(rule, *documents, reading=reading)
    return [f"{p.subject.name} {path_text(p.path)}" for p in problems]


def stored(
    spec: str,
    applied: str | None = None,
    name: str = "web",
    annotation: str = "",
    later: str = "",
    namespace: str = "shop",
) -> str:
    """A live policy with the stored spec; applied: that of the manifest, by client-side apply.

    later: a managedFields entry besides, in flow style
    """
    noted = {LAST_APPLIED: json.dumps({"spec": yaml.safe_load(f"{{{applied}}}")})}
    entry = {
        "manager": "kubectl-client-side-apply",
        "operation": "Update",
        "time": "2026-11-02T09:14:00Z",
        "fieldsV1": {
            "f:metadata": {"f:annotations": {f"f:{LAST_APPLIED}": {}}},
            "f:spec": {"f:ingress": {}, "f:policyTypes": {}},
        },
    }
    annotations = {} if applied is None else noted
    annotations.update(yaml.safe_load(f"{{{annotation}}}"))
    entries = [] if applied is None else [entry]
    entries += [yaml.safe_load(later)] if later else []
    meta = {
        "name": name,
        "namespace": namespace,
        "annotations": annotations,
        "managedFields": entries,
    }
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    return f"{head}metadata: {json.dumps(meta)}\nspec: {{{spec}}}\n"


def pod(name: str, labels: str, namespace: str = "shop", spec: str = "") -> str:
    """A running Pod; labels and spec are flow style."""
    meta = f"name: {name}, namespace: {namespace}, labels: {{{labels}}}"
    more = f", {spec}" if spec else ""
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{{meta}}}\n"
        f"spec: {{containers: [{{name: c, image: i}}]{more}}}\nstatus: {{phase: Running}}\n"
    )
