"""Proposes small edits that could make a broken text parse, cheapest first; decides nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from guard.finding import Lines
from guard.javascript.tokens import Brackets, Token
from guard.values import dataclass

REACH = 600
"""How many lines before the parser's point a left-over may begin, and how long it may be."""

CLOSE = 60
"""How many lines before the first line that is askew a bracket may be missing."""

PILED = 3
"""How many closing braces may be missing at one place."""

COMMENT = re.compile(r"/\*.*?\*/|(?://|<!--)[^\r\n]*", re.DOTALL)

CLOSERS = ")]};, \t"
"""What a line that only closes consists of."""

CLOSING = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Repair:
    """One edit: the text from `start` up to, not including, `end` becomes `text`."""

    kind: str
    """remove, close, comma, quote, restore, swap, cut, tag, numbered, signed or curly."""

    start: int
    """Offset of the first code point that goes."""

    end: int
    """Offset after the last one."""

    text: str = ""
    """What comes in its place."""

    depth: int = 0
    """How many brackets are open at `start`."""

    def applied(self, text: str) -> str:
        """`text` with the edit made."""
        return text[: self.start] + self.text + text[self.end :]


class Reading:
    """A broken text, read by lines, tokens and brackets."""

    def __init__(self, text: str, stream: list[Token], *, jsx: bool = False) -> None:
        self.text = text
        self.jsx = jsx
        self.lines = Lines(text)
        self.tokens = stream
        self.starts = [token.start for token in stream]
        count = len(self.lines.starts)
        self.stripped = [self.lines.line(number).strip() for number in range(1, count + 1)]
        """The lines without the white space around them."""
        self._solid = [0]  # how many lines before each one hold more than closers
        for line in self.stripped:
            self._solid.append(self._solid[-1] + bool(line.strip(CLOSERS)))
        self.brackets = Brackets(self.tokens)
        self.cuts = [self._cut(index, line) for index, line in self._places()]
        """The places between lines where a region may begin or end."""

    def _cut(self, index: int, line: int) -> Cut:
        starts = [*self.lines.starts[line - 1 : line], len(self.text)]
        above = line
        while above > 1 and not self.lines.line(above - 1).strip():
            above -= 1
        return Cut(
            index, starts[0], line, self.lines.starts[above - 1] if above < line else starts[0]
        )

    def _places(self) -> Iterator[tuple[int, int]]:
        free = 1  # the first line that nothing before reaches into
        for index, token in enumerate(self.tokens):
            line = self.line_of(token.start)
            done = self.tokens[index - 1].end if index else 0
            for start in self._comments(done, token.start):
                if (number := self.line_of(start)) >= free and number < line:
                    yield index, number
            if line >= free:
                start = self.lines.starts[line - 1]
                if not self.text[max(start, done) : token.start].strip():
                    yield index, line
            free = self.line_of(max(token.end - 1, token.start)) + 1
        done = self.tokens[-1].end if self.tokens else 0
        for start in self._comments(done, len(self.text)):
            if (number := self.line_of(start)) >= free:
                yield len(self.tokens), number
        yield len(self.tokens), len(self.lines.starts) + 1

    def _comments(self, start: int, end: int) -> Iterator[int]:
        """The offsets in a stretch without tokens at which comments begin."""
        if not self.text[start:end].strip():
            return
        for comment in COMMENT.finditer(self.text, start, end):
            yield comment.start()

    def closers_only(self, first: int, stop: int) -> bool:
        """Whether lines from `first` up to, not with, `stop` hold closing signs only."""
        return self._solid[stop - 1] == self._solid[first - 1]

    def doubles(self, first: int, stop: int) -> bool:
        """Whether such lines are one line that reads like the one above."""
        gone = [line for line in self.stripped[first - 1 : stop - 1] if line]
        above = next((line for line in reversed(self.stripped[: first - 1]) if line), "")
        return gone == [above]

    def end_line(self, offset: int) -> int:
        """The line after the last one of a run of whole lines that ends at `offset`."""
        if offset >= len(self.text):
            return len(self.lines.starts) + 1
        return self.line_of(offset)

    def line_of(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return self.lines.position(offset)[0]


@dataclass(frozen=True, slots=True)
class Cut:
    """A place between two lines."""

    index: int
    """The token that comes next."""

    offset: int
    """Where its line begins."""

    line: int
    """The number of that line."""

    above: int
    """Where the blank lines above it begin; the offset where there are none."""


def removals(reading: Reading, at: int, near: Sequence[tuple[int, int]] = ()) -> Iterator[Repair]:
    """Every run of whole lines without which the brackets are balanced.

    A run begins no later than `at`, where the parser gave up: what stands before that point is
    the beginning of some program, so an edit after it could not help. Nor does it begin out of
    reach of that point, but for the lines `near` (first, last).
    """
    opened, needed, depth = (
        reading.brackets.opened,
        reading.brackets.needed,
        reading.brackets.depth,
    )
    last = reading.line_of(at)
    ends: dict[int, list[Cut]] = defaultdict(list)
    for cut in reading.cuts:
        if needed[cut.index] >= 0:
            ends[needed[cut.index]].append(cut)
    for first in reading.cuts:
        state = opened[first.index]
        if state < 0 or first.line > last:
            break
        if first.line < last - REACH and not any(a <= first.line <= b for a, b in near):
            continue
        for stop in ends.get(state, ()):
            if (
                first.index < stop.index < len(reading.tokens) + (first.index > 0)
                and stop.line - first.line <= REACH
            ):
                yield Repair("remove", first.offset, stop.above, depth=depth[state])


def closings(reading: Reading, at: int, near: Sequence[int] = ()) -> Iterator[Repair]:
    """Every place at the end of a line where one more closing bracket balances the rest.

    Within reach of the parser's point, and a little way above the lines `near`.
    """
    opened, needed = reading.brackets.opened, reading.brackets.needed
    parents, depth = reading.brackets.parents, reading.brackets.depth
    places = list(within_reach(reading, at, near))
    for cut in places:
        outer, bracket = parents[opened[cut.index]]
        if outer < 0 or outer != needed[cut.index]:
            continue
        place = reading.tokens[cut.index - 1].end
        indent = indentation(reading, opened, cut.index)
        for tail in ("", ",", ";", ")", "),", ");"):
            if tail.startswith(")") and bracket != "{":
                continue
            yield Repair("close", place, place, f"\n{indent}{CLOSING[bracket]}{tail}", depth[outer])
    # Two brackets at once: the end of a function that is an argument.
    for cut in places:
        outer, bracket = parents[opened[cut.index]]
        if outer <= 0 or bracket != "{":
            continue
        beyond, other = parents[outer]
        if other == "(" and beyond == needed[cut.index]:
            place = reading.tokens[cut.index - 1].end
            indent = indentation(reading, opened, cut.index)
            for tail in (");", ")", "),"):
                yield Repair("close", place, place, f"\n{indent}}}{tail}", depth[beyond])


def piled(reading: Reading, at: int) -> Iterator[Repair]:
    """Every place at the end of a line where a few closing braces at once balance the rest."""
    opened, needed = reading.brackets.opened, reading.brackets.needed
    parents, depth = reading.brackets.parents, reading.brackets.depth
    for cut in within_reach(reading, at, ()):
        state = opened[cut.index]
        text = ""
        for count in range(1, PILED + 1):
            outer, bracket = parents[state]
            if outer < 0 or bracket != "{":
                break
            text += f"\n{indentation(reading, opened, cut.index, depth[state])}}}"
            state = outer
            if count > 1 and outer == needed[cut.index]:
                place = reading.tokens[cut.index - 1].end
                yield Repair("close", place, place, text, depth[outer])


def within_reach(reading: Reading, at: int, near: Sequence[int]) -> Iterator[Cut]:
    """The ends of lines around the parser's point and a little way above the lines `near`."""
    last = reading.line_of(at)
    for cut in reading.cuts:
        if cut.line > last + 1 or reading.brackets.opened[cut.index] < 0:
            break
        if cut.index and (
            cut.line >= last - 2 * REACH
            or any(line - CLOSE <= cut.line <= line + 1 for line in near)
        ):
            yield cut


def indentation(reading: Reading, opened: list[int], index: int, level: int = 0) -> str:
    """The white space before the line on which the bracket open at token `index` stands.

    Or, of those around it, the one that is the `level`-th from outside.
    """
    level = level or reading.brackets.depth[opened[index]]
    for earlier in range(index - 1, -1, -1):
        if reading.brackets.depth[opened[earlier]] < level:
            line = reading.lines.line(reading.line_of(reading.tokens[earlier].start))
            return line[: len(line) - len(line.lstrip())]
    return ""


def parentheses(reading: Reading, at: int) -> Iterator[Repair]:
    """The parenthesis or bracket missing right before the parser's point, or too many at it."""
    index = bisect_left(reading.starts, at)
    if not 0 < index < len(reading.tokens):
        return
    state = reading.brackets.opened[index]
    if state > 0 and (bracket := reading.brackets.parents[state][1]) != "{":
        place = reading.tokens[index - 1].end
        yield Repair("close", place, place, CLOSING[bracket], reading.brackets.depth[state])
    token, before = reading.tokens[index], reading.tokens[index - 1]
    if token.text in (")", "]") and reading.line_of(before.start) == reading.line_of(token.start):
        yield Repair("restore", token.start, token.end)


def commas(reading: Reading, at: int) -> Iterator[Repair]:
    """A comma after the last token before the parser's point, and after the one before that."""
    before = [token for token in reading.tokens if token.end <= at][-2:]
    for token in reversed(before):
        depth = reading.brackets.depth[max(reading.brackets.opened[0], 0)]
        yield Repair("comma", token.end, token.end, ",", depth)
