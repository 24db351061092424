"""The fast way to a yes: an engine compiles many files at once, and only ever says yes.

An engine's yes counts only where guard's own reading would say the same. What the two are known to
see differently is read by guard: newer syntax than guard's, and calls as targets of assignments,
which engines accept where the standard does not. So is whatever the engine refuses.

With its yes the engine says which rules about leftovers may find something in the text. It is no
verdict: where a rule may, guard looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from guard.javascript.outcome import Goal
from guard.snapshot import Snapshot
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
class Accepted:
    """A file that parses."""

    goal: Goal
    """What it was read as."""

    maybe: int = EVERYTHING
    """Bits: the rules about leftovers that may find something in it."""

    usual: bool = True
    """Whether it may be that by its name and package.json; else something has to excuse it."""

    quiet: tuple[int, ...] = ()
    """As in the answer: the bodies of functions in which these rules find nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """One text that an engine is asked about."""

    text: bytes
    """UTF-8 without a zero byte."""

    goals: tuple[str, ...]
    """What it may be."""

    others: tuple[str, ...] = ()
    """What it is asked about where it is none of them."""


Engine = Callable[[Sequence[Question]], Sequence[Answer]]
"""Says of each text what it compiles as.

Answers with nothing at all where there is no engine.
"""

ENGINES: list[Engine] = []
"""The engine of this process, if it was given one; nothing in this room starts a process."""

WORTH = 100_000
"""From this many bytes on in one process, starting an engine costs less than it saves."""

UNASKED = [0]
"""How many bytes this process could have asked an engine about so far."""

SUFFIXES = (".js", ".mjs", ".cjs")

LARGEST = 5_000_000
"""Bytes or letters beyond which a file is judged by its shape: reading it in full takes minutes."""


def accepted(snapshot: Snapshot) -> Mapping[str, Accepted]:
    """Which targets an engine says to be sound; none where there is no engine."""
    if not ENGINES:
        return {}
    from guard.javascript.goals import besides, possible

    asked: dict[str, Question] = {}
    for file in snapshot.targets():
        if not file.path.lower().endswith(SUFFIXES):
            continue
        content = snapshot.read(file)
        if len(content) > LARGEST or b"\0" in content or not is_utf8(content):
            continue
        certain, goals = possible(snapshot, file.path)
        others = besides(file.path, goals) if certain else ()
        asked[file.path] = Question(content, tuple(goals), tuple(others))
    UNASKED[0] += sum(len(question.text) for question in asked.values())
    if UNASKED[0] < WORTH:
        return {}
    answers = ENGINES[0](list(asked.values()))
    return {
        path: Accepted(Goal(answer.goal), answer.maybe, answer.goal in question.goals, answer.quiet)
        for (path, question), answer in zip(asked.items(), answers, strict=False)
        if answer.goal and not answer.maybe & DIFFERS
    }


def is_utf8(content: bytes) -> bool:
    """Whether an engine reads the same characters as guard."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
