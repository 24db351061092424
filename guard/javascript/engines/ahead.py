"""The fast way to a yes: an engine compiles files much faster than guard reads, and only says yes.

An engine's yes counts only where guard's own reading would say the same. What the two are known to
see differently is read by guard: newer syntax than guard's, and calls as targets of assignments,
which engines accept where the standard does not. So is whatever the engine refuses.

With its yes the engine says which rules about leftovers may find something in the text. It is no
verdict: where a rule may, guard looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guard.javascript import SUFFIXES
from guard.javascript.engines.answers import DIFFERS, EVERYTHING, Answer, Engine, Question
from guard.javascript.engines.crowds import crowded
from guard.javascript.outcome import Goal
from guard.snapshot import Snapshot
from guard.values import dataclass


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

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be looked for."""
        return self.usual and not self.maybe


ENGINES: list[Engine] = []
"""What may be asked, the one first that need not be started; empty where guard reads itself."""

WORTH = 150_000
"""From this many bytes on in one process, starting an engine costs less than it saves."""

ASKED = [0]
"""How many bytes this process has asked about so far."""

LARGEST = 5_000_000
"""Bytes or letters beyond which a file is judged by its shape: reading it in full takes minutes."""


def accepted(snapshot: Snapshot) -> Mapping[str, Accepted]:
    """Which targets an engine says to be sound; none where there is no engine."""
    if not ENGINES:
        return {}
    asked = questions(snapshot)
    return {
        path: Accepted(Goal(answer.goal), answer.maybe, answer.goal in question.goals, answer.quiet)
        for (path, question), answer in zip(
            asked.items(), answers(list(asked.values())), strict=False
        )
        if answer.goal and not answer.maybe & DIFFERS
    }


def settles(text: str, goals: Sequence[Goal]) -> bool:
    """Whether an engine says of a block in a page that nothing is left to be looked for."""
    if not ENGINES or "\0" in text or len(text) > LARGEST:
        return False
    try:
        asked = Question(text.encode(), tuple(goals))
    except UnicodeEncodeError:  # what is no UTF-8 in the file
        return False
    return any(answer.goal and not answer.maybe for answer in answers([asked]))


def questions(snapshot: Snapshot) -> dict[str, Question]:
    """What is to be asked of the targets, by path."""
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
        asked[file.path] = Question(content, likeliest(content, goals), tuple(others))
    return asked


def answers(asked: Sequence[Question]) -> Sequence[Answer]:
    """What the engines say; where one says nothing any more, the next is asked."""
    ASKED[0] += sum(len(question.text) for question in asked)
    said: list[Answer] = []
    here = ASKED[0] < WORTH and not any(crowded(question.text) for question in asked)
    for engine in ENGINES if here else reversed(ENGINES):
        if len(said) < len(asked):
            said += engine(asked[len(said) :])
    return said


def likeliest(content: bytes, goals: Sequence[Goal]) -> tuple[Goal, ...]:
    """The goals in an order in which few are tried in vain.

    A file is not compiled up to the last line that says what it is, and what imports or exports is
    a module and nothing else.
    """
    module = content.startswith(EXCHANGES) or any(b"\n" + word in content for word in EXCHANGES)
    order = MODULE_FIRST if module else MODULE_LAST
    return tuple(goal for goal in order if goal in goals)


EXCHANGES = (b"import", b"export")
MODULE_LAST = (Goal.SCRIPT, Goal.COMMONJS, Goal.MODULE)
MODULE_FIRST = (Goal.MODULE, Goal.SCRIPT, Goal.COMMONJS)


def is_utf8(content: bytes) -> bool:
    """Whether an engine reads the same characters as guard."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
