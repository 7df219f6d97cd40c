"""The command lines in README.md, and how each of them is run by a test.

A command is a line of a block without a language (output stands in blocks of `text`), a line behind
`$ `, an example in a command's help, or a whole command between backticks. Knows README.md's Markdown; must not know how commands are run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).resolve().parent.parent / "README.md"
FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = re.compile(r"^ +Examples:\n(?P<lines>(?: {4,}.*\n)+)", re.MULTILINE)
PROGRAMS = (
    "kubectl npcheck",
    "npcheck",
    "make",
    "pipx",
    "pip",
    "helm",
    "pre-commit",
    "python3",
    "source",
)
COMMAND = re.compile(rf"(?:kubectl krew|{'|'.join(PROGRAMS)}) \S.*")


class Run(NamedTuple):
    """A command that is run as it stands, in a directory as `scratch` lays it out.

    codes:   the exit codes that it may have
    shows:   what it must print
    cluster: it asks the API server, so it is run by `make e2e` only
    before:  what is run first, in the same directory
    """

    codes: tuple[int, ...]
    shows: str = ""
    cluster: bool = False
    before: tuple[str, ...] = ()


class Elsewhere(NamedTuple):
    """A command that a test of its own runs; `file` has `words` in it."""

    file: str
    words: str


def commands(text: str) -> list[str]:
    """Every command line of a README, each once."""
    found: list[str] = []
    for block in FENCED.finditer(text):
        if block["language"] in ("", "sh", "bash", "console", "diff"):
            found += _in_block(block["text"])
    for code in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)):
        if COMMAND.fullmatch(code):
            found.append(code)
    return list(dict.fromkeys(found))


def _in_block(text: str) -> list[str]:
    if text.startswith("Usage:"):
        lines = [line for found in EXAMPLES.finditer(text) for line in found["lines"].splitlines()]
        return [line.strip() for line in lines if not line.strip().startswith("#")]
    prompted = re.findall(r"(?m)^\$ (.*)$", text)
    if prompted:
        return prompted
    return [re.sub(r"\s+# .*", "", line).strip() for line in text.splitlines() if line.strip()]


RESULT = (0, 1)
AUDIT = Run(RESULT, "egress that is not stated", cluster=True)
BACKUP = "npcheck-backup-20261126T140311Z.yaml"
FINDING = "error egress-implicit shop/web"
E2E = "tests/e2e"
BY_HAND = Elsewhere(f"{E2E}/test_release.py", "<!-- by-hand -->")

TABLE: dict[str, Run | Elsewhere] = {
    "make demo": Elsewhere(f"{E2E}/test_readme.py", '"make", "demo"'),
    "make test": Elsewhere(".ci/run", "step test"),
    "make dist": Elsewhere(f"{E2E}/releases.py", '"packaging/dist.sh", "--output"'),
    "kubectl krew install npcheck": Elsewhere(
        f"{E2E}/test_krew.py", '"krew", "install", "npcheck"'
    ),
    "grep linux-amd64.tar.gz SHA256SUMS | sha256sum -c": BY_HAND,
    "tar -xzf npcheck-0.1.0-linux-amd64.tar.gz npcheck": BY_HAND,
    "mkdir -p ~/.local/bin && mv npcheck ~/.local/bin/kubectl-npcheck": BY_HAND,
    "python3 -I kubectl-npcheck": Elsewhere("tests/zipapp/test_start.py", '"-I", str(fresh.file)'),
    "pipx install '.[all]'": Elsewhere(f"{E2E}/test_readme.py", '"install", ".[all]"'),
    "source <(npcheck completion bash)": Elsewhere(
        f"{E2E}/test_completion.py", "source <(npcheck completion bash)"
    ),
    "kubectl npcheck completion install": Run((0,), "kubectl_complete-npcheck: written"),
    "kubectl npcheck help": Run((0,), "Topics"),
    "kubectl npcheck rbac": Run((0,), "kind: ClusterRole"),
    "kubectl npcheck rbac --write": Run((0,), "patch"),
    "kubectl npcheck rules egress-implicit": Run((0,), "FAIL:"),
    # lint
    "kubectl npcheck lint": Run((1,), FINDING),
    "kubectl npcheck lint examples/outage": Run((1,), "2 errors"),
    "kubectl npcheck lint k8s/web.yaml k8s/db.yaml": Run((1,), FINDING),
    "kubectl npcheck lint --helm charts/shop --helm-values prod.yaml": Run((1,), "egress-implicit"),
    "kubectl npcheck lint -k overlays/prod": Run((1,), "egress-implicit"),
    "kubectl npcheck lint --fail-on error --report npcheck.json k8s/": Run((1,), FINDING),
    "npcheck lint --report npcheck.xml k8s/": Run((1,), FINDING),
    "kubectl npcheck lint --report policies.html k8s/": Run((1,), FINDING),
    "kubectl npcheck lint --write-baseline": Run((0,)),
    "kubectl npcheck lint --baseline .npcheck-baseline.json": Run(
        (0,), before=("kubectl npcheck lint --write-baseline",)
    ),
    # fix
    "kubectl npcheck fix": Run((1,), "fixed shop/web"),
    "kubectl npcheck fix --diff": Run((1,), "would fix shop/web"),
    "kubectl npcheck fix --diff examples/outage/notification-service.yaml": Run((1,), "+  egress:"),
    "kubectl npcheck fix k8s/web.yaml k8s/db.yaml": Run((1,), "fixed shop/web"),
    "kubectl npcheck fix --strategy deny-all k8s/": Run((1,), "shop/web"),
    "kubectl npcheck fix --strategy dns k8s/": Run((1,), "shop/web"),
    "helm template mychart | kubectl npcheck fix --allow-widening - > rendered.yaml": Run((1,)),
    # a cluster
    "kubectl npcheck audit": AUDIT,
    "kubectl npcheck audit -A": AUDIT,
    "kubectl npcheck audit -A -o csv": Run(RESULT, "has_egress", cluster=True),
    "kubectl npcheck audit -A --check-version": AUDIT,
    "kubectl npcheck audit -A --fail-on error --report audit.json": AUDIT,
    "kubectl npcheck audit -A --report audit.json": AUDIT,
    "kubectl npcheck audit -A --since audit.json": AUDIT._replace(
        before=("kubectl npcheck audit -A --report audit.json",)
    ),
    "kubectl npcheck audit -A --since audit.json --report audit.json": AUDIT._replace(
        before=("kubectl npcheck audit -A --report audit.json",)
    ),
    "kubectl npcheck audit --contexts all -A": AUDIT,
    "kubectl npcheck audit -A --report cluster.html --since audit.json": AUDIT._replace(
        before=("kubectl npcheck audit -A --report audit.json",)
    ),
    "kubectl npcheck fix --live -A": Run((1,), "would fix shop/web", cluster=True),
    "kubectl npcheck fix --live -A --apply": Run((1,), "shop/web", cluster=True),
    "kubectl npcheck fix --live -A --rule sticky-default": Run(RESULT, cluster=True),
    f"kubectl npcheck fix --live --undo {BACKUP}": Run(
        (0, 1),
        cluster=True,
        before=(
            "kubectl npcheck fix --live -A --apply",
            f"mv npcheck-backup-*.yaml {BACKUP}",
        ),
    ),
}

SILENT = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {}}]
"""
STATED = SILENT.replace("web", "db").replace("[Ingress]", "[Ingress, Egress]")
CHART = "apiVersion: v2\nname: mychart\nversion: 0.1.0\n"


def scratch(directory: Path) -> Path:
    """Lay out what the commands name: manifests, an overlay, a chart, and the example."""
    import shutil

    files = {
        "k8s/web.yaml": SILENT,
        "k8s/db.yaml": f"{STATED}  egress: [{{}}]\n",
        "overlays/prod/kustomization.yaml": "resources: [policy.yaml]\nnamespace: shop\n",
        "overlays/prod/policy.yaml": SILENT.replace("  namespace: shop\n", ""),
        "prod.yaml": "replicas: 2\n",
    }
    for chart in ("mychart", "charts/shop"):
        files[f"{chart}/Chart.yaml"] = CHART
        files[f"{chart}/templates/web.yaml"] = SILENT.replace("shop", "{{ .Release.Namespace }}")
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    shutil.copytree(README.parent / "examples", directory / "examples")
    return directory
