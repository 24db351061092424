"""Values with the places they stand at; a secret one shows itself to nobody."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from guard.errors import GuardError
from guard.finding import Lines, Location

SECRET = re.compile(
    r"token|passw|passphrase|pwd|secret|credential|cookie_?key|"
    r"(?:api|access|private|signing|encryption|master|auth|session|shared|license)[_-]?key|"
    r"(?:^|[^a-z])(?:key|auth|pat|dsn|salt)$",
    re.IGNORECASE,
)
"""Names whose values are not shown."""

OPEN = re.compile(
    r"(?:token|secret|password|pwd|credential)s?[_-](?:url|uri|ttl|expir\w*|type|len)", re.I
)
"""Names that only speak of a secret: `TOKEN_URL`."""

WITH_CREDENTIALS = re.compile(r"://[^/\s@:]*:[^/\s@]+@")
"""A URL that carries a password."""


class Broken(Exception):
    """A file that cannot be parsed: `message` in guard's own words, never the file's text."""

    def __init__(self, source: Source, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.at = source.at(offset, offset)


class Missing(GuardError):
    """A selector that does not mean what it should: nothing, or more than one thing."""


class Absent(Missing):
    """A file that another one names is not there."""

    def __init__(self, path: str, named_in: str) -> None:
        super().__init__(f"there is no compose file {path!r}", named_in and f"named in {named_in}")
        self.path = path


def looks_secret(name: str) -> bool:
    """Whether what is called `name` is to be kept to itself."""
    return bool(SECRET.search(name)) and not OPEN.search(name)


class Source:
    """One text and its path: turns offsets into locations."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    @cached_property
    def lines(self) -> Lines:
        """The positions of the text."""
        return Lines(self.text)

    def at(self, start: int, end: int, note: str = "") -> Location:
        """The location of the code points from `start` up to, not including, `end`."""
        return self.lines.location(self.path, start, end, note)


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A stretch of a value and where it comes from."""

    text: str
    """What it contributes to the value."""

    source: Source
    """The file that says so."""

    start: int
    """Offset of its first code point in the file."""

    end: int
    """Offset behind its last."""

    exact: bool = True
    """Whether the file's text there is `text` itself, so that it can be cut and replaced."""

    why: str = ""
    """Why only the running program knows this stretch; `text` is then a stand-in."""

    hidden: bool = False
    """Whether it came from something whose name says that it is a secret."""

    def __repr__(self) -> str:
        return f"Piece({self.source.path}:{self.start})"


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """One value as text: `5051`, `"5051"` and `5051` in another language are the same.

    Its representation holds no part of the text, whatever prints it.
    """

    pieces: tuple[Piece, ...]
    """What it is made of, in order; several where variables were put in."""

    source: Source
    """The file that holds the whole."""

    start: int
    """Offset of the whole in the file."""

    end: int
    """Offset behind the whole."""

    name: str = ""
    """The key, variable or option that it belongs to."""

    def __repr__(self) -> str:
        at = self.at
        return f"Value({self.name!r} at {at.path}:{at.line})"

    @property
    def text(self) -> str:
        """The value."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def unresolved(self) -> str:
        """Why the value cannot be known from the files alone; empty where it is known."""
        return next((piece.why for piece in self.pieces if piece.why), "")

    @property
    def at(self) -> Location:
        """Where it stands: the piece that gives all of it, or the whole."""
        piece = self.sole
        return (
            piece.source.at(piece.start, piece.end)
            if piece
            else self.source.at(self.start, self.end)
        )

    @property
    def sole(self) -> Piece | None:
        """The piece that gives all of the text; None where there are several."""
        full = [piece for piece in self.pieces if piece.text]
        return full[0] if len(full) == 1 else None

    @property
    def exact(self) -> bool:
        """Whether another text at its place makes another value, formatting kept."""
        return not self.unresolved and self.sole is not None and self.sole.exact

    @property
    def secret(self) -> bool:
        """Whether its name or its form says that it is not to be shown."""
        return (
            looks_secret(self.name)
            or any(piece.hidden for piece in self.pieces)
            or bool(WITH_CREDENTIALS.search(self.text))
        )

    def cut(self, start: int, stop: int, name: str = "") -> Value:
        """The code points from `start` up to, not including, `stop`, as a value of its own."""
        pieces, offset = [], 0
        for piece in self.pieces:
            low, high = max(start - offset, 0), min(stop - offset, len(piece.text))
            offset += len(piece.text)
            if low < high:
                text = piece.text[low:high]
                if piece.exact:
                    first, last = piece.start + low, piece.start + high
                    pieces.append(replace(piece, text=text, start=first, end=last))
                else:
                    pieces.append(replace(piece, text=text))
        return replace(self, pieces=tuple(pieces)).named(name or self.name)

    def named(self, name: str) -> Value:
        """The same value under another name; what was secret under the old one stays so."""
        pieces = self.pieces
        if name != self.name and looks_secret(self.name):
            pieces = tuple(replace(piece, hidden=True) for piece in pieces)
        return replace(self, name=name, pieces=pieces)


def plain(source: Source, start: int, end: int, name: str = "") -> Value:
    """The value that the file's text from `start` up to `end` is."""
    piece = Piece(source.text[start:end], source, start, end)
    return Value((piece,), source, start, end, name)


def made(source: Source, start: int, end: int, text: str, name: str = "") -> Value:
    """A value that the file's text from `start` up to `end` stands for, exactly or not."""
    exact = source.text[start:end] == text
    return Value((Piece(text, source, start, end, exact),), source, start, end, name)


def quoted(source: Source, start: int, end: int, text: str, name: str = "") -> Value:
    """Like `made`, for a region whose quotes are not part of the value."""
    for skip in (1, 3):
        inner = source.text[start + skip : end - skip]
        if inner == text and source.text[start : start + 1] in ("'", '"', "`"):
            return plain(source, start + skip, end - skip, name)
    return made(source, start, end, text, name)


HOLE = "\ufffc"
"""Stands in a text for what cannot be known."""


def unknown(source: Source, start: int, end: int, why: str, name: str = "") -> Value:
    """A value that only the running program knows."""
    return Value((Piece(HOLE, source, start, end, False, why),), source, start, end, name)


def joined(source: Source, start: int, end: int, parts: Sequence[Value], name: str = "") -> Value:
    """Several values one behind the other."""
    pieces = tuple(piece for part in parts for piece in part.named("").pieces)
    return Value(pieces, source, start, end, name)


@contextmanager
def untold(*told: type[BaseException]) -> Iterator[None]:
    """Lets a bug in guard say where it is, but not with which values: they may be secrets."""
    try:
        yield
    except told:
        raise
    except Exception as problem:
        frames = traceback.extract_tb(problem.__traceback__)
        way = " > ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-6:])
        raise Bug(f"{type(problem).__name__} in {way}") from None


class Bug(Exception):
    """A bug in guard, told without the values it was about."""
