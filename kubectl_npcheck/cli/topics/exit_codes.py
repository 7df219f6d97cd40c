"""How a run ends."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Paragraph, Table

BLOCKS = (
    Table(
        ("code", "meaning"),
        (
            ("0", "nothing at or above `--fail-on` (default `warning`)"),
            (
                "1",
                "findings at or above it; for `fix`: something was changed, or would be, or such"
                " findings remain; for `fix --live --undo`: something was left alone",
            ),
            (
                "2",
                "wrong usage, or a bad `.npcheck.yaml`; a `--baseline` or `--since` file that"
                " cannot be used",
            ),
            (
                "3",
                "an input could not be read or parsed; the findings of the others are still"
                " printed. Or a file could not be written",
            ),
            (
                "4",
                "the cluster could not be reached, or refused, or there is no usable kubeconfig;"
                " what was read is still printed",
            ),
            (
                "5",
                "a defect in npcheck: one line on how to report it. For `fix` also a repair that"
                " could not be proved; nothing was written",
            ),
            ("130", "interrupted"),
        ),
    ),
    Paragraph("`--exit-zero` turns 1 into 0."),
)
