"""Why something is not repaired: raised where it shows, listed by the plan."""

from __future__ import annotations


class Refusing(Exception):  # noqa: N818 (an outcome that is reported, not a failure)
    """A repair that is not made.

    evidence, witnesses, remedy: as in `repairs.Refusal`
    final: nothing that other repairs change can lift it, and no other finding of the same object
    is repaired either
    """

    def __init__(
        self,
        reason: str,
        evidence: tuple[str, ...] = (),
        witnesses: tuple[dict[str, str], ...] = (),
        remedy: str = "",
        final: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence
        self.witnesses = witnesses
        self.remedy = remedy
        self.final = final
