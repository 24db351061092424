"""Matches expressions of Python, in each of the forms that say the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.matching import names, shapes
from guard.fixes.matching.env import Env
from guard.fixes.matching.match import (
    Handler,
    Run,
    TooMuchWork,
    captured,
    fields,
    generic,
    identifier,
    match,
    sequence,
    unordered,
)
from guard.fixes.matching.nodes import Dots, One, marked, pair


def constant(p: ast.Constant, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A literal: of the same type and value, however it is written."""
    if isinstance(n, ast.Constant) and type(n.value) is type(p.value) and n.value == p.value:
        yield env


def name(p: ast.Name, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A name, as it is written or as an import explains it."""
    if isinstance(n, ast.Name) and (
        n.id == p.id or any(isinstance(q, ast.Name) and q.id == p.id for q in names.written_out(n))
    ):
        yield env


def attribute(p: ast.Attribute, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`a.b`, also where `b` was imported from `a`; dots are any number of links of a chain."""
    if isinstance(marked(p.attr), Dots):
        current = n
        while True:
            yield from match(p.value, current, env, run)
            link = current.func if isinstance(current, ast.Call) else current
            if not isinstance(link, ast.Attribute):
                return
            current = link.value
    elif isinstance(n, ast.Attribute):
        for found in identifier(p.attr, n.attr, env):
            yield from match(p.value, n.value, found, run)
    elif isinstance(n, ast.Name):
        for chain in names.written_out(n):
            if isinstance(chain, ast.Attribute):
                yield from attribute(p, chain, env, run)


def call(p: ast.Call, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A call: positional arguments in order, keyword arguments in any."""
    if isinstance(n, ast.Call):
        for found in match(p.func, n.func, env, run):
            yield from arguments(p, n, found, run)
    elif isinstance(n, ast.Dict) and (literal := shapes.as_dict(p)) is not None:
        yield from dictionary(literal, n, env, run)


def arguments(p: Any, n: Any, env: Env, run: Run, *, more: bool = False) -> Iterator[Env]:
    """The arguments of a call, or the bases of a class; with `more`, others may follow.

    Keyword arguments of the pattern are anywhere. What it leaves stands in the order of the code:
    `...` takes any of it, `$X` also `*args` and `**options`.
    """
    mine = p.bases if isinstance(p, ast.ClassDef) else p.args
    theirs = n.bases if isinstance(n, ast.ClassDef) else n.args
    named = [k for k in p.keywords if not isinstance(k.value, Dots) or k.arg is not None]
    spare = [k.value for k in p.keywords if isinstance(k.value, Dots) and k.arg is None]
    if spare and not any(isinstance(a, Dots) for a in mine):
        mine = [*mine, *spare]
    if more and not isinstance(mine[-1] if mine else None, Dots):
        mine = [*mine, Dots(name="")]
    for found, rest in unordered(named, n.keywords, env, run, True):
        left = sorted([*theirs, *rest], key=position) if rest else theirs
        yield from sequence(mine, left, found, run)


def position(node: Any) -> tuple[int, int]:
    """Where a node stands."""
    return node.lineno, node.col_offset


def dictionary(p: ast.Dict, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A dict literal, or `dict(…)`: entries in any order."""
    literal = n if isinstance(n, ast.Dict) else shapes.as_dict(n)
    if literal is None:
        return
    entries = [*zip(p.keys, p.values, strict=True)]  # `...` behind a key is the value of an entry
    spare = [v for k, v in entries if k is None and isinstance(v, Dots)]
    mine = [pair(k, v) for k, v in entries if v not in spare]
    theirs = [pair(k, v) for k, v in zip(literal.keys, literal.values, strict=True)]
    mine.sort(key=lambda entry: isinstance(entry.key, One))  # type: ignore[attr-defined]
    for found, rest in unordered(mine, theirs, env, run, bool(spare)):
        after = captured(spare[0], rest, found) if len(spare) == 1 else found
        if after is not False:
            yield after


def braces(p: ast.Set, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A set, its elements in any order; `{...}` is any set or dict."""
    plain = [e for e in p.elts if not isinstance(e, Dots)]
    if isinstance(n, ast.Set):
        for found, _ in unordered(plain, n.elts, env, run, len(plain) < len(p.elts)):
            yield found
    elif isinstance(n, (ast.Dict, ast.SetComp, ast.DictComp)) and not plain:
        yield env


def brackets(p: ast.List, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A list; `[...]` is any, also a comprehension."""
    if isinstance(n, ast.ListComp) and len(p.elts) == 1 and isinstance(p.elts[0], Dots):
        yield env
    else:
        yield from generic(p, n, env, run)


def comprehension(p: ast.comprehension, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`for x in y`, in a comprehension also `async for x in y`; `if ...` is one condition."""
    if isinstance(n, ast.comprehension) and n.is_async >= p.is_async:
        ifs = [One("_") if isinstance(c, Dots) and not c.name else c for c in p.ifs]
        for found in fields(p, n, ("target", "iter"), env, run):
            yield from sequence(ifs, n.ifs, found, run)


def compare(p: ast.Compare, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A comparison in any of the forms that say the same."""
    mine, theirs = shapes.comparison(p), shapes.comparison(n)
    if mine is None or theirs is None:
        yield from generic(p, n, env, run)
        return
    left, operator, right = theirs
    wanted = mine[1]
    # `is None` also means `== None`; who writes `== None` means just that.
    none = shapes.is_none(mine[0]) or shapes.is_none(mine[2])
    sides = []
    if wanted is operator or (none and shapes.IDENTITY.get(operator) is wanted):
        sides.append((left, right))
    flipped = shapes.FLIPPED.get(operator)
    if flipped is not operator and isinstance(mine[0], One) and isinstance(mine[2], One):
        flipped = None  # whoever writes `$X < $Y` is after the sign
    if flipped is not None and (
        wanted is flipped or (none and shapes.IDENTITY.get(flipped) is wanted)
    ):
        sides.append((right, left))
    for one_side, other_side in sides:
        for found in match(mine[0], one_side, env, run):
            yield from match(mine[2], other_side, found, run)


def unary(p: ast.UnaryOp, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`not a is b` is a comparison; the rest is what it says."""
    if shapes.comparison(p) is not None and shapes.comparison(n) is not None:
        yield from compare(p, n, env, run)  # type: ignore[arg-type]
    else:
        yield from generic(p, n, env, run)


def conditional(p: ast.IfExp, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`a if c else b`, and `b if not c else a`."""
    if not isinstance(n, ast.IfExp):
        return
    yield from generic(p, n, env, run)
    if shapes.comparison(n.test) is not None or isinstance(n.test, ast.UnaryOp):
        swapped = ast.IfExp(shapes.negated(n.test), n.orelse, n.body)
        for found in generic(p, swapped, env, run):
            yield (SWAPPED, p, found)


SWAPPED = ast.AST()
"""Key of the cells that name conditionals met the other way round: no repair in their parts."""

CHAINS = (ast.BitAnd, ast.BitOr)


def operands(node: Any) -> list[Any]:
    """The operands of a chain of one operator, nested as it may be."""
    if isinstance(node, ast.BoolOp):
        kind, parts = type(node.op), node.values
        return [
            o
            for part in parts
            for o in (
                operands(part) if isinstance(part, ast.BoolOp) and type(part.op) is kind else [part]
            )
        ]
    operator, stack, found = type(node.op), [node], []
    while stack:
        current = stack.pop()
        if isinstance(current, ast.BinOp) and type(current.op) is operator:
            stack += [current.right, current.left]
        else:
            found.append(current)
    return found


def chain(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`and`, `or`, `&` and `|`: a part of a longer chain is enough, in any order."""
    if type(p) is not type(n) or type(p.op) is not type(n.op):
        return
    if isinstance(p, ast.BinOp) and not isinstance(p.op, CHAINS):
        wanted = operands(p) if isinstance(p.op, (ast.Add, ast.Mult)) else []
        if any(isinstance(o, Dots) for o in wanted):
            yield from sequence(wanted, operands(n), env, run)
        else:
            yield from generic(p, n, env, run)
        return
    if part_of_chain(n):
        return
    wanted = [o for o in operands(p) if not isinstance(o, Dots)]
    for found, rest in unordered(wanted, operands(n), env, run, True):
        yield (PARTIAL, (p, n, rest), found) if rest else found


PARTIAL = ast.AST()
"""Key of the cells that say which operands of a chain were not met."""


def part_of_chain(n: Any) -> bool:
    """Whether a node is only the first part of a longer chain, which is asked for itself."""
    above = names.parent(n)
    return type(above) is type(n) and type(above.op) is type(n.op)  # type: ignore[union-attr]


def joined(p: ast.JoinedStr, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An f-string: its text letter by letter, `...` in it any text and any expressions."""
    if isinstance(n, ast.JoinedStr):
        yield from pieces(exploded(p, True), exploded(n, False), env, run)


def exploded(node: ast.JoinedStr, pattern: bool) -> list[Any]:
    """The letters and expressions of an f-string."""
    found: list[Any] = []
    for part in node.values:
        if not isinstance(part, ast.Constant):
            found.append(part)
            continue
        text = str(part.value)
        for index, piece in enumerate(text.split("...") if pattern else [text]):
            found += [Dots(name="")] if index else []
            found += piece
    return found


def pieces(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Letters and expressions in order; runs of letters without recursion."""
    at = 0
    while at < len(ps) and isinstance(ps[at], str):
        if at >= len(ns) or ps[at] != ns[at]:
            return
        at += 1
    ps, ns = ps[at:], ns[at:]
    if not ps:
        if not ns:
            yield env
    elif isinstance(ps[0], Dots):
        run.left -= len(ns)
        if run.left < 0:
            raise TooMuchWork
        for taken in range(len(ns) + 1) if len(ps) > 1 else (len(ns),):
            yield from pieces(ps[1:], ns[taken:], env, run)
    elif ns and not isinstance(ns[0], str):
        for found in match(ps[0], ns[0], env, run):
            yield from pieces(ps[1:], ns[1:], found, run)


HANDLERS: dict[type, Handler] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Call: call,
    ast.Dict: dictionary,
    ast.Set: braces,
    ast.List: brackets,
    ast.comprehension: comprehension,
    ast.Compare: compare,
    ast.UnaryOp: unary,
    ast.IfExp: conditional,
    ast.BoolOp: chain,
    ast.BinOp: chain,
    ast.JoinedStr: joined,
}
