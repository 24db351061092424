"""Proposes what stands twice: lines applied once more, or old ones beside their new version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from guard.ends import common_ends
from guard.javascript.orphans.fragments import SHORTEST, code, indented
from guard.javascript.orphans.ranges import first_token, removal
from guard.javascript.orphans.repairs import CLOSERS, REACH, Reading, Repair

ALIKE = 0.6
"""From this share of common characters on, two lines are versions of each other."""

WITHIN = 0.8
"""From this share on of the shorter one, found at both ends of the longer one, they are too."""

OPENING = ("{", "(", "[")

LONGEST = 100
"""How many lines that stand twice are looked for."""

FAR = 5_000
"""How many lines above the parser's point changes are followed."""

OLD = 12
"""How many lines of an old version, with no end, may stand before the new one."""

FIRST = re.compile(r"\W*[\w$]+")
"""The first word of a line, and what stands before it."""


def doubles(
    reading: Reading, at: int, above: int | None = None
) -> dict[tuple[int, int], tuple[Repair, bool]]:
    """The removals of what stands twice, by offsets: and whether all of it stays once.

    Looked for from line `above` on; without it, within reach of the parser's point.
    """
    last = reading.line_of(at)
    top = max(last - REACH if above is None else max(min(above, last - REACH), last - FAR), 1)
    found = {(r.start, r.end): (r, False) for r in versions(reading, top, last)}
    return found | {(r.start, r.end): (r, True) for r in echoes(reading, top, last)}


def balanced(reading: Reading, first: int, stop: int) -> bool:
    """Whether the brackets balance without the lines `first` up to, not with, `stop`."""
    a, b = first_token(reading, first), first_token(reading, stop)
    return reading.brackets.opened[a] == reading.brackets.needed[b] >= 0


def echoes(reading: Reading, top: int, last: int) -> Iterator[Repair]:
    """Runs of lines that stand twice, one right behind the other: either of the two.

    Signs between members at the ends of lines aside.
    """
    solid = [
        number
        for number in range(top, min(last + LONGEST, len(reading.stripped)) + 1)
        if reading.stripped[number - 1]
    ]
    keys = [reading.stripped[number - 1].rstrip(",;") for number in solid]
    telling = [len(key) >= SHORTEST and code(key) and key.strip(CLOSERS) != "" for key in keys]
    behind = [*solid[1:], (solid[-1] if solid else 0) + 1]
    for length in range(1, min(LONGEST, len(keys) // 2) + 1):
        same = 0
        for index in range(len(keys) - length):
            same = same + 1 if keys[index] == keys[index + length] else 0
            ends = index + 1 == len(keys) - length or keys[index + 1] != keys[index + 1 + length]
            if same < length or not (ends or same == length):
                continue
            if not any(telling[index - length + 1 : index + 1]):
                continue
            for end in (index, index + length):
                first, stop = solid[end - length + 1], behind[end]
                if first <= last and balanced(reading, first, stop):
                    yield removal(reading, first, stop)


def versions(reading: Reading, top: int, last: int) -> Iterator[Repair]:
    """Lines that open something and stand there in two versions, one right behind the other.

    Of the first one, that has no end, there may be several lines.
    """
    stripped, lines = reading.stripped, reading.lines
    opened, depth = reading.brackets.opened, reading.brackets.depth
    for below in range(top, min(last + 1, len(stripped)) + 1):
        if not code(stripped[below - 1]):
            continue
        line, count = below - 1, 0
        while line and count < OLD:
            if code(stripped[line - 1]):
                count += 1
                if akin(lines.line(line), lines.line(below)) and begun(stripped, line, below):
                    a, b = first_token(reading, line), first_token(reading, below)
                    if depth[max(opened[b], 0)] > depth[max(opened[a], 0)]:
                        yield from either(reading, line, below, count)
            line -= 1


def begun(stripped: list[str], line: int, below: int) -> bool:
    """Whether half of the lines from `line` up to, not with, `below` come again behind it."""
    first = [text for text in stripped[line - 1 : below - 1] if code(text)]
    again = [text for text in stripped[below - 1 : below + 1 + 2 * len(first)] if code(text)]
    if 2 * sum(1 for text in first[1:] if text in again) >= len(first[1:]):
        return True
    above, under = "\n".join(first), "\n".join(again[: len(first)])
    return SequenceMatcher(None, above, under, autojunk=False).ratio() >= ALIKE


def either(reading: Reading, line: int, below: int, count: int) -> Iterator[Repair]:
    """The removal of `count` lines of code from `line` on, or of as many from `below` on."""
    if balanced(reading, line, below):
        yield removal(reading, line, below)
    if reading.stripped[line - 1] == reading.stripped[below - 1]:
        return  # the second goes on with what stands below
    stop = below
    while stop <= len(reading.stripped) and count:
        count -= code(reading.stripped[stop - 1])
        stop += 1
    if balanced(reading, below, stop):
        yield removal(reading, below, stop)


def akin(first: str, second: str) -> bool:
    """Whether two lines are the same, or one is the other with something put in."""
    above, under = first.strip(), second.strip()
    # What stands deeper may as well be inside of what stands above it.
    if indented(second) > indented(first):
        return False
    if above == under:
        return len(above) >= SHORTEST
    if similar(above, under):
        # Of short lines most is alike that means nothing: the word at their beginning, brackets.
        inner = above[len(word(above)) : -1].strip("() "), under[len(word(under)) : -1].strip("() ")
        if SequenceMatcher(None, *inner, autojunk=False).ratio() >= ALIKE:
            return True
    if above[-1:] != under[-1:] or above[-1:] not in OPENING:
        return False
    head, tail = common_ends(above, under)
    shorter = min(len(above), len(under))
    return shorter >= 2 * SHORTEST and head + tail >= WITHIN * shorter and head > SHORTEST


def word(line: str) -> str:
    """The first word of a line and what stands before it."""
    found = FIRST.match(line)
    return found[0] if found is not None else ""


def similar(first: str, second: str) -> bool:
    """Whether two lines that open a bracket are versions of each other."""
    if first[-1:] not in OPENING or first[-1:] != second[-1:]:
        return False
    words = FIRST.match(first), FIRST.match(second)
    if not words[0] or not words[1] or words[0][0] != words[1][0]:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE
