"""Leftovers that parse: legal JavaScript that a botched edit left and that is still wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from guard.finding import Finding, Lines, Location, Severity
from guard.javascript.leftovers.finds import EVERY, Leftover
from guard.javascript.templates import FILLING
from guard.javascript.tokens import Token, tokens

if TYPE_CHECKING:
    from tree_sitter import Node

Locate = Callable[[int, int, str], Location]
"""Offsets of code points in the text, and a note, to a place in the file that holds the text."""

LONG = 500
"""A line of more characters was written by a program."""

WIDE = 200
"""From this many characters a line on average, it may be that all lines that matter are long."""


def leftovers(
    path: str,
    text: str,
    before: str | None = None,
    *,
    locate: Locate | None = None,
    handler: bool = False,
    maybe: int = EVERY,
    quiet: Sequence[int] = (),
) -> Iterator[Finding]:
    """The leftovers in a JavaScript text that parses.

    `before` is the last committed version in a run about a change: then only what that version
    did not have is reported; None reports all. `locate` maps a region of the text into the file
    `path` that holds it, by default the text is the file. `handler` says that the text is the
    value of an `onclick` or the like, where `this` is the element. `maybe` are the bits of the
    rules that may find something, as far as that is known, and `quiet` where they surely do not,
    as in `answers.Answer`.
    """
    if not maybe & EVERY or minified(path, text):
        return
    source, found = found_in(path, text, handler, maybe & EVERY, quiet)
    if found and before is not None and before != text:
        old_source, old = found_in(path, before, handler, maybe & EVERY)
        found = brought_in(source, found, old_source, old)
    elif before is not None:
        found = []
    if not found:
        return
    if locate is None:
        lines = Lines(text)

        def locate(start: int, end: int, note: str) -> Location:
            return lines.location(path, start, end, note)

    offset = offsets(source)
    filling = FILLING.encode()
    for one in found:
        if FILLING in one.symbol or (
            one.rule == "no-effect" and filling in source[one.start : one.end]
        ):
            continue  # a template says at run time what stands there
        line = source.find(b"\n", one.start) - source.rfind(b"\n", 0, one.start)
        if line > LONG:
            continue  # the part of a file that a program wrote
        other = one.related
        yield Finding(
            f"javascript/{one.rule}",
            one.message,
            locate(offset(one.start), offset(one.end), ""),
            hint=one.hint,
            symbol=one.symbol,
            related=()
            if other is None
            else (locate(offset(other.start_byte), offset(other.end_byte), one.note),),
            severity=Severity.WARNING if one.warning else Severity.ERROR,
        )


def minified(path: str, text: str) -> bool:
    """Whether a program wrote the text: what is odd in it is no edit that someone botched."""
    if path.endswith((".min.js", ".min.mjs", ".min.cjs", "-min.js")):
        return True
    if len(text) < 4 * LONG or len(text) < WIDE * (text.count("\n") + 1):
        return False
    # A licence before one long line is minified, a table or an image among code is not.
    lines = [line.strip() for line in text.splitlines()]
    comment = ("*", "/*", "//")
    code = [line for line in lines if len(line) > LONG or (line and not line.startswith(comment))]
    return sum(len(line) > LONG for line in code) * 20 > len(code)


def offsets(source: bytes) -> Callable[[int], int]:
    """Maps an offset in bytes of UTF-8 to one in code points."""
    if source.isascii():
        return lambda offset: offset
    return lambda offset: len(source[:offset].decode("utf-8", "surrogatepass"))


def found_in(
    path: str, text: str, handler: bool, maybe: int = EVERY, quiet: Sequence[int] = ()
) -> tuple[bytes, list[Leftover]]:
    """The UTF-8 of a text and all leftovers in it that the rules in `maybe` find, in order.

    What is `quiet` is not read, which a large file with one leftover spends most of its time on.
    """
    from guard.javascript.grammar import parse
    from guard.javascript.leftovers.rules import judged

    # Of a text with HTML comments an engine says that every rule may find something.
    if maybe == EVERY and "<!--" in text:
        text, quiet = without_comments(text), ()
    if " assert" in text:
        from guard.javascript.second import with_attributes

        text = with_attributes(text)
    # One replacement for one code point, so that offsets stay true.
    source = text.encode("utf-8", "surrogatepass")
    found = judged(parse(hushed(source, quiet)).root_node, path, handler, maybe)
    return source, sorted(found, key=lambda one: one.start)


COMMENT = re.compile(r"(//[^\r\n]*|/\*.*?\*/)|<!--[^\r\n]*", re.DOTALL)


def without_comments(text: str) -> str:
    """The text with its HTML comments blank: tree-sitter takes them for comparisons."""
    pieces, done = [], 0
    for token in [*tokens(text), Token("", len(text), "other")]:
        between = text[done : token.start]
        pieces += [COMMENT.sub(lambda m: m[1] or " " * len(m[0]), between), token.text]
        done = token.end
    return "".join(pieces)


BLANK = bytes(c if c in b"\r\n" else 32 for c in range(256))
"""Makes a space of every byte that ends no line."""


def hushed(source: bytes, quiet: Sequence[int]) -> bytes:
    """The source with nothing but one comment, spaces and line ends in each quiet stretch."""
    pieces, done = [], 0
    for start, end in zip(quiet[::2], quiet[1::2], strict=True):
        pieces += [source[done:start], hush(source[start:end].translate(BLANK))]
        done = end
    return b"".join([*pieces, source[done:]])


def hush(blank: bytes) -> bytes:
    """Blank source as a comment, which tree-sitter reads in a tenth of the time."""
    begins, ends = blank.find(b"  "), blank.rfind(b"  ")
    if ends - begins < 2:
        return blank
    return b"".join([blank[:begins], b"/*", blank[begins + 2 : ends], b"*/", blank[ends + 2 :]])


def brought_in(
    source: bytes, found: list[Leftover], old_source: bytes, old: list[Leftover]
) -> list[Leftover]:
    """Those of `found` that the old version did not have.

    One counts as old where the old version has one of the same rule and symbol with the same
    text, or in the same function; each old one excuses one.
    """
    for fingerprint in (by_text, by_function):
        known = Counter(fingerprint(old_source, one) for one in old)
        rest = []
        spent = Counter[tuple[str, ...]]()
        for one in found:
            mark = fingerprint(source, one)
            spent[mark] += 1
            if spent[mark] > known[mark]:
                rest.append(one)
        matched = spent & known
        found, old = rest, without(old_source, old, matched, fingerprint)
    return found


Fingerprint = Callable[[bytes, Leftover], tuple[str, ...]]


def without(
    source: bytes, old: list[Leftover], matched: Counter[tuple[str, ...]], fingerprint: Fingerprint
) -> list[Leftover]:
    """`old` less the ones that are accounted for."""
    left = Counter(matched)
    rest = []
    for one in old:
        mark = fingerprint(source, one)
        if left[mark] > 0:
            left[mark] -= 1
        else:
            rest.append(one)
    return rest


def by_text(source: bytes, one: Leftover) -> tuple[str, ...]:
    """What makes a leftover the same wherever it stands."""
    text = b" ".join(source[one.start : one.end].split())
    return one.rule, one.symbol, text.decode("utf-8", "replace")


def by_function(source: bytes, one: Leftover) -> tuple[str, ...]:
    """What makes a leftover the same whatever has become of its text."""
    from guard.javascript.grammar import ancestors, words

    names = []
    for node in ancestors(one.node):
        name: Node | None = node.child_by_field_name("name") or node.child_by_field_name("key")
        if name is not None:
            names.append(words(name))
    return (one.rule, one.symbol, *names)
