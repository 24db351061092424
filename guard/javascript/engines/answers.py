"""What an engine is asked of a text, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guard.values import dataclass

DIFFERS = 128
"""The bit in `Answer.maybe` for syntax that an engine and guard may see differently."""

EVERYTHING = 255
"""All the bits of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says of one text."""

    goal: str
    """The first of the goals asked about that it compiles as; empty where it refuses the text."""

    maybe: int
    """Bits, as in scan/facts.cjs: what guard must look for itself."""

    quiet: tuple[int, ...] = ()
    """Offsets in its bytes: begin and end, begin and end of where not."""


@dataclass(frozen=True, slots=True)
class Question:
    """One text that an engine is asked about."""

    text: bytes
    """UTF-8 without a zero byte."""

    goals: tuple[str, ...]
    """What it may be."""

    others: tuple[str, ...] = ()
    """What it is asked about where it is none of them."""


REFUSED = Answer("", EVERYTHING)
"""No; also what is said of a text that cannot be asked about."""


def scanned(said: str) -> tuple[int, tuple[int, ...]]:
    """The bits and the offsets of an answer as scan/ tells them; a ValueError for anything else."""
    maybe, *quiet = said.split()
    return int(maybe), tuple(map(int, ",".join(quiet).split(","))) if quiet else ()


Engine = Callable[[Sequence[Question]], Sequence[Answer]]
"""Says of each text what it compiles as.

Answers with nothing at all where there is no engine.
"""
