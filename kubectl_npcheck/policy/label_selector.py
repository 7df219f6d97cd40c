"""A label selector as kubectl's `-l` writes it → `Selector`.

Source: apimachinery `pkg/labels/selector.go`: `a=b,a==b,a!=b,a in (b,c),a notin (b),a,!a`.
"""

from __future__ import annotations

from kubectl_npcheck.policy.selectors import Selector, Term

_KEY = r"[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?"


def label_selector(text: str) -> Selector:
    """The selector that a text writes. ValueError, with the part that is no requirement."""
    import re

    terms: list[Term] = []
    for part in re.split(r",(?![^(]*\))", text):
        part = part.strip()
        if part:
            terms.append(_term(part))
    if not terms and text.strip():
        raise ValueError(f'"{text}" is no label selector')
    return Selector(tuple(terms))


def _term(part: str) -> Term:
    import re

    if found := re.fullmatch(rf"(!?)\s*({_KEY})", part):
        return Term(found[2], "DoesNotExist" if found[1] else "Exists", (), ())
    if found := re.fullmatch(rf"({_KEY})\s*(==?|!=)\s*({_VALUE})", part):
        return Term(found[1], "NotIn" if found[2] == "!=" else "In", (found[3],), ())
    if found := re.fullmatch(rf"({_KEY})\s+(in|notin)\s*\(([^()]*)\)", part):
        values = tuple(value.strip() for value in found[3].split(","))
        if all(re.fullmatch(_VALUE, value) for value in values):
            return Term(found[1], "In" if found[2] == "in" else "NotIn", values, ())
    raise ValueError(f'"{part}" is no requirement of a label selector (like app=web or !app)')
