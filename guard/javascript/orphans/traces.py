"""What the last version says a run of lines may be: pasted, or the rest of what stood there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from guard.javascript.orphans.claims import BEHIND, endings, insertions, remnants, rests
from guard.javascript.orphans.doubles import similar
from guard.javascript.orphans.history import History, Hunk
from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.repairs import Reading

Span = tuple[int, int]
"""The 1-based first of some lines, and the line after their last; neither of them is blank."""


class Traces:
    """The runs of lines of a text that its last version explains."""

    def __init__(
        self,
        reading: Reading,
        stripped: list[str],
        layout: Layout,
        history: History,
        changes: Sequence[Hunk],
    ) -> None:
        self.reading = reading
        self.layout = layout
        self.history = history
        self.changes = changes
        self.stripped = stripped
        self.pasted: set[Span] = set(insertions(changes, self.stripped))
        """Lines that came and replaced nothing."""
        self.endings: dict[Span, set[int]] = {}
        """Lines that are the end of old blocks, and the old lines that opened those."""
        for span, opened in endings(self.stripped, history, changes):
            if not reading.closers_only(*span):
                self.endings.setdefault(span, set()).add(opened)
        self.owners: dict[Span, list[tuple[str, str]]] = {}
        """Lines that are the old `tail` or `head` of functions, and the names of those."""
        for span, kind, name in rests(self.stripped, history):
            if reading.closers_only(*span) or not self.near(*span):
                continue
            if self.fits(span, kind, name):
                self.owners.setdefault(span, []).append((kind, name))
        for span, name in remnants(changes, history):
            if span[1] <= len(stripped) + 1:
                self.owners.setdefault(span, []).append(("rest", name))

    def near(self, first: int, stop: int) -> bool:
        """Whether lines stand beside a change: what it left over does."""
        return any(
            h.new_start - BEHIND <= stop and first <= h.new_end + BEHIND for h in self.changes
        )

    def fits(self, span: Span, kind: str, name: str) -> bool:
        """Whether the lines beside a claim can be those of its function: a cheap look."""
        if kind == "tail":
            above = next((line for line in reversed(self.stripped[: span[0] - 1]) if line), "")
            return above[:1] in ("}", ")", "]") or above.endswith("}")
        below = next((line for line in self.stripped[span[1] - 1 :] if line), "")
        return name in below or similar(self.stripped[span[0] - 1], below)

    def follows(self, span: Span) -> bool:
        """Whether lines are the end of an old block, right behind that of the new one.

        The new one begins as the old one did, or anew, and is not merely closed early.
        """
        olds = self.endings.get(span)
        first = self.ended(span[0]) if olds else 0
        if not first or olds is None:
            return False
        new = self.stripped[first - 1]
        above = [line for line in self.stripped[first : span[0] - 1] if line]
        for opened in olds:
            old = self.history.stripped[opened - 1]
            if new == old or not self.history.known[new] or similar(new, old):
                was = (line for line in self.history.stripped[opened:] if line)
                # A block that is as it was up to its end is one that was closed early.
                if [*above[:-1], self.stripped[span[0] - 1]] != list(islice(was, len(above))):
                    return True
        return False

    def ended(self, number: int) -> int:
        """The line on which the block begins that ends right above a line; 0 for none."""
        tokens, layout = self.reading.tokens, self.layout
        index = bisect_left(self.reading.starts, self.reading.lines.starts[number - 1]) - 1
        while index > 0 and tokens[index].text in (",", ";", ")"):
            index -= 1
        if index >= 0 and tokens[index].kind == "close":
            closes = layout.lines[index]
            index = layout.enclosing[index]
            if index >= 0 and layout.lines[index] == closes:
                return 0
        elif index >= 0 and tokens[index].kind != "template":
            return 0
        return layout.lines[index] if index >= 0 else 0

    def after_new(self, first: int, above: int) -> bool:
        """Whether new lines end right above line `first`; `above` is the last one not blank."""
        return any(h.new_start < h.new_end <= first and above < h.new_end for h in self.changes)
