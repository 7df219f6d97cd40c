"""npcheck: checks Kubernetes NetworkPolicies.

As a library::

    from kubectl_npcheck import lint

    report = lint("k8s/")                    # or lint(text=open("policy.yaml").read())
    for finding in report.findings:
        print(finding.rule, finding.severity.label, finding.message)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kubectl_npcheck.findings import Report

__version__ = "0.1.0"
