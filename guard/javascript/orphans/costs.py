"""What a repair costs whether or not there is a last version."""

from __future__ import annotations

from bisect import bisect_left

from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.marks import MARKS
from guard.javascript.orphans.repairs import Reading, Repair

STRAY = -6.0
"""What a repair costs that the text itself speaks for."""

ECHO = -18.0
"""What it costs to take out what stands twice in a row."""

VERSION = -12.0
"""What it costs to take out one of two versions of some lines, beside the last version."""

MARKED = -20.0
"""What it costs to take off what no code holds."""

CUT = 4.0
"""What it costs to close a block that was not to end there."""

STATEMENTS = frozenset("if else for while do switch try with".split())
"""Words that may name a member, and in its place are statements that lost their block."""


def stray(repair: Repair) -> float:
    """What a repair costs that the text itself speaks for."""
    return MARKED if repair.kind in MARKS or repair.kind == "tag" else STRAY


def faults(reading: Reading, layout: Layout, repair: Repair) -> int:
    """The faults of the indentation of the repaired text."""
    first = bisect_left(reading.starts, repair.start)
    after = bisect_left(reading.starts, repair.end)
    closers = sum(repair.text.count(c) for c in ")]}") if repair.kind == "close" else 0
    return layout.faults(first, after, closers)


def cut(reading: Reading, repair: Repair) -> float:
    """What it costs that a closing bracket empties a block, or makes a member of a statement."""
    if repair.kind != "close":
        return 0.0
    index = bisect_left(reading.starts, repair.start)
    rest = reading.tokens[index : index + 1]
    empties = reading.text[: repair.start].endswith(("{", "(", "["))
    if any(token.kind != "close" for token in rest) and empties:
        return CUT
    renames = repair.text.endswith(",") and any(token.text in STATEMENTS for token in rest)
    return CUT if renames else 0.0
