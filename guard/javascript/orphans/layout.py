"""What indentation says: closers stand under the line that opened them, and the rest deeper."""

from __future__ import annotations

import re
from bisect import bisect_left

from guard.javascript.orphans.repairs import Reading

LABELS = frozenset(("case", "default"))
"""Words that may stand as far out as the `switch` around them."""

GOES_ON = frozenset("else catch finally while in instanceof of from as".split())
"""Words that begin no statement behind a brace."""

NAMED = re.compile(
    r"(?:export\s+)?(?:async\s+)?function\b\s*\*?\s*[\w$]|[\w$.]+\.prototype\.[\w$]+\s*="
)
"""How a function begins that is never around a whole file."""

FIRST = 3
"""How many of the first faults of a text are looked at."""

WRAPPED = 60
"""Within how many lines a function shows that what is around it is not indented."""

STEPS = 60
"""How many tokens of one level are looked at behind an edit."""


class Layout:
    """The indentation of a text, and what it would be with an edit made.

    Faults are closing brackets that do not stand under the line of their opener, lines that do not
    stand deeper than the line of the brace around them, and statements that stand deeper than the
    first one there. An edit moves only what is around
    the place of the edit to other openers; what is inside brackets that stand whole before or
    behind it stays as it is, and is counted once for all edits.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        stream = reading.tokens
        count = len(stream)
        self.flat: set[int] = set()
        """Openers around a whole file, the lines in which stand no deeper than theirs."""
        self.lines = [reading.line_of(token.start) for token in stream]
        self.indents = [self._indent(number) for number in self.lines]
        self.first = [self._first(index, index + 1) for index in range(-1, count)]
        """By token, from the one before all on: how deep the lines right inside its brace stand."""
        self.enclosing = [-1] * (count + 1)
        """By token, the innermost opener before it that is open still; -1 outside of all."""
        closer = [-1] * count  # by opener
        inside = [0] * count  # by opener, faults of its closer and of the lines right in it
        before = [0] * (count + 1)
        top = -1
        for index, token in enumerate(stream):
            self.enclosing[index] = top
            fault = 0
            if token.kind == "close":
                if top >= 0:
                    closer[top] = index
                    fault = self.bent(index, top)
                    inside[top] += fault
                    top = self.enclosing[top]
            else:
                fault = self.shallow(index, top) + self.deep(index, top)
                if top >= 0:
                    inside[top] += fault
                if token.kind == "open":
                    if self._wraps(index, top):
                        self.flat.add(index)
                    top = index
            before[index + 1] = before[index] + fault
        self.enclosing[count] = top
        self.before = before
        """How many faults stand before each token."""
        self.after = [0] * (count + 1)
        """How many faults stand inside of brackets that open at each token or later."""
        self.up = [count] * (count + 1)
        """By token, the closer at or after it that closes what was open before it."""
        for index in range(count - 1, -1, -1):
            self.after[index] = self.after[index + 1] + inside[index]
            if stream[index].kind == "close":
                self.up[index] = index
            elif stream[index].kind == "open":
                self.up[index] = self.up[closer[index] + 1] if closer[index] >= 0 else count
            else:
                self.up[index] = self.up[index + 1]
        self.closer = closer

    def _indent(self, number: int) -> int:
        line = self.reading.lines.line(number)
        return len(line[: len(line) - len(line.lstrip())].expandtabs(4))

    def askew(self) -> list[int]:
        """The first few lines that hold a fault."""
        places = (bisect_left(self.before, count) for count in range(1, FIRST + 1))
        return [self.lines[place - 1] for place in places if place < len(self.before)]

    def leads(self, index: int) -> bool:
        """Whether a token is the first one on its line."""
        return not index or self.lines[index - 1] != self.lines[index]

    def bent(self, index: int, opener: int) -> int:
        """1 for a closer that does not stand under the line of its opener."""
        return int(self.leads(index) and self.indents[index] != self.indents[opener])

    def shallow(self, index: int, opener: int) -> int:
        """1 for a line that does not stand deeper than the line of the brace around it."""
        stream = self.reading.tokens
        return int(
            opener >= 0
            and stream[opener].text == "{"
            and opener not in self.flat
            and self.leads(index)
            and self.indents[index] <= self.indents[opener]
            and self.lines[opener] != self.lines[index]
            and stream[index].text not in LABELS
            and stream[index].kind != "template"
        )

    def _wraps(self, index: int, around: int) -> bool:
        """Whether a brace opens a function around a file that is not indented for it."""
        stream, begin = self.reading.tokens, self.lines[index]
        if NAMED.match(self.reading.stripped[begin - 1]):
            return False
        if stream[index].text != "{" or not (around < 0 or self.enclosing[around] < 0):
            return False
        if index + 1 >= len(stream) or self.lines[index + 1] == begin:
            return False
        level = self.indents[index + 1]
        if level > self.indents[index]:
            return False
        lines = self.reading.stripped
        for line in range(self.lines[index + 1], min(begin + WRAPPED, len(lines))):
            if lines[line - 1].endswith("{") and self._indent(line) == level < self._indent(
                line + 1
            ):
                return True
        return False

    def _first(self, opener: int, index: int) -> int:
        stream = self.reading.tokens
        if index >= len(stream) or (opener >= 0 and stream[opener].text != "{"):
            return -1
        token = stream[index]
        if not self.leads(index) or token.text in LABELS or token.kind != "word":
            return -1
        return self.indents[index]

    def deep(self, index: int, opener: int) -> int:
        """1 for a statement that stands deeper than the first line in the brace around it."""
        return self.beyond(index, self.first[opener + 1])

    def beyond(self, index: int, first: int) -> int:
        """1 for a statement that stands deeper than `first`, where that is known."""
        if first < 0 or self.indents[index] <= first or not self.leads(index):
            return 0
        token, before = self.reading.tokens[index], self.reading.tokens[index - 1]
        begins = token.kind == "word" and token.text not in GOES_ON
        return int(begins and before.text in (";", "}"))

    def faults(self, first: int, after: int, closers: int = 0) -> int:
        """How many faults there are without the tokens from `first` up to, not with, `after`.

        `closers` is how many closing brackets come in their place.
        """
        total = self.before[first] + self.after[after]
        opener = self.enclosing[first]
        for _ in range(closers):
            opener = self.enclosing[opener] if opener >= 0 else -1
        index = after
        stream = self.reading.tokens
        # Without the first lines in a brace the next ones are the first.
        begin = self._first(opener, after) if first == opener + 1 else self.first[opener + 1]
        while True:
            close = self.up[index]
            for _ in range(STEPS):
                if index >= close:
                    break
                total += self.shallow(index, opener) + self.beyond(index, begin)
                opens = stream[index].kind == "open" and self.closer[index] >= 0
                index = self.closer[index] + 1 if opens else index + 1
            if close >= len(stream) or opener < 0:
                return total
            total += self.bent(close, opener)
            opener = self.enclosing[opener]
            begin = self.first[opener + 1]
            index = close + 1
