"""Texts that a file must contain, in whatever way a string can spell them; knows no syntax tree.

A string in the code need not contain its text: it can be written in pieces and in escapes. Yet the
first piece of it stands behind an opening quote and ends in a quote or a backslash, so a file
that says it contains one of a few literals: the text, or a first piece with its two ends.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, cached_property

from guard.values import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """One thing that every file with a match contains."""

    text: str
    """Plain ASCII without line ends."""

    said: bool = False
    """Whether it may be said by a string, and so also in pieces or in escapes."""

    whole: bool = False
    """Whether no letter, digit or `_` stands before or after it: an identifier, a whole string."""

    of: str = ""
    """The name it is taken from, by a dot or an import; empty where that is not known."""

    def spelled(self) -> Iterator[str]:
        """The literals one of which a file that has it contains."""
        yield self.text
        if self.said:
            # One letter alone would find half of all files; nobody breaks a word behind it.
            yield from (piece for piece in pieces(self.text) if len(piece) > 3)
            yield from escaped(self.text[0])


COMMON = frozenset(
    "self None True False dict list str int len print get set name key value data type path"
    " os sys re json args kwargs result".split()
)
"""Words that nearly every file has: they select nothing."""


def telling(need: Need) -> int:
    """How much a need narrows the files down: the length of what is looked for."""
    if need.text in COMMON:
        return 1
    # A module that everyone has is imported in many files; what is taken from it, in few.
    return 2 if need.text in sys.stdlib_module_names else len(need.text) + 2


LONGEST = 12
"""Letters of a string that are looked for."""

PLAIN = rf"[!#-&(-\[\]-~ ]{{2,{LONGEST}}}"


def said(text: str) -> Iterator[Need]:
    """What is in a file one of whose strings says `text`."""
    if found := re.match(PLAIN, text):
        yield Need(found[0], True, whole=found[0] == text)


def pieces(text: str) -> Iterator[str]:
    """First pieces of a string that says `text`, from its quote to where it breaks."""
    for size in range(1, len(text)):
        for quote in "\"'":
            yield quote + text[:size] + quote
            yield quote + text[:size] + "\\"


def escaped(letter: str) -> Iterator[str]:
    """The ways to begin a string with `letter` as an escape; also one joined to nothing."""
    code = ord(letter)
    for quote in "\"'":
        for form in (f"x{code:02x}", f"u{code:04x}", f"U{code:08x}"):
            yield f"{quote}\\{form}"
            if form.upper() != form:
                yield f"{quote}\\{form[0]}{form[1:].upper()}"
        yield f"{quote}\\{code:o}"
        yield f"{quote}\\{code:03o}"
        yield f"{quote}\\N{{"


GAP = rb"(?:\s|\\\r?\n|#[^\r\n]*[\r\n])*+[a-zA-Z]{0,2}[\"']"
"""What stands between two pieces of a string, behind the quote of the first."""

# The quote is outside of what looks ahead: a search for a quote is a fast one.
PIECE = rb"([\"'])(?=([^\"'\\\r\n]{1,%d}(?:[\"'](?=%s)|\\)))" % (LONGEST - 1, GAP)
ESCAPE = (
    rb"[\"']\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{([^}\r\n]*)\}"
    rb"|u\{([0-9a-fA-F]+)\})"
)


class Seen:
    """What one file contains, worked out as far as it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def pieces(self) -> frozenset[bytes]:
        """Short strings, and short beginnings of strings before an escape."""
        return frozenset(quote + rest for quote, rest in re.findall(PIECE, self.content))

    @cached_property
    def letters(self) -> frozenset[str]:
        """Letters that strings begin with as an escape."""
        if b"\\" not in self.content:
            return frozenset()
        found = set()
        for two, four, eight, octal, name, braced in re.findall(ESCAPE, self.content):
            code = int(two or four or eight or braced or b"0", 16) or int(octal or b"0", 8)
            letter = named(name) if name else chr(code) if code <= 0x10FFFF else ""
            found.add(letter)
        return frozenset(found)

    def has(self, need: Need) -> bool:
        """Whether the file contains what every file with a match does."""
        if encoded(need.text) in self.content and (
            not need.whole or word(need.text, need.of).search(self.content) is not None
        ):
            return True
        if not need.said:
            return False
        begins = need.text[0] in self.letters or not beginnings(need.text).isdisjoint(self.pieces)
        return begins and spelling(need.text).search(self.content) is not None


@cache
def named(name: bytes) -> str:
    """The letter that Unicode calls so; empty where there is none."""
    import unicodedata

    try:
        return unicodedata.lookup(name.decode())
    except (KeyError, UnicodeDecodeError):
        return ""


@cache
def encoded(text: str) -> bytes:
    """A needed text as bytes."""
    return text.encode()


# What may stand between the parts of `a.b`: brackets around them, line ends, comments.
BETWEEN = rb"(?:[\s()\\]|#[^\r\n]*)*+"


@cache
def word(text: str, of: str) -> re.Pattern[bytes]:
    """How a word stands in a file: by itself, or taken from the name `of`.

    Who takes it from `of` writes `of.text`, or imports from `of`, or imports `of` as something.
    """
    # The letters come first, since a search for letters is a fast one.
    word = rb"%s(?<![A-Za-z0-9_]%s)(?![A-Za-z0-9_])"
    name = re.escape(text).encode()
    if not of:
        return re.compile(word % (name, name))
    taken = rb"(?:\.%s%s(?![A-Za-z0-9_])|as\b|import\b)" % (BETWEEN, name)
    return re.compile(word % (of.encode(), of.encode()) + BETWEEN + taken)


@cache
def beginnings(text: str) -> frozenset[bytes]:
    """The first pieces of a string that says `text`, as they stand in a file."""
    return frozenset(piece.encode() for piece in pieces(text))


@cache
def spelling(text: str) -> re.Pattern[bytes]:
    """How `text` may stand in strings: each letter itself or as an escape, broken anywhere."""
    gap = rb"[\"']{1,3}" + GAP + rb"{1,3}"
    letters = []
    for letter in text:
        code = ord(letter)
        forms = [re.escape(letter), rf"\\x{code:02x}", rf"\\u{code:04x}", rf"\\U{code:08x}"]
        forms += [rf"\\0*{code:o}", r"\\N\{[^}]*\}", rf"\\u\{{0*{code:x}\}}"]
        letters.append(
            b"(?:"
            + b"|".join(form.encode() for form in forms[:1])
            + b"|(?i:"
            + b"|".join(form.encode() for form in forms[1:])
            + b"))"
        )
    return re.compile((b"(?:" + gap + rb"|\\\r?\n)*").join(letters))
