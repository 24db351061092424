"""Proposes what stands where it cannot, as a reader sees it, whatever the rest of the text says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guard.javascript.orphans.clauses import clauses
from guard.javascript.orphans.fragments import CONTROL, DECLARES, indented
from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.marks import marks
from guard.javascript.orphans.ranges import first_token, removal
from guard.javascript.orphans.repairs import CLOSERS, REACH, Reading, Repair
from guard.javascript.orphans.shape import Shape
from guard.javascript.orphans.tags import unclosed
from guard.javascript.tokens import CLOSERS as OPENERS

LONG = 20
"""How many lines further on the end of a comment may stand whose beginning is missing."""

CASE = re.compile(r"(?:case\b.*|default\s*):")

STATIC = re.compile(r"static\b")


def strays(
    reading: Reading, layout: Layout, shape: Shape, at: int
) -> dict[tuple[int, int], Repair]:
    """Every repair that the text itself speaks for, by where it begins and ends."""
    found = [
        *(repair for repair in member(reading, layout, at) if not joined(reading, shape, repair)),
        *clauses(reading, layout, at),
        *chain(reading, layout, at),
        *cases(reading, at),
        *marks(reading, at),
        *(unclosed(reading) if reading.jsx else ()),
        *swaps(reading, at),
        *comments(reading, at),
    ]
    return {(repair.start, repair.end): repair for repair in found}


def joined(reading: Reading, shape: Shape, repair: Repair) -> bool:
    """Whether nothing but a comma is missing before a member."""
    index = bisect_left(reading.starts, repair.start)
    place = reading.tokens[index - 1].end if index else 0
    return bool(index) and shape.regular_with(place, place, ",")


def member(reading: Reading, layout: Layout, at: int) -> Iterator[Repair]:
    """The whole function or member on whose first line the parser gave up."""
    line = reading.line_of(at)
    head = reading.stripped[line - 1]
    declared = STATIC.match(head) or DECLARES.match(head)
    if CONTROL.match(head) or not declared or not head.endswith("{"):
        return
    opener = first_token(reading, line + 1) - 1
    if opener <= 0 or reading.tokens[opener].kind != "open" or layout.closer[opener] < 0:
        return
    close = layout.closer[opener]
    while close + 1 < len(reading.tokens) and reading.tokens[close + 1].text in (",", ";"):
        close += 1
    end = layout.lines[close]
    if close + 1 < len(reading.tokens) and layout.lines[close + 1] == end:
        return
    if layout.leads(first_token(reading, line)):
        yield removal(reading, line, end + 1)


def chain(reading: Reading, layout: Layout, at: int) -> Iterator[Repair]:
    """Lines that begin with a dot behind the end of a statement."""
    line = reading.line_of(at)
    index = first_token(reading, line)
    stream = reading.tokens
    if not 0 < index < len(stream) or stream[index].text not in (".", "?."):
        return
    if stream[index - 1].text not in (";", "}", "{"):
        return
    place = index
    while place < len(stream):
        token = stream[place]
        if token.kind == "open" and layout.closer[place] >= 0:
            place = layout.closer[place]
        elif token.kind == "close":
            break
        elif token.text == ";":
            place += 1
            break
        last = layout.lines[place]
        place += 1
        if place < len(stream) and layout.lines[place] > last and stream[place].text not in (
            ".", "?.",
        ):  # fmt: skip
            break
    if place > index and (place == len(stream) or layout.leads(place)):
        yield removal(reading, line, layout.lines[place - 1] + 1)


def cases(reading: Reading, at: int) -> Iterator[Repair]:
    """The cases behind the end of a `switch`, with what stands deeper than they do."""
    line = reading.line_of(at)
    if not CASE.match(reading.stripped[line - 1]):
        return
    level = indented(reading.lines.line(line))
    stop = line + 1
    done = 0
    while stop <= len(reading.stripped):
        text = reading.stripped[stop - 1]
        if text and indented(reading.lines.line(stop)) <= level and not CASE.match(text):
            break
        if re.match(r"(?:break|return|continue|throw)\b.*;?$", text):
            done = stop + 1
        stop += 1
    opened, needed = reading.brackets.opened, reading.brackets.needed
    place, depth = first_token(reading, line), 0
    while place < len(reading.tokens) and depth >= 0:
        depth += {"open": 1, "close": -1}.get(reading.tokens[place].kind, 0)
        place += 1
    closer = reading.line_of(reading.tokens[place - 1].start) + 1 if depth < 0 else 0
    if closer and not reading.closers_only(closer - 1, closer):
        closer = 0
    for end in (closer, stop, done):
        if not end:
            continue
        while end > line + 1 and not reading.stripped[end - 2]:
            end -= 1
        if line < end <= len(reading.stripped):
            a, b = first_token(reading, line), first_token(reading, end)
            if opened[a] == needed[b] >= 0:
                yield removal(reading, line, end)


def swaps(reading: Reading, at: int) -> Iterator[Repair]:
    """Two lines of closing signs that would be right the other way round."""
    last = reading.line_of(at)
    stripped, stream = reading.stripped, reading.tokens
    states = reading.brackets
    for line in range(max(last - REACH, 1), min(last + 2, len(stripped))):
        first, second = stripped[line - 1], stripped[line]
        if first == second or first[:1] not in OPENERS or second[:1] not in OPENERS:
            continue
        if first.strip(CLOSERS) or second.strip(CLOSERS):
            continue
        a, b = first_token(reading, line), first_token(reading, line + 1)
        c = first_token(reading, line + 2)
        state = states.opened[a]
        for token in (*stream[b:c], *stream[a:b]):
            if state > 0 and token.kind == "close":
                parent, bracket = states.parents[state]
                state = parent if bracket == OPENERS[token.text] else -1
        if state < 0 or state != states.needed[c]:
            continue
        upper, lower = reading.lines.line(line), reading.lines.line(line + 1)
        # The deeper one first, as closers stand.
        gaps = sorted((upper[: indented(upper)], lower[: indented(lower)]), key=len)
        start = reading.lines.starts[line - 1]
        end = reading.lines.starts[line] + len(lower.rstrip())
        yield Repair("swap", start, end, f"{gaps[1]}{second}\n{gaps[0]}{first}")


def comments(reading: Reading, at: int) -> Iterator[Repair]:
    """The missing beginning of a comment in the lines of which the parser gave up."""
    line = reading.line_of(at)
    stripped = reading.stripped
    end = line
    while end <= min(line + LONG, len(stripped)) and not re.search(
        r"[*/]\*|\*/", stripped[end - 1]
    ):
        end += 1
    starred = stripped[line - 1].startswith("*") or stripped[min(end, len(stripped)) - 1] == "*/"
    if (
        end > len(stripped)
        or not starred
        or stripped[end - 1].find("*/") != stripped[end - 1].find("*")
    ):
        return
    while line > 1 and stripped[line - 2].startswith("*") and "*/" not in stripped[line - 2]:
        line -= 1
    place = reading.lines.starts[line - 1]
    gap = reading.lines.line(line)
    gap = gap[: len(gap) - len(gap.lstrip())]
    yield Repair("restore", place, place, f"{gap[:-1] if gap.endswith(' ') else gap}/**\n")
