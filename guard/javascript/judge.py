"""Weighs repairs: how likely it is that each undoes what happened, and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from guard.javascript import quotes, repairs
from guard.javascript.fragments import CONTROL, code
from guard.javascript.history import History, Hunk, hunks
from guard.javascript.layout import Layout
from guard.javascript.litter import litter, littered
from guard.javascript.ranges import removal
from guard.javascript.repairs import CLOSERS, Reading, Repair
from guard.javascript.shape import Shape, functions, member
from guard.javascript.strays import strays
from guard.javascript.traces import Traces

HEAD = 3
"""How many lines, the last of which opens a block, come back rather than their rest goes."""

STRAY = -6.0
"""What a repair costs that the text itself speaks for."""

MOST = 100
"""How many lines as they were committed nobody leaves over, unless pasted."""


class Judge:
    """Costs of repairs of one text, beside its last committed version."""

    def __init__(self, reading: Reading, shape: Shape, history: History, at: int) -> None:
        self.reading = reading
        self.shape = shape
        self.at = at
        self.layout = Layout(reading)
        self.strays = strays(reading, self.layout, shape, at)
        self.history = history
        self.stripped = reading.stripped
        # How many lines before each one are unknown to the last version; blank ones never are.
        self.foreign = [0]
        for line in self.stripped:
            new = line != "" and not history.known[line]
            self.foreign.append(self.foreign[-1] + new)
        self.changes = hunks(history.stripped, self.stripped)
        self.distance = lengths(self.changes)
        self.traces = Traces(reading, self.layout, history, self.changes)

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
        if (repair.start, repair.end) in self.strays:
            return True
        first, stop = self.trimmed(*self.lines_of(repair))
        if self.traces.after_new(first, self.above(first)):
            return True
        if (first, stop) in self.traces.pasted or (first, stop) in self.traces.endings:
            return True
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

    def proposals(self) -> Iterator[tuple[float, Repair]]:
        """Every proposal with what it costs at first sight."""
        reading, at = self.reading, self.at
        for repair in repairs.removals(reading, at):
            first, stop = self.lines_of(repair)
            length = stop - first
            foreign = self.foreign[stop - 1] - self.foreign[first - 1]
            span = self.trimmed(first, stop)
            cost = 2 + 0.1 * (length - foreign) + min(2 * foreign, 12)
            known = span in self.traces.owners or span in self.traces.endings
            if known and self.claimed(repair):
                # Of runs that differ in comments only, the longer one.
                cost -= 16 + min(0.2 * length, 4)
            elif span in self.traces.pasted:
                cost -= 6
            yield cost + self.lonely(first, stop) + 0.3 * repair.depth, repair
        simple = [
            *repairs.closings(reading, at),
            *repairs.commas(reading, at),
            *quotes.quotes(reading, at),
            *quotes.backticks(reading, at),
        ]
        for repair in simple:
            yield 1.5 if repair.kind == "comma" else 2.5, repair
        for repair in repairs.restorations(reading, self.history.lines, self.changes):
            count = repair.text.count("\n")
            yield 1.0 + 0.1 * count - (20 if self.opens(repair, count) else 0), repair
        for repair in littered(reading):
            yield -10, repair
        for repair in self.strays.values():
            yield STRAY, repair
        # Whatever the brackets say: what is in a literal is none of them.
        for first, stop in self.traces.endings:
            if self.traces.follows((first, stop)):
                yield 2 - 16, removal(self.reading, first, stop)

    def opens(self, repair: Repair, count: int) -> bool:
        """Whether a line or few come back that open what is left: then that is no tail."""
        if repair.start != repair.end or not repair.text.rstrip().endswith("{"):
            return False
        if count == 1 and CONTROL.match(repair.text.strip()):
            return True
        line = self.reading.line_of(repair.start)
        return count <= HEAD and any(
            h.new_start == h.new_end == line and h.old_end - h.old_start == count
            for h in self.changes
        )

    def credible(self, repair: Repair) -> bool:
        """Whether a removal takes away what was left behind, and not what was just written.

        Where statements may stand, new lines that do not parse are more likely mistyped.
        """
        if repair.kind != "remove" or self.claimed(repair):
            return True
        if (repair.start, repair.end) in self.strays:
            return True
        first, stop = self.lines_of(repair)
        if litter(self.stripped[first - 1 : stop - 1]):
            return True
        foreign = self.foreign[stop - 1] - self.foreign[first - 1]
        lines = sum(1 for line in self.stripped[first - 1 : stop - 1] if line)
        if lines - foreign > MOST and self.trimmed(first, stop) not in self.traces.pasted:
            return False
        mostly = 2 * foreign > lines
        return not (mostly and self.shape.holds_statements(repair.start, repair.end))

    def likely(self) -> Iterator[Repair]:
        """What the last version speaks for whatever the brackets say.

        Lines as they were where the parser gave up; removals, the best last.
        """
        at = self.reading.line_of(self.at)
        near = [h for h in self.changes if h.new_start <= at + 1 and at <= h.new_end]
        yield from littered(self.reading)
        for repair in repairs.restorations(self.reading, self.history.lines, near):
            if repair.start != repair.end or "\n" not in repair.text:
                yield repair
        spans = [span for span in self.traces.owners if span[1] - span[0] > 1]
        for first, stop in [*spans, *sorted(self.traces.pasted)]:
            repair = removal(self.reading, first, stop)
            if (first, stop) in self.traces.pasted or self.owner(repair):
                yield repair

    def lonely(self, first: int, stop: int) -> float:
        """What it costs to take out closing brackets only: they are rarely left over alone.

        Unless they double the line before, or end like it: then nothing else is.
        """
        if not self.reading.closers_only(first, stop):
            return 0.0
        first, stop = self.trimmed(first, stop)
        above = self.above(first)
        if self.reading.doubles(first, stop):
            return -2.5
        return 0.0 if above and self.stripped[above - 1] == self.stripped[stop - 2] else 3.0

    def settled(self, passed: list[tuple[float, Repair]]) -> list[tuple[float, Repair]]:
        """Repairs that make the text parse, with what they cost beside each other.

        Where it is enough to take out closing brackets, what leaves the indentation worse than
        that is out of the question. So is, if it leaves it no better, what takes out lines that
        were just written and the end of their function.
        """
        lone = [
            (self.faults(repair), cost)
            for cost, repair in passed
            if repair.kind == "remove" and self.reading.closers_only(*self.lines_of(repair))
        ]
        if not lone:
            return passed
        least, cheapest = min(lone)
        return [
            (max(cost, cheapest + 0.1), repair)
            if repair.kind == "remove" and self.faults(repair) >= least + (not self.fresh(repair))
            else (cost, repair)
            for cost, repair in passed
        ]

    def fresh(self, repair: Repair) -> bool:
        """Whether a removal takes new lines out that were not put behind or before a function."""
        first, stop = self.lines_of(repair)
        if self.owner(repair) or self.foreign[stop - 1] == self.foreign[first - 1]:
            return False
        return not any(self.shape.beside(repair.start, repair.end))

    def faults(self, repair: Repair) -> int:
        """The faults of the indentation of the text without what a removal takes away."""
        first = bisect_left(self.reading.starts, repair.start)
        after = bisect_left(self.reading.starts, repair.end)
        return self.layout.faults(first, after)

    def weighed(self, cost: float, repair: Repair) -> float:
        """The cost in full: `cost` and what the repaired text says of it."""
        if repair.kind == "remove":
            cost += min(0.7 * self.faults(repair), 6)
        lines = [line.strip() for line in repair.applied(self.reading.text).splitlines()]
        old = self.history.stripped
        changes = [
            h
            for h in hunks(old, lines)
            if any(old[h.old_start - 1 : h.old_end - 1])
            or any(lines[h.new_start - 1 : h.new_end - 1])
        ]
        distance = lengths(changes)
        cost += min(0.1 * distance, 4)
        if repair.kind == "remove" and cost > -6:
            # Nobody's old head or tail: what it takes of the last version is lost.
            cost += 0.4 * max(0, distance - self.distance)
        line = self.reading.line_of(repair.start)
        if not any(h.new_start - 3 <= line <= h.new_end + 2 for h in changes):
            # All around is as it was: nothing but this edit happened here.
            cost -= 8
            if repair.kind == "remove":
                first, stop = self.lines_of(repair)
                foreign = self.foreign[stop - 1] - self.foreign[first - 1]
                cost -= min(1.7 * foreign, 10)
                cost -= 12 if self.copied(first, stop) else 0
                cost += 20 if foreign and self.newer(repair) else 0
        return cost

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
