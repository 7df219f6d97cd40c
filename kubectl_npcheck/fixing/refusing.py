"""Why something is not repaired: refused and listed, or not proved, which ends the run."""

from __future__ import annotations

from kubectl_npcheck.errors import NpcheckError


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


class ProofError(NpcheckError):
    """A new text that does not mean what it should. Nothing has been written."""

    exit_code = 5

    def __init__(self, place: str, message: str) -> None:
        super().__init__(
            f"{place}: the repair could not be proved, so nothing was written: {message}; "
            "please report this with the file"
        )
