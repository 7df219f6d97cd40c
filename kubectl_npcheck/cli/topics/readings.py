"""The two readings of egress that is not stated, and where the second one comes from."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Bullets, Paragraph

BLOCKS = (
    Paragraph(
        "A NetworkPolicy that has ingress rules and says nothing of egress looks as if it concerned"
        " ingress alone. What it does to egress depends on who reads it:"
    ),
    Bullets(
        (
            "**Kubernetes as published leaves egress open** for such a policy when it is created,"
            " in every version. If somebody tells you that an upgrade of Kubernetes denies it, that"
            " is not what the API server does.",
            "**The sticky default turns the same file into a full denial.** Where a manifest does"
            " not write `policyTypes`, the API server fills the field in once, at creation, and"
            " `kubectl apply` leaves it alone ever after. A policy that was created with egress"
            " rules keeps `[Ingress, Egress]`; delete the egress section from its file and apply,"
            " and everything that its pods send is denied, DNS included. There is no warning, and"
            " `kubectl diff` is clean. The other way round, an egress section that is added later"
            " is dead.",
            "**So do mutating policies and webhooks** that append `Egress` to every policy: a dozen"
            " lines of YAML, for a cluster or for one namespace.",
        )
    ),
    Paragraph(
        "The first is the open reading, the others are the deny reading, and npcheck takes no side."
        " It reports where the two differ (`egress-implicit`), the files"
        " that can get stuck (`policy-types-implicit`), and it is silent where another policy of"
        " the same pods states their egress, because then nothing depends on it. A policy that"
        " states its egress means the same to everyone."
    ),
)
