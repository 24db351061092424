"""Tells what an edit left behind from what somebody meant and mistyped, by its brackets and place.

A mistyped statement also makes the text parse once it is taken out, and is nobody's left-over:
such a removal is no repair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from guard.javascript.repairs import Reading, Repair
from guard.javascript.tokens import Token

PAIRS = {")": "(", "]": "[", "}": "{"}

BEFORE_OBJECT = frozenset(": = ( , [ ? => return default && || ?? yield await".split())
"""Tokens after which a `{` opens an object; after others, and after a class's head, it does not."""


def left_over(reading: Reading, repair: Repair) -> bool:
    """Whether what a removal takes out looks left behind: cut at a bracket, or among members."""
    first = bisect_left([token.start for token in reading.tokens], repair.start)
    stop = bisect_left([token.start for token in reading.tokens], repair.end)
    region = reading.tokens[first:stop]
    if not region:
        return True
    loose = unmatched(region)
    if loose is None:
        return False
    closers, openers = loose
    if closers:
        return any(starts_its_line(reading, token) for token in closers)
    if openers:
        return ends_its_line(reading, openers[-1]) and openers[-1].text.endswith("{")
    return among_members(reading.tokens, first) and not is_member(region)


def unmatched(region: Sequence[Token]) -> tuple[list[Token], list[Token]] | None:
    """The closers and openers without their counterpart inside; None where brackets cross."""
    closers: list[Token] = []
    openers: list[Token] = []
    for token in region:
        if token.kind == "open":
            openers.append(token)
        elif token.kind == "close":
            if not openers:
                closers.append(token)
            elif openers.pop().text[-1] != PAIRS.get(token.text[0], "`"):
                return None
    return closers, openers


def starts_its_line(reading: Reading, token: Token) -> bool:
    """Whether only closers stand before a token on its line, as at the end of a function."""
    line, column = reading.lines.position(token.start)
    return not reading.lines.line(line)[: column - 1].strip(")]}; \t")


def ends_its_line(reading: Reading, token: Token) -> bool:
    """Whether nothing stands behind a token on its line, as at the head of a function."""
    line, column = reading.lines.position(token.end)
    rest = reading.lines.line(line)[column - 1 :].strip()
    return not rest or rest.startswith(("//", "/*"))


def among_members(stream: Sequence[Token], at: int) -> bool:
    """Whether the token at an index stands directly in an object or the body of a class."""
    depth = 0
    for index in range(at - 1, -1, -1):
        token = stream[index]
        if token.kind == "close":
            depth += 1
        elif token.kind == "open":
            if depth:
                depth -= 1
            else:
                return token.text == "{" and opens_members(stream, index)
    return False


def opens_members(stream: Sequence[Token], brace: int) -> bool:
    """Whether the `{` at an index opens an object or the body of a class."""
    if brace and stream[brace - 1].text in BEFORE_OBJECT:
        return stream[brace - 1].text != "=>"
    for index in range(brace - 1, max(brace - 12, -1), -1):
        if stream[index].text == "class":
            return True
        if stream[index].kind in ("open", "close") or stream[index].text in (";", "=>"):
            return False
    return False


def is_member(region: Sequence[Token]) -> bool:
    """Whether a stretch begins as a member does: `name:`, `name() {`, `get name`, `...name`."""
    texts = [token.text for token in region]
    if texts[0] in ("async", "get", "set", "static", "*", "...", "["):
        return True
    if len(texts) > 1 and texts[1] in (":", "="):
        return True
    if len(texts) > 1 and texts[1] == "(":
        depth = 0
        for index, token in enumerate(region[1:], 1):
            depth += (token.kind == "open") - (token.kind == "close")
            if not depth:
                return texts[index + 1 : index + 2] == ["{"]
    return False
