"""`fix --live`: the plan for a cluster, `--apply` to write it, `--undo` to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_npcheck.cli.live_options import request_of
from kubectl_npcheck.cli.output import (
    fix_command,
    print_errors,
    print_text,
    terminal_width,
    wants_color,
)
from kubectl_npcheck.cli.plain import dump
from kubectl_npcheck.errors import ClusterError
from kubectl_npcheck.fixing.options import Options
from kubectl_npcheck.reports.appearance import Appearance, visible
from kubectl_npcheck.settings import Settings

if TYPE_CHECKING:
    from kubectl_npcheck.fixing.live_undo import Undoing
    from kubectl_npcheck.repairs import LiveRepair

CHANGED = 1
NOT_RESTORED = 1


class Output(NamedTuple):
    """How the account is shown."""

    form: str
    color: str


def fix_live(given: Mapping[str, Any], options: Options, settings: Settings) -> int:
    """Plan, and with `--apply` write; the exit code of cli.md's table."""
    from kubectl_npcheck.cli.progress import Progress
    from kubectl_npcheck.fixing.live import LiveOptions, plan_live
    from kubectl_npcheck.fixing.live_apply import Applying
    from kubectl_npcheck.load.cluster import connect

    output = Output(given["output"], given["color"])
    request = request_of(given)
    client, version = connect(request.flags, request.timeout)
    try:
        with Progress() as progress:
            plan = plan_live(
                client,
                version,
                request._replace(progress=progress.show),
                settings,
                options,
                LiveOptions(given["include_managed"], given["for_current_pods"]),
            )
        if not given["apply"]:
            return _report(plan.repair, output, given["exit_zero"])
        applying = Applying(client, plan)
        try:
            with Progress("writing") as progress:
                applying.run(".", _program(), progress.show)
        except KeyboardInterrupt:
            _report(applying.result(), output, False)
            raise
        return _report(applying.result(), output, given["exit_zero"])
    finally:
        client.close()


def undo(given: Mapping[str, Any]) -> int:
    """Restore a backup: 0 if everything is as it was, 1 if something was left alone."""
    from kubectl_npcheck.cluster import backup
    from kubectl_npcheck.fixing.live import place_here
    from kubectl_npcheck.fixing.live_undo import Undoing, check_place
    from kubectl_npcheck.load.cluster import connect

    path = given["undo"]
    output = Output(given["output"], given["color"])
    held = backup.read(path)
    request = request_of(given)
    client, _ = connect(request.flags, request.timeout)
    try:
        check_place(held, place_here(client), path)
        undoing = Undoing(client, held)
        try:
            undoing.run()
        except KeyboardInterrupt:
            _report_undo(undoing, path, output)
            raise
        return _report_undo(undoing, path, output)
    finally:
        client.close()


def _report(repair: LiveRepair, output: Output, exit_zero: bool) -> int:
    from kubectl_npcheck.reports import live_repair

    if output.form == "text":
        print_text(live_repair.render(repair, fix_command(), _appearance(output)))
    else:
        print_text(dump(live_repair.structure(repair), output.form))
    _say(repair.trouble)
    print_errors(repair.report)
    if repair.trouble or repair.report.errors:
        return ClusterError.exit_code
    changed = bool(repair.changes) or repair.report.failing
    return CHANGED if changed and not exit_zero else 0


def _report_undo(undoing: Undoing, path: str, output: Output) -> int:
    from kubectl_npcheck.reports import live_repair

    done = undoing.result()
    if output.form == "text":
        print_text(live_repair.render_undo(done, path, undoing.where, _appearance(output)))
    else:
        plain = live_repair.undo_structure(done, path, undoing.trouble)
        print_text(dump(plain, output.form))
    if undoing.trouble:
        _say((undoing.trouble,))
        return ClusterError.exit_code
    left = any(item.outcome not in ("restored", "as before") for item in done)
    return NOT_RESTORED if left else 0


def _say(lines: tuple[str, ...]) -> None:
    import sys

    for line in lines:
        sys.stderr.write(f"error: {visible(line)}\n")
    sys.stderr.flush()


def _appearance(output: Output) -> Appearance:
    return Appearance(color=wants_color(output.color), width=terminal_width(), with_errors=False)


def _program() -> str:
    return fix_command().removesuffix(" fix")
