"""A wide block takes in the cloud's metadata service.

On most clouds 169.254.169.254 answers on TCP 80 to anything that runs on the node, and hands out
the node's credentials unless that is prevented elsewhere. A block like `0.0.0.0/0` includes it.
Take it out with `except: [169.254.169.254/32]`.

Reported where a block of /16 or wider reaches the address on TCP 80. Not reported: a smaller block
inside 169.254.0.0/16, which is written for that purpose, also in another policy for the same pods;
rules for other ports; rules without `to`, and pods to which another policy allows everything.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - ipBlock: {cidr: 0.0.0.0/0}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [169.254.169.254/32]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [169.254.169.254/32]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.reach import metadata_reach
from kubectl_npcheck.rules.allowers import Allowers
from kubectl_npcheck.rules.problem import Problem

ID = "metadata-reachable"
SUMMARY = "a wide block lets the pods reach the cloud's metadata service"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report policies whose wide blocks reach 169.254.169.254 on TCP 80."""
    deliberate: Allowers | None = None
    for policy in group.subjects:
        if not policy.lists_egress or not policy.egress:
            continue
        by_width, on_purpose = metadata_reach(policy)
        if by_width is None or on_purpose:
            continue
        deliberate = deliberate or Allowers(group, [p for p in group.policies if _means_it(p)])
        if deliberate.missing(policy) is not None:
            yield _problem(policy, *by_width)


def _means_it(policy: NetworkPolicy) -> bool:
    """Whether the policy allows the address in so many words, or allows everything."""
    return policy.lists_egress and policy.accepted and metadata_reach(policy).on_purpose


def _problem(policy: NetworkPolicy, rule: Rule, peer: Peer) -> Problem:
    block = peer.ip_block
    assert block is not None
    return Problem(
        policy,
        (*rule.peer_path(peer), "ipBlock", "cidr"),
        f"{block.cidr} includes the cloud's metadata service, 169.254.169.254 on TCP 80",
        ("it can hand out the node's credentials to any pod that reaches it",),
        fix=Fix("add `except: [169.254.169.254/32]` to the block"),
    )
