"""What a check says: a finding at a location, with the repair that would mend it."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum

from guard.values import dataclass

LINE_END = r"\r\n|\r|\n"

REPOSITORY = "."
"""The path of a finding that is about the repository and not about one of its files."""


class Severity(StrEnum):
    """Two severities only: an error fails the run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A region of a file: 1-based lines and columns, columns in code points, the end exclusive."""

    path: str
    """Relative to the root of the snapshot, `/` between parts; undecodable bytes as surrogates."""

    line: int = 1
    """Line of the first character of the region."""

    column: int = 1
    """Column of the first character of the region."""

    end_line: int = 0
    """Line of the first character after the region; 0 stands for `line`."""

    end_column: int = 0
    """Column of the first character after the region; 0 stands for `column`."""

    note: str = ""
    """What this place has to do with the finding, for places that are related to it."""

    def __post_init__(self) -> None:
        if not self.end_line:
            object.__setattr__(self, "end_line", self.line)
        if not self.end_column:
            object.__setattr__(self, "end_column", self.column)


@dataclass(frozen=True, slots=True)
class Edit:
    """A machine-applicable repair: the text of one region of one file is replaced."""

    at: Location
    """The region that goes; an empty region inserts."""

    text: str
    """The text that comes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and what to do about it."""

    rule: str
    """`check/name`, as in `javascript/orphan`."""

    message: str
    """What is wrong, in one sentence without a trailing full stop."""

    at: Location
    """The primary location; path `.` is the repository."""

    hint: str = ""
    """What to do; commands stand on lines of their own."""

    symbol: str = ""
    """The function, member or key concerned."""

    related: tuple[Location, ...] = ()
    """Other places that explain the finding, each with its note."""

    edits: tuple[Edit, ...] = ()
    """The repair, all or nothing; empty where no safe one is known."""

    severity: Severity = Severity.ERROR
    """Whether the finding fails the run."""

    secret: bool = False
    """Whether its lines hold a secret: no report, log or cache may quote the code at its places."""

    ignored: str | None = None
    """The reason of the suppression that covers the finding; None where none does."""

    ignored_in: str = ""
    """The file that this suppression stands in: the finding's own, or the configuration."""

    @property
    def check(self) -> str:
        """The name of the check that the rule belongs to."""
        return self.rule.partition("/")[0]


class Lines:
    """Positions of one text: offsets in code points to 1-based lines and columns, and back.

    Lines end at LF, CRLF or CR, as editors count them; a line's text is without its end.
    """

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(end.end() for end in re.finditer(LINE_END, text))]

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based (line, column) of the code point at `offset`."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based (line, column); past the end of the text is its end."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def location(self, path: str, start: int, end: int, note: str = "") -> Location:
        """The location of the code points from `start` up to, not including, `end`."""
        return Location(path, *self.position(start), *self.position(end), note=note)

    def line(self, number: int) -> str:
        """The text of a 1-based line without its end; empty past the last."""
        if not 1 <= number <= len(self.starts):
            return ""
        stop = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : stop].rstrip("\r\n")
