"""Statements in the order they are read, whatever block each is in: what `...` looks through."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.matching.nodes import AnyText, Code, One
from guard.fixes.matching.places import KINDS, attribute

Flat = list[tuple[Any, Any, int]]
"""Each statement, the block it stands in, and the place of the next that is not inside of it."""


def flattened(suite: Sequence[Any]) -> tuple[Flat, int]:
    """The statements from the first of `suite`, which goes on to the end of its block; where it is.

    Kept on the statements: a pattern may ask again from each of them.
    """
    known: tuple[Flat, int] | None = getattr(suite[0], "flat", None)
    if known is None:
        every = flat(suite)
        at = 0
        for statement in suite:
            statement.flat = (every, at)
            at = every[at][2]
        known = (every, 0)
    return known


def flat(suite: Sequence[Any]) -> Flat:
    """The statements of a block and of the blocks in it; without recursion, for a long `elif`."""
    found: Flat = []
    stack: list[Any] = [(statement, suite) for statement in reversed(suite)]
    while stack:
        top = stack.pop()
        if isinstance(top, int):
            found[top] = (*found[top][:2], len(found))
            continue
        statement, around = top
        stack.append(len(found))
        found.append((statement, around, 0))
        inner = [(below, block) for block in nested(statement) for below in block]
        stack += reversed(inner)
    return found


def nested(n: Any) -> Iterator[list[Any]]:
    """The blocks of a compound statement, in the order they are read."""
    if isinstance(n, Code):
        yield from blocks_in(n)
        return
    inner = getattr(n, "body", None)
    if isinstance(inner, list) and inner:
        yield inner
    for handler in getattr(n, "handlers", None) or getattr(n, "cases", None) or ():
        yield handler.body
    for field in ("orelse", "finalbody"):
        inner = getattr(n, field, None)
        if isinstance(inner, list) and inner:
            yield inner


def blocks_in(n: Code) -> Iterator[list[Any]]:
    """The blocks of a statement of another language."""
    for part in n.parts:
        if isinstance(part, Code) and part.kind == "statement_block":
            yield part.parts
        elif isinstance(part, Code) and part.kind in CASES:
            yield part.parts[CASES[part.kind] :]
        elif isinstance(part, Code) and part.kind.endswith(("_clause", "switch_body")):
            yield from blocks_in(part)


CASES = {"switch_case": 2, "switch_default": 1}
"""How many parts come before the statements of a case."""


INSIDE = frozenset({ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return})
"""Statements in which an expression that stands beside other statements is looked for."""


LITERALS = frozenset({AnyText, ast.Constant, ast.JoinedStr})


def possible(p: Any, n: Any) -> bool:
    """Whether a statement is of a kind that the pattern's may meet."""
    kind = type(p)
    if kind is ast.Expr and isinstance(n, ast.stmt):
        return type(n) in INSIDE or isinstance(p.value, One)
    return kind is Code or type(n) in KINDS.get(kind, (kind,))


def expressions(n: Any, p: Any) -> Iterator[Any]:
    """The expressions in a statement that a pattern may meet and that are evaluated with it."""
    kind = type(p)
    if kind in LITERALS:
        yield from evaluated(n.value, True)
        return
    known: list[Any] | None = getattr(n, "inside", None)
    if known is None:
        n.inside = known = list(evaluated(n.value))
    if kind.__module__ != "ast":  # a hole, which may be anything
        yield from known
        return
    kinds = KINDS.get(kind, (kind,))
    attr = attribute(p.func) if kind is ast.Call else ""
    for node in known:
        func = node.func if attr and type(node) is ast.Call else None
        if type(node) in kinds and not (isinstance(func, ast.Attribute) and func.attr != attr):
            yield node


def evaluated(value: ast.expr, literal: bool = False) -> Iterator[Any]:
    """An expression and those in it; for a literal not the keys of items, which say little."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.Subscript) and literal:
            stack.append(node.value)
        elif not isinstance(node, ast.Lambda):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
