"""The options that several commands have, in one wording, and the settings that they overrule."""

from __future__ import annotations

import click

from kubectl_npcheck import settings as settings_file
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import COLORS
from kubectl_npcheck.cli.plain import PLAIN_FORMATS
from kubectl_npcheck.findings import Severity
from kubectl_npcheck.reports import FORMATS, SUFFIXES
from kubectl_npcheck.settings import Settings

filename = click.option(
    "-f",
    "--filename",
    multiple=True,
    metavar="PATH,…",
    shell_complete=values.listed_files,
    help="The same as PATH.",
)
no_recursive = click.option(
    "--no-recursive", is_flag=True, help="Read one level of a directory only."
)
alone = click.option("--alone", is_flag=True, help="Reason with the named paths only.")
manifests_namespace = click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    shell_complete=values.free,
    help="The namespace of manifests that name none.",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice([s.label for s in sorted(Severity, reverse=True)]),
    help="Exit 1 from this severity on (default: warning).",
)
exit_zero = click.option("--exit-zero", is_flag=True, help="Exit 0 in spite of findings.")
report_format = click.option(
    "-o",
    "--output",
    default="text",
    metavar="FORMAT",
    shell_complete=values.formats,
    help=f"{', '.join(FORMATS)}.",
)
report_files = click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FILE",
    shell_complete=values.files(),
    help=f"Write a report file as well; format by suffix: {' '.join(SUFFIXES)}.",
)
since = click.option(
    "--since",
    metavar="REPORT",
    shell_complete=values.files("json"),
    help="Mark what is new since this JSON report, and name what is gone.",
)
baseline = click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=values.files("json"),
    help="Leave out the findings that this baseline knows.",
)
write_baseline = click.option(
    "--write-baseline",
    is_flag=True,
    help="Make all present findings known: write them to the baseline (default:"
    " .npcheck-baseline.json).",
)
plain_format = click.option(
    "-o",
    "--output",
    type=click.Choice(PLAIN_FORMATS),
    default="text",
    help="text (default), json or yaml.",
)
color = click.option(
    "--color", type=click.Choice(COLORS), default="auto", help="Paint the text (default: auto)."
)
config = click.option(
    "--config",
    metavar="FILE",
    shell_complete=values.files(*values.SETTINGS),
    help="The settings file (default: .npcheck.yaml).",
)
debug = click.option("--debug", is_flag=True, help="Show the traceback of an error.")


def settings_with(
    file: str | None,
    *,
    namespace: str | None = None,
    fail_on: Severity | None = None,
    baseline: str | None = None,
) -> Settings:
    """The settings of the file, or of the one that is found, as far as no option overrules them.

    UsageError for a file that cannot be used.
    """
    path = file or settings_file.find(".")
    settings = Settings()
    if path is not None:
        from kubectl_npcheck.check.catalogue import rule_ids

        settings = settings_file.read(path, rule_ids())
    if namespace is not None:
        settings = settings._replace(namespace=namespace)
    if fail_on is not None:
        settings = settings._replace(fail_on=fail_on)
    if baseline is not None:
        settings = settings._replace(baseline=baseline)
    return settings
