"""Repairs: the smallest patches of text that turn what a pattern met into its replacement.

Pattern and replacement are walked side by side; where they are the same, the code that was met is
not touched, whatever its layout. A place in the code is known from what the match recorded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from guard.fixes.env import same, trail
from guard.fixes.expressions import PARTIAL, SWAPPED, operands
from guard.fixes.nodes import Block, Dots, Entry
from guard.fixes.pattern import Match, Pattern
from guard.fixes.render import NoRepair, Rendering, indentation, parenthesised
from guard.fixes.surplus import many, says_more
from guard.fixes.text import Python


class Patch(NamedTuple):
    """One region of a file's text and what comes in its place; offsets in code points."""

    start: int
    """Offset of the first character that goes."""

    end: int
    """Offset behind the last."""

    text: str
    """What comes."""


@dataclass
class Repair:
    """One match on its way to its replacement."""

    file: Python
    """The file that the match is in."""

    met: dict[int, Any]
    """For the id of each pattern node, the code it met."""

    opaque: set[int]
    """Ids of pattern nodes that met code of another shape: replaced as a whole only."""

    rest: dict[int, tuple[Any, list[Any]]]
    """For the id of a chain in the pattern, the chain it met and the operands that are no part."""

    rendering: Rendering
    """Writes pieces of the replacement."""


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
    instead = getattr(n, "instead", None)
    if instead is not None:
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


def met_by(p: Any, work: Repair) -> list[Any]:
    """The code that an element of a list in the pattern met: one node, or what dots took."""
    if isinstance(p, ast.Expr) and isinstance(p.value, Dots):
        p = p.value
    if isinstance(p, ast.keyword) and isinstance(p.value, Dots):
        p = p.value
    n = work.met.get(id(p))
    if n is None:
        return []
    return [m for m in n if hasattr(m, "lineno")] if isinstance(n, list) else [n]


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


def inserted(
    before: Sequence[Any], texts: Sequence[str], last: bool, n: ast.Call, work: Repair
) -> Patch:
    """Arguments added behind those that `before` met, or behind all of them."""
    file = work.file
    given = sorted(file.span(a) for a in (*n.args, *n.keywords))
    earlier = [file.span(m) for x in before for m in met_by(x, work)]
    ends = [e for _, e in given] if last else [e for _, e in earlier]
    if ends:
        following = [start for start, _ in given if start >= max(ends)]
        at = closed(file.text, max(ends), min(following, default=file.span(n)[1] - 1))
        return Patch(at, at, "".join(f", {text}" for text in texts))
    opening = file.text.index("(", file.span(n.func)[1])
    return Patch(opening + 1, opening + 1, ", ".join(texts) + (", " if given else ""))


CLOSING = re.compile(r"(?:\s*\))*")


def closed(text: str, at: int, stop: int) -> int:
    """Behind parentheses that close around an argument; its own span leaves them out."""
    found = CLOSING.match(text, at, stop)
    return found.end() if found else at


def without(m: Any, n: ast.Call, work: Repair) -> Patch:
    """The patch that takes one argument out, with its comma."""
    text = work.file.text
    spans = sorted(work.file.span(a) for a in (*n.args, *n.keywords))
    start, end = work.file.span(m)
    index = spans.index((start, end))
    if index + 1 < len(spans):
        return Patch(start, spans[index + 1][0], "")
    if index:
        return Patch(spans[index - 1][1], end, "")
    after = end
    while text[after : after + 1] in (" ", ","):
        after += 1
    return Patch(start, after, "")


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


def line_of(m: Any, work: Repair) -> Patch:
    """The patch that takes a statement out with its lines; the last of a block becomes `pass`."""
    text, (start, end) = work.file.text, work.file.span(m)
    block = next(
        (b for b in work.file.blocks() if any(s is m for s in b)),
        [],
    )
    if len(block) < 2:
        return Patch(start, end, "pass")
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop + 1
    if text[begin:start].strip() or text[end:stop].strip():
        raise NoRepair("other code stands on the same line")
    return Patch(begin, stop, "")


def lines_between(
    before: Sequence[Any], after: Sequence[Any], new: Sequence[Any], work: Repair
) -> Patch:
    """New statements behind those that `before` met, or ahead of those that `after` did."""
    file, text = work.file, work.file.text
    earlier = [m for x in before for m in met_by(x, work)]
    later = [m for x in after for m in met_by(x, work)]
    if before and later and many(before[-1]) and not met_by(before[-1], work):
        earlier = []  # the new ones stand before what follows the dots, in whatever block that is
    if earlier:
        start, end = file.span(earlier[-1])
        stop = min((i for i in (text.find(c, end) for c in "\r\n") if i >= 0), default=len(text))
        tail = text[end:stop].strip()
        if tail and not tail.startswith("#"):
            raise NoRepair("other code stands on the same line")
        indent = indentation(file, start)
        lines = [work.rendering.statement(s, indent) for s in new]
        newline = "\r\n" if text.startswith("\r\n", stop) else "\n"
        return Patch(stop, stop, "".join(newline + indent + line for line in lines))
    if not later:
        raise NoRepair("there is no statement to put the new one beside")
    start = file.span(later[0])[0]
    indent = indentation(file, start)
    if text[start - len(indent) : start] != indent:
        raise NoRepair("other code stands on the same line")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [work.rendering.statement(s, indent) for s in new]
    return Patch(start, start, "".join(line + newline + indent for line in lines))
