"""How the rules write selectors, peers and ports, in kubectl's own notation.

Knows only the model; must not know what any rule thinks of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Port, Workload
from kubectl_npcheck.policy.selectors import Selector, Term

NAME_LABEL = "kubernetes.io/metadata.name"
"""The one label that every Namespace surely has, set by the API server to the name."""


def term_text(term: Term) -> str:
    """One requirement as `kubectl -l` takes it: `app=web`, `tier in (a,b)`, `!legacy`."""
    if term.operator == "In":
        if len(term.values) == 1:
            return f"{term.key}={term.values[0]}"
        return f"{term.key} in ({','.join(term.values)})"
    if term.operator == "NotIn":
        if len(term.values) == 1:
            return f"{term.key}!={term.values[0]}"
        return f"{term.key} notin ({','.join(term.values)})"
    return term.key if term.operator == "Exists" else f"!{term.key}"


def selector_text(selector: Selector) -> str:
    """A selector as `kubectl -l` takes it; `{}` for the one that selects everything."""
    return ",".join([term_text(term) for term in selector.terms]) or "{}"


def namespace_text(namespace: str | None) -> str:
    """`namespace shop`, or words for the namespace that the input does not name."""
    return "the policy's namespace" if namespace is None else f"namespace {namespace}"


def pods_text(selector: Selector) -> str:
    """`all pods`, or `pods app=web`."""
    return "all pods" if selector.everything else f"pods {selector_text(selector)}"


def namespaces_text(selector: Selector) -> str:
    """`all namespaces`, `namespace shop` (by its name label), or `namespaces env=prod`."""
    if selector.everything:
        return "all namespaces"
    terms = selector.terms
    if len(terms) == 1 and terms[0].key == NAME_LABEL and terms[0].operator == "In":
        names = terms[0].values
        return f"namespace {names[0]}" if len(names) == 1 else f"namespaces {', '.join(names)}"
    return f"namespaces {selector_text(selector)}"


def peer_text(peer: Peer, namespace: str | None) -> str:
    """What one peer allows, e.g. `pods app=web of namespaces env=prod`, `10.0.0.0/8`.

    namespace: that of the policy, where a pod selector alone counts.
    """
    block = peer.ip_block
    if block is not None:
        left_out = f" except {', '.join(block.excepts)}" if block.excepts else ""
        return f"{block.cidr}{left_out}"
    pods = "all pods" if peer.pod_selector is None else pods_text(peer.pod_selector)
    if peer.namespace_selector is None:
        return f"{pods} of {namespace_text(namespace)}"
    return f"{pods} of {namespaces_text(peer.namespace_selector)}"


def port_text(port: Port) -> str:
    """`TCP 80`, `UDP 8000-8100`, `TCP http`, or `every TCP port`."""
    if port.port is None:
        return f"every {port.protocol} port"
    if port.end_port is not None:
        return f"{port.protocol} {port.port}-{port.end_port}"
    return f"{port.protocol} {port.port}"


def labels_text(labels: dict[str, str]) -> str:
    """A label set as `app=web,tier=db`, by key."""
    return ",".join([f"{key}={labels[key]}" for key in sorted(labels)]) or "no labels"


def example_pods(witness: dict[str, str]) -> str:
    """The pods that a witness stands for: `pods app=web`, `pods without labels`."""
    return f"pods {labels_text(witness)}" if witness else "pods without labels"


def workload_text(workload: Workload) -> str:
    """`Deployment web`."""
    return f"{workload.kind} {workload.name}"


def policy_text(policy: NetworkPolicy) -> str:
    """`shop/allow-web`, or the bare name where no namespace is known."""
    return f"{policy.namespace}/{policy.name}" if policy.namespace else policy.name


def place_text(origin: Origin) -> str:
    """`k8s/web.yaml:12` for an object of a file, "" for a live one."""
    if origin.file is None:
        return ""
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def policies_text(policies: Sequence[NetworkPolicy]) -> str:
    """`shop/deny-all (k8s/deny.yaml:1)`, and how many more where there are more than two."""
    texts = []
    for policy in policies:
        place = place_text(policy.origin)
        texts.append(f"{policy_text(policy)} ({place})" if place else policy_text(policy))
    return listed(texts, 2)


def listed(texts: Sequence[str], limit: int = 4) -> str:
    """The texts with commas between them; those beyond the limit are counted."""
    shown = ", ".join(texts[:limit])
    return f"{shown} and {len(texts) - limit} more" if len(texts) > limit else shown
