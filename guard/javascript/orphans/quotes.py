"""Proposes the quote or backtick that a broken text may lack, or have too many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guard.javascript.orphans.repairs import Reading, Repair

WORDS = re.compile(r"[^\s()\[\]{},;+]+")
"""Stretches of a line at whose ends a quote may be missing."""

BEFORE = frozenset(("return", "await", "throw", "case", "const", "let", "var", "=", "=>"))
"""Words that stand before a literal and not in it."""


def quotes(reading: Reading, at: int) -> Iterator[Repair]:
    """The missing end of a string, at each place of its line where one could be.

    Where its beginning is missing, the parser gives up at what stands in it, and the sign that
    is left over follows on the same line.
    """
    last = reading.line_of(at)
    for token in reading.tokens:
        if token.kind == "half" and reading.line_of(token.start) <= last:
            body = token.text.rstrip()
            stops = {len(body)}
            for length in range(1, min(6, len(body))):
                if body[-length] in ");,]}: ":
                    stops.add(len(body) - length)
            # What closes a call or ends a statement is rarely part of the string.
            closers = len(body.rstrip(");,]}"))
            for stop in sorted(stops, key=lambda stop: (stop < closers, abs(stop - closers))):
                if stop > 0:
                    place = token.start + stop
                    yield Repair("quote", place, place, token.text[0])
            yield Repair("quote", token.start, token.start + 1)
            # The quote that is missing may be an earlier one of the line, and all later ones
            # have changed sides.
            start = reading.lines.starts[reading.line_of(token.start) - 1]
            words = WORDS.finditer(reading.text, start, token.start)
            places = [place for word in words for place in word.span()]
            if token.start > at:  # in what was a string the parser did not get far
                places.sort(key=lambda place: abs(place - at))
            for place in places:
                yield Repair("quote", place, place, token.text[0])


def backticks(reading: Reading, at: int) -> Iterator[Repair]:
    """The missing end of a template literal, or of its last stretch, that runs over lines.

    On its first line; where the last one of the text has no end, also the missing beginning of
    the literal that the sign ends which opens it.
    """
    last = reading.line_of(at)
    spread = [
        token
        for token in reading.tokens
        if token.kind == "template" and "\n" in token.text and reading.line_of(token.start) <= last
    ]
    for token in spread:
        body = token.text.split("\n", 1)[0].rstrip()
        # The sign that opens the literal is not its end, the place behind a substitution may be.
        for length in range(min(6, len(body) + (not token.text.startswith("`")))):
            if not length or body[-length] in ");,]}: ":
                place = token.start + len(body) - length
                yield Repair("quote", place, place, "`")
    if reading.text.count("`") % 2:
        starts = reading.lines.starts
        stretches = [
            (starts[reading.line_of(token.start) - 1], token.start)
            for token in spread[-3:]
            if token.text.startswith("`")
        ]
        # Or where the parser gave up: at what stands in the literal.
        stretches.append(
            (starts[last - 1], starts[last] if last < len(starts) else len(reading.text))
        )
        for start, stop in stretches:
            for word in WORDS.finditer(reading.text, start, stop):
                if word[0] not in BEFORE:
                    yield Repair("quote", word.start(), word.start(), "`")
