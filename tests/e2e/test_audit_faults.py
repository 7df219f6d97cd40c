"""`audit` through a proxy that breaks things, in front of the real API server.

A clear line, the right exit code, and never a report that looks complete but is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.api import NETWORKING, Fault, kubeconfig, serving
from tests.e2e.auditing import Auditor
from tests.e2e.front import Front
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace, Result

NUMBER = 7


class Broken:
    """A namespace with policies behind the proxy, and the command that audits it."""

    def __init__(self, front: Front, auditor: Auditor, namespace: Namespace) -> None:
        self.front = front
        self.policies = f"{NETWORKING}/namespaces/{namespace.name}/networkpolicies"
        self.pods = f"/api/v1/namespaces/{namespace.name}/pods"
        self.config = kubeconfig(auditor.directory, front.url, namespace.name)
        self._auditor = auditor

    def audit(self, *arguments: str) -> Result:
        command = ("audit", "--chunk-size", "2", "--request-timeout", "5s", *arguments)
        return self._auditor(*command, kubeconfig=self.config)

    def complete(self) -> None:
        """Check that the audit says all there is to say."""
        done = self.audit("-o", "json")
        assert done.code == 1, done
        found = json.loads(done.stdout)
        assert (len(found["policies"]), found["errors"]) == (NUMBER, [])


@pytest.fixture
def broken(server: ControlPlane, namespace: Namespace, tmp_path: Path) -> Iterator[Broken]:
    for number in range(NUMBER):
        text = silent(f"web-{number}", namespace.name)
        assert namespace.kubectl("apply", "-f", "-", stdin=text).code == 0
    with serving(Front(server)) as front:
        assert isinstance(front, Front)
        yield Broken(front, Auditor(server, tmp_path), namespace)


def test_without_a_fault_the_proxy_changes_nothing(broken: Broken) -> None:
    broken.complete()
    asked = [request for request in broken.front.asked(broken.policies) if request.method == "GET"]
    assert len(asked) == 4, "the list comes in pages"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset"),
        Fault("cut"),
        Fault("status", 500),
        Fault("status", 503),
        Fault("status", 429, (("Retry-After", "1"),)),
    ],
    ids=["reset", "cut", "500", "503", "429"],
)
def test_one_mishap_is_tried_again(broken: Broken, fault: Fault) -> None:
    broken.front.faults[broken.policies] = [fault]
    broken.complete()


def test_an_expired_continue_token_starts_the_list_again(broken: Broken) -> None:
    broken.front.expired = [broken.policies] * 9  # the second try needs no token
    broken.complete()
    assert len(broken.front.expired) == 8


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset"),
        Fault("cut"),
        Fault("text", text='{"kind": "List", "items": ['),
        Fault("text", text="<html>busy</html>"),
        Fault("status", 500),
        Fault("status", 429),
    ],
    ids=["reset", "cut", "truncated", "no JSON", "500", "429"],
)
def test_a_list_that_never_comes_is_no_empty_list(broken: Broken, fault: Fault) -> None:
    broken.front.faults[broken.policies] = [fault] * 40
    ended(broken.audit(), "networkpolicies")


def test_a_server_that_hangs(broken: Broken) -> None:
    broken.front.faults[broken.policies] = [Fault("hang")] * 40
    ended(broken.audit("--request-timeout", "300ms"), "did not answer within 0.3 s")


def test_pods_that_never_come_leave_the_policies_judged(broken: Broken) -> None:
    broken.front.faults[broken.pods] = [Fault("reset")] * 40
    done = broken.audit("-o", "json")
    assert done.code == 4
    found = json.loads(done.stdout)
    assert len(found["policies"]) == NUMBER
    assert len(found["errors"]) == 1
    assert "error: pods of namespace" in done.stderr


def test_a_connection_that_is_refused(broken: Broken) -> None:
    config = kubeconfig(broken.config.parent, "http://127.0.0.1:1")
    done = broken.audit("--kubeconfig", str(config))
    assert (done.code, done.stdout) == (4, "")
    assert "refused" in done.stderr
    assert done.stderr.count("\n") == 1


def ended(done: Result, said: str) -> None:
    """The end of an audit without policies: exit 4, a line that says why, and no clean bill."""
    assert done.code == 4, done
    assert said in done.stderr
    assert done.stderr.startswith("error: ")
    assert "no NetworkPolicy could be judged" in done.stdout or not done.stdout
    assert "no findings" not in done.stdout
