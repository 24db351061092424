"""Takes the hunks of a change apart where several broke the text, and looks at each by itself.

In the spirit of delta debugging (Zeller, 1999): the hunks that are sound together stay; for each
of the others there is a text in which it is the only one that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from guard.finding import Lines
from guard.javascript.orphans.history import History, Hunk
from guard.javascript.orphans.shape import Shape
from guard.values import dataclass

MOST = 12
"""How many hunks a change may have to be taken apart."""

CULPRITS = 4
"""How many of them may be wrong."""


@dataclass(frozen=True, slots=True)
class Alone:
    """The text as it would be with one of the wrong hunks only."""

    text: str
    """All of it: the last version's lines stand where the other wrong hunks are."""

    shifts: tuple[tuple[int, int, int], ...]
    """Start and end of the lines that stand for each of those, and how much longer it is itself."""

    def within(self, start: int, end: int) -> tuple[int, int] | None:
        """A stretch of `text` in the whole text; None where it touches one of the other hunks."""
        moved = 0
        for first, last, longer in self.shifts:
            if last <= start and first < start:
                moved += longer
            elif first < end:
                return None
        return start + moved, end + moved


def apart(text: str, history: History) -> Iterator[Alone]:
    """The text for each of the hunks that are wrong; none unless there are several of them."""
    old, new = pieces(history.text), pieces(text)
    changes = history.changes(text)
    if not 2 <= len(changes) <= MOST or not history.regular:
        return
    wrong = sorted(set(range(len(changes))) - sound(old, new, changes))
    if not 2 <= len(wrong) <= CULPRITS:
        return
    starts = [*Lines(text).starts, len(text)]
    for one in wrong:
        others = [n for n in wrong if n != one]
        taken = set(range(len(changes))) - set(others)
        shifts, moved = [], 0
        for n in others:
            was = sum(map(len, old[changes[n].old_start - 1 : changes[n].old_end - 1]))
            longer = sum(map(len, new[changes[n].new_start - 1 : changes[n].new_end - 1])) - was
            first = starts[changes[n].new_start - 1] - moved
            shifts.append((first, first + was, longer))
            moved += longer
        yield Alone(composed(old, new, changes, taken), tuple(shifts))


def stood(text: str, history: History, start: int, end: int) -> bool:
    """Whether lines between two offsets stand there as the last version has them."""
    lines = Lines(text)
    gone = text[start:end]
    first = lines.position(start + len(gone) - len(gone.lstrip()))[0]
    last = lines.position(start + len(gone.rstrip()))[0]
    came = {n for h in history.changes(text) for n in range(h.new_start, h.new_end)}
    return any(n not in came and lines.line(n).strip() for n in range(first, last + 1))


def sound(old: list[str], new: list[str], changes: list[Hunk]) -> set[int]:
    """The hunks that can be made together, one after another or by twos, as a wrapper's ends."""
    kept: set[int] = set()
    for size in (1, 2):
        left = [n for n in range(len(changes)) if n not in kept]
        if size == 2 and len(left) > CULPRITS + 2:
            break
        for some in combinations(left, size):
            if kept.isdisjoint(some) and regular(composed(old, new, changes, kept | {*some})):
                kept |= {*some}
    return kept


def regular(text: str) -> bool:
    """Whether the quick parser sees nothing wrong."""
    return Shape(text).regular


def composed(old: list[str], new: list[str], changes: list[Hunk], taken: set[int]) -> str:
    """The text with some of the hunks made and the last version's lines in place of the others."""
    result, done = [], 0
    for n, change in enumerate(changes):
        result += new[done : change.new_start - 1]
        done = change.new_end - 1
        if n in taken:
            result += new[change.new_start - 1 : done]
        else:
            result += old[change.old_start - 1 : change.old_end - 1]
    return "".join(result + new[done:])


def pieces(text: str) -> list[str]:
    """The lines of a text with their ends."""
    starts = [*Lines(text).starts, len(text)]
    return [text[a:b] for a, b in pairwise(starts)]
