"""Each verdict that the API server's own code gave, against ours: same defects, same words."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.parse import parse_policy

RECORD = Path(__file__).parent.parent / "data" / "apiserver" / "verdicts.json"


def replaced(base: dict[str, Any], path: list[Any], value: object) -> dict[str, Any]:
    obj = copy.deepcopy(base)
    place: Any = obj
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return obj


def ours(obj: dict[str, Any], decoder_fails: bool) -> list[str]:
    found = [
        d.message
        for d in parse_policy(obj, Origin(None)).defects
        if d.rule in ("invalid", "unknown-field")
    ]
    refused = [message for message in found if message.startswith("json: ")]
    if decoder_fails:
        return refused[:1]
    return sorted(found)


def test_same_words_as_the_api_server() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    wrong: list[str] = []
    for path, value, theirs in record["cases"]:
        if path == ["status"]:  # refused since 1.28, yet in many files: tolerated
            continue
        decoder_fails = bool(theirs) and theirs[0].startswith("json: ")
        said = ours(replaced(record["base"], path, value), decoder_fails)
        if said != theirs:
            wrong.append(f"{path} = {value!r}: {said} instead of {theirs}")
    assert wrong == []
    assert len(record["cases"]) > 1000


def test_status_of_an_older_cluster_is_tolerated() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    policy = parse_policy({**record["base"], "status": {}}, Origin(None))
    assert policy.defects == ()
    policy = parse_policy({**record["base"], "status": {}, "stat": {}}, Origin(None))
    assert [defect.path for defect in policy.defects] == [("stat",)]
