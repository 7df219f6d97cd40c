"""What a report can be written as."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Paragraph, Table

BLOCKS = (
    Paragraph(
        "`-o FORMAT` prints a report, `--report FILE` writes one besides (repeatable, format by"
        " suffix):"
    ),
    Table(
        ("format", "for"),
        (
            ("`text`, `wide` `.txt`", "people; `wide` has what the pods of each policy may do"),
            ("`json` `.json`", "programs; everything, as docs/report.schema.json describes it"),
            ("`yaml` `.yaml` `.yml`", "the same"),
            ("`csv` `.csv`", "spreadsheets; one row a policy"),
            (
                "`sarif` `.sarif`",
                "code scanning (SARIF 2.1.0): every rule, each finding with its region, and what"
                " `fix` would write as text to replace",
            ),
            (
                "`junit` `.xml`",
                "test reports: each policy that passes is a case, each finding at or above"
                " `--fail-on` a failure, each unreadable input an error",
            ),
            (
                "`github`",
                "GitHub Actions: annotations at the lines, and the Markdown report in the summary"
                " of the step",
            ),
            ("`markdown` `.md`", "comments and job summaries"),
            ("`name`", "`xargs`: the policies that fail the run"),
            ("`html` `.html`", "one page to keep or to send; needs the extra `html`"),
        ),
    ),
    Paragraph(
        "What has no room is counted, never cut in silence: GitHub shows ten errors, ten warnings"
        " and ten notices of a step, so the worst are annotated and the log lists the others; a"
        " SARIF file keeps to 25,000 results and 10 MB compressed, a comment to 65,536 characters."
        " In SARIF, each replacement is right by itself: what needs another repair first is left to"
        " `fix`."
    ),
)
