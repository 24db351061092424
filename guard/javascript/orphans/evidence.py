"""What the last version tells of a repair: whose lines it takes away, and whether they are new."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from guard.javascript.orphans.doubles import LONGEST, doubles
from guard.javascript.orphans.fragments import code
from guard.javascript.orphans.history import History, Hunk, alike, hunks
from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.repairs import CLOSERS, Reading, Repair
from guard.javascript.orphans.shape import Shape, functions, member
from guard.javascript.orphans.strays import strays
from guard.javascript.orphans.traces import Traces


class Evidence:
    """One broken text beside its last committed version."""

    def __init__(self, reading: Reading, shape: Shape, history: History, at: int) -> None:
        self.reading = reading
        self.shape = shape
        self.at = at
        self.layout = Layout(reading)
        self.strays = strays(reading, self.layout, shape, at)
        self.history = history
        self.stripped = [alike(line) for line in reading.stripped]
        # How many lines before each one are unknown to the last version; blank ones never are.
        self.foreign = [0]
        for line in self.stripped:
            new = line != "" and not history.known[line]
            self.foreign.append(self.foreign[-1] + new)
        self.changes = hunks(history.stripped, self.stripped)
        self.doubles = doubles(
            reading, at, min((h.new_start for h in self.changes), default=1) - LONGEST
        )
        self.distance = lengths(self.changes)
        self.traces = Traces(reading, self.stripped, self.layout, history, self.changes)

    def lines_of(self, repair: Repair) -> tuple[int, int]:
        """The 1-based first line of a removal, and the line after its last."""
        return self.reading.line_of(repair.start), self.reading.end_line(repair.end)

    def owner(self, repair: Repair) -> str:
        """The function whose old head or tail a removal takes away; empty for other repairs."""
        if repair.kind != "remove":
            return ""
        claims = self.traces.owners.get(self.trimmed(*self.lines_of(repair)))
        if not claims:
            return ""
        before, after = self.shape.beside(repair.start, repair.end)
        for kind, name in claims:
            if kind == "rest":
                return name  # all else of it is gone
            if name == (before if kind == "tail" else after):
                return name
            if kind == "head" and after and not self.history.named(after):
                return name  # the new version goes by a name of its own
        return ""

    def claimed(self, repair: Repair) -> bool:
        """Whether a removal takes away the rest of an old function, or of another block."""
        if repair.kind != "remove":
            return False
        return self.owner(repair) != "" or self.traces.follows(self.trimmed(*self.lines_of(repair)))

    def touched(self, repair: Repair) -> bool:
        """Whether a removal takes away anything that is new since the last version."""
        first, stop = self.trimmed(*self.lines_of(repair))
        if (repair.start, repair.end) in self.doubles:
            # One of the two came with a change.
            reach = stop - first
            return any(
                h.new_start <= stop + reach and first <= h.new_end + reach for h in self.changes
            )
        if (repair.start, repair.end) in self.strays:
            return True
        if self.traces.after_new(first, self.above(first)):
            return True
        if (first, stop) in self.traces.pasted or (first, stop) in self.traces.endings:
            return True
        if any(
            h.old_start < h.old_end
            and stop == h.new_start
            and any(self.stripped[stop - 1 : h.new_end - 1])
            for h in self.changes
        ):
            return True  # the beginning of what was replaced
        if self.reading.closers_only(first, stop):
            # Which of several that read the same is the new one, no comparison can tell; and
            # closers may be left over where what they closed is gone.
            first = self.shifted(first, stop)
            if any(
                h.old_start < h.old_end and h.new_start <= stop and first <= h.new_end
                for h in self.changes
            ):
                return True
        return any(
            self.stripped[line - 1]
            for hunk in self.changes
            for line in range(max(first, hunk.new_start), min(stop, hunk.new_end))
        )

    def early(self, repair: Repair) -> bool:
        """Whether a closing bracket ends a block in which nothing has changed up to there.

        What was lost among closers is found at any of them: they read the same.
        """
        opener = self.layout.enclosing[bisect_left(self.reading.starts, repair.start)]
        first = self.layout.lines[opener] if opener >= 0 else 1
        line = below = self.reading.line_of(repair.start)
        while below < len(self.stripped) and not self.stripped[below].strip(CLOSERS):
            below += 1
        return not any(
            (h.new_start <= line and first < h.new_end)
            or (h.old_start < h.old_end and h.new_start <= below + 1 and first < h.new_end)
            for h in self.changes
        )

    def shifted(self, first: int, stop: int) -> int:
        """The first line of the highest run that leaves the same lines as the one given."""
        last = stop - 1
        while (above := self.above(first)) and self.stripped[above - 1] == self.stripped[last - 1]:
            first, last = above, self.above(last)
        return first

    def above(self, number: int) -> int:
        """The last line before a 1-based one that is not blank; 0 where there is none."""
        number -= 1
        while number and not self.stripped[number - 1]:
            number -= 1
        return number

    def trimmed(self, first: int, stop: int) -> tuple[int, int]:
        """Lines without the blank ones at either end."""
        while stop > first and not self.stripped[stop - 2]:
            stop -= 1
        while first < stop and not self.stripped[first - 1]:
            first += 1
        return first, stop

    def fresh(self, repair: Repair) -> bool:
        """Whether a removal takes new lines out that were not put behind or before a function."""
        first, stop = self.lines_of(repair)
        if self.owner(repair) or self.foreign[stop - 1] == self.foreign[first - 1]:
            return False
        return not any(self.shape.beside(repair.start, repair.end))

    def newer(self, repair: Repair) -> bool:
        """Whether a removal takes out a whole function and leaves the old one of that name."""
        text = self.reading.text
        name = member(text[repair.start : repair.end])
        left = functions(repair.applied(text)) if name else []
        return any(f.name == name and f.start < repair.start < f.end for f in left)

    def copied(self, first: int, stop: int) -> bool:
        """Whether lines hold nothing that was written anew: closers, comments, lines pasted."""
        if self.reading.closers_only(first, stop):
            return True
        lines = [line for line in self.stripped[first - 1 : stop - 1] if code(line)]
        return self.trimmed(first, stop) in self.traces.pasted and all(
            self.history.known[line] or not line.strip(CLOSERS) for line in lines
        )


def lengths(changes: Sequence[Hunk]) -> int:
    """How many lines changes take away and bring."""
    return sum(h.old_end - h.old_start + h.new_end - h.new_start for h in changes)
