"""Weighs repairs: how likely it is that each undoes what happened, and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from guard.javascript import quotes, repairs
from guard.javascript.fragments import CONTROL
from guard.javascript.history import History, hunks
from guard.javascript.layout import Layout
from guard.javascript.repairs import Hunk, Reading, Repair
from guard.javascript.shape import Function, Shape


class Judge:
    """Costs of repairs of one text, beside its last committed version."""

    def __init__(self, reading: Reading, shape: Shape, history: History, at: int) -> None:
        self.reading = reading
        self.shape = shape
        self.at = at
        self.layout = Layout(reading)
        self.history = history
        self.stripped = reading.stripped
        # How many lines before each one are unknown to the last version; blank ones never are.
        self.foreign = [0]
        for line in self.stripped:
            new = line != "" and not history.known[line]
            self.foreign.append(self.foreign[-1] + new)
        self.owners: dict[tuple[int, int], list[tuple[str, str]]] = {}
        """By lines (first, end): `tail` or `head`, and of which function they are the old one."""
        self.pasted: set[tuple[int, int]] = set()
        """Lines (first, end) that came and replaced nothing."""
        self.changes = hunks(history.stripped, self.stripped)
        self.distance = lengths(self.changes)
        self.pasted.update(insertions(self.changes, self.stripped))
        for span, kind, name in rests(self.stripped, history):
            if not reading.closers_only(*span) and self.fits(span, kind, name):
                self.owners.setdefault(span, []).append((kind, name))

    def lines_of(self, repair: Repair) -> tuple[int, int]:
        """The 1-based first line of a removal, and the line after its last."""
        return self.reading.line_of(repair.start), self.reading.end_line(repair.end)

    def fits(self, span: tuple[int, int], kind: str, name: str) -> bool:
        """Whether the lines beside a claim can be those of its function: a cheap look."""
        if kind == "tail":
            above = next((line for line in reversed(self.stripped[: span[0] - 1]) if line), "")
            return above[:1] in ("}", ")", "]") or above.endswith("}")
        below = next((line for line in self.stripped[span[1] - 1 :] if line), "")
        return name in below

    def owner(self, repair: Repair) -> str:
        """The function whose old head or tail a removal takes away; empty for other repairs."""
        if repair.kind != "remove":
            return ""
        claims = self.owners.get(self.trimmed(*self.lines_of(repair)))
        if not claims:
            return ""
        before, after = self.shape.beside(repair.start, repair.end)
        for kind, name in claims:
            if name == (before if kind == "tail" else after):
                return name
        return ""

    def touched(self, repair: Repair) -> bool:
        """Whether a removal takes away anything that is new since the last version."""
        first, stop = self.trimmed(*self.lines_of(repair))
        if (first, stop) in self.pasted:
            return True
        if self.reading.closers_only(first, stop):
            # Which of several that read the same is the new one, no comparison can tell; and
            # closers may be left over where what they closed is gone.
            first = self.shifted(first, stop)
            if any(h.old_start < h.old_end and first <= h.new_start <= stop for h in self.changes):
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
            if span in self.owners and self.owner(repair):
                # Of runs that differ in comments only, the longer one.
                cost -= 16 + 0.2 * length
            elif span in self.pasted:
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
            # The line above a block that is gone, all by itself: what is left is no tail.
            gone = repair.start == repair.end and CONTROL.match(repair.text.strip())
            opens = gone and repair.text.count("\n") == 1 and repair.text.rstrip().endswith("{")
            yield 1.0 + 0.1 * repair.text.count("\n") - (20 if opens else 0), repair

    def credible(self, repair: Repair) -> bool:
        """Whether a removal takes away what was left behind, and not what was just written.

        Where statements may stand, new lines that do not parse are more likely mistyped.
        """
        if repair.kind != "remove" or self.owner(repair):
            return True
        first, stop = self.lines_of(repair)
        foreign = self.foreign[stop - 1] - self.foreign[first - 1]
        mostly = 2 * foreign > sum(1 for line in self.stripped[first - 1 : stop - 1] if line)
        return not (mostly and self.shape.holds_statements(repair.start, repair.end))

    def likely(self) -> Iterator[Repair]:
        """Removals that the last version speaks for whatever the brackets say, the best last."""
        lines = self.reading.lines.starts
        spans = [span for span in self.owners if span[1] - span[0] > 1] + sorted(self.pasted)
        for first, stop in spans:
            end = lines[stop - 1] if stop <= len(lines) else len(self.reading.text)
            repair = Repair("remove", lines[first - 1], end)
            if (first, stop) in self.pasted or self.owner(repair):
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
        changes = hunks(self.history.stripped, lines)
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
                cost -= 12 if self.reading.closers_only(first, stop) else 0
        return cost


def lengths(changes: Sequence[Hunk]) -> int:
    """How many lines changes take away and bring."""
    return sum(h.old_end - h.old_start + h.new_end - h.new_start for h in changes)


def insertions(changes: Sequence[Hunk], lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of `lines` (first, end) that hunks inserted, at every place they could stand.

    Where a run begins with the line that follows it, a run one line on reads the same.
    """
    for hunk in changes:
        if hunk.old_start != hunk.old_end:
            continue
        first, end = hunk.new_start, hunk.new_end
        while first > 1 and lines[first - 2] == lines[end - 2]:
            first, end = first - 1, end - 1
        while True:
            low, high = first, end
            while low < high and not lines[low - 1]:
                low += 1
            while high > low and not lines[high - 2]:
                high -= 1
            yield low, high
            if end > len(lines) or lines[first - 1] != lines[end - 1]:
                break
            first, end = first + 1, end + 1


def rests(lines: list[str], history: History) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Runs of `lines` that are the old tail or head of a function: (first, end), which, whose.

    Lines are 1-based, ends exclusive; blank ones do not count. Heads begin with the first line
    of the function, tails end with its last.
    """
    solid = [n for n, line in enumerate(lines, 1) if line]
    where: dict[str, list[int]] = defaultdict(list)
    for index, number in enumerate(solid):
        where[lines[number - 1]].append(index)
    for function in history.functions:
        if function.whole:
            continue
        first = history.lines.position(function.start)[0]
        last = history.lines.position(function.end - 1)[0]
        old = [line for line in history.stripped[first - 1 : last] if line]
        if len(old) < 2:
            continue
        for stop in where[old[-1]]:
            length = 1
            while (
                length < len(old) - 1
                and stop >= length
                and (lines[solid[stop - length] - 1] == old[-1 - length])
            ):
                length += 1
            for begin in range(stop - length + 1, stop + 1):
                yield (solid[begin], solid[stop] + 1), "tail", function.name
        for begin in where[old[0]]:
            length = 1
            while (
                length < len(old) - 1
                and begin + length < len(solid)
                and (lines[solid[begin + length] - 1] == old[length])
            ):
                length += 1
            for stop in range(begin, begin + length):
                yield (solid[begin], solid[stop] + 1), "head", function.name


def trailed(known: list[Function], text: str, at: int) -> Function | None:
    """The function that ends right before `at`: only closing signs and comments stand between."""
    ended = [f for f in known if f.end <= at and not f.whole]
    if not ended:
        return None
    last = max(ended, key=lambda f: (f.end, -f.start))
    between = text[last.end : at]
    code = "\n".join(line for line in between.splitlines() if not line.strip().startswith("//"))
    return last if not code.strip(" \t\r\n;,)") else None
