"""Reports built by hand: what every format is tried on."""

from __future__ import annotations

from kubectl_npcheck.findings import (
    ClassState,
    Counts,
    DirectionState,
    Finding,
    Fix,
    Gone,
    Location,
    PolicyEntry,
    ReadError,
    Report,
    Severity,
    Skipped,
    Trend,
    Unseen,
)
from kubectl_npcheck.origin import Change

INPUT: dict[str, object] = {
    "paths": ["k8s"],
    "kustomizations": [],
    "namespace": None,
    "egressDefault": "either",
}
NOTIFICATION = Finding(
    "egress-implicit",
    Severity.ERROR,
    "egress is not stated",
    Location("k8s/notification.yaml", 7, 3, 7, 14),
    "spec.policyTypes",
    "notifications",
    "notification-ingress",
    (
        "open reading (Kubernetes as published): pods app=notification may send anything",
        "deny reading: they may send nothing, DNS included",
    ),
    Fix("add Egress to policyTypes, and `egress: [{}]`", True),
)
WEB = Finding(
    "dns-blocked",
    Severity.WARNING,
    "pods app=web cannot resolve names: nothing allows UDP 53",
    Location("k8s/web.yaml", 12, 5, 12, 11),
    "spec.egress",
    None,
    "web",
)
OTHER = Finding(
    "other-kind",
    Severity.NOTE,
    "CiliumNetworkPolicy is not read",
    Location("k8s/ünïcode.yaml", 1, 1, 1, 11),
    "",
    "shop",
    "näme",
    kind="CiliumNetworkPolicy",
)
LIVE = NOTIFICATION._replace(location=None, namespace="shop", name="live")

OPEN = DirectionState("open", "open")
RESTRICTED = DirectionState("restricted", "restricted")
SILENT = DirectionState("open", "denied")
ENTRIES = [
    PolicyEntry(
        namespace="notifications",
        name="notification-ingress",
        file="k8s/notification.yaml",
        line=1,
        ingress_rules=1,
        egress_rules=0,
        has_ingress=True,
        has_egress=False,
        compliant=False,
        violation="egress is not stated",
        ingress_state="restricted",
        egress_state="undecided",
        undecided_pods="Deployment/notification",
        rules=("egress-implicit",),
        states=(
            ClassState(
                "namespace notifications",
                ("notification-ingress",),
                {"app": "notification"},
                RESTRICTED,
                SILENT,
                "notifications",
            ),
        ),
    ),
    PolicyEntry(
        namespace=None,
        name="=cmd|' /C calc'!A0",
        file="k8s/web.yaml",
        line=1,
        ingress_rules=0,
        egress_rules=2,
        has_ingress=False,
        has_egress=True,
        compliant=True,
        violation="",
        ingress_state="open",
        egress_state="restricted",
        undecided_pods="",
        rules=("dns-blocked",),
        states=(
            ClassState("directory k8s", ("=cmd|' /C calc'!A0", "b"), {}, OPEN, RESTRICTED),
            ClassState("directory k8s", ("=cmd|' /C calc'!A0",), {"a": "1", "b": "2"}, OPEN, OPEN),
        ),
    ),
    PolicyEntry(
        namespace="shop",
        name="void",
        file="k8s/void.yaml",
        line=3,
        ingress_rules=0,
        egress_rules=0,
        has_ingress=True,
        has_egress=True,
        compliant=True,
        violation="",
        ingress_state="none",
        egress_state="none",
        undecided_pods="",
        rules=(),
        states=(),
    ),
]
SKIPPED = [
    Skipped("chart/np.yaml", 1, 1, None, None, "template", "template, render it first"),
    Skipped("k8s/env.yaml", 4, 9, "shop", "${NAME}", "unresolved", "metadata.name is ${NAME}"),
]
ERRORS = [
    ReadError("k8s/broken.yaml", 3, 5, "a tab is used for indentation; YAML wants spaces"),
    ReadError("k8s/missing.yaml", None, None, "does not exist"),
]


def full() -> Report:
    """Something of everything."""
    return Report(
        INPUT,
        Counts(files=7, files_with_policies=5, policies=3, suppressed=2),
        [NOTIFICATION, WEB, OTHER],
        SKIPPED,
        ERRORS,
        lambda: list(ENTRIES),
    )


def clean() -> Report:
    """Policies, and nothing to say about them."""
    return Report(INPUT, Counts(4, 1, 1, 0), [], [], [], lambda: [ENTRIES[2]])


def empty() -> Report:
    """No policy at all."""
    return Report(INPUT, Counts(4, 0, 0, 0), [], [], [], list)


def unreadable() -> Report:
    """Only input that cannot be read."""
    return Report(INPUT, Counts(1, 1, 0, 0), [], [], ERRORS, list)


CLUSTER: dict[str, object] = {
    "cluster": "kind-dev",
    "server": "https://127.0.0.1:6443",
    "context": "kind-dev",
    "identity": "jane",
    "serverVersion": "v1.34.4",
    "namespace": None,
    "selector": "team=a",
    "reading": {
        "outcome": "open",
        "detail": "",
        "except": [
            {"namespace": "mesh", "outcome": "deny", "detail": "something adds Egress"},
            {"namespace": "vault", "outcome": "refused by admission", "detail": "webhook says no"},
        ],
    },
    "plugin": {"name": "flannel", "known": "enforces no NetworkPolicy by itself"},
    "egressDefault": "either",
}
CHANGED = Change("kubectl-edit", "Update", "2026-11-20T14:03:11Z")
HIDDEN = Skipped(
    None, 0, 0, None, None, "no-permission", "pods: forbidden; which are concerned is not known"
)


def cluster() -> Report:
    """A live cluster."""
    entries = [entry._replace(file=None, line=0) for entry in ENTRIES]
    return Report(
        CLUSTER,
        Counts(0, 0, 3, 1),
        [LIVE._replace(changed=CHANGED)],
        [HIDDEN],
        [ReadError("services", None, None, "the API server answered 500: boom")],
        lambda: entries,
    )


def cluster_without_policies() -> Report:
    """A live cluster, and nothing in it."""
    return Report({**CLUSTER, "plugin": None}, Counts(0, 0, 0, 0), [], [], [], list)


def several() -> Report:
    """Three contexts: two of one server, and one that is down."""
    shop = CLUSTER | {"context": "prod-eu", "cluster": "eu", "selector": None}
    contexts: list[dict[str, object]] = [
        shop,
        {"context": "dev", "error": "https://dev:6443 refused the connection"},
        shop | {"context": "prod-eu-admin", "identity": "admin", "sameServerAs": "prod-eu"},
    ]
    named = ("prod-eu", "prod-eu-admin")
    entries = [
        entry._replace(file=None, line=0, cluster=name) for name in named for entry in ENTRIES
    ]
    report = Report(
        {"clusters": contexts},
        Counts(0, 0, 6, 1),
        [LIVE._replace(cluster=name) for name in named],
        [HIDDEN._replace(cluster="prod-eu")],
        [
            ReadError("context prod-eu: pods", None, None, "it answered 500", "prod-eu"),
            ReadError("context dev", None, None, "https://dev:6443 refused", "dev"),
        ],
        lambda: entries,
        hidden=lambda: [LIVE._replace(cluster="prod-eu", name="hidden")],
    )
    report.findings = [report.findings[0]._replace(trend="new"), report.findings[1]]
    report.trend = Trend("a.json", (GONE._replace(file=None, cluster="prod-eu"),))
    return report


GONE = Gone(
    "egress-implicit", Severity.ERROR, "egress is not stated", "k8s/old.yaml", 9, "shop", "old"
)


def compared() -> Report:
    """Beside an earlier report and a baseline."""
    report = Report(
        INPUT,
        Counts(7, 5, 3, 2, baselined=3, stale=1),
        [NOTIFICATION._replace(trend="new"), WEB._replace(trend="unchanged")],
        [],
        [],
        lambda: list(ENTRIES),
    )
    report.trend = Trend(
        "audit.json",
        (GONE, GONE._replace(file=None, namespace=None, name="", cluster="prod")),
        (Unseen(2, "k8s/broken.yaml could not be read"), Unseen(1, "rule dns-blocked is off")),
        (Unseen(1, "k8s/notification.yaml was not read"),),
    )
    return report


REPORTS = {
    "cluster": cluster,
    "cluster-empty": cluster_without_policies,
    "several": several,
    "full": full,
    "compared": compared,
    "clean": clean,
    "empty": empty,
    "unreadable": unreadable,
}
