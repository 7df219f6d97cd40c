"""Fixtures of the tests of commands."""

from __future__ import annotations

from tests.cli.small_cluster import small_cluster

__all__ = ["small_cluster"]
