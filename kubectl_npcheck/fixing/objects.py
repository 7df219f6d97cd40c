"""The objects of a cluster, as a repair writes them: whole new values, one merge patch each.

The live twin of `Texts`. Knows raw objects and who owns them; must not know what an operation
means, and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.expected import expected
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import Part
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.ownership import owner_of
from kubectl_npcheck.repairs import TextEdit

Plain = dict[str, Any]
NOTHING = "there is nothing to change in the cluster: what is stored says it already"


class Objects:
    """The objects of a run. managed: those that somebody else keeps as they are may be written too.

    objects: by the `id` of their origin, as the API returned them
    refused: by the same, what was found out while the plan was made
    """

    def __init__(self, objects: Mapping[int, tuple[Origin, Plain]], managed: bool = False) -> None:
        self._objects = objects
        self.managed = managed
        self.refused: dict[int, Refusing] = {}

    def object(self, origin: Origin) -> Plain:
        """The object as it was read."""
        return self._objects[id(origin)][1]

    def require(self, origin: Origin) -> None:
        """Raises Refusing for what others keep, what is being deleted, and what was refused."""
        found = self.refused.get(id(origin))
        if found is not None:
            raise found
        obj = self.object(origin)
        if obj["metadata"].get("deletionTimestamp"):
            raise Refusing("it is being deleted", final=True)
        owner = None if self.managed else owner_of(obj)
        if owner is not None:
            raise Refusing(
                f"{owner.name} keeps it as it is, and would undo the repair",
                (owner.mark,),
                remedy=f"repair {owner.place}; --include-managed writes it all the same",
                final=True,
            )

    def check(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> None:
        """Raises Refusing where the operations would change nothing."""
        assert added is None, "fix --live splits nothing"
        if self.intended(origin, operations) == self.object(origin):
            raise Refusing(NOTHING, remedy="state it in the manifest, for the next creation")

    def placed(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> tuple[TextEdit, ...]:
        """There is no text."""
        return ()

    def intended(self, origin: Origin, operations: Sequence[Operation]) -> Plain:
        """The object once the operations are made."""
        made: Plain = reduce(
            lambda value, operation: expected(value, operation, ()),
            operations,
            self.object(origin),
        )
        return made
