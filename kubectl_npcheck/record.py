"""`Record`: what `typing.NamedTuple` gives, at half of what its definition costs at start-up.

`NamedTuple` compiles each annotation that is a string, as all are under `from __future__ import
annotations`; the lint path has some sixty such classes. Here annotations stay text; a type checker
reads NamedTuple, and the class is `collections.namedtuple`'s in both cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Record"]

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import namedtuple

    class _Definition(type):
        """Turns the body of a class below `Record` into a named tuple with its methods."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body["__annotations__"])
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body.pop("__module__"))
            for attribute, value in body.items():
                setattr(made, attribute, value)
            return made

    class Record(metaclass=_Definition):
        """The base of a class with annotated fields. Defaults come last; mypy sees to it."""
