"""The settings file."""

from __future__ import annotations

from kubectl_npcheck.cli.topics.blocks import Code, Paragraph

BLOCKS = (
    Paragraph(
        "`.npcheck.yaml`, in the working directory or above it up to the root of the repository:"
    ),
    Code(
        "yaml",
        """\
rules:
  egress-anywhere: off          # or error, warning, note
  version-label: error
exclude: [third_party/**]
with: [platform/policies]       # read, not reported on
namespace: shop                 # of manifests that name none
fail-on: error
egress-default: either          # open: silence about egress is fine here; deny: read it as a denial
baseline: known.json            # findings that are known and left out (--baseline)
fix: {strategy: preserve}       # or allow-all, deny-all, dns, or rules with rules-file: FILE
""",
    ),
)
