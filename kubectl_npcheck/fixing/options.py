"""What a repair is asked for, validated. Knows the strategies' names, not what they write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.errors import UsageError, did_you_mean
from kubectl_npcheck.origin import Origin, path_text
from kubectl_npcheck.policy.model import Rule
from kubectl_npcheck.policy.parse import API_VERSION, parse_policy
from kubectl_npcheck.rules import (
    RULES,
    cidr_not_canonical,
    dns_one_protocol,
    egress_empty_list,
    egress_implicit,
    namespace_name_label,
    policy_types_implicit,
    sticky_default,
)
from kubectl_npcheck.settings import Settings

PRESERVE = "preserve"
ALLOW_ALL = "allow-all"
DENY_ALL = "deny-all"
DNS = "dns"
RULES_FILE = "rules"

DEFAULT_RULES = (egress_implicit.ID, policy_types_implicit.ID)
FIXABLE = (
    *DEFAULT_RULES,
    egress_empty_list.ID,
    dns_one_protocol.ID,
    namespace_name_label.ID,
    cidr_not_canonical.ID,
)
"""The rules whose findings can be repaired in files."""

LIVE_DEFAULT_RULES = (egress_implicit.ID,)
LIVE_FIXABLE = (
    egress_implicit.ID,
    sticky_default.ID,
    dns_one_protocol.ID,
    namespace_name_label.ID,
    cidr_not_canonical.ID,
)
"""The rules whose findings can be repaired in a cluster. What a manifest leaves out, or writes as
an empty list, is stored as a value of its own: there is nothing to repair."""

DNS_RULES: list[dict[str, Any]] = [
    {
        "to": [
            {
                "namespaceSelector": {
                    "matchLabels": {"kubernetes.io/metadata.name": "kube-system"},
                },
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    }
]
"""UDP and TCP 53 to the cluster's DNS pods, as kubeadm, EKS, GKE and AKS label them."""


class Options(NamedTuple):
    """What to repair, and how.

    strategy:       how egress that is not stated is stated
    named:          the user chose the strategy; it is not the default
    rules:          ids of the rules whose findings are repaired
    egress:         for the strategy `rules`: the egress rules as plain data
    allow_widening: allow everything also where that could undo another policy's restriction
    split:          write a second policy for the pods that others do not decide
    notes:          repair also what is only a note
    apart:          each repair has to be right also where the others are not made
    """

    strategy: str = PRESERVE
    named: bool = False
    rules: tuple[str, ...] = DEFAULT_RULES
    egress: tuple[Any, ...] = ()
    allow_widening: bool = False
    split: bool = False
    notes: bool = False
    apart: bool = False


def checked_rules(ids: Sequence[str], live: bool = False) -> tuple[str, ...]:
    """The ids, each once, the default set if there are none. UsageError for what is not fixable."""
    known = [rule.ID for rule in RULES]
    fixable, default = (LIVE_FIXABLE, LIVE_DEFAULT_RULES) if live else (FIXABLE, DEFAULT_RULES)
    for rule in ids:
        if rule not in known:
            hint = did_you_mean(rule, known) or "; the command `rules` lists all"
            raise UsageError(f'unknown rule "{rule}"{hint}')
        if rule not in fixable:
            raise UsageError(f"--rule {rule}: {_why_not(rule)}; fix can write {', '.join(fixable)}")
    return tuple(dict.fromkeys(ids)) or default


def _why_not(rule: str) -> str:
    if rule in LIVE_FIXABLE:
        return "this shows in a cluster only (fix --live)"
    if rule in FIXABLE:
        return "this shows in manifests only"
    return "only its author can repair this"


def by_settings(settings: Settings) -> Options:
    """What is repaired where only the settings choose. UsageError for a file without its rules."""
    strategy, file = settings.fix_strategy, settings.fix_rules_file
    if strategy == RULES_FILE and file is None:
        raise UsageError("fix: strategy rules needs rules-file in the settings")
    return Options(
        strategy=strategy or PRESERVE,
        named=strategy is not None,
        egress=read_rules(file) if strategy == RULES_FILE and file is not None else (),
    )


def read_rules(path: str) -> tuple[Any, ...]:
    """The egress rules in a file: a list of rules, `egress: [...]`, or a whole NetworkPolicy.

    Raises UsageError for a file that cannot be read, holds no rule, or rules that the API server
    would reject.
    """
    from kubectl_npcheck.manifests.discover import read_bytes
    from kubectl_npcheck.manifests.document import DocumentError, decode, parse, split
    from kubectl_npcheck.manifests.paths import reason

    try:
        source = decode(read_bytes(path), path)
        documents = [found for chunk in split(source.text) if (found := parse(source, chunk))]
    except (OSError, ValueError) as error:
        raise UsageError(f"--rules-file {path}: {reason(error)}") from error
    except DocumentError as error:
        at = f":{error.line}:{error.column}" if error.line else ""
        raise UsageError(f"--rules-file {path}{at}: {error.message}") from error
    if len(documents) != 1:
        raise UsageError(f"--rules-file {path}: one document is expected, not {len(documents)}")
    rules = _rules_in(documents[0].value)
    try:
        return checked_egress(rules)
    except UsageError as error:
        raise UsageError(f"--rules-file {path}: {error}") from error


def checked_egress(rules: object) -> tuple[Any, ...]:
    """Egress rules in plain data, if the API server would take them; UsageError if not."""
    if not isinstance(rules, Sequence) or isinstance(rules, str):
        raise UsageError("no egress rules; write a list of them, or `egress:` with a list")
    if not rules:
        raise UsageError("the list of egress rules is empty; to deny, use --strategy deny-all")
    read = parse_policy(_policy(rules), Origin(None))
    for defect in read.defects:
        raise UsageError(f"{path_text(defect.path[1:])}: {defect.message}")
    if read.unresolved:
        raise UsageError(f"{path_text(read.unresolved[0][1:])} is a placeholder")
    return tuple(rules)


def parsed_egress(rules: Sequence[Any]) -> tuple[Rule, ...]:
    """Egress rules in plain data, as the model has them."""
    return parse_policy(_policy(rules), Origin(None)).egress


def _rules_in(value: object) -> object:
    if not isinstance(value, dict):
        return value
    spec = value.get("spec")
    return spec.get("egress") if isinstance(spec, dict) else value.get("egress")


def _policy(rules: Sequence[Any]) -> dict[str, Any]:
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": list(rules)}
    metadata = {"name": "rules"}
    return {
        "apiVersion": API_VERSION,
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": spec,
    }
