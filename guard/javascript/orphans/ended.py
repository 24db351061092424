"""Recognises a file that breaks off: whoever wrote it stopped before its end."""

from __future__ import annotations

from guard.javascript.orphans.fragments import code, indented
from guard.javascript.orphans.history import History, hunks
from guard.javascript.orphans.repairs import CLOSING, Reading, Repair

FEW = 2
"""How many lines at the end may be new: half a line, or a note that the rest is as it was."""

LEAST = 2
"""From so many open brackets on, a file without its last version breaks off."""


def rest(reading: Reading, at: int, history: History | None) -> Repair | None:
    """The lines of the last version that are missing behind the end of a text; None for none.

    Without a last version there is no telling what they are: where the text breaks off deep
    inside of something, the repair is empty.
    """
    text = reading.text
    end = len(text.rstrip())
    unfinished = any(token.kind == "half" for token in reading.tokens[-1:])
    if at < end and not unfinished and reading.tokens and at < reading.tokens[-1].start:
        return None
    if history is not None:
        return returned(reading, history)
    last = max((n for n, line in enumerate(reading.stripped, 1) if code(line)), default=0)
    opener = innermost(reading)
    if not last or opener < 0 or reading.brackets.depth[reading.brackets.opened[-1]] < LEAST:
        return None
    inside = indented(reading.lines.line(last)) > indented(reading.lines.line(opener))
    inside = inside or last == opener
    return Repair("cut", len(text), len(text)) if inside else None


def returned(reading: Reading, history: History) -> Repair | None:
    """What the last version has behind the point from which on a text has nothing."""
    changes = hunks(history.stripped, [line.strip() for line in reading.stripped])
    if not changes:
        return None
    hunk = changes[-1]
    count = len(reading.stripped)
    blank = all(not line for line in reading.stripped[hunk.new_end - 1 :])
    new = [line for line in reading.stripped[hunk.new_start - 1 : hunk.new_end - 1] if line]
    if not blank or len(new) > FEW or hunk.old_end <= len(history.stripped) - FEW:
        return None
    gone = [history.lines.line(n) for n in range(hunk.old_start, len(history.stripped) + 1)]
    if sum(1 for line in gone if line.strip()) <= len(new):
        return None
    starts = [*reading.lines.starts, len(reading.text)]
    place = starts[min(hunk.new_start, count + 1) - 1]
    ahead = "\n" if place == len(reading.text) and reading.text[-1:] not in ("\n", "\r", "") else ""
    return Repair("cut", place, len(reading.text), ahead + "\n".join(gone))


def closed(reading: Reading) -> str:
    """The brackets that close all that is open at the end of a text."""
    state, found = reading.brackets.opened[-1], "\n"
    while state > 0:
        state, bracket = reading.brackets.parents[state]
        found += CLOSING[bracket]
    return found


def innermost(reading: Reading) -> int:
    """The line on which the innermost bracket that is open at the end of a text opens; -1."""
    level = reading.brackets.depth[max(reading.brackets.opened[-1], 0)]
    for index in range(len(reading.tokens) - 1, -1, -1):
        state = reading.brackets.opened[index]
        if state < 0:
            return -1
        if reading.brackets.depth[state] < level:
            return reading.line_of(reading.tokens[index].start)
    return -1
