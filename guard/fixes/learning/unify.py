"""The least general pattern that several examples have in common.

Anti-unification after Plotkin (A note on inductive generalization, 1970): walk two trees in step,
keep what is equal, and give each pair of parts that differ a variable, the same pair the same one.
Old and new code are walked with one table, so a repair carries over what varies.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guard.fixes.learning.pattern import MANY, ONE

Pair = tuple[tuple[ast.AST, ...], tuple[ast.AST, ...]]
"""Old and new code, with reserved names for what is variable already."""


class Unlike(Exception):
    """Two trees have nothing in common that a pattern could say."""


@dataclass(slots=True)
class Table:
    """The variables given out so far."""

    taken: set[str]
    """Names of metavariables that the examples use themselves."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)
    """The content of two parts that differ, to the variable for them."""

    closed: bool = False
    """Whether a part that has no variable yet can get none: so in a repair."""

    def variable(self, one: str, other: str, prefix: str) -> str:
        """The variable for a pair of parts; an Unlike where none may be made."""
        key = (one, other)
        if key not in self.given:
            if self.closed:
                raise Unlike
            number = len(self.given) + 1
            while f"V{number}" in self.taken:
                number += 1
            self.taken.add(f"V{number}")
            self.given[key] = f"{prefix}V{number}"
        return self.given[key]


def unified(one: Pair, other: Pair) -> tuple[tuple[ast.AST, ...], tuple[ast.AST, ...] | None]:
    """What two examples have in common: the old code, and the new where it follows from the old.

    An Unlike where the old codes share no more than a single variable would say.
    """
    used = {
        str(value).removeprefix(ONE).removeprefix(MANY)
        for example in (one, other)
        for node in (*example[0], *example[1])
        for inner in ast.walk(node)
        for _, value in ast.iter_fields(inner)
        if isinstance(value, str) and value.startswith((ONE, MANY))
    }
    table = Table(used)
    old = tuple(sequence(one[0], other[0], table))
    table.closed = True
    try:
        return old, tuple(sequence(one[1], other[1], table))
    except Unlike:
        return old, None


def sequence(one: Sequence[ast.AST], other: Sequence[ast.AST], table: Table) -> list[ast.AST]:
    """Two codes of as many nodes, node by node; the nodes themselves must be of one kind."""
    if len(one) != len(other):
        raise Unlike
    return [inside(a, b, table) for a, b in zip(one, other, strict=True)]


def inside(one: ast.AST, other: ast.AST, table: Table) -> ast.AST:
    """Two nodes of one kind, part by part."""
    if type(one) is not type(other):
        raise Unlike
    made = copy.copy(one)
    for name in one._fields:
        if name == "ctx":
            continue
        setattr(made, name, value(getattr(one, name, None), getattr(other, name, None), table))
    return made


def value(one: Any, other: Any, table: Table) -> Any:
    """The content of a field of two nodes."""
    if isinstance(one, ast.expr) and isinstance(other, ast.expr):
        return expression(one, other, table)
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return inside(one, other, table)
    if isinstance(one, list) and isinstance(other, list):
        return several(one, other, table)
    if type(one) is type(other) and one == other:
        return one
    if isinstance(one, str) and isinstance(other, str):
        return table.variable(repr(one), repr(other), ONE)
    raise Unlike


def expression(one: ast.expr, other: ast.expr, table: Table) -> ast.expr:
    """Two expressions: what they share, or a variable."""
    a, b = ast.dump(one), ast.dump(other)
    if a == b:
        return one
    if (a, b) in table.given or isinstance(one, (ast.Name, ast.Constant)):
        return ast.Name(table.variable(a, b, ONE), ast.Load())
    before = dict(table.given)
    try:
        made = inside(one, other, table)
    except Unlike:
        table.given = before
        return ast.Name(table.variable(a, b, ONE), ast.Load())
    assert isinstance(made, ast.expr)
    return made


def several(one: list[Any], other: list[Any], table: Table) -> list[Any]:
    """Two lists: element by element, or what they share at the start and `$...` for the rest."""
    if one and isinstance(one[0], ast.keyword):
        return keywords(one, other, table)
    if len(one) == len(other):
        return [value(a, b, table) for a, b in zip(one, other, strict=True)]
    shared = 0
    while shared < min(len(one), len(other)) and same(one[shared], other[shared]):
        shared += 1
    rest = [*one[shared:], *other[shared:]]
    if not all(isinstance(part, ast.expr) for part in rest):
        raise Unlike
    name = table.variable(dumped(one[shared:]), dumped(other[shared:]), MANY)
    return [*one[:shared], ast.Name(name, ast.Load())]


def keywords(one: list[Any], other: list[Any], table: Table) -> list[Any]:
    """The keyword arguments of two calls, by name; both must have the same ones."""
    by_name = {keyword.arg: keyword for keyword in other}
    if {keyword.arg for keyword in one} != {*by_name}:
        raise Unlike
    return [
        ast.keyword(keyword.arg, expression(keyword.value, by_name[keyword.arg].value, table))
        for keyword in one
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two elements have the same content."""
    return dumped([one]) == dumped([other])


def dumped(parts: Sequence[Any]) -> str:
    """The content of a list of nodes."""
    return ";".join(ast.dump(part) if isinstance(part, ast.AST) else repr(part) for part in parts)
