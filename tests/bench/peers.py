"""Other tools, as far as they are on PATH: how each is asked about a directory of manifests.

Those in Python are compared fairly if each is installed as users do, in an environment of its own.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.bench.timing import Command

NAMES = ("kube-score", "kubeconform", "gator", "kyverno", "checkov", "kube-netpol", "yamllint")

# gator and kyverno judge by a policy of the user's: ours for them is the exact one, "ingress rules,
# no egress rules, and Egress not in policyTypes".
GATOR = """\
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: explicitegress}
spec:
  crd: {spec: {names: {kind: ExplicitEgress}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package explicitegress
        violation[{"msg": msg}] {
          spec := input.review.object.spec
          count(object.get(spec, "ingress", [])) > 0
          count(object.get(spec, "egress", [])) == 0
          not listed(spec)
          msg := sprintf("%v says nothing of egress", [input.review.object.metadata.name])
        }
        listed(spec) { spec.policyTypes[_] == "Egress" }
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: ExplicitEgress
metadata: {name: explicit-egress}
spec:
  match:
    kinds: [{apiGroups: [networking.k8s.io], kinds: [NetworkPolicy]}]
"""

KYVERNO = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: explicit-egress}
spec:
  validationFailureAction: Enforce
  background: true
  rules:
    - name: explicit-egress
      match: {any: [{resources: {kinds: [NetworkPolicy]}}]}
      validate:
        message: says nothing of egress
        deny:
          conditions:
            all:
              - {key: "{{ length(request.object.spec.ingress || `[]`) }}", operator: GreaterThan, value: 0}
              - {key: "{{ length(request.object.spec.egress || `[]`) }}", operator: Equals, value: 0}
              - {key: Egress, operator: AnyNotIn, value: "{{ request.object.spec.policyTypes || `[]` }}"}
"""


def commands(directory: Path, scratch: Path) -> dict[str, Command | str]:
    """The command of each peer for a directory; a reason where the peer cannot be measured.

    scratch is a directory for the policies that gator and kyverno need.
    """
    (scratch / "gator.yaml").write_text(GATOR, encoding="utf-8")
    (scratch / "kyverno.yaml").write_text(KYVERNO, encoding="utf-8")
    files = sorted(
        str(path) for path in directory.rglob("*") if path.suffix in {".yaml", ".yml", ".json"}
    )
    schemas = os.environ.get("KUBECONFORM_SCHEMAS", "")
    arguments = {
        "kube-score": ["score", "--output-format", "ci", *files],
        "kubeconform": [
            *("-schema-location", schemas),
            *("-strict", "-ignore-missing-schemas", "."),
        ],
        "gator": ["test", "-f", str(scratch / "gator.yaml"), "-f", "."],
        "kyverno": ["apply", str(scratch / "kyverno.yaml"), "-r", "."],
        "checkov": ["-d", ".", "--framework", "kubernetes", "--compact", "--quiet"],
        "kube-netpol": ["scan", "."],
        "yamllint": ["."],
    }
    found: dict[str, Command | str] = {}
    for name in NAMES:
        program = shutil.which(name)
        if program is None:
            found[name] = "not installed"
        elif name == "kubeconform" and not schemas:
            found[name] = "KUBECONFORM_SCHEMAS names no schemas"  # it would fetch them
        else:
            found[name] = Command([program, *arguments[name]], directory)
    return found
