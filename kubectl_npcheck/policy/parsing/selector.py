"""Plain object → Selector, with what the API server would refuse in it.

Selectors of labels only are remembered by their labels: repositories repeat them, and the same
object serves for all. Knows `meta/v1` LabelSelector; must not know where a selector stands.
"""

from __future__ import annotations

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects, scalar_text
from kubectl_npcheck.policy.parsing.names import is_placeholder, label_key, label_value
from kubectl_npcheck.policy.selectors import Selector, Term

EVERYTHING = Selector()
"""The selector `{}`; one object for all."""

_REMEMBERED = 8192
_known: dict[tuple[tuple[str, str], ...], Selector] = {}

_SET_OPERATORS = ("In", "NotIn")
_KEY_OPERATORS = ("Exists", "DoesNotExist")


def parse_selector(
    value: object, base: Path, field: str, struct: str, defects: Defects
) -> Selector:
    """Read `base.field`, which is there; `struct` is Go's name of what holds the field.

    What the API would refuse is left out of the selector; a number where a text belongs is read as
    that text. A placeholder for a whole selector becomes a label of that name, so that it neither
    selects everything nor nothing.
    """
    if type(value) is not dict:
        if value is None:
            return EVERYTHING
        if defects.mismatch(value, (*base, field), struct, "v1.LabelSelector"):
            return Selector((Term(str(value), "Exists", (), ()),))
        return EVERYTHING
    if not value:
        return EVERYTHING
    if len(value) == 1:
        labels = value.get("matchLabels")
        if type(labels) is dict:
            return _labels_only(labels, (*base, field), defects)
    path = (*base, field)
    if not value.keys() <= schema.SELECTOR:
        schema.unknown_fields(value, path, schema.SELECTOR, defects)
    terms = _label_terms(value.get("matchLabels"), path, defects)
    terms += _expression_terms(value.get("matchExpressions"), path, defects)
    return Selector(tuple(terms)) if terms else EVERYTHING


def _labels_only(labels: dict[str, str], path: Path, defects: Defects) -> Selector:
    try:
        key = tuple(labels.items())
        known = _known.get(key)
    except TypeError:  # a value that is a list or a mapping
        known = None
        key = ()
    if known is not None:
        return known
    before = len(defects.found) + len(defects.unresolved)
    terms = _label_terms(labels, path, defects)
    selector = Selector(tuple(terms)) if terms else EVERYTHING
    if key and len(defects.found) + len(defects.unresolved) == before:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[key] = selector
    return selector


def _label_terms(labels: object, base: Path, defects: Defects) -> list[Term]:
    if labels is None:
        return []
    path = (*base, "matchLabels")
    if type(labels) is not dict:
        if defects.mismatch(labels, path, "LabelSelector", "map[string]string"):
            return [Term(str(labels), "Exists", (), ("matchLabels",))]
        return []
    terms: list[Term] = []
    for key, value in labels.items():
        if type(key) is not str:
            key = scalar_text(key)
        if value is None:
            value = ""
        elif type(value) is not str:
            defects.mismatch(value, (*path, key), "LabelSelector", "string", path)
            value = scalar_text(value)
        else:
            for complaint in label_value(value):
                defects.invalid((*path, key), value, complaint, path)
        for complaint in label_key(key):
            defects.invalid((*path, key), key, complaint, path)
        terms.append(Term(key, "In", (value,), ("matchLabels", key)))
    return terms


def _expression_terms(expressions: object, base: Path, defects: Defects) -> list[Term]:
    if expressions is None:
        return []
    path = (*base, "matchExpressions")
    if type(expressions) is not list:
        wanted = "[]v1.LabelSelectorRequirement"
        if defects.mismatch(expressions, path, "LabelSelector", wanted):
            return [Term(str(expressions), "Exists", (), ("matchExpressions",))]
        return []
    terms: list[Term] = []
    for index, item in enumerate(expressions):
        if item is None:
            item = {}
        if type(item) is not dict:
            wanted = "v1.LabelSelectorRequirement"
            if defects.mismatch(item, (*path, index), "LabelSelector", wanted):
                terms.append(Term(str(item), "Exists", (), ("matchExpressions", index)))
            continue
        term = _requirement(item, index, (*path, index), defects)
        if term is not None:
            terms.append(term)
    return terms


def _requirement(item: dict[str, object], index: int, path: Path, defects: Defects) -> Term | None:
    """One item of `matchExpressions`; None if it cannot be a condition."""
    if not item.keys() <= schema.REQUIREMENT:
        schema.unknown_fields(item, path, schema.REQUIREMENT, defects)
    key = _text(item, "key", "string", path, defects)
    operator = _text(item, "operator", "v1.LabelSelectorOperator", path, defects)
    values = _values(item.get("values"), (*path, "values"), defects)
    where = ("matchExpressions", index)
    if operator in _SET_OPERATORS:
        if not values:
            if type(item.get("values")) is not str:
                complaint = "must be specified when `operator` is 'In' or 'NotIn'"
                defects.refuse((*path, "values"), f"Required value: {complaint}")
            operator = ""
    elif operator in _KEY_OPERATORS:
        if values:
            complaint = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            defects.refuse((*path, "values"), f"Forbidden: {complaint}")
    else:
        defects.invalid((*path, "operator"), operator, "not a valid selector operator")
        operator = "Exists" if is_placeholder(operator) else ""
    for complaint in label_key(key):
        defects.invalid((*path, "key"), key, complaint)
    for place, value in enumerate(values):
        for complaint in label_value(value):
            defects.invalid((*path, "values", place), value, complaint)
    if not operator or not key:
        return None
    return Term(key, operator, values if operator in _SET_OPERATORS else (), where)


def _text(item: dict[str, object], field: str, wanted: str, path: Path, defects: Defects) -> str:
    value = item.get(field)
    if type(value) is str:
        return value
    if value is None:
        return ""
    defects.mismatch(value, (*path, field), "LabelSelectorRequirement", wanted)
    return scalar_text(value)


def _values(value: object, path: Path, defects: Defects) -> tuple[str, ...]:
    if value is None:
        return ()
    if type(value) is not list:
        defects.mismatch(value, path, "LabelSelectorRequirement", "[]string")
        return ()
    found: list[str] = []
    for place, text in enumerate(value):
        if text is None:
            text = ""
        elif type(text) is not str:
            defects.mismatch(text, (*path, place), "LabelSelectorRequirement", "string")
            text = scalar_text(text)
        found.append(text)
    return tuple(found)
