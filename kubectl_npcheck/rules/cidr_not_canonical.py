"""A CIDR that newer API servers reject.

Host bits (`10.0.0.1/8`), leading zeros (`010.0.0.0/8`) and IPv4-mapped IPv6 addresses
(`::ffff:10.0.0.0/104`) were accepted with a warning up to Kubernetes 1.35 and are rejected from
1.36 on. Objects that are stored already keep working and can be edited, so nothing is noticed
until the manifest has to create the object anew: in a new cluster, or after a disaster.

For leading zeros and mapped addresses the canonical form is certain. With host bits you have to
choose between the network and the single address.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - ipBlock:
                cidr: 10.20.30.40/16

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - ipBlock:
                cidr: 10.20.30.40/32

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - ipBlock:
                cidr: 10.20.0.0/16
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Defect
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "cidr-not-canonical"
SUMMARY = "a CIDR that API servers from 1.36 on reject"
SEVERITY = Severity.WARNING
SCOPE = "policy"

WHEN = "accepted with a warning up to Kubernetes 1.35, rejected from 1.36 on"


def check(group: Group) -> Iterator[Problem]:
    """Report each CIDR that is not written in its canonical form."""
    for policy, defect in defects_of(group, ID):
        yield Problem(policy, defect.path, defect.message, (WHEN,), fix=_fix(defect))


def _fix(defect: Defect) -> Fix | None:
    """The hint, which quotes the canonical form.

    With host bits it names two candidates, and only the author can choose.
    """
    quoted = defect.hint.split("`")[1::2]
    if len(quoted) != 1:
        return Fix(defect.hint) if defect.hint else None
    return Fix(defect.hint, True, (Operation("set", defect.path, quoted[0]),), on_request=True)
