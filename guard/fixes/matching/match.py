"""Matches a pattern's tree against a file's: every way it can, one after another, with bindings.

Generators that backtrack: each yields a chain of bindings (see env.py) for each way in which the
pattern meets the code. The work is counted, so that no pattern can run away with a file.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guard.fixes.matching.env import Env, Ident, bound
from guard.fixes.matching.flat import Flat, flattened, possible
from guard.fixes.matching.nodes import Dots, One, marked


class TooMuchWork(Exception):
    """The pattern has more ways to meet this code than are worth trying."""


@dataclass(slots=True)
class Run:
    """One pattern on one file."""

    handlers: Mapping[type, Handler]
    """For each kind of pattern node what matches it."""

    left: int
    """How many more comparisons of two nodes are allowed."""


Handler = Callable[[Any, Any, Env, Run], Iterator[Env]]

OPTIONAL = frozenset(
    {
        (ast.FunctionDef, "returns"),
        (ast.AsyncFunctionDef, "returns"),
        (ast.If, "orelse"),
        (ast.For, "orelse"),
        (ast.AsyncFor, "orelse"),
        (ast.While, "orelse"),
        (ast.Raise, "cause"),
        (ast.ExceptHandler, "name"),
        (ast.alias, "asname"),
        (ast.FormattedValue, "conversion"),
        (ast.FormattedValue, "format_spec"),
    }
)
"""What a pattern may leave out and still meet code that has it."""

SUITES = frozenset({"orelse", "finalbody"})
"""Parts of a statement that `else: ...` asks for: not to be found where there are none."""

STATED = frozenset({"annotation", "returns", "default"})
"""The same of expressions: `-> ...`."""

# What is written without `async` meets both.
ALSO_ASYNC: dict[type, type] = {
    ast.FunctionDef: ast.AsyncFunctionDef,
    ast.For: ast.AsyncFor,
    ast.With: ast.AsyncWith,
    ast.Try: ast.TryStar,
}


def match(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The ways in which the node `n` is what the pattern node `p` describes."""
    run.left -= 1
    if run.left < 0:
        raise TooMuchWork
    handler = run.handlers.get(type(p), generic)
    for found in handler(p, n, env, run):
        yield (p, n, found)


def generic(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """Same kind of node, field by field."""
    kind = type(p)
    if type(n) is not kind and type(n) is not ALSO_ASYNC.get(kind):
        return
    yield from fields(p, n, [f for f in p._fields if f not in UNIMPORTANT], env, run)


UNIMPORTANT = frozenset({"ctx", "kind", "type_comment", "simple", "type_ignores"})


def fields(p: Any, n: Any, left: Sequence[str], env: Env, run: Run) -> Iterator[Env]:
    """The fields named in `left`, one after another."""
    if not left:
        yield env
        return
    name = left[0]
    mine, theirs = getattr(p, name, None), getattr(n, name, None)
    if (mine and theirs == [] and name in SUITES) or (theirs is None and mine and name in STATED):
        return
    absent = mine is None or mine == [] or (name == "conversion" and mine == -1)
    if absent and (type(p), name) in OPTIONAL:
        yield from fields(p, n, left[1:], env, run)
        return
    for found in value(mine, theirs, env, run):
        yield from fields(p, n, left[1:], found, run)


def value(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A field: a node, a list of them, a name, a constant, or nothing."""
    if isinstance(p, ast.AST):
        if n is None:
            if type(p) is Dots:
                yield env
        elif isinstance(n, ast.AST):
            yield from match(p, n, env, run)
    elif isinstance(p, list):
        if isinstance(n, list):
            statements = bool(p) and isinstance(p[0], ast.stmt)
            yield from block(p, n, env, run) if statements else sequence(p, n, env, run)
    elif isinstance(p, str):
        yield from identifier(p, n, env)
    elif type(p) is type(n) and p == n:
        yield env


def identifier(p: str, n: Any, env: Env) -> Iterator[Env]:
    """A name that is no expression; dotted where modules have names."""
    meta = marked(p) if p.startswith("_guard_") and "." not in p else None
    if meta is None:
        if p == n:
            yield env
        elif isinstance(n, str) and "_guard_" in p and "." in p:
            yield from dotted(p.split("."), n.split("."), env)
    elif isinstance(meta, Dots):
        yield env
    elif isinstance(n, str) and (found := bound(env, meta.name, Ident(n))) is not False:
        yield found


def dotted(ps: Sequence[str], ns: Sequence[str], env: Env) -> Iterator[Env]:
    """A dotted name with metavariables among its parts."""
    if len(ps) == len(ns):
        chains = [env]
        for p, n in zip(ps, ns, strict=True):
            chains = [found for chain in chains for found in identifier(p, n, chain)]
        yield from chains


def sequence(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Elements in order; dots take any number of them."""
    if not ps:
        if not ns:
            yield env
        return
    first, rest = ps[0], ps[1:]
    if isinstance(first, Dots):
        least = sum(not isinstance(p, Dots) for p in rest)
        for taken in range(len(ns) - least + 1) if rest else (len(ns),):
            found = captured(first, ns[:taken], env)
            if found is not False:
                yield from sequence(rest, ns[taken:], found, run)
    elif ns:
        for found in value(first, ns[0], env, run):
            yield from sequence(rest, ns[1:], found, run)


def captured(dots: Dots, taken: Sequence[Any], env: Env) -> Env | bool:
    """The chain with what dots stand for, which a repair may need."""
    if dots.name:
        env = bound(env, dots.name, list(taken))
    return env if env is False else (dots, list(taken), env)


def unordered(
    ps: Sequence[Any],
    ns: Sequence[Any],
    env: Env,
    run: Run,
    spare: bool,
    meets: Callable[[Any, Any, Env, Run], Iterator[Env]] = match,
) -> Iterator[tuple[Env, Sequence[Any]]]:
    """Each of `ps` meets one of `ns`, in any order; yields what is left with each chain."""
    if not ps:
        if spare or not ns:
            yield env, ns
        return
    if len(ps) > len(ns):
        return
    for index, n in enumerate(ns):
        left = [*ns[:index], *ns[index + 1 :]]
        for found in meets(ps[0], n, env, run):
            yield from unordered(ps[1:], left, found, run, spare, meets)


def among(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Each of `ps` meets one of `ns`, in order, others may stand between."""
    if not ps:
        yield env
        return
    for index, n in enumerate(ns):
        for found in match(ps[0], n, env, run):
            yield from among(ps[1:], ns[index + 1 :], found, run)


def block(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """The statements of a block, all of them; `...` stands for any, `$S` alone for the block."""
    only = ps[0].value if len(ps) == 1 and isinstance(ps[0], ast.Expr) else None
    if isinstance(only, One) and len(ns) > 1 and isinstance(ns[0], ast.stmt):
        found = bound(env, only.name, list(ns))
        if found is not False:
            yield found
        return
    yield from prefix(ps, ns, env, run, whole=True)


def prefix(
    ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run, whole: bool = False
) -> Iterator[Env]:
    """Statements from the first of `ns` on; with `whole`, up to the last of them.

    What follows `...` is looked for in the rest of the block and in the blocks in it, and need not
    go on to the end.
    """
    if not ps:
        if not ns or not whole:
            yield env
        return
    first, rest = ps[0], ps[1:]
    dots = stands_for_many(first)
    if dots is not None and dots.name:
        for taken in range(len(ns) + 1) if rest else (len(ns),):
            found = captured(dots, ns[:taken], env)
            if found is not False:
                yield from prefix(rest, ns[taken:], found, run, whole)
    elif dots is not None and rest:
        if ns:
            yield from below(ps, *flattened(ns), env, run)
    elif dots is not None:
        yield (dots, list(ns), env)
    elif ns:
        for found in match(first, ns[0], env, run):
            yield from prefix(rest, ns[1:], found, run, whole)


def below(ps: Sequence[Any], ns: Flat, at: int, env: Env, run: Run) -> Iterator[Env]:
    """Statements from `at` on, whatever block each stands in."""
    if not ps:
        yield env
        return
    first, rest = ps[0], ps[1:]
    dots = stands_for_many(first)
    if dots is None:
        if at < len(ns):
            for found in match(first, ns[at][0], env, run):
                yield from below(rest, ns, ns[at][2], found, run)
    elif not rest:
        around = ns[at - 1][1] if at else None
        after = captured(dots, [n for n, beside, _ in ns[at:] if beside is around], env)
        if after is not False:
            yield after
    elif stands_for_many(rest[0]) is not None:
        yield from below(rest, ns, at, env, run)
    else:
        for upto in range(at, len(ns)):
            statement, around, following = ns[upto]
            for found in (
                match(rest[0], statement, env, run) if possible(rest[0], statement) else ()
            ):
                # What dots stand for, to a repair, is what precedes the statement in its block.
                taken = [n for n, beside, _ in ns[at:upto] if beside is around]
                after = captured(dots, taken, found)
                if after is not False:
                    yield from below(rest[1:], ns, following, after, run)


def stands_for_many(p: Any) -> Dots | None:
    """The dots that a pattern statement consists of; None for any other."""
    return p.value if isinstance(p, ast.Expr) and isinstance(p.value, Dots) else None
