"""What `fix` would write, for the formats of `lint` that show it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.findings import Report
from kubectl_npcheck.fixing import repair
from kubectl_npcheck.fixing.options import by_settings
from kubectl_npcheck.load import STDIN, Request
from kubectl_npcheck.manifests.discover import is_open_pipe
from kubectl_npcheck.repairs import Change
from kubectl_npcheck.settings import Settings


def proposals(request: Request, settings: Settings, report: Report) -> Sequence[Change]:
    """The changes that would repair the findings of a report.

    Rendered manifests and streams have no file to write to. A reader may take one change and
    leave the next, so that each has to be right by itself.
    """
    fixes = [finding.fix for finding in report.findings if finding.fix is not None]
    paths = [path for path in request.paths if path != STDIN and not is_open_pipe(path)]
    if not paths or not any(fix.automatic and not fix.on_request for fix in fixes):
        return ()
    files = request._replace(paths=tuple(paths), kustomize=(), charts=())
    return repair(files, settings, by_settings(settings)._replace(apart=True)).changes
