"""What is decided of one text: as what it was read, and why it is no program."""

from __future__ import annotations

from enum import StrEnum

from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any


class Goal(StrEnum):
    """What a text is read as."""

    SCRIPT = "script"
    MODULE = "module"
    COMMONJS = "commonjs"
    HANDLER = "handler"


TOO_DEEP = "brackets are nested more deeply than engines read"
"""The message of a problem that says nothing else of a text."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no program."""

    message: str
    """In the parser's words, without a position."""

    offset: int
    """The code point at which the parser gave up; the length of the text for its end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided of one text."""

    goal: Goal
    """What it was read as."""

    problem: Problem | None
    """None for a sound text."""

    tree: Any = None
    """The ESTree `Program` of a sound text, its `range`s offset by `shift`."""

    shift: int = 0
    """What to take from an offset in the tree to have the offset in the text."""

    text: str = ""
    """What the tree is of: the text, with what the parser does not know yet spelled otherwise."""

    @property
    def sound(self) -> bool:
        """Whether the text may pass."""
        return self.problem is None

    @property
    def too_deep(self) -> bool:
        """Whether the text is too deeply nested to be read, as whatever it may be."""
        return self.problem is not None and self.problem.message == TOO_DEEP
