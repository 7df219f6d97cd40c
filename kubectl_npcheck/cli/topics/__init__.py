"""What `help TOPIC` explains. README.md and the manual page are made of the same texts."""

from __future__ import annotations

from importlib import import_module

from kubectl_npcheck.cli.topics.blocks import Block

TOPICS = {
    "readings": "the two readings of egress that is not stated",
    "inputs": "what is read, and what is only reasoned with",
    "formats": "what a report can be written as",
    "exit-codes": "how a run ends",
    "settings": "the file .npcheck.yaml",
    "suppression": "findings that are known and accepted",
}
"""Name to help line; a topic's module has its name, with underscores."""


def topic(name: str) -> tuple[Block, ...]:
    """The text of a topic of TOPICS, imported now."""
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    blocks: tuple[Block, ...] = module.BLOCKS
    return blocks
