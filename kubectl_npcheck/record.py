"""`Record`: what `typing.NamedTuple` gives, at a fifth of what its definition costs at start-up.

The lint path has some seventy such classes, and a run makes objects of a third of them.
`NamedTuple` compiles each annotation that is a string, as all are under `from __future__ import
annotations`, and a constructor for each class. Here annotations stay text, and a constructor is
compiled when the first object is made. A type checker reads NamedTuple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Record"]

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    try:
        from _collections import _tuplegetter as getter  # what collections.namedtuple takes
    except ImportError:  # not CPython
        from operator import itemgetter

        def getter(index, doc):
            return property(itemgetter(index), doc=doc)

    class _Definition(type):
        """Turns the annotations in the body of a class below `Record` into fields."""

        def __new__(cls, name, bases, body):
            if bases != (tuple,):
                fields = tuple(body["__annotations__"])
                body["_defaults"] = tuple([body[field] for field in fields if field in body])
                body.update({field: getter(index, "") for index, field in enumerate(fields)})
                body["_fields"] = body["__match_args__"] = fields
                body["_form"] = ", ".join([f"{field}=%r" for field in fields])
                body["__slots__"] = ()
            return super().__new__(cls, name, bases, body)

    class Record(tuple, metaclass=_Definition):
        """The base of a class with annotated fields. Defaults come last; mypy sees to it."""

        __slots__ = ()

        def __new__(cls, *args, **kwargs):
            """The first object of a class: gives it the constructor that makes all others."""
            names = "".join([f"{field}, " for field in cls._fields])
            make = eval(f"lambda _cls, {names}: _new(_cls, ({names}))", {"_new": tuple.__new__})
            make.__name__ = "__new__"
            make.__defaults__ = cls._defaults
            cls.__new__ = make
            return make(cls, *args, **kwargs)

        def _replace(self, /, **changes):
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"no such fields: {list(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({self._form % self})"

        def __getnewargs__(self):
            return tuple(self)
