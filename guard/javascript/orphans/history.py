"""What the last committed version says of a text: which of its lines are old, whose they were."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cached_property

from guard.ends import common_ends
from guard.finding import Lines
from guard.javascript.orphans.shape import Function, Shape, functions
from guard.javascript.tokens import tokens
from guard.values import dataclass

SINGLE = re.compile(r"'([^'\"\\`]*)'")
"""A string between single quotes in which nothing changes with them."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of the old text that were replaced by lines of the new one; 1-based, ends exclusive."""

    old_start: int
    """The first line replaced."""

    old_end: int
    """The line after the last one replaced."""

    new_start: int
    """The first line that came."""

    new_end: int
    """The line after the last one that came."""


class History:
    """The last committed version of a file, by lines and functions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.stripped = [
            alike(self.lines.line(n).strip()) for n in range(1, len(self.lines.starts) + 1)
        ]
        self.known = Counter(self.stripped)
        """How often each line stood in it, white space around it aside."""
        self.functions: list[Function] = functions(text)
        self._blocks: dict[int, int] | None = None

    @cached_property
    def regular(self) -> bool:
        """Whether the quick parser sees nothing wrong: only then can it choose among repairs."""
        return Shape(self.text).regular

    def changes(self, text: str) -> list[Hunk]:
        """How its lines became those of `text`."""
        now = Lines(text)
        lines = [alike(now.line(n).strip()) for n in range(1, len(now.starts) + 1)]
        return hunks(self.stripped, lines)

    @property
    def blocks(self) -> dict[int, int]:
        """By each line that ends brackets of lines above, the line on which the outermost opens."""
        if self._blocks is None:
            self._blocks = {}
            opened: list[int] = []
            for token in tokens(self.text):
                line = self.lines.position(token.start)[0]
                if token.kind == "open":
                    opened.append(line)
                elif token.kind == "close" and opened and (first := opened.pop()) < line:
                    self._blocks[line] = first
                elif token.kind == "template" and "\n" in token.text:
                    self._blocks[self.lines.position(token.end - 1)[0]] = line
        return self._blocks

    def named(self, name: str) -> bool:
        """Whether it held a function or member of that name."""
        return any(function.name == name for function in self.functions)

    def owner(self, number: int) -> Function | None:
        """The innermost named function or member that a 1-based line belonged to."""
        start = self.lines.starts[number - 1]
        content = self.lines.line(number)
        at = start + len(content) - len(content.lstrip())
        inside = [f for f in self.functions if f.start <= at < f.end]
        return max(inside, key=lambda f: f.start) if inside else None


def alike(line: str) -> str:
    """A line with the strings in it between double quotes, as formatters set them."""
    return SINGLE.sub(r'"\1"', line) if "'" in line else line


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """How the lines `old` became the lines `new`; lines are compared without white space around."""
    head, tail = common_ends(old, new)
    found = []
    for a, b, c, d in changed(old[head : len(old) - tail], new[head : len(new) - tail]):
        found.append(Hunk(a + head + 1, b + head + 1, c + head + 1, d + head + 1))
    return found


def changed(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The differing stretches of two sequences, aligned at the lines that are unique in both.

    After Bram Cohen's patience diff: lines that occur once in each are matched by their longest
    increasing subsequence, the stretches between by difflib.
    """
    ours, theirs = Counter(old), Counter(new)
    where = {line: j for j, line in enumerate(new) if theirs[line] == 1}
    pairs = [(i, where[line]) for i, line in enumerate(old) if ours[line] == 1 and line in where]
    result: list[tuple[int, int, int, int]] = []
    a = c = 0
    for i, j in [*increasing(pairs), (len(old), len(new))]:
        if (a, c) != (i, j):
            matcher = SequenceMatcher(None, old[a:i], new[c:j], autojunk=False)
            result += [
                (a + i1, a + i2, c + j1, c + j2)
                for tag, i1, i2, j1, j2 in matcher.get_opcodes()
                if tag != "equal"
            ]
        a, c = i + 1, j + 1
    return result


def increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs, sorted by their first, that is sorted by the second too."""
    from bisect import bisect_left

    tops: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        back.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            ends.append(index)
        else:
            tops[pile], ends[pile] = j, index
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = back[at]
    return chain[::-1]
