"""What a match has found so far: a chain of cells that branches share, and equality of its values.

A cell is `(key, value, rest)`. A string key is a metavariable and its value what it stands for; a
pattern node as key says which node of the code it met, which is what a repair goes by.
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple, TypeAlias

Env: TypeAlias = Any
"""A cell, or None for nothing yet. (A recursive tuple; typing it would cost more than it tells.)"""

MISSING = object()
IGNORED = frozenset({"ctx", "kind", "type_comment"})
"""Fields that say nothing about what the code does."""


class Content(NamedTuple):
    """The text inside a string literal, bound by `"$X"`."""

    text: str
    """What the string says, whatever its quotes and escapes."""

    node: ast.AST
    """The literal."""


class Ident(NamedTuple):
    """A name that is no expression: of a function, an attribute, a keyword, an import."""

    text: str
    """The name."""


def lookup(env: Env, key: object) -> Any:
    """The value under `key`; MISSING where there is none."""
    while env is not None:
        if env[0] is key or (type(key) is str and env[0] == key):
            return env[1]
        env = env[2]
    return MISSING


def bound(env: Env, name: str, value: Any) -> Env | bool:
    """The chain with `name` bound; False where it stands for something else already."""
    if name == "_":
        return env
    before = lookup(env, name)
    if before is MISSING:
        return (name, value, env)
    return env if same(before, value) else False


def bindings(env: Env) -> dict[str, Any]:
    """The metavariables of a chain."""
    found: dict[str, Any] = {}
    while env is not None:
        if type(env[0]) is str:
            found.setdefault(env[0], env[1])
        env = env[2]
    return found


def trail(env: Env) -> dict[int, Any]:
    """For the id of each pattern node, what it met."""
    found: dict[int, Any] = {}
    while env is not None:
        if type(env[0]) is not str:
            found.setdefault(id(env[0]), env[1])
        env = env[2]
    return found


def as_name(value: Any) -> str | None:
    """The text of a value that is a name, or the content of a string."""
    if isinstance(value, (Ident, Content)):
        return value.text
    return value.id if isinstance(value, ast.Name) else None


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of code are the same, wherever they stand and however they are laid out.

    A name bound as an identifier and the same name as an expression are the same.
    """
    stack = [(one, other)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, ast.NamedExpr) and isinstance(b, ast.Name):
            a = a.target  # `y if (y := x) is not None else z`
        elif isinstance(b, ast.NamedExpr) and isinstance(a, ast.Name):
            b = b.target
        if a is b:
            continue
        if isinstance(a, (Ident, Content)) or isinstance(b, (Ident, Content)):
            name = as_name(a)
            if name is None or name != as_name(b):
                return False
        elif isinstance(a, ast.AST):
            if type(a) is not type(b):
                return False
            for field in a._fields:
                if field not in IGNORED:
                    stack.append((getattr(a, field, None), getattr(b, field, None)))
        elif isinstance(a, list):
            if not isinstance(b, list) or len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif type(a) is not type(b) or a != b:
            return False
    return True
