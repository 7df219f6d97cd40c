"""What the API server refuses, against npcheck's `invalid` and `unknown-field`: the same words.

The recorded verdicts and the broken inputs of the unit tests are played against the real server.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.policy.parsing.defects import field_text
from tests import refused_input
from tests.command import run
from tests.e2e.server import Answer, Namespace

RECORD = Path(__file__).parents[1] / "data" / "apiserver" / "verdicts.json"
DECODER = 'NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: '
STRICT = "strict decoding error: "


# npcheck speaks as 1.37 does. What servers before it say in other words:
SINCE_1_37 = (
    (r"must be no more than (\d+) characters", r"must be no more than \1 bytes"),
    ("a qualified name must consist", "a valid label key must consist"),
    # 1.33 prints Go's own form of a list.
    (
        r"policyTypes: Invalid value: (\[\]networking\.PolicyType\{[^}]*\}|\[[^\]]*\])",
        "policyTypes: Invalid value: LIST",
    ),
    # They print the port where they mean the endPort.
    (r"endPort: Invalid value: \S+: must be greater", "endPort: Invalid value: N: must be greater"),
)

STRICT_CIDRS_SINCE = 36
CIDR_RULE = "cidr-not-canonical"
NOT_CANONICAL = ": is not canonical"
STRICT_CIDR = r"(\S+): Invalid value: \S+: must not have (bits set|leading 0s|an IPv4-mapped).*"


def said(answer: Answer) -> list[str]:
    """The complaints of an answer, sorted; none if the object was accepted."""
    if answer.status == 201:
        return []
    message = str(answer.body["message"]).removeprefix(DECODER)
    if answer.status == 422:
        causes = answer.body["details"]["causes"]
        return sorted(f"{cause['field']}: {cause['message']}" for cause in causes)
    if message.startswith(STRICT):
        return sorted(re.findall(r'unknown field "[^"]*"', message))
    return [message]


def theirs(namespace: Namespace, policy: dict[str, Any]) -> list[str]:
    """All that the server has against a policy: unknown fields hide what its validation says."""
    complaints = said(namespace.create(policy, "dryRun=All&fieldValidation=Strict"))
    if complaints and complaints[0].startswith("unknown field"):
        complaints += said(namespace.create(policy, "dryRun=All&fieldValidation=Ignore"))
    return sorted(complaints)


def ours(policy: dict[str, Any], minor: int) -> list[str]:
    """The same of npcheck; the decoder stops at its first complaint."""
    found = parse_policy(policy, Origin(None)).defects
    messages = [d.message for d in found if d.rule in ("invalid", "unknown-field")]
    undecodable = [message for message in messages if message.startswith("json: ")]
    if undecodable:
        return undecodable[:1]
    if minor >= STRICT_CIDRS_SINCE:
        messages += [field_text(d.path) + NOT_CANONICAL for d in found if d.rule == CIDR_RULE]
    return sorted(messages)


def same_words(messages: list[str]) -> list[str]:
    """The messages as every version would put them."""
    for pattern, replacement in SINCE_1_37:
        messages = [re.sub(pattern, replacement, message) for message in messages]
    # One CIDR may have several of these faults; npcheck reports it once.
    return sorted({re.sub(STRICT_CIDR, rf"\1{NOT_CANONICAL}", message) for message in messages})


def as_sent(value: Any) -> Any:
    """A value as kubectl sends it: `80.0` as `80`."""
    if isinstance(value, dict):
        return {key: as_sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def recorded() -> list[dict[str, Any]]:
    """The policies of the record, in order, without what cannot be sent.

    A namespace other than that of the URL is another error; `status` was a field up to 1.27, and
    npcheck tolerates it.
    """
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    policies = []
    for path, value, _ in record["cases"]:
        if path in (["metadata", "namespace"], ["status"]):
            continue
        policy = copy.deepcopy(record["base"])
        for server_owned in ("namespace", "uid", "resourceVersion"):
            del policy["metadata"][server_owned]
        place: Any = policy
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = as_sent(value)
        policies.append(policy)
    return policies


def test_the_record_holds_on_this_server(namespace: Namespace) -> None:
    wrong = []
    policies = recorded()
    for policy in policies:
        here = same_words(ours(policy, namespace.server.minor))
        there = same_words(theirs(namespace, policy))
        if here != there:
            wrong.append(f"{policy}:\n  npcheck {here}\n  server  {there}")
    assert wrong == []
    assert len(policies) > 1000


@pytest.mark.parametrize("case", refused_input.REFUSED, ids=lambda case: case.name)
def test_broken_input_is_refused_in_the_same_words(
    namespace: Namespace, case: refused_input.Refused
) -> None:
    policy = as_sent(yaml.safe_load(refused_input.policy(case.spec)))
    del policy["metadata"]["namespace"]
    complaints = theirs(namespace, policy)
    minor = namespace.server.minor
    assert same_words(ours(policy, minor)) == same_words(complaints)
    refusing = {"invalid", "unknown-field"}
    if minor >= STRICT_CIDRS_SINCE:
        refusing.add(CIDR_RULE)
    assert bool(complaints) == (case.rule in refusing)


@pytest.mark.parametrize(
    "cidr", ["10.0.0.1/8", "010.000.000.000/8", "::ffff:10.0.0.0/104", "10.0.0.0/08"]
)
def test_a_cidr_that_is_not_canonical_is_warned_of_and_later_refused(
    namespace: Namespace, cidr: str
) -> None:
    policy = yaml.safe_load(refused_input.policy(refused_input.block(f'"{cidr}"')))
    del policy["metadata"]["namespace"]
    answer = namespace.create(policy, "dryRun=All")
    found = parse_policy(policy, Origin(None)).defects
    assert [defect.rule for defect in found] == [CIDR_RULE]
    if namespace.server.minor >= STRICT_CIDRS_SINCE:
        assert answer.status == 422
        return
    assert answer.status == 201
    (warning,) = answer.warnings
    assert "spec.ingress[0].from[0].ipBlock.cidr" in warning


def test_a_file_is_refused_as_its_findings_say(namespace: Namespace, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: np
spec:
  podSelector: {}
  policyTypes: [Ingress, egress]
  ingress:
    - ports:
        - port: "80"
        - port: 90
          endPort: 80
          protocol: tcp
""",
        encoding="utf-8",
    )
    refused = namespace.kubectl("create", "-f", str(path))
    linted = run("lint", "-o", "json", str(path))
    messages = [
        finding["message"]
        for finding in json.loads(linted.stdout)["findings"]
        if finding["rule"] == "invalid"
    ]
    assert refused.code == 1
    assert len(messages) == 4
    for message in same_words(messages):
        assert message in "\n".join(same_words(refused.stderr.splitlines()))
