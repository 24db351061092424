"""Matches the nodes of a language that has no classes of nodes, which is JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.env import Env
from guard.fixes.expressions import pieces
from guard.fixes.match import (
    Handler,
    Run,
    among,
    block,
    captured,
    match,
    sequence,
    stands_for_many,
    unordered,
)
from guard.fixes.nodes import Code, Dots, One

BLOCKS = frozenset({"program", "statement_block", "switch_body"})
EITHER_WAY = frozenset({"==", "===", "!=", "!=="})
ANY_PART = frozenset({"&&", "||", "&", "|", "??"})


def code(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A node of another language: same kind, same text, same parts."""
    if not isinstance(n, Code) or p.kind != n.kind or p.text != n.text:
        if p.kind == "member_expression" and isinstance(p.parts[-1], Dots):
            yield from links(p, n, env, run)
        return
    mine, theirs = p.parts, n.parts
    if p.kind in BLOCKS:
        yield from block(mine, theirs, env, run)
    elif p.kind == "class_body":
        yield from among([s for s in mine if stands_for_many(s) is None], theirs, env, run)
    elif p.kind == "object":
        wanted = [part for part in mine if not isinstance(part, Dots)]
        for found, rest in unordered(wanted, theirs, env, run, len(wanted) < len(mine)):
            spare = next((part for part in mine if isinstance(part, Dots)), None)
            after = found if spare is None else captured(spare, rest, found)
            if after is not False:
                yield after
    elif p.kind == "member_expression" and isinstance(mine[-1], Dots):
        yield from links(p, n, env, run)
    elif p.kind == "binary_expression" and len(mine) == len(theirs) == 3:
        yield from binary(mine, theirs, env, run)
    elif p.kind == "import_clause" and [type(part) for part in mine] == [One]:
        # the default import: a name, and not what stands in braces
        if theirs[0].kind == "name":
            yield from match(mine[0], theirs[0], env, run)
    elif p.kind == "template_string":
        yield from pieces(letters(mine, True), letters(theirs, False), env, run)
    else:
        yield from sequence(mine, fitting(mine, theirs), env, run)


def links(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`$X. ...`: any number of links of a chain."""
    while isinstance(n, Code):
        yield from match(p.parts[0], n, env, run)
        if n.kind not in ("member_expression", "call_expression", "subscript_expression"):
            return
        n = n.parts[0]


def binary(mine: Sequence[Any], theirs: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Two operands and what is between them."""
    operator = mine[1].text
    if operator != theirs[1].text:
        return
    yield from sequence(mine, theirs, env, run)
    if operator in EITHER_WAY or operator in ANY_PART:
        yield from sequence(mine, theirs[::-1], env, run)


def fitting(mine: Sequence[Any], theirs: Sequence[Any]) -> Sequence[Any]:
    """The parts of the code without those that a pattern may leave out."""
    kinds = {getattr(part, "kind", "") for part in mine}
    return [
        part
        for part in theirs
        if not (
            part.kind in ("async", "else_clause", "finally_clause", "catch_clause")
            and part.kind not in kinds
        )
    ]


def letters(parts: Sequence[Any], pattern: bool) -> list[Any]:
    """The letters and expressions of a template string."""
    found: list[Any] = []
    for part in parts:
        if part.kind == "template_substitution":
            found.append(part)
            continue
        for index, piece in enumerate(part.text.split("...") if pattern else [part.text]):
            found += [Dots(name="")] if index else []
            found += piece
    return found


HANDLERS: dict[type, Handler] = {
    Code: code,
}
