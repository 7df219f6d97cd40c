"""What a report says of the cluster itself: version, identity, network plugin.

Each is told where it may be asked, and None where not; nothing in here fails a run.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError

SELF_REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

PLUGINS = (
    ("cilium", "Cilium", "enforces ingress and egress"),
    ("anetd", "GKE Dataplane V2 (Cilium)", "enforces ingress and egress"),
    ("calico-node", "Calico", "enforces ingress and egress"),
    ("canal", "Canal (Calico policy)", "enforces ingress and egress"),
    ("antrea-agent", "Antrea", "enforces ingress and egress"),
    ("kube-router", "kube-router", "enforces ingress and egress"),
    ("weave-net", "Weave Net", "enforces ingress and egress; no longer maintained"),
    ("ovnkube-node", "OVN-Kubernetes", "enforces ingress and egress"),
    ("ovn-cni", "Kube-OVN", "enforces ingress and egress"),
    ("kube-ovn-cni", "Kube-OVN", "enforces ingress and egress"),
    ("azure-npm", "Azure NPM", "enforces ingress and egress; no IPv6"),
    (
        "aws-node",
        "Amazon VPC CNI",
        "enforces them only where its network policy agent is switched on, and has enforced rules"
        " that policyTypes makes void (aws/amazon-network-policy-controller-k8s#229)",
    ),
    ("kube-network-policies", "kube-network-policies", "enforces ingress and egress"),
    ("kindnet", "kindnet", "enforces them from kind 0.24 on"),
    ("kube-flannel-ds", "flannel", "enforces no NetworkPolicy by itself"),
    ("kube-flannel", "flannel", "enforces no NetworkPolicy by itself"),
)
"""DaemonSet, the plugin's name, and what is known of it. The first that is found counts."""


class Version(NamedTuple):
    """The server's version; minor is None where it cannot be told."""

    text: str
    minor: int | None


def server_version(client: Client) -> Version:
    """The server's `/version`. ClusterError if even that cannot be asked."""
    found = client.get("/version")
    text = found.get("gitVersion")
    minor = re.match(r"\d+", str(found.get("minor", "")))
    return Version(text if type(text) is str else "", int(minor.group()) if minor else None)


def identity(client: Client) -> str | None:
    """The user as the server sees it (SelfSubjectReview, from 1.28 on); None if it does not say."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        found = client.post(SELF_REVIEW, body)
    except ServerError as error:
        if error.status == 401:
            raise
        return None
    return _text(found, "status", "userInfo", "username")


def cluster_uid(client: Client) -> str | None:
    """What tells one cluster from another: the UID of kube-system; None if it may not be read."""
    try:
        return _text(client.get("/api/v1/namespaces/kube-system"), "metadata", "uid")
    except ServerError:
        return None


def plugin_of(daemonsets: set[str]) -> tuple[str, str] | None:
    """The network plugin's name and what is known of it, by the names of the DaemonSets."""
    for name, plugin, known in PLUGINS:
        if name in daemonsets:
            return plugin, known
    return None


def _text(found: object, *path: str) -> str | None:
    for field in path:
        found = found.get(field) if type(found) is dict else None
    return found if type(found) is str and found else None
