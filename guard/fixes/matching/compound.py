"""Matches the statements that have parts of their own: try, with and match."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.matching.env import Env, bound
from guard.fixes.matching.match import (
    ALSO_ASYNC,
    Handler,
    Run,
    block,
    fields,
    generic,
    match,
    sequence,
    unordered,
)
from guard.fixes.matching.nodes import Deep, Dots, One, marked


def try_(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A try statement: the pattern's handlers are among the code's, the other parts the same."""
    if not isinstance(n, (ast.Try, ast.TryStar)):
        return
    if getattr(p, "open", False):
        yield from fields(p, n, ("body",), env, run)
        return
    if p.handlers and not n.handlers:
        return
    handlers = [h for h in p.handlers if not isinstance(h.type, Dots)]
    for found in fields(p, n, ("body", "orelse", "finalbody"), env, run):
        for after, _ in unordered(handlers, n.handlers, found, run, True, caught):
            yield after


def caught(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A handler in its statement: one without a name has none; a tuple with dots may be one."""
    if p.name is None and n.name is not None:
        return
    yield from match(p, n, env, run)
    if isinstance(p.type, ast.Tuple) and n.type is not None and not isinstance(n.type, ast.Tuple):
        for found in sequence(p.type.elts, [n.type], env, run):
            yield from fields(p, n, ("name", "body"), found, run)


def with_(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A with statement, from any of its managers on; one below another is one behind another."""
    if type(n) is type(p) or type(n) is ALSO_ASYNC.get(type(p)):
        for first in range(len(n.items)):
            yield from managers(p, p.items, n, first, env, run)


def managers(p: Any, wanted: Sequence[Any], n: Any, at: int, env: Env, run: Run) -> Iterator[Env]:
    """What is left of a pattern's managers, and its body, on what is left of a statement's."""
    if not wanted:
        left = [type(n)(n.items[at:], n.body)] if at < len(n.items) else n.body
        yield from block(p.body, left, env, run)
    elif isinstance(wanted[0].context_expr, Dots) and wanted[0].optional_vars is None:
        for following in range(at, len(n.items) + 1):
            yield from managers(p, wanted[1:], n, following, env, run)
    elif at < len(n.items):
        for found in match(wanted[0], n.items[at], env, run):
            yield from managers(p, wanted[1:], n, at + 1, found, run)
    elif len(n.body) == 1 and type(n.body[0]) is type(n):
        yield from managers(p, wanted, n.body[0], 0, env, run)


def manager(p: ast.withitem, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """One manager: without a name in the pattern it has none, but for `$X`, which is any."""
    if isinstance(n, ast.withitem):
        wanted = ["context_expr", "optional_vars"]
        if p.optional_vars is None and isinstance(p.context_expr, (One, Deep)):
            wanted.pop()
        yield from fields(p, n, wanted, env, run)


def switch(p: ast.Match, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A match statement: each case of the pattern is one of the code's."""
    if isinstance(n, ast.Match):
        cases = [c for c in p.cases if not any_case(c)]
        for found in match(p.subject, n.subject, env, run):
            for after, _ in unordered(cases, n.cases, found, run, True):
                yield after


def any_case(case: ast.match_case) -> bool:
    """Whether a case stands for any: `...` among the cases."""
    pattern = case.pattern
    return isinstance(pattern, ast.MatchAs) and isinstance(marked(pattern.name or ""), Dots)


def capture(p: ast.MatchAs, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """In a case: `$X` and `...` are any pattern."""
    meta = marked(p.name) if p.name and p.pattern is None else None
    if isinstance(meta, Dots):
        yield env
    elif isinstance(meta, One):
        found = bound(env, meta.name, n)
        if found is not False:
            yield found
    else:
        yield from generic(p, n, env, run)


HANDLERS: dict[type, Handler] = {
    ast.Try: try_,
    ast.With: with_,
    ast.AsyncWith: with_,
    ast.withitem: manager,
    ast.Match: switch,
    ast.MatchAs: capture,
}
