"""Repairs: the smallest patches of text that turn what a pattern met into its replacement.

Pattern and replacement are walked side by side; where they are the same, the code that was met is
not touched, whatever its layout. A place in the code is known from what the match recorded.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from guard.fixes.matching.env import same, trail
from guard.fixes.matching.expressions import PARTIAL, SWAPPED, operands
from guard.fixes.matching.nodes import Block, Entry
from guard.fixes.matching.pattern import Match, Pattern
from guard.fixes.matching.text import Python
from guard.fixes.mending.patch import (
    Patch,
    Repair,
    inserted,
    line_of,
    lines_between,
    met_by,
    without,
)
from guard.fixes.mending.render import NoRepair, Rendering, indentation, parenthesised
from guard.fixes.mending.surplus import says_more


def patches(pattern: Pattern, replacement: Pattern, match: Match, file: Python) -> list[Patch]:
    """The patches for one match; NoRepair where there is no safe way."""
    swapped, partial, cell = set(), {}, match.env
    while cell is not None:
        if cell[0] is SWAPPED:
            swapped.add(id(cell[1]))
        elif cell[0] is PARTIAL:
            partial[id(cell[1][0])] = (cell[1][1], cell[1][2])
        cell = cell[2]
    met = trail(match.env)
    rendering = Rendering(pattern, replacement, match.env, file)
    work = Repair(file, met, swapped, partial, rendering)
    p, r = pattern.root, replacement.root
    if isinstance(p, Block) or isinstance(r, Block):
        found = statements(
            p.body if isinstance(p, Block) else [p], r.body if isinstance(r, Block) else [r], work
        )
    else:
        found = align(p, r, work)
    return sorted(found)


def align(p: Any, r: Any, work: Repair) -> list[Patch]:
    """Patches that make of what `p` met what `r` says."""
    if same(p, r):
        return []
    n = work.met.get(id(p))
    if n is None:
        raise NoRepair("there is no place in the code for a part of the replacement")
    if type(p) is type(r) and id(p) not in work.opaque and id(p) not in work.rest:
        try:
            return parts(p, r, n, work)
        except NoRepair:
            pass
    return [whole(p, r, n, work)]


def parts(p: Any, r: Any, n: Any, work: Repair) -> list[Patch]:
    """Patches inside a node, field by field; NoRepair where it has to be replaced as a whole."""
    found: list[Patch] = []
    if isinstance(p, ast.Call):
        if not isinstance(n, ast.Call):
            raise NoRepair("a call of another shape")
        return [*align(p.func, r.func, work), *arguments(p, r, n, work)]
    for name in p._fields:
        mine, theirs = getattr(p, name, None), getattr(r, name, None)
        if name == "ctx" or same(mine, theirs):
            continue
        if isinstance(mine, list) and isinstance(theirs, list):
            if mine and isinstance(mine[0], ast.stmt):
                found += statements(mine, theirs, work)
            elif len(mine) == len(theirs):
                for a, b in zip(mine, theirs, strict=True):
                    if not isinstance(a, ast.AST) or not isinstance(b, ast.AST):
                        raise NoRepair("a name differs")
                    found += align(a, b, work)
            else:
                raise NoRepair("lists of different lengths")
        elif isinstance(mine, ast.arguments) and isinstance(theirs, ast.arguments):
            found += parts(mine, theirs, None, work)
        elif isinstance(mine, ast.AST) and isinstance(theirs, ast.AST):
            found += align(mine, theirs, work)
        else:
            raise NoRepair("a name differs")
    return found


def whole(p: Any, r: Any, n: Any, work: Repair) -> Patch:
    """The patch that puts `r` in the place of `n`."""
    if isinstance(n, Entry) or not hasattr(n, "lineno"):
        raise NoRepair("there is no place in the code for a part of the replacement")
    if isinstance(p, ast.stmt) and isinstance(p, ast.Expr) and not isinstance(n, ast.Expr):
        raise NoRepair("the statement does more than the pattern says")
    if says_more(p, n, work.met):
        raise NoRepair("the statement says more than the pattern")
    if getattr(n, "bare", False):
        if isinstance(r, ast.Constant) and isinstance(r.value, str) and r.value.isidentifier():
            return Patch(*work.file.span(n), r.value)
        raise NoRepair("a keyword argument cannot have this key")
    start, end = work.file.span(n)
    if isinstance(r, ast.stmt):
        return Patch(start, end, work.rendering.statement(r, indentation(work.file, start)))
    text = work.rendering.expression(r)
    instead = getattr(n, "instead", n)
    if instead is None:
        raise NoRepair("the branches do more than to assign")
    if instead is not n:
        if not work.file.text.startswith("if", start):
            raise NoRepair("an elif cannot become an assignment")
        targets = [work.file.source(t) for t in instead.targets]
        return Patch(start, end, " = ".join([*targets, text]))
    if id(p) in work.rest:
        return rest_of_chain(p, r, text, work)
    return Patch(start, end, parenthesised(text, work.rendering.outcome(r), n, work.file))


def rest_of_chain(p: Any, r: Any, text: str, work: Repair) -> Patch:
    """A part of a chain replaced: from the first to the last operand met, if none is between."""
    node, rest = work.rest[id(p)]
    others = {id(o) for o in rest}
    flags = [id(o) not in others for o in operands(node)]
    first, last = flags.index(True), len(flags) - 1 - flags[::-1].index(True)
    if not all(flags[first : last + 1]):
        raise NoRepair("other operands stand between those that go")
    within = [o for o, mine in zip(operands(node), flags, strict=True) if mine]
    start, end = work.file.span(within[0])[0], work.file.span(within[-1])[1]
    outcome = work.rendering.outcome(r)
    return Patch(start, end, parenthesised(text, outcome, within[0], work.file))


def opcodes(ps: Sequence[Any], rs: Sequence[Any]) -> list[tuple[str, int, int, int, int]]:
    """How to turn one list of nodes into another, as difflib says it."""
    seen: list[Any] = []

    def number(node: Any) -> int:
        for index, other in enumerate(seen):
            if same(node, other):
                return index
        seen.append(node)
        return len(seen) - 1

    matcher = SequenceMatcher(None, [number(p) for p in ps], [number(r) for r in rs], False)
    return list(matcher.get_opcodes())


def arguments(p: ast.Call, r: ast.Call, n: ast.Call, work: Repair) -> list[Patch]:
    """Patches for the arguments of a call: what stays is not touched."""
    ps, rs = [*p.args, *p.keywords], [*r.args, *r.keywords]
    found: list[Patch] = []
    for kind, p1, p2, r1, r2 in opcodes(ps, rs):
        if kind == "equal":
            continue
        if kind == "replace" and p2 - p1 == r2 - r1:
            for a, b in zip(ps[p1:p2], rs[r1:r2], strict=True):
                found += align(a, b, work)
        elif kind == "insert":
            texts = [work.rendering.expression(x) for x in rs[r1:r2]]
            found.append(inserted(ps[:p1], texts, r2 == len(rs), n, work))
        elif kind == "delete":
            found += [without(m, n, work) for x in ps[p1:p2] for m in met_by(x, work)]
        else:
            raise NoRepair("the arguments differ too much")
    return found


def statements(ps: Sequence[Any], rs: Sequence[Any], work: Repair) -> list[Patch]:
    """Patches for statements in a row: kept, mended, taken out and put in."""
    found: list[Patch] = []
    for kind, p1, p2, r1, r2 in opcodes(ps, rs):
        if kind == "equal":
            continue
        if kind == "replace":
            pairs = min(p2 - p1, r2 - r1)
            for a, b in zip(ps[p1 : p1 + pairs], rs[r1 : r1 + pairs], strict=True):
                found += align(a, b, work)
            p1, r1 = p1 + pairs, r1 + pairs
        if p1 < p2:
            found += [line_of(m, work) for x in ps[p1:p2] for m in met_by(x, work)]
        if r1 < r2:
            found.append(lines_between(ps[:p1], ps[p2:], rs[r1:r2], work))
    return found
