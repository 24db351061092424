"""Finds an `else`, `catch` or `finally` whose statement is gone."""

from __future__ import annotations

from collections.abc import Iterator

from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.ranges import removal
from guard.javascript.orphans.repairs import REACH, Reading, Repair
from guard.javascript.tokens import Token

CLAUSES = frozenset(("else", "catch", "finally"))
"""Words that go on with a statement."""


def clauses(reading: Reading, layout: Layout, at: int) -> Iterator[Repair]:
    """The first `else`, `catch` or `finally` whose statement does not begin above it."""
    stream = reading.tokens
    last = reading.line_of(at)
    for index, token in enumerate(stream):
        if layout.lines[index] > last:
            return
        if token.text not in CLAUSES or layout.lines[index] < last - REACH or not index:
            continue
        before = stream[index - 1]
        if before.text != "}" or member_named(stream, index):
            lone = token.start == at and layout.leads(index)
            start = layout.lines[index]
        else:
            opener = layout.enclosing[index - 1]
            lone = opener < 0 or not goes_with(token.text, stream, opener, layout)
            start = layout.lines[index - 1] if layout.leads(index - 1) else 0
            if layout.leads(index):
                start = layout.lines[index]
        if not lone or not start:
            continue
        close = block_end(stream, index, layout)
        if close >= 0:
            yield removal(reading, start, layout.lines[close] + 1)
        return


def member_named(stream: list[Token], index: int) -> bool:
    """Whether the word at `index` is a key or the name of a property: `{ catch: …`, `a.catch`."""
    following = stream[index + 1].text if index + 1 < len(stream) else ""
    return following == ":" or stream[index - 1].text in (".", "?.")


def goes_with(word: str, stream: list[Token], opener: int, layout: Layout) -> bool:
    """Whether the block that opens at `opener` may be followed by a clause."""
    if stream[opener].text != "{" or not opener:
        return False
    before = stream[opener - 1]
    if before.text == "try":
        return word != "else"
    if before.text == "else":
        return False
    if before.text == "catch":
        return word == "finally"
    if before.text != ")":
        return False
    condition = layout.enclosing[opener - 1]
    if condition <= 0:
        return False
    keyword = stream[condition - 1].text
    return keyword == "if" if word == "else" else keyword == "catch" and word == "finally"


def block_end(stream: list[Token], index: int, layout: Layout) -> int:
    """The token that ends the block of the clause whose word is at `index`, and of those behind."""
    while True:
        opener = index + 1
        while opener < len(stream) and stream[opener].text != "{":
            if stream[opener].kind == "open" and layout.closer[opener] > 0:
                opener = layout.closer[opener]
            elif stream[opener].kind == "close" or stream[opener].text == ";":
                return -1
            opener += 1
        if opener >= len(stream) or layout.closer[opener] < 0:
            return -1
        close = layout.closer[opener]
        if close + 1 >= len(stream) or stream[close + 1].text not in CLAUSES:
            return close
        index = close + 1
