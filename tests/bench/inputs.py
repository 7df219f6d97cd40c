"""The generated trees that are measured. Each function fills a directory that is empty."""

from __future__ import annotations

import subprocess
from pathlib import Path

DEFAULT_DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: {namespace}
spec:
  podSelector: {{}}
  policyTypes:
    - Ingress
    - Egress
"""

DNS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-dns
  namespace: {namespace}
spec:
  podSelector: {{}}
  policyTypes:
    - Egress
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
"""

CLEAN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: app-{number}
spec:
  podSelector:
    matchLabels:
      app: app-{number}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
          podSelector:
            matchLabels:
              app.kubernetes.io/name: prometheus
      ports:
        - protocol: TCP
          port: 8080
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
    - to:
        - ipBlock:
            cidr: 10.1.0.0/16
            except:
              - 10.1.7.0/24
      ports:
        - protocol: TCP
          port: 5432
"""

# One application's policy; two in three state their egress, the third leaves it to default-deny.
APPLICATION = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: app-{number}
  namespace: {namespace}
  labels:
    app.kubernetes.io/part-of: shop
spec:
  podSelector:
    matchLabels:
      app: app-{number}
  policyTypes:
    - Ingress{types}
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: app-{caller}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
          podSelector:
            matchLabels:
              app.kubernetes.io/name: prometheus
      ports:
        - protocol: TCP
          port: 8080
        - protocol: TCP
          port: metrics
{egress}"""

EGRESS = """\
  egress:
    - to:
        - podSelector:
            matchLabels:
              app: app-{callee}
      ports:
        - protocol: TCP
          port: 8080
    - to:
        - ipBlock:
            cidr: 10.{second}.0.0/16
            except:
              - 10.{second}.7.0/24
      ports:
        - protocol: TCP
          port: 5432
"""

SELECTOR = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: wide-{number}
  namespace: hard
spec:
  podSelector:
    matchLabels:
      app: app-{a}
      tier: tier-{b}
    matchExpressions:
      - {{key: track, operator: In, values: [stable, canary-{c}]}}
      - {{key: zone, operator: NotIn, values: [zone-{b}, zone-{c}]}}
      - {{key: team, operator: Exists}}
      - {{key: legacy-{c}, operator: DoesNotExist}}
  policyTypes: [{types}]
  ingress:
    - from:
        - podSelector: {{}}
"""

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
spec:
  selector:
    matchLabels: {{app: app-{number}}}
  template:
    metadata:
      labels: {{app: app-{number}}}
    spec:
      containers:
        - name: main
          image: registry.example.com/app:1.{number}
          ports:
            - containerPort: 8080
"""


def application(namespace: str, number: int) -> str:
    """The policy of one application; every third says nothing of egress."""
    silent = number % 3 == 0
    return APPLICATION.format(
        namespace=namespace,
        number=number,
        caller=number + 1,
        types="" if silent else "\n    - Egress",
        egress="" if silent else EGRESS.format(callee=number + 2, second=number % 250),
    )


def one_file(directory: Path) -> None:
    """One small file with one undecided policy."""
    (directory / "policy.yaml").write_text(application("shop", 3), encoding="utf-8")


def without_policies(directory: Path, files: int = 2000) -> None:
    """YAML files of which none mentions NetworkPolicy."""
    for number in range(files):
        folder = directory / f"team-{number % 40}"
        folder.mkdir(exist_ok=True)
        text = DEPLOYMENT.format(number=number) + "---\n" + DEPLOYMENT.format(number=number + 1)
        (folder / f"app-{number}.yaml").write_text(text, encoding="utf-8")


def many_policies(directory: Path, policies: int = 10_000, namespaces: int = 50) -> None:
    """Ten policies a file; nine namespaces in ten deny by default and allow DNS, the tenth not."""
    each = policies // namespaces
    for place in range(namespaces):
        namespace = f"ns-{place}"
        documents = [application(namespace, number) for number in range(each)]
        if place % 10:
            documents[:2] = [
                DEFAULT_DENY.format(namespace=namespace),
                DNS.format(namespace=namespace),
            ]
        folder = directory / namespace
        folder.mkdir()
        for number in range(0, each, 10):
            text = "---\n".join(documents[number : number + 10])
            (folder / f"policies-{number // 10}.yaml").write_text(text, encoding="utf-8")


def undecided_policies(directory: Path, policies: int = 10_000, namespaces: int = 50) -> None:
    """Ten policies a file, none of which states its egress, and no other that does."""
    each = policies // namespaces
    for place in range(namespaces):
        folder = directory / f"ns-{place}"
        folder.mkdir()
        documents = [application(f"ns-{place}", 3 * number) for number in range(each)]
        for number in range(0, each, 10):
            text = "---\n".join(documents[number : number + 10])
            (folder / f"policies-{number // 10}.yaml").write_text(text, encoding="utf-8")


def hard_selectors(directory: Path, policies: int = 300) -> None:
    """One namespace whose selectors have six requirements each and overlap in many ways."""
    documents = [
        SELECTOR.format(
            number=number,
            a=number % 7,
            b=number % 5,
            c=number % 11,
            types="Ingress" if number % 2 else "Ingress, Egress",
        )
        for number in range(policies)
    ]
    (directory / "hard.yaml").write_text("---\n".join(documents), encoding="utf-8")


def commit(directory: Path, files: int = 5000) -> None:
    """A git repository of YAML files, one in fifty of which has a policy."""
    without_policies(directory, files)
    for number in range(0, files, 50):
        folder = directory / f"team-{number % 40}"
        (folder / f"app-{number}.yaml").write_text(
            application(f"ns-{number % 40}", number), encoding="utf-8"
        )
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=directory, check=True)


def changed_files(directory: Path, number: int = 1000) -> list[str]:
    """What a commit of `commit` changes: a fifth of its files, and a fifth of its policies."""
    names = sorted(path.relative_to(directory).as_posix() for path in directory.glob("*/*.yaml"))
    having = [name for name in names if int(name[name.rfind("-") + 1 : -5]) % 50 == 0]
    chosen = having[: number // 50]
    without = sorted(set(names) - set(having))
    return sorted(chosen + without[: number - len(chosen)])


def hundred_files(directory: Path) -> None:
    """A hundred clean files, one policy and its Deployment each, for the comparison with peers."""
    for number in range(100):
        text = CLEAN.format(number=number) + "---\n" + DEPLOYMENT.format(number=number)
        (directory / f"app-{number}.yaml").write_text(text, encoding="utf-8")
