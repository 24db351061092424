"""`dataclass`, as the standard library has it, at a third of what declaring a class costs there.

Each command declares some fifty classes of values, and for every one of them the standard library
compiles seven functions: a quarter of what a build waited for guard. Here only `__init__` is
compiled, all others are shared. That nobody assigns to a field of a frozen class is left to the
type checker, for which this is the standard library's decorator.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    from dataclasses import dataclass as standard
    from dataclasses import fields

    def dataclass(*, frozen, slots=False, order=False):
        """Declares a class of values that do not change; see `dataclasses.dataclass`."""
        assert frozen, "values do not change"

        def declare(cls):
            made = standard(eq=False, repr=False, slots=slots)(cls)
            names = [field.name for field in fields(made) if field.compare]
            key = operator.attrgetter(*names) if names else lambda value: ()
            made.__eq__, made.__hash__ = comparing(operator.eq, key), lambda self: hash(key(self))
            if order:
                for how in ("lt", "le", "gt", "ge"):
                    setattr(made, f"__{how}__", comparing(getattr(operator, how), key))
            made.__repr__ = shown
            return made

        return declare

    def comparing(how, key):
        """A method that compares two values of one class by what `key` gets from each."""

        def method(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return how(key(self), key(other))

        return method

    def shown(self) -> str:
        """A value as it would be written."""
        shown = [field.name for field in fields(self) if field.repr]
        said = (f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({', '.join(said)})"
