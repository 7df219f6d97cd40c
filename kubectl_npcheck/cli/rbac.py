"""`rbac`: the least role that `audit` needs."""

from __future__ import annotations

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.cluster_options import namespace_of
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import print_text

NAME = "npcheck-audit"
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
"""


@click.command(
    "rbac", cls=Command, short_help="print the least role that audit needs", epilog=EPILOG
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
@options.debug
def rbac_command(namespace: str | None, probe: bool, debug: bool) -> int:
    """Print the ClusterRole, or with -n the Role, that audit needs: it only lists."""
    print_text(role(namespace, probe))
    return 0


def role(namespace: str | None, probe: bool) -> str:
    """The manifest, for `kubectl apply -f -`."""
    kind = "ClusterRole" if namespace is None else "Role"
    place = "" if namespace is None else f"  namespace: {namespace}\n"
    own = "[namespaces]\n  verbs: [list]" if namespace is None else "[namespaces]\n  verbs: [get]"
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: {NAME}\n"
        f"{place}rules:\n"
        "- apiGroups: [networking.k8s.io]\n  resources: [networkpolicies]\n  verbs: [list]\n"
        '- apiGroups: [""]\n  resources: [pods, services]\n  verbs: [list]\n'
        f'- apiGroups: [""]\n  resources: {own}\n'
        f"{WORKLOADS}{OTHERS}{PROBE if probe else ''}"
    )
