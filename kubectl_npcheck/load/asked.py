"""Which workloads of the context a run has to read: those that a rule may ask for.

A commit that changes three files of a repository with thousands has all the others as context, and
nearly all that they hold are workloads. What a policy is judged by are the pods of its own
namespace or directory, those of the namespaces that its peers name, and any others that one of its
selectors matches. Each of these shows in the text: a namespace or the value of a label stands in
it as a word. A document without any such word need not be parsed, and leaves every answer as it is.

Whatever is not that plain counts as asked for: see `Asked.wants`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kubectl_npcheck.manifests.document import Source
from kubectl_npcheck.manifests.scalars import FALSE, TRUE
from kubectl_npcheck.origin import Closure, Layer
from kubectl_npcheck.policy.dns import NODE_CACHE
from kubectl_npcheck.policy.inventory import system_namespace
from kubectl_npcheck.policy.isolation import NAMESPACE_NAME
from kubectl_npcheck.policy.members import Parts
from kubectl_npcheck.policy.model import NetworkPolicy, Rule
from kubectl_npcheck.policy.selectors import Selector

_WORD = re.compile(r"[A-Za-z0-9._/-]+")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*\Z")
_SPELT = {"true": TRUE, "false": FALSE}
_UNLIKE_TEXT = frozenset({"nan", "inf", "none", "null"})
_HIDING = ("\\", "!", "$", "{{")
"""Escapes and tags write a word in another way; a placeholder may become any."""
_ADDED_BY_CONTROLLERS = frozenset({"job-name", "batch.kubernetes.io/job-name"})


class Asked:
    """What the policies of a run may ask of workloads.

    words:       namespaces, and for each selector the values or the key of one requirement
    directories: of policies that name no namespace: they act on what lies beside them
    everything:  some selector asks for nothing that shows in a text
    """

    __slots__ = ("_last", "_near", "directories", "everything", "words")

    def __init__(self, policies: Iterable[NetworkPolicy], closures: Iterable[Closure]) -> None:
        self.words = set(NODE_CACHE)
        self.directories: set[Parts] = set()
        self.everything = False
        self._last: Source | None = None
        self._near = False
        for policy in policies:
            self._add_policy(policy)
        for closure in closures:
            for member in closure.members:
                for layer in member.layers:
                    self._add_layer(layer)

    def wants(self, source: Source) -> bool:
        """Whether a rule may ask for a workload of the file; True too where the text hides it."""
        if self.everything:
            return True
        if source is not self._last:  # the documents of a file come one after the other
            self._last = source
            self._near = self._may_tell(source)
        return self._near

    def _may_tell(self, source: Source) -> bool:
        text = source.text
        return (
            source.parts[:-1] in self.directories
            or any(mark in text for mark in _HIDING)
            or not self.words.isdisjoint(_WORD.findall(text))
        )

    def _add_policy(self, policy: NetworkPolicy) -> None:
        if policy.namespace is None:
            self.directories.add(policy.origin.parts[:-1])
        else:
            self._add_words([policy.namespace])
        if not policy.pod_selector.everything:
            self._add_selector(policy.pod_selector)
        for rule in policy.ingress:
            self._add_peers(policy, rule)
            # Whose ports a rule names: everybody's that the policy selects.
            if rule.ports and policy.pod_selector.everything and not policy.origin.context:
                self.everything = True
        for rule in policy.egress:
            self._add_peers(policy, rule)

    def _add_peers(self, policy: NetworkPolicy, rule: Rule) -> None:
        for peer in rule.peers or ():
            if peer.ip_block is not None:
                continue
            names: frozenset[str] = frozenset()
            if peer.namespace_selector is not None:
                pinned = peer.namespace_selector.box.get(NAMESPACE_NAME)
                if pinned is None or pinned.excluding or pinned.absent:
                    continue  # in which namespaces it looks is not known
                names = pinned.values
                self._add_words(names)
            if policy.origin.context:
                continue  # no rule reports on it
            selector = peer.pod_selector
            if selector is not None and not selector.everything:
                self._add_selector(selector)
            elif rule.direction == "egress" and rule.ports and not _of_the_system(names):
                self.everything = True  # whose ports the rule names

    def _add_selector(self, selector: Selector) -> None:
        """One requirement is enough: what does not meet it is not selected."""
        if selector.void:
            return
        best: list[frozenset[str]] | None = None
        for key, allowed in selector.box.items():
            if allowed.absent or (allowed.excluding and key in _ADDED_BY_CONTROLLERS):
                continue
            words = [_spellings(word) for word in ([key] if allowed.excluding else allowed.values)]
            if all(words) and (best is None or len(words) < len(best)):
                best = words
        if best is None:
            self.everything = True
        else:
            self.words.update(*best)

    def _add_layer(self, layer: Layer) -> None:
        """A kustomization moves its policies, and puts labels into their selectors."""
        if layer.namespace is not None:
            self._add_words([layer.namespace])
        self._add_words(layer.selector_labels.values())

    def _add_words(self, words: Iterable[str]) -> None:
        for word in words:
            spellings = _spellings(word)
            self.words |= spellings
            self.everything |= not spellings


def _of_the_system(namespaces: frozenset[str]) -> bool:
    """Whether all are such that files never tell which pods they have."""
    return bool(namespaces) and all(map(system_namespace, namespaces))


def _spellings(text: str) -> frozenset[str]:
    """The words with which YAML without escapes and tags writes a text; none if they are many."""
    if text in _SPELT:
        return _SPELT[text]
    if _PLAIN.match(text) is None or text.lower() in _UNLIKE_TEXT:
        return frozenset()
    return frozenset((text,))
