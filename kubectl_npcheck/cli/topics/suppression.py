"""Findings that are known and accepted."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Code, Paragraph

BLOCKS = (
    Paragraph("In a manifest, on the line of the finding or above `metadata:`:"),
    Code("yaml", "# npcheck: ignore[egress-implicit] the platform's baseline states egress\n"),
    Paragraph(
        "or as an annotation, `npcheck/ignore: egress-implicit`, which also works in a cluster. A"
        " suppression that suppresses nothing is reported as a note."
    ),
)
