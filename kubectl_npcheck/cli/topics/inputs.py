"""What lint and fix read."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Bullets, Paragraph

BLOCKS = (
    Paragraph(
        "Files, directories and standard input (`-`): YAML and JSON, several documents, Lists and"
        " Templates. Directories are read recursively, hidden and git-ignored files left out. Files"
        " that do not mention NetworkPolicy are not parsed."
    ),
    Bullets(
        (
            "**Context.** Where files are named, the rest of their git repository is read to reason"
            " with: a sibling policy in a file that did not change decides whether a finding is"
            " real. `--with PATH` adds more, `--alone` turns it off.",
            "**What is applied together.** The files of one namespace, the objects of one"
            " directory, a kustomization with all that it includes. A default-deny in `prod/` does"
            " not vouch for a policy in `dev/`.",
            "**What was not judged is listed**: Helm templates (`--helm DIR` renders a chart with"
            " your helm, `--helm-values FILE` gives it values), kustomize patches (`-k DIR` renders"
            " with your kubectl), policies of other APIs. A file that cannot be read is named with"
            " line and reason, and the others are still checked.",
        )
    ),
)
