"""Requests: what is retried and for how long, what is sent, and how each failure reads."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from kubectl_npcheck.cluster import client as client_module
from kubectl_npcheck.cluster.client import ATTEMPTS, PATIENCE, Client
from kubectl_npcheck.cluster.context import Flags, resolve
from kubectl_npcheck.cluster.failures import ServerError, UnreachableError
from kubectl_npcheck.errors import ClusterError
from tests.cluster.api import Api, Fault, kubeconfig
from tests.cluster.conftest import Pauses

VERSION = "/version"


def test_an_answer_is_plain_data_and_may_be_compressed(api: Api, client: Client) -> None:
    assert client.get(VERSION)["gitVersion"] == "v1.34.4"
    assert api.requests[0].header("Accept-Encoding") == ["gzip"]
    assert api.requests[0].header("Authorization") == ["Bearer secret"]


def test_compression_may_be_switched_off(api: Api, tmp_path: Path) -> None:
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, api.url))))
    context.cluster["disable-compression"] = True
    assert Client(context, environment={}).get(VERSION)["minor"] == "34"
    assert api.requests[0].header("Accept-Encoding") == ["identity"]


# what is retried


def test_too_many_requests_waits_as_long_as_the_server_asks(
    api: Api, client: Client, pauses: Pauses
) -> None:
    api.faults[VERSION] = [Fault("status", 429, (("Retry-After", "7"),))]
    assert client.get(VERSION)["minor"] == "34"
    assert pauses == [7.0]


@pytest.mark.parametrize("fault", [Fault("reset"), Fault("cut"), Fault("status", 503)])
def test_a_passing_failure_is_tried_again(
    api: Api, client: Client, pauses: Pauses, fault: Fault
) -> None:
    api.faults[VERSION] = [fault, fault]
    assert client.get(VERSION)["minor"] == "34"
    assert len(pauses) == 2
    assert pauses[0] < pauses[1]


def test_a_lasting_500_is_told_after_all_attempts(api: Api, client: Client, pauses: Pauses) -> None:
    api.faults[VERSION] = [Fault("status", 500, text="etcd is on fire")] * 20
    with pytest.raises(ServerError, match=r"answered 500 \(/version\): etcd is on fire"):
        client.get(VERSION)
    assert len(api.requests) == ATTEMPTS


def test_a_server_that_asks_for_hours_is_not_waited_for(
    api: Api, client: Client, pauses: Pauses
) -> None:
    api.faults[VERSION] = [Fault("status", 429, (("Retry-After", "7200"),), "come back later")]
    with pytest.raises(ServerError, match="come back later"):
        client.get(VERSION)
    assert sum(pauses) <= PATIENCE


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_a_refusal_is_not_tried_again(api: Api, client: Client, status: int) -> None:
    api.faults[VERSION] = [Fault("status", status)] * 2
    with pytest.raises(ServerError) as caught:
        client.get(VERSION)
    assert caught.value.status == status
    assert len(api.requests) == 1


# how failures read


def test_wrong_credentials(api: Api, client: Client) -> None:
    api.faults[VERSION] = [Fault("status", 401)] * 3
    with pytest.raises(ClusterError, match=r"does not accept the credentials .401 Unauthorized"):
        client.get(VERSION)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("text", text="<html>hello</html>"), "the answer is not JSON: is this a Kubernetes"),
        (Fault("text", text="[1]"), "the answer is not an object"),
        (Fault("text", text='{"items": ['), "the answer is not JSON"),
        (Fault("text", 400, text="<b>bad\ngateway</b>"), r"answered 400 .*: <b>bad gateway</b>"),
    ],
)
def test_answers_of_something_else(api: Api, client: Client, fault: Fault, said: str) -> None:
    api.faults[VERSION] = [fault]
    with pytest.raises(ServerError, match=said):
        client.get(VERSION)


def test_a_server_that_never_answers(api: Api, tmp_path: Path) -> None:
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, api.url))))
    api.faults[VERSION] = [Fault("hang")]
    with pytest.raises(UnreachableError, match=r"did not answer within 0.2 s; --request-timeout"):
        Client(context, timeout=0.2, environment={}).get(VERSION)


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{free.getsockname()[1]}"
        context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, server))))
        with pytest.raises(UnreachableError, match="refused the connection") as caught:
            Client(context, environment={}).get(VERSION)
    assert not caught.value.passing


def test_a_host_that_does_not_exist(tmp_path: Path) -> None:
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, "http://npcheck.invalid:80"))))
    with pytest.raises(UnreachableError, match=r"npcheck.invalid:80: the host name is not known"):
        Client(context, environment={}).get(VERSION)


def test_a_server_without_tls(api: Api, tmp_path: Path) -> None:
    server = api.url.replace("http:", "https:")
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, server))))
    with pytest.raises(UnreachableError, match="TLS failed"):
        Client(context, environment={}).get(VERSION)


# who we are


def made(api: Api, directory: Path, user: Any, **flags: object) -> Client:
    path = kubeconfig(directory, api.url, user=user)
    return Client(resolve(Flags(kubeconfig=str(path), **flags)), environment={})  # type: ignore[arg-type]


def test_basic_authentication(api: Api, tmp_path: Path) -> None:
    made(api, tmp_path, {"username": "jane", "password": "x:y"}).get(VERSION)
    assert api.requests[0].header("Authorization") == ["Basic amFuZTp4Onk="]


def test_a_token_file_counts_more_than_a_token_and_is_read_again(api: Api, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    client = made(api, tmp_path, {"token": "inline", "tokenFile": "token"})
    client.get(VERSION)
    token.write_text("second\n")
    api.faults[VERSION] = [Fault("status", 401)]
    client.get(VERSION)
    sent = [request.header("Authorization") for request in api.requests]
    assert sent == [["Bearer first"], ["Bearer first"], ["Bearer second"]]


def test_impersonation_of_the_kubeconfig_and_of_the_flags(api: Api, tmp_path: Path) -> None:
    user = {"token": "t", "as": "bob", "as-groups": ["a,b", "c"], "as-user-extra": {"X/y": ["1"]}}
    made(api, tmp_path, user).get(VERSION)
    made(api, tmp_path, user, impersonate="eve", impersonate_groups=("d",)).get(VERSION)
    first, second = api.requests
    assert first.header("Impersonate-User") == ["bob"]
    assert first.header("Impersonate-Group") == ["a,b", "c"]
    assert first.header("Impersonate-Extra-X%2Fy") == ["1"]
    assert second.header("Impersonate-User") == ["eve"]
    assert second.header("Impersonate-Group") == ["d"]


def test_a_plugin_gives_the_token(api: Api, tmp_path: Path) -> None:
    plugin = tmp_path / "login"
    plugin.write_text(
        "#!/bin/sh\n"
        'echo \'{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",'
        ' "status": {"token": "from-\'"$WHO"\'"}}\'\n'
    )
    plugin.chmod(0o755)
    made(api, tmp_path, {"exec": _exec("./login", env=[{"name": "WHO", "value": "env"}])}).get(
        VERSION
    )
    assert api.requests[0].header("Authorization") == ["Bearer from-env"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "echo no session >&2; exit 3",
            "credential plugin ./login: process returned 3. no session",
        ),
        ("echo hello", "credential plugin ./login: failed to decode process output"),
        (None, "credential plugin ./login is not installed; get it from the intranet"),
    ],
)
def test_a_plugin_that_fails_says_why(
    api: Api, tmp_path: Path, script: str | None, said: str
) -> None:
    if script is not None:
        plugin = tmp_path / "login"
        plugin.write_text(f"#!/bin/sh\n{script}\n")
        plugin.chmod(0o755)
    with pytest.raises(ClusterError, match=said):
        made(api, tmp_path, {"exec": _exec("./login", installHint="get it from the intranet\n")})


def _exec(command: str, **more: object) -> dict[str, object]:
    return {"apiVersion": "client.authentication.k8s.io/v1", "command": command, **more}


def test_without_the_extra_there_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("kubectl_npcheck.cluster.extra.import_module", missing)
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, "http://127.0.0.1:1"))))
    with pytest.raises(ClusterError, match=r"pip install 'kubectl-npcheck\[cluster\]'"):
        client_module.Client(context)
