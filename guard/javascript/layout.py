"""What indentation says: closing brackets stand under the line that opened them."""

from __future__ import annotations

from bisect import bisect_left

from guard.javascript.repairs import Reading
from guard.javascript.tokens import Token

BEYOND = 80
"""How many lines after a removal are looked at."""


class Layout:
    """The indentation of a text, and what it would be with some lines taken out."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.starts = [token.start for token in reading.tokens]
        self.lines = [reading.line_of(token.start) for token in reading.tokens]
        self.indents: dict[int, int] = {}
        self.enclosing: list[int] = []
        """By token, the index of the innermost opener before it that is open still; -1 outside."""
        self.bent: list[int] = [0]
        """How many crooked closers stand before each token."""
        top = -1
        for index, token in enumerate(reading.tokens):
            self.enclosing.append(top)
            crooked = False
            if token.kind == "close" and top >= 0:
                crooked = self.leads(index) and self.indent(index) != self.indent(top)
                top = self.enclosing[top]
            elif token.kind == "open":
                top = index
            self.bent.append(self.bent[-1] + crooked)
        self.enclosing.append(top)

    def leads(self, index: int) -> bool:
        """Whether a token is the first one on its line."""
        return not index or self.lines[index - 1] != self.lines[index]

    def indent(self, index: int) -> int:
        """How far the line of a token is indented, a tab counting as four."""
        number = self.lines[index]
        if number not in self.indents:
            line = self.reading.lines.line(number)
            space = line[: len(line) - len(line.lstrip())]
            self.indents[number] = len(space.expandtabs(4))
        return self.indents[number]

    def crooked(self, start: int, end: int) -> int:
        """How many closers stand crooked without the text between two offsets.

        Counted up to a fixed distance behind `end`, so that near removals compare.
        """
        first, after = bisect_left(self.starts, start), bisect_left(self.starts, end)
        tokens: list[Token] = self.reading.tokens
        count = self.bent[first]
        chain: list[int] = []
        top = self.enclosing[first]
        last = self.lines[after - 1] + BEYOND if after else BEYOND
        for index in range(after, len(tokens)):
            if self.lines[index] > last:
                break
            if tokens[index].kind == "open":
                chain.append(index)
            elif tokens[index].kind == "close":
                if chain:
                    opener = chain.pop()
                elif top >= 0:
                    opener, top = top, self.enclosing[top]
                else:
                    break
                count += self.leads(index) and self.indent(index) != self.indent(opener)
        return count
