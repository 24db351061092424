"""What a run of lines looks like by itself: a tail, a head, or an echo of what follows it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.repairs import CLOSERS, REACH, Reading, Repair

PARAMETERS = re.compile(r"\([^()]*\)(?=[^()]*$)")

CONTROL = re.compile(
    r"(?:\}\s*)?(?:if|else|for|while|do|switch|try|catch|finally|with|return|case)\b"
)
"""How a line begins that opens a block and no function."""

DECLARES = re.compile(
    r"(?:export\s+(?:default\s+)?)?(?:async\s+)?function\b"
    r"|(?:(?:static|async|get|set)\s+|\*\s*)*[\w$#]+\s*\([^;]*\)\s*\{$"
    r"|(?:(?:const|let|var)\s+)?[\w$.'\"]+\s*[:=]\s*(?:async\s+)?(?:function\b|\(?[\w\s,$]*\)?\s*=>\s*\{$)"
)
"""How a line begins a function or member."""

FOLLOWS = frozenset("else catch finally while".split())
"""What goes on with a statement behind its block."""

SHORTEST = 5
"""A line of fewer characters says nothing by standing twice."""


class Fragments:
    """The runs of lines of a text that may be left over, near the parser's point."""

    def __init__(self, reading: Reading, at: int, layout: Layout) -> None:
        self.reading = reading
        self.layout = layout
        line = reading.line_of(at)
        starts = reading.lines.starts
        low = starts[max(line - REACH - 1, 0)]
        self.base = bisect_left(reading.starts, low)
        stop = line + REACH
        high = starts[stop] if stop < len(starts) else len(reading.text)
        end = bisect_left(reading.starts, high)
        levels = [0]
        """By token from `base` on, how many more brackets have opened than closed before it."""
        for token in reading.tokens[self.base : end]:
            step = 1 if token.kind == "open" else -1 if token.kind == "close" else 0
            levels.append(levels[-1] + step)
        # The lowest level of every stretch of 1, 2, 4, … tokens, and where it is reached first.
        self.table = [[(level, place) for place, level in enumerate(levels)]]
        width = 1
        while 2 * width <= len(levels):
            last = self.table[-1]
            self.table.append([min(a, b) for a, b in zip(last, last[width:], strict=False)])
            width *= 2
        self.declared = [
            (number, indented(reading.lines.line(number)))
            for number, line in enumerate(reading.stripped, 1)
            if line.endswith(("{", "(")) and self.declares(number)
        ]
        """The lines that begin functions, and how deep they stand."""
        self.keys = [key(line) for line in reading.stripped]

    def profile(self, first: int, after: int) -> tuple[int, int, int]:
        """Of the tokens from `first` up to, not with, `after`: the level at the end, the lowest.

        Both as seen from the beginning; and the token before which the lowest is first reached.
        """
        a, b = first - self.base, after - self.base
        if a < 0 or b >= len(self.table[0]):
            steps = {"open": 1, "close": -1}
            found = sum(steps.get(t.kind, 0) for t in self.reading.tokens[first:after])
            return found, min(found, 0), after
        power = (b - a + 1).bit_length() - 1
        row = self.table[power]
        low, place = min(row[a], row[b + 1 - (1 << power)])
        level = self.table[0][a][0]
        return self.table[0][b][0] - level, low - level, self.base + place

    def cost(self, repair: Repair, first: int, stop: int) -> float:
        """What it costs to believe that lines `first` up to, not with, `stop` were left over."""
        reading = self.reading
        a = bisect_left(reading.starts, repair.start)
        b = bisect_left(reading.starts, repair.end)
        if a >= b:
            return 4.0
        final, low, place = self.profile(a, b)
        cost = 0.0
        if low < 0 < final - low:
            cost += 2.0  # the end of one thing and the beginning of another
        elif low < 0 and self.goes_on(place, b):
            cost += 4.0  # more stands behind the end
        elif low < 0 and self.siblings(first, stop):
            cost += 4.0  # whole functions, and then the end
        again = final > 0 <= low and self.repeated(first, stop)
        if again:
            cost -= 6.0
        elif final <= 0 and self.declares(reading.line_of(reading.tokens[a].start)):
            cost += 2.0
        if final < 0 and self.behind(a) and reading.stripped[first - 2]:
            cost -= 1.5
        elif final < 0 and self.ends_alike(first, stop):
            cost -= 2.5
        if final < 0 and a and reading.tokens[a - 1].text == "," and self.statement(b):
            cost += 3.0  # a list would go on with what is no part of it
        if final < 0 and self.ends_function(a) and not reading.closers_only(first, stop):
            cost += 3.0
        # Comments belong to what follows, of a head cut off to what went before.
        ahead = reading.line_of(reading.tokens[a].start) - first
        behind = stop - 1 - reading.line_of(reading.tokens[b - 1].end - 1)
        return cost - 0.3 * (behind > 0 if again else final <= 0 and ahead > 0)

    def ends_alike(self, first: int, stop: int) -> bool:
        """Whether lines end as what stands right above them does, which they are the rest of."""
        above = self.reading.stripped[first - 2].rstrip(",;") if first > 1 else ""
        last = next(
            (line for line in reversed(self.reading.stripped[first - 1 : stop - 1]) if line), ""
        )
        return above != "" and not above.strip(CLOSERS) and above == last.rstrip(",;") != ""

    def statement(self, index: int) -> bool:
        """Whether what begins at a token is no entry of a list, nor the end of one."""
        tokens = self.reading.tokens
        if index + 1 >= len(tokens) or tokens[index].kind == "close":
            return False
        return tokens[index].kind == "word" and tokens[index + 1].text not in (":", ",", "}", "(")

    def ends_function(self, index: int) -> bool:
        """Whether a token is the end of a function, under the line on which that begins."""
        layout, tokens = self.layout, self.reading.tokens
        if tokens[index].text != "}" or not layout.leads(index):
            return False
        opener = layout.enclosing[index]
        return (
            opener >= 0 and not layout.bent(index, opener) and self.declares(layout.lines[opener])
        )

    def siblings(self, first: int, stop: int) -> bool:
        """Whether a function begins in lines, as far out as their last one: none in a tail."""
        end = stop - 1
        while end > first and not self.reading.stripped[end - 1]:
            end -= 1
        level = indented(self.reading.lines.line(end))
        a, b = bisect_left(self.declared, (first, -1)), bisect_left(self.declared, (end, -1))
        return any(depth <= level for _, depth in self.declared[a:b])

    def goes_on(self, index: int, after: int) -> bool:
        """Whether tokens from `index` up to, not with, `after` go on behind the end of a block."""
        tokens = self.reading.tokens
        while index < after and tokens[index].text in (";", ",", ")", "(", "]"):
            index += 1
        return index < after and tokens[index].text not in FOLLOWS

    def behind(self, index: int) -> bool:
        """Whether a function ends right before a token."""
        tokens = self.reading.tokens
        while index and tokens[index - 1].text in (";", ",", ")"):
            index -= 1
        if not index or tokens[index - 1].text != "}":
            return False
        opener = self.layout.enclosing[index - 1]
        return opener >= 0 and self.declares(self.layout.lines[opener])

    def repeated(self, first: int, stop: int) -> bool:
        """Whether what follows the lines begins as they do: the same head, perhaps changed."""
        while stop <= len(self.keys) and not self.reading.stripped[stop - 1]:
            stop += 1
        while first < stop and not code(self.reading.stripped[first - 1]):
            first += 1
        if stop > len(self.keys) or not self.keys[first - 1] == self.keys[stop - 1] != "":
            return False
        level = indented(self.reading.lines.line(first))
        return not any(
            self.declares(line) and indented(self.reading.lines.line(line)) == level
            for line in range(first + 1, stop)
        )

    def declares(self, first: int) -> bool:
        """Whether a line begins a function or member."""
        line = self.reading.stripped[first - 1]
        return CONTROL.match(line) is None and DECLARES.match(line) is not None


def heads(reading: Reading, at: int) -> Iterator[Repair]:
    """The heads of functions that begin once more where they break off, wherever in the text."""
    opened, needed = reading.brackets.opened, reading.brackets.needed
    last = reading.line_of(at)
    cuts = {cut.line: cut for cut in reading.cuts}
    earlier: dict[str, list[int]] = defaultdict(list)
    for line, stripped in enumerate(reading.stripped[:last], 1):
        name = key(stripped)
        if not name or line not in cuts:
            continue
        stop = cuts[line]
        for start in earlier[name][-3:]:
            first = cuts[start]
            if first.line < last - REACH and opened[first.index] == needed[stop.index] >= 0:
                depth = reading.brackets.depth[opened[first.index]]
                yield Repair("remove", first.offset, stop.above, depth=depth)
        earlier[name].append(line)


def indented(line: str) -> int:
    """How many characters of white space a line begins with."""
    return len(line) - len(line.lstrip())


def code(line: str) -> bool:
    """Whether a line without white space around it holds more than a comment."""
    return line != "" and not line.startswith(("//", "/*", "*"))


def key(line: str) -> str:
    """What two heads of one function have in common; empty for what is none."""
    if len(line) < SHORTEST or CONTROL.match(line) or not code(line):
        return ""
    return PARAMETERS.sub("()", line) if line.endswith(("{", "(", "[", "=>")) else ""


def echo(reading: Reading, at: int) -> Repair | None:
    """The lines before the parser's point that stand there once more from that point on.

    Signs between members at the ends of lines aside. None where nothing stands twice.
    """
    lines = [line.rstrip(",;") for line in reading.stripped]
    begin = reading.line_of(at)
    if len(lines[begin - 1]) < SHORTEST:
        return None
    for start in range(begin - 1, max(begin - REACH, 1) - 1, -1):
        if lines[start - 1] != lines[begin - 1]:
            continue
        above = [line for line in lines[start - 1 : begin - 1] if line]
        below = [line for line in lines[begin - 1 : begin - 1 + 2 * len(above)] if line]
        if len(above) > 1 and above == below[: len(above)]:
            starts = reading.lines.starts
            return Repair("remove", starts[start - 1], starts[begin - 1])
    return None


def headless(reading: Reading, at: int) -> set[tuple[int, int]]:
    """Blocks whose first line is gone, by indentation: their first line, and the one behind them.

    Lines that stand deeper than the closer under them, and above them none that opens it.
    """
    found = set()
    last = reading.line_of(at) + 1
    level = reading.brackets.depth
    index = [bisect_left(reading.starts, start) for start in reading.lines.starts]
    opened = reading.brackets.opened
    for end in range(max(last - REACH, 1), min(last, len(reading.stripped)) + 1):
        if not reading.stripped[end - 1].startswith(("}", ")", "]")):
            continue
        depth = indented(reading.lines.line(end))
        above = end - 1
        while above and (
            not code(reading.stripped[above - 1]) or indented(reading.lines.line(above)) > depth
        ):
            above -= 1
        if not above:
            continue
        states = opened[index[above - 1]], opened[index[above]]
        same = indented(reading.lines.line(above)) == depth
        if same and min(states) >= 0 and level[states[1]] > level[states[0]]:
            continue
        if same and reading.stripped[above - 1].endswith(("{", "(", "[", "=>")):
            continue
        first = above + 1
        while not reading.stripped[first - 1]:
            first += 1
        found.add((first, end + 1))
        while first < end and not code(reading.stripped[first - 1]):
            first += 1
        found.add((first, end + 1))
    return found


def headed(line: str, name: str) -> bool:
    """Whether a line begins the function or member `name`."""
    return (
        name != ""
        and re.search(rf"(?<![\w$.]){re.escape(name)}['\"]?\s*[(=:]|\.{re.escape(name)}\s*=", line)
        is not None
    )
