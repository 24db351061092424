"""`dataclass` and its like, as the standard library has them, at a fraction of their price.

Each command declares some fifty classes of values. To import the standard library's `dataclasses`,
which loads Python's parser for itself, and to have it compile seven functions for each class was a
third of what guard did before a build or a commit. Here one function is compiled for a class, and
not before its first value is made; the others are shared. That nobody assigns to a field of a
frozen class is left to the type checker, for which these are the standard library's.

The standard library takes such a class for one of its own, and `fields` its classes for these.
"""

from __future__ import annotations

import operator

TYPE_CHECKING = False
"""As `typing` has it, and type checkers know the name: importing `typing` costs 2 ms."""

if TYPE_CHECKING:
    from dataclasses import MISSING as MISSING
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import fields as fields
    from dataclasses import is_dataclass as is_dataclass
    from dataclasses import replace as replace
else:
    MISSING = object()
    """Stands for a default that there is not."""

    class Field:
        """What a class says of one of its fields, and its type as it is written."""

        __slots__ = ("compare", "default", "default_factory", "metadata", "name", "repr", "type")

    def field(*, default=MISSING, default_factory=MISSING, **more):
        """Says more of a field than its default; see `dataclasses.field`."""
        said = Field()
        said.default, said.default_factory = default, default_factory
        said.repr, said.compare = more.pop("repr", True), more.pop("compare", True)
        said.metadata = more.pop("metadata", {})
        assert not more, f"not known here: {', '.join(more)}"
        return said

    def dataclass(*, frozen, slots=False, order=False):
        """Declares a class of values that do not change; see `dataclasses.dataclass`."""
        assert frozen, "values do not change"

        def declare(cls):
            body, every = dict(cls.__dict__), []
            for name, annotation in cls.__annotations__.items():
                given = body.pop(name, MISSING)
                one = given if isinstance(given, Field) else field(default=given)
                one.name, one.type = name, annotation
                every.append(one)
            for implied in ("__dict__", "__weakref__"):
                body.pop(implied, None)
            names = tuple(one.name for one in every)
            if slots:
                body["__slots__"] = names
            else:
                body |= {one.name: one.default for one in every if one.default is not MISSING}
            compared = [one.name for one in every if one.compare]
            key = operator.attrgetter(*compared) if compared else lambda value: ()
            body |= {
                "__fields__": tuple(every),
                "__match_args__": names,
                "__dataclass_fields__": Described(),
                "__init__": made,
                "__eq__": comparing(operator.eq, key),
                "__hash__": lambda self: hash(key(self)),
                "__repr__": shown,
            }
            if order:
                for how in ("lt", "le", "gt", "ge"):
                    body[f"__{how}__"] = comparing(getattr(operator, how), key)
            return type(cls)(cls.__name__, cls.__bases__, body)

        return declare

    def replace(value, /, **changes):
        """The value with some fields changed; see `dataclasses.replace`."""
        known = {one.name: getattr(value, one.name) for one in fields(value.__class__)}
        return value.__class__(**(known | changes))

    def fields(cls):
        """The fields of a class, in order; see `dataclasses.fields`."""
        if hasattr(cls, "__fields__"):
            return cls.__fields__
        import dataclasses

        return tuple(taken_over(one) for one in dataclasses.fields(cls))

    def taken_over(one):
        """A field that the standard library describes."""
        import dataclasses

        said = Field()
        for name in Field.__slots__:
            what = getattr(one, name)
            setattr(said, name, MISSING if what is dataclasses.MISSING else what)
        return said

    def is_dataclass(cls):
        """Whether a class is one of values, whoever declared it."""
        return "__dataclass_fields__" in getattr(cls, "__dict__", ())

    def made(self, *given, **named):
        """Makes the first value of a class: compiles what makes all others."""
        cls = self.__class__
        cls.__init__ = compiled(cls)
        self.__init__(*given, **named)

    def compiled(cls):
        """The `__init__` of a class."""
        scope, wanted, lines = {"MISSING": MISSING}, [], []
        for one in cls.__fields__:
            value = name = one.name
            if one.default_factory is not MISSING:
                scope[f"_{name}"] = one.default_factory
                wanted.append(f"{name}=MISSING")
                value = f"_{name}() if {name} is MISSING else {name}"
            elif one.default is not MISSING:
                scope[f"_{name}"] = one.default
                wanted.append(f"{name}=_{name}")
            else:
                wanted.append(name)
            lines.append(f"self.{name} = {value}")
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        text = "\n ".join([f"def __init__({', '.join(['self', *wanted])}):", *(lines or ["pass"])])
        exec(text, scope)
        return scope["__init__"]

    def comparing(how, key):
        """A method that compares two values of one class by what `key` gets from each."""

        def method(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return how(key(self), key(other))

        return method

    def shown(self) -> str:
        """A value as it would be written."""
        names = [one.name for one in self.__fields__ if one.repr]
        said = (f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({', '.join(said)})"

    class Described:
        """The fields of a class as the standard library describes them, once it asks."""

        def __get__(self, value, cls):
            import dataclasses

            given = []
            for one in cls.__fields__:
                about = {"repr": one.repr, "compare": one.compare, "metadata": one.metadata}
                if one.default is not MISSING:
                    about["default"] = one.default
                if one.default_factory is not MISSING:
                    about["default_factory"] = one.default_factory
                given.append((one.name, one.type, dataclasses.field(**about)))
            made = dataclasses.make_dataclass(cls.__name__, given)
            cls.__dataclass_fields__ = made.__dataclass_fields__
            return cls.__dataclass_fields__
