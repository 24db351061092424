"""Proposes to take off what a listing, a patch or a word processor put into code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from guard.javascript.orphans.repairs import Reading, Repair

MARKS = frozenset(("numbered", "signed", "curly"))
"""The kinds of repairs made here."""

NUMBER = re.compile(r"\s*(\d+)(?:\s*[:|]\s?|\t|\s{2})")
"""How a line of a listing begins."""

SIGNED = re.compile(r"[+-](?![+-])")
"""How a line of a patch begins that it adds or takes away."""

CURLY = re.compile("[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033]")
"""Quotes as word processors set them."""

SINGLE = frozenset("\u2018\u2019\u201a\u201b\u2032")

APART = 3
"""Within how many lines the next one with such quotes belongs to the same change."""


def marks(reading: Reading, at: int) -> Iterator[Repair]:
    """Lines at the parser's point without what does not belong to their code."""
    yield from numbered(reading, at)
    yield from signed(reading, at)
    yield from curly(reading, at)


def numbered(reading: Reading, at: int) -> Iterator[Repair]:
    """Lines with their numbers before them, as a listing has them."""

    def number(line: int) -> int:
        inside = 0 < line <= len(reading.stripped)
        found = NUMBER.match(reading.lines.line(line)) if inside else None
        return int(found[1]) if found is not None else -1

    first = last = reading.line_of(at)
    while number(first - 1) + 1 == number(first) > 0:
        first -= 1
    while number(last + 1) == number(last) + 1 > 1:
        last += 1
    if number(first) >= 0 and first < last:
        lines = [NUMBER.sub("", text, count=1) for text in texts(reading, first, last)]
        yield relined("numbered", reading, first, last, lines)


def signed(reading: Reading, at: int) -> Iterator[Repair]:
    """Lines of a patch: those it adds without their sign, those it takes away not at all."""

    def marked(line: int) -> bool:
        return 0 < line <= len(reading.stripped) and bool(SIGNED.match(reading.lines.line(line)))

    first = reading.line_of(at)
    if not marked(first):
        # A sign can be read as that of a sum up to the next line.
        first -= 1
        while first and not reading.stripped[first - 1]:
            first -= 1
    if not marked(first):
        return
    last = first
    while marked(first - 1):
        first -= 1
    while marked(last + 1):
        last += 1
    lines = texts(reading, first, last)
    yield relined("signed", reading, first, last, [text[1:] for text in lines if text[0] == "+"])


def curly(reading: Reading, at: int) -> Iterator[Repair]:
    """Lines whose strings stand between quotes that are none in JavaScript."""
    line = reading.line_of(at)
    lines = sorted(
        {
            reading.line_of(sign.start())
            for sign in CURLY.finditer(reading.text, reading.lines.starts[line - 1])
            if not quoted(reading, sign.start())
        }
    )
    if not lines or lines[0] != line:
        return
    last = line
    for number in lines:
        if number > last + APART:
            break
        last = number
    changed = [CURLY.sub(straight, text) for text in texts(reading, line, last)]
    yield relined("curly", reading, line, last, changed)


def straight(sign: re.Match[str]) -> str:
    """The quote that one of a word processor stands for."""
    return "'" if sign[0] in SINGLE else '"'


def quoted(reading: Reading, offset: int) -> bool:
    """Whether an offset lies inside of a string, template or regular expression."""
    token = reading.tokens[max(bisect_right(reading.starts, offset) - 1, 0)]
    return token.start < offset < token.end and token.kind in ("string", "template", "regex")


def texts(reading: Reading, first: int, last: int) -> list[str]:
    """The lines from `first` to `last`."""
    return [reading.lines.line(number) for number in range(first, last + 1)]


def relined(kind: str, reading: Reading, first: int, last: int, lines: list[str]) -> Repair:
    """The lines from `first` to `last` as `lines`."""
    start = reading.lines.starts[first - 1]
    end = reading.lines.starts[last - 1] + len(reading.lines.line(last))
    return Repair(kind, start, end, "\n".join(lines))
