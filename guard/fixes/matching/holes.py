"""Matches the holes of a pattern: metavariables, dots, strings that are any."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from guard.fixes.matching import names
from guard.fixes.matching.env import Content, Env, bound
from guard.fixes.matching.limited import contains
from guard.fixes.matching.match import (
    Handler,
    Run,
    captured,
    match,
)
from guard.fixes.matching.nodes import AnyText, Code, Deep, Dots, One, Typed


def one(p: One, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A metavariable: an expression, which a slice or a keyword argument is not."""
    if isinstance(n, ast.Slice) or (isinstance(n, ast.keyword) and n.arg is not None):
        return
    found = bound(env, p.name, n)
    if found is not False:
        yield found


def dots(p: Dots, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`...` where one expression stands."""
    if isinstance(n, ast.Slice):
        return
    found = captured(p, [n], env)
    if found is not False:
        yield found


def deep(p: Deep, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The node itself, or any below it."""
    if isinstance(n, ast.keyword) and n.arg is not None:
        return
    stack = [n]
    while stack:
        node = stack.pop()
        yield from match(p.inner, node, env, run)
        stack.extend(reversed(list(ast.iter_child_nodes(node))))


def typed(p: Typed, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An expression with a known type."""
    for known in names.types(n):
        for found in match(p.hint, known, env, run):
            after = bound(found, p.name, n)
            if after is not False:
                yield after
            return


def any_text(p: AnyText, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A string literal by its content."""
    text = n.value if isinstance(n, ast.Constant) else None
    if p.binary:
        if isinstance(text, bytes):
            yield env
        return
    if isinstance(n, ast.JoinedStr):
        text = plain(n)
    if isinstance(n, Code) and n.kind == "string":
        text = n.text
    if not isinstance(text, str) or (p.regex and not contains(p.regex, text)):
        return
    found = bound(env, p.name, Content(text, n)) if p.name else env
    if found is not False:
        yield found


def plain(n: ast.JoinedStr) -> str | None:
    """What an f-string without an expression in it says."""
    parts = [part.value if isinstance(part, ast.Constant) else None for part in n.values]
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None


HANDLERS: dict[type, Handler] = {
    One: one,
    Dots: dots,
    Deep: deep,
    Typed: typed,
    AnyText: any_text,
}
