"""`fix --live` where things break in the middle: nothing is half told, and the backup is whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cluster.api import NETWORKING, Fault, Request, kubeconfig, serving
from tests.e2e.admission import WITHIN
from tests.e2e.auditing import Auditor
from tests.e2e.front import Front
from tests.e2e.live_repair import applied, auditor, backup, policies
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace, Result

__all__ = ["auditor"]


class Breaking:
    """Three policies behind a proxy that meddles with the writes, and the command."""

    names = ("one", "three", "two")
    """In the order in which they are written."""

    def __init__(self, front: Front, auditor: Auditor, namespace: Namespace) -> None:
        self.front = front
        self.auditor = auditor
        self.namespace = namespace
        self.config = kubeconfig(auditor.directory, front.url, namespace.name)
        for name in self.names:
            applied(namespace, silent(name, namespace.name))
        self.before = policies(namespace.server, namespace.name)
        self.meddle: Callable[[Request], Fault | None] = lambda request: None
        front.fault_of = self._fault_of  # type: ignore[method-assign]

    def _fault_of(self, request: Request) -> Fault | None:
        return self.meddle(request)

    def fix(self, *arguments: str) -> Result:
        command = ("fix", "--live", "--request-timeout", "5s", *arguments)
        return self.auditor(*command, kubeconfig=self.config)

    def outcomes(self, *arguments: str) -> tuple[int, dict[str, str]]:
        done = self.fix("--apply", "-o", "json", *arguments)
        found = json.loads(done.stdout)
        return done.code, {c["name"]: c["live"]["outcome"] for c in found["changes"]}

    def undo(self) -> None:
        """Everything is as before."""
        done = self.auditor("fix", "--live", "--undo", backup(self.auditor))
        assert done.code == 0, done
        assert policies(self.namespace.server, self.namespace.name) == self.before

    def writes(self, name: str) -> Callable[[Request], bool]:
        """Whether a request writes the policy, and is no dry run."""
        path = f"{NETWORKING}/namespaces/{self.namespace.name}/networkpolicies/{name}"
        return lambda request: (
            request.method == "PATCH" and request.path == path and "dryRun" not in request.query
        )

    def held_at(self, name: str) -> subprocess.Popen[str]:
        """A run of `--apply` that has sent the write of the policy and waits for its answer."""
        is_it = self.writes(name)
        seen: list[Request] = []

        def stop(request: Request) -> Fault | None:
            if is_it(request):
                seen.append(request)
                return Fault("hang")
            return None

        self.meddle = stop
        running = subprocess.Popen(
            [self.auditor.directory / "plugins" / "kubectl-npcheck", "fix", "--live", "--apply"],
            cwd=self.auditor.directory,
            env={**os.environ, "KUBECONFIG": str(self.config)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + WITHIN
        while not seen:
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        return running

    def egress(self) -> set[str]:
        """The policies that list Egress now."""
        found = policies(self.namespace.server, self.namespace.name)
        return {
            name.partition("/")[2]
            for name, item in found.items()
            if "Egress" in item["spec"]["policyTypes"]
        }


@pytest.fixture
def breaking(server: ControlPlane, namespace: Namespace, auditor: Auditor) -> Iterator[Breaking]:
    with serving(Front(server)) as front:
        assert isinstance(front, Front)
        yield Breaking(front, auditor, namespace)


def test_without_a_fault_the_proxy_changes_nothing(breaking: Breaking) -> None:
    assert breaking.outcomes() == (1, dict.fromkeys(breaking.names, "written"))
    breaking.undo()


def test_a_conflict_in_the_middle(breaking: Breaking) -> None:
    is_second = breaking.writes("three")

    def touch(request: Request) -> None:
        if is_second(request):
            done = breaking.namespace.kubectl("label", "networkpolicy", "three", "touched=yes")
            assert done.code == 0, done

    breaking.meddle = touch
    code, outcomes = breaking.outcomes()
    assert code == 4
    assert outcomes == {"one": "written", "three": "not written", "two": "not reached"}
    assert breaking.egress() == {"one"}
    breaking.undo()


@pytest.mark.parametrize("fault", [Fault("lost"), Fault("reset"), Fault("status", 504)])
def test_a_lost_answer_is_looked_after(breaking: Breaking, fault: Fault) -> None:
    breaking.meddle = once(breaking.writes("three"), fault)
    assert breaking.outcomes() == (1, dict.fromkeys(breaking.names, "written"))
    breaking.undo()


@pytest.mark.parametrize("fault", [Fault("lost"), Fault("reset")])
def test_a_connection_that_stays_lost(breaking: Breaking, fault: Fault) -> None:
    is_second = breaking.writes("three")
    gone: list[Request] = []

    def cut(request: Request) -> Fault | None:
        if gone:
            return Fault("reset")
        if is_second(request):
            gone.append(request)
            return fault
        return None

    breaking.meddle = cut
    code, outcomes = breaking.outcomes()
    assert code == 4
    assert outcomes == {"one": "written", "three": "not known", "two": "not reached"}
    assert breaking.egress() == {"one"} | ({"three"} if fault.kind == "lost" else set())
    breaking.undo()


def test_a_server_that_hangs(breaking: Breaking) -> None:
    breaking.meddle = once(breaking.writes("one"), Fault("hang"))
    done = breaking.fix("--apply", "--request-timeout", "500ms")
    assert done.code == 1, done
    assert "3 written" in done.stdout
    breaking.undo()


def once(wanted: Callable[[Request], bool], fault: Fault) -> Callable[[Request], Fault | None]:
    left = [fault]
    return lambda request: left.pop() if left and wanted(request) else None


@pytest.mark.parametrize("name", ["one", "three"])
def test_a_run_that_is_killed_can_be_undone(breaking: Breaking, name: str) -> None:
    """Between the backup and the first write, and in the middle of the writes."""
    running = breaking.held_at(name)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=WITHIN)
    assert breaking.egress() == (set() if name == "one" else {"one"})
    breaking.undo()


def test_an_interrupted_run_says_how_far_it_came(breaking: Breaking) -> None:
    running = breaking.held_at("three")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=WITHIN)
    assert running.returncode == 130
    where = breaking.namespace.name
    assert f"written {where}/one" in out
    assert f"not known {where}/three" in out
    assert f"not reached {where}/two" in out
    assert err.endswith("error: interrupted\n")
    breaking.undo()


def test_undo_leaves_alone_what_was_changed_since(breaking: Breaking) -> None:
    assert breaking.outcomes()[0] == 1
    mine: Any = {"spec": {"egress": [{"ports": [{"port": 443, "protocol": "TCP"}]}]}}
    patch = ["patch", "networkpolicy", "two", "--type=merge", "-p", json.dumps(mine)]
    assert breaking.namespace.kubectl(*patch).code == 0
    done = breaking.auditor("fix", "--live", "--undo", backup(breaking.auditor))
    assert done.code == 1
    where = breaking.namespace.name
    assert f"refused {where}/two: somebody changed it since" in done.stdout
    assert "by kubectl-patch" in done.stdout
    assert breaking.namespace.stored("two")["spec"]["egress"] == mine["spec"]["egress"]
    assert breaking.egress() == {"two"}
