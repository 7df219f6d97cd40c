"""Known workloads, found by the labels of their pods.

Knows labels and selectors only; must not know namespaces or units.
"""

from __future__ import annotations

from kubectl_npcheck.policy.model import Workload
from kubectl_npcheck.policy.parsing.names import is_placeholder
from kubectl_npcheck.policy.selectors import Selector


class PodIndex:
    """Workloads that run pods now or in future, found by label."""

    __slots__ = ("_by_label", "_keys", "_memo", "_unresolved", "_values", "workloads")

    def __init__(self, workloads: list[Workload]) -> None:
        self.workloads = workloads
        self._by_label: dict[tuple[str, str], list[Workload]] = {}
        self._keys: dict[str, list[str]] | None = None
        self._values: dict[str, list[str]] = {}
        self._unresolved: list[Workload] | None = None
        # Keyed by the selector's id; the selector is kept, so the id stays its own.
        self._memo: dict[int, tuple[Selector, list[Workload]]] = {}
        for workload in workloads:
            for label in workload.labels.items():
                self._by_label.setdefault(label, []).append(workload)

    def matching(self, selector: Selector) -> list[Workload]:
        """The workloads whose pods the selector selects, in the order of the input."""
        held = self._memo.get(id(selector))
        if held is not None:
            return held[1]
        matches = selector.matches
        found = [w for w in self._candidates(selector) if matches(w.labels)]
        self._memo[id(selector)] = (selector, found)
        return found

    def carrying(self, key: str, value: str) -> list[Workload]:
        """The workloads whose pods carry a label, in the order of the input."""
        return self._by_label.get((key, value), [])

    def values_of(self, key: str) -> list[str]:
        """The values that a label has on some pod."""
        self._index_labels()
        return self._values.get(key, [])

    def keys_of(self, value: str) -> list[str]:
        """The labels that have a value on some pod."""
        return self._index_labels().get(value, [])

    @property
    def unresolved(self) -> list[Workload]:
        """The workloads of which a label is a placeholder."""
        if self._unresolved is None:
            self._unresolved = [
                w for w in self.workloads if any(map(is_placeholder, w.labels.values()))
            ]
        return self._unresolved

    def _index_labels(self) -> dict[str, list[str]]:
        keys = self._keys
        if keys is None:
            keys = self._keys = {}
            for key, value in self._by_label:
                self._values.setdefault(key, []).append(value)
                keys.setdefault(value, []).append(key)
        return keys

    def _candidates(self, selector: Selector) -> list[Workload]:
        for key, allowed in selector.box.items():
            if not allowed.excluding and not allowed.absent and len(allowed.values) == 1:
                (value,) = allowed.values
                return self.carrying(key, value)
        return self.workloads
