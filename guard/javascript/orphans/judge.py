"""Weighs repairs: how likely it is that each undoes what happened, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from guard.javascript.orphans import quotes, repairs
from guard.javascript.orphans.claims import BEHIND
from guard.javascript.orphans.costs import CUT, ECHO, MARKED, VERSION, cut, faults, stray
from guard.javascript.orphans.evidence import Evidence, lengths
from guard.javascript.orphans.fragments import CONTROL
from guard.javascript.orphans.history import alike, hunks
from guard.javascript.orphans.litter import litter, littered
from guard.javascript.orphans.ranges import removal
from guard.javascript.orphans.repairs import Repair
from guard.javascript.orphans.restored import restorations

HEAD = 3
"""How many lines, the last of which opens a block, come back rather than their rest goes."""

MANY = 10
"""Beside how many changes left-overs are looked for that are out of reach."""

OLD = 6
"""What speaks at most for lines that were there before, of two versions of some lines."""

MOST = 100
"""How many lines as they were committed nobody leaves over, unless pasted."""


class Judge(Evidence):
    """Costs of repairs of one text, beside its last committed version."""

    def proposals(self) -> Iterator[tuple[float, Repair]]:
        """Every proposal with what it costs at first sight."""
        reading, at = self.reading, self.at
        for repair in repairs.removals(reading, at, self.beyond()):
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
        for repair in repairs.closings(reading, at):
            cost = 2.4 + 0.1 * len(repair.text.strip())
            yield cost + (CUT if self.early(repair) else cut(reading, repair)), repair
        simple = [
            *repairs.commas(reading, at),
            *quotes.quotes(reading, at),
            *quotes.backticks(reading, at),
        ]
        for repair in repairs.piled(reading, at):
            cost = 3.0 + 0.5 * repair.text.count("}")
            yield cost + (CUT if self.early(repair) else cut(reading, repair)), repair
        for repair in repairs.parentheses(reading, at):
            yield (2.0 if repair.text else 1.0), repair
        for repair in simple:
            yield 1.5 if repair.kind == "comma" else 2.5, repair
        for repair in restorations(reading, self.history.lines, self.changes):
            count = repair.text.count("\n")
            yield 1.0 + 0.1 * count - (20 if self.opens(repair, count) else 0), repair
        for repair in littered(reading):
            yield MARKED, repair
        for repair in self.strays.values():
            yield stray(repair), repair
        for repair, whole in self.doubles.values():
            first, stop = self.lines_of(repair)
            # Of two versions the one that was there is the one that was to go.
            foreign = self.foreign[stop - 1] - self.foreign[first - 1]
            yield (ECHO if whole else VERSION + min(foreign, OLD)), repair
        # Whatever the brackets say: what is in a literal is none of them.
        for first, stop in self.traces.endings:
            if self.traces.follows((first, stop)):
                yield 2 - 16, removal(self.reading, first, stop)

    def beyond(self) -> list[tuple[int, int]]:
        """The lines beside changes that are out of reach of the parser's point; not all of many."""
        first = self.reading.line_of(self.at) - repairs.REACH
        far = [(h.new_start - BEHIND, h.new_end + BEHIND) for h in self.changes]
        far = [(a, b) for a, b in far if a < first and b - a < repairs.CLOSE]
        return far[-MANY:]

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
        if (repair.start, repair.end) in self.strays or (repair.start, repair.end) in self.doubles:
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
        for repair in restorations(self.reading, self.history.lines, near):
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

    def faults(self, repair: Repair) -> int:
        """The faults of the indentation of the repaired text."""
        return faults(self.reading, self.layout, repair)

    def weighed(self, cost: float, repair: Repair) -> float:
        """The cost in full: `cost` and what the repaired text says of it."""
        if repair.kind == "remove":
            cost += min(0.7 * self.faults(repair), 6)
        elif repair.kind == "close":
            cost += min(0.3 * self.faults(repair), 2)
        lines = [alike(line.strip()) for line in repair.applied(self.reading.text).splitlines()]
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
        whole = self.doubles.get((repair.start, repair.end), (repair, True))[1]
        if whole and not any(h.new_start - 3 <= line <= h.new_end + 2 for h in changes):
            # All around is as it was: nothing but this edit happened here.
            cost -= 8
            if repair.kind == "remove":
                first, stop = self.lines_of(repair)
                foreign = self.foreign[stop - 1] - self.foreign[first - 1]
                cost -= min(1.7 * foreign, 10)
                cost -= 12 if self.copied(first, stop) else 0
                cost += 20 if foreign and self.newer(repair) else 0
        return cost
