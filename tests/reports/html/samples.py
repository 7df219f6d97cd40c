"""Reports for the page alone: several clusters, a namespace with a crowd, lines of files."""

from __future__ import annotations

from kubectl_npcheck.findings import (
    ClassState,
    Counts,
    DirectionState,
    Finding,
    Location,
    PolicyEntry,
    ReadError,
    Report,
    RuleEntry,
    Severity,
    Trend,
)
from tests.reports import sample

MANIFEST = [(5, "spec:"), (6, "  podSelector: {}"), (7, "  policyTypes: [Ingress]"), (8, "")]


def with_lines() -> Report:
    """The report of everything, of files that can be shown, by rules that are documented."""
    report = sample.full()
    report.lines = lambda _: list(MANIFEST)
    report.rules = lambda: [
        RuleEntry("egress-implicit", Severity.ERROR, "policy", "egress `is` unstated", "Why.")
    ]
    return report


def entry(name: str, namespace: str | None = "shop", **changes: object) -> PolicyEntry:
    """A policy that restricts the pods app=NAME."""
    state = ClassState(
        f"namespace {namespace}",
        (name,),
        {"app": name},
        sample.RESTRICTED,
        sample.RESTRICTED,
        namespace,
    )
    plain = sample.ENTRIES[1]._replace(namespace=namespace, name=name, states=(state,))
    return plain._replace(**changes)  # type: ignore[arg-type]


def class_state(name: str, egress: DirectionState, *policies: str) -> ClassState:
    """Pods app=NAME of namespace shop that the policies select."""
    return ClassState("namespace shop", policies, {"app": name}, sample.RESTRICTED, egress, "shop")


def report_of(entries: list[PolicyEntry], findings: list[Finding] | None = None) -> Report:
    """A report of these policies."""
    counts = Counts(1, 1, len(entries), 0)
    return Report(sample.INPUT, counts, findings or [], [], [], lambda: entries)


def crowd(policies: int = 120) -> Report:
    """One namespace with a policy for each of many applications, and one that selects all."""
    entries = [
        entry(
            f"app-{number}",
            states=(class_state(f"app-{number}", sample.SILENT, f"app-{number}", "base"),),
        )
        for number in range(policies)
    ]
    return report_of([entry("base", states=tuple(e.states[0] for e in entries)), *entries])


def many_findings(number: int, said: str = "something to say of it") -> Report:
    """As many findings of as many policies."""
    findings = [
        Finding(
            f"rule-{at % 4}",
            Severity(at % 3 + 1),
            "a message",
            Location("k8s/a.yaml", 7, 3, 7, 14),
            "spec",
            "shop",
            f"app-{at}",
            (said,),
        )
        for at in range(number)
    ]
    return report_of([entry(f"app-{at}", file="k8s/a.yaml") for at in range(number)], findings)


def clusters() -> Report:
    """Three clusters, one of which could not be reached, beside an earlier report."""
    down = "cannot reach https://10.0.0.1:6443: connection refused"
    entries = [
        entry("web", cluster="prod", file=None),
        entry("web", cluster="dev", file=None, compliant=False, violation="egress is not stated"),
    ]
    findings = [
        sample.LIVE._replace(name="web", cluster="dev", changed=sample.CHANGED, trend="new"),
        sample.LIVE._replace(name="web", cluster="prod", trend="unchanged"),
    ]
    report = Report(
        {
            "clusters": [
                {**sample.CLUSTER, "context": "prod", "cluster": "prod-eu"},
                {**sample.CLUSTER, "context": "dev", "cluster": "kind-dev"},
                {"context": "edge", "error": down},
            ]
        },
        Counts(0, 0, 2, 0),
        findings,
        [sample.HIDDEN._replace(cluster="dev")],
        [ReadError("edge", None, None, down, "edge")],
        lambda: entries,
    )
    report.trend = Trend("last-week.json", ())
    return report


PAGES = {
    **sample.REPORTS,
    "with-lines": with_lines,
    "crowd": crowd,
    "many": lambda: many_findings(230),
    "clusters": clusters,
}
