"""Patches of a file's text that put in or take out one argument or one statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from guard.fixes.matching.nodes import Dots
from guard.fixes.matching.text import Python
from guard.fixes.mending.render import NoRepair, Rendering, indentation
from guard.fixes.mending.surplus import many


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
