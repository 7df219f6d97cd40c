"""One change tried out on the server: a dry run, and whether it would store what is meant."""

from __future__ import annotations

from typing import NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.write import annotations_of, dry_run, merge_patch, same_fields
from kubectl_npcheck.fixing.objects import Plain
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.load.live import live_policy
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.isolation import same_meaning


class Trial(NamedTuple):
    """What came of it.

    after:     what the server would store; what is meant, where that could not be asked
    refused:   why the change is not made
    forbidden: the server's words, where RBAC does not allow the patch
    notes:     what admission changes besides
    """

    before: Plain
    patch: Plain
    after: Plain
    refused: Refusing | None = None
    forbidden: str = ""
    notes: tuple[str, ...] = ()


def try_out(client: Client, origin: Origin, before: Plain, intended: Plain) -> Trial:
    """Ask the server. ClusterError where it cannot answer."""
    patch = merge_patch(before, intended)
    trial = Trial(before, patch, intended)
    try:
        stored = dry_run(client, before, patch)
    except ServerError as error:
        if error.status == 403 and "cannot patch resource" in error.message:
            return trial._replace(forbidden=error.message)
        if error.status in (401, 429) or error.status >= 500:
            raise
        return trial._replace(refused=_refused(error))
    if not isinstance(stored.get("spec"), dict) or not isinstance(stored.get("metadata"), dict):
        raise ServerError(200, "", "the answer to the dry run is no NetworkPolicy")
    meant, found = live_policy(intended, origin), live_policy(stored, origin)
    kept = same_fields({**stored, "spec": intended["spec"]}, intended, patch)
    if not kept or not same_meaning(meant, found):
        return trial._replace(refused=_other(intended, stored))
    return trial._replace(after=stored, notes=_notes(intended, stored))


def _refused(error: ServerError) -> Refusing:
    if error.status == 409:
        return Refusing(
            "somebody else changed it while it was read",
            (error.message,),
            remedy="run the command again",
            final=True,
        )
    if error.status == 404:
        return Refusing("it is gone", (error.message,), remedy="run the command again", final=True)
    return Refusing(
        "the API server does not take the change",
        (error.message,),
        remedy="change the policy in the way that is asked for here, or ask who set this up",
        final=True,
    )


def _other(intended: Plain, stored: Plain) -> Refusing:
    import json

    lines = []
    for field in sorted({*intended["spec"], *stored["spec"]}):
        meant, found = intended["spec"].get(field), stored["spec"].get(field)
        if meant != found:
            lines.append(f"spec.{field}: {json.dumps(found)} instead of {json.dumps(meant)}")
    return Refusing(
        "admission would store something else than what is meant",
        tuple(lines or ["the annotations of the repair are not kept"]),
        remedy="look at the cluster's mutating webhooks and policies",
        final=True,
    )


def _notes(intended: Plain, stored: Plain) -> tuple[str, ...]:
    """The labels and annotations that admission changes on its own."""
    found = []
    for what, meant, held in (
        ("label", intended["metadata"].get("labels") or {}, stored["metadata"].get("labels") or {}),
        ("annotation", annotations_of(intended), annotations_of(stored)),
    ):
        changed = sorted(k for k in {*meant, *held} if meant.get(k) != held.get(k))
        found += [f"admission changes the {what} {key} as well" for key in changed]
    return tuple(found)
