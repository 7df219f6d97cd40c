"""Who last changed a live object, as its managedFields tell.

Knows `meta/v1` ObjectMeta; must not know where the object was read.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.origin import Change


def last_change(obj: Mapping[str, object]) -> Change | None:
    """The newest managedFields entry that is about the object itself; None if none is.

    Of entries of one second the last one counts: the API server appends. Those of a subresource
    (`status`) are controllers at work, not changes of what is asked for.
    """
    meta = obj.get("metadata")
    listed = meta.get("managedFields") if type(meta) is dict else None
    newest: Change | None = None
    for entry in listed if type(listed) is list else ():
        if type(entry) is not dict or entry.get("subresource"):
            continue
        manager, operation, time = entry.get("manager"), entry.get("operation"), entry.get("time")
        if type(time) is not str or type(manager) is not str or type(operation) is not str:
            continue
        if newest is None or time >= newest.time:
            newest = Change(manager, operation, time)
    return newest
