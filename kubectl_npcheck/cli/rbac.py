"""`rbac`: the least role that `audit` needs, and with `--write` that `fix --live` needs."""

from __future__ import annotations

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.cluster_options import namespace_of
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import print_text

NAME = "npcheck-audit"
WRITE_NAME = "npcheck-fix"
WORKLOADS = """\
- apiGroups: [apps] # workloads that have no pods now; without them such questions are unknown
  resources: [deployments, replicasets, statefulsets, daemonsets]
  verbs: [list]
- apiGroups: [batch]
  resources: [jobs, cronjobs]
  verbs: [list]
"""
PROBE = """\
- apiGroups: [networking.k8s.io] # the dry run that shows how egress that is not stated is read;
  resources: [networkpolicies] # RBAC cannot tell a dry run from a create
  verbs: [create]
"""
WRITE = """\
- apiGroups: [networking.k8s.io] # fix --live: patch for the dry run and for --apply, get for what
  resources: [networkpolicies] # became of a lost answer and for --undo
  verbs: [get, patch]
"""
WHICH = """\
- apiGroups: [""] # tells this cluster from others, for --undo
  resources: [namespaces]
  resourceNames: [kube-system]
  verbs: [get]
"""
OTHERS = """\
- apiGroups: [cilium.io, crd.projectcalico.org, policy.networking.k8s.io, crd.antrea.io]
  resources: # policies of other APIs: named in the report, never read
  - adminnetworkpolicies
  - baselineadminnetworkpolicies
  - ciliumclusterwidenetworkpolicies
  - ciliumnetworkpolicies
  - clusternetworkpolicies
  - globalnetworkpolicies
  - networkpolicies
  verbs: [list]
"""
EPILOG = """\b
Examples:
  # For `audit -A`
  {program} rbac | kubectl apply -f -
  kubectl create clusterrolebinding npcheck-audit --clusterrole=npcheck-audit --user=NAME
  # For `audit -n shop`, and with the dry run that measures the reading
  {program} rbac -n shop --probe | kubectl apply -f -
  kubectl create rolebinding npcheck-audit -n shop --role=npcheck-audit --user=NAME
  # For `fix --live -A --apply`
  {program} rbac --write | kubectl apply -f -
"""


@click.command(
    "rbac",
    cls=Command,
    short_help="print the least role that audit and fix --live need",
    epilog=EPILOG,
)
@click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    callback=namespace_of,
    shell_complete=values.cluster_namespaces,
    help="A Role for one namespace.",
)
@click.option(
    "--probe",
    is_flag=True,
    help="Allow the probe too: it needs the verb create, for a dry run.",
)
@click.option("--write", is_flag=True, help="The role for fix --live, --apply and --undo.")
@options.debug
def rbac_command(namespace: str | None, probe: bool, write: bool, debug: bool) -> int:
    """Print the ClusterRole, or with -n the Role, that audit needs: it only lists. With --write,
    the one that fix --live needs: it lists, and patches NetworkPolicies.
    """
    print_text(role(namespace, probe, write))
    return 0


def role(namespace: str | None, probe: bool, write: bool = False) -> str:
    """The manifest, for `kubectl apply -f -`."""
    name = WRITE_NAME if write else NAME
    writing = (WRITE if namespace is not None else WRITE + WHICH) if write else ""
    kind = "ClusterRole" if namespace is None else "Role"
    place = "" if namespace is None else f"  namespace: {namespace}\n"
    own = "[namespaces]\n  verbs: [list]" if namespace is None else "[namespaces]\n  verbs: [get]"
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: {name}\n"
        f"{place}rules:\n"
        "- apiGroups: [networking.k8s.io]\n  resources: [networkpolicies]\n  verbs: [list]\n"
        '- apiGroups: [""]\n  resources: [pods, services]\n  verbs: [list]\n'
        f'- apiGroups: [""]\n  resources: {own}\n'
        f"{WORKLOADS}{OTHERS}{PROBE if probe else ''}{writing}"
    )
