"""What a change may have left: runs of lines that came, old tails and heads of functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from guard.javascript.orphans.history import History, Hunk
from guard.javascript.orphans.shape import Function

BEHIND = 4
"""How many lines behind the end of a change what it left behind may begin."""


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


def endings(
    lines: Sequence[str], history: History, changes: Sequence[Hunk]
) -> Iterator[tuple[tuple[int, int], int]]:
    """Runs of `lines` behind a change that are the end of an old block: (first, end), its line.

    A block is what stands between brackets on different lines; its line is the old one, 1-based,
    on which it opens. Ends are exclusive, and blank lines do not count.
    """
    where: dict[str, list[int]] = defaultdict(list)
    solid = [number for number, line in enumerate(history.stripped, 1) if line]
    for index, number in enumerate(solid):
        where[history.stripped[number - 1]].append(index)
    begins = {
        start
        for hunk in changes
        for start in range(hunk.new_start, min(hunk.new_end + BEHIND, len(lines) + 1))
        if lines[start - 1]
    }
    for start in sorted(begins):
        above = next((line for line in reversed(lines[: start - 1]) if line), "")
        if not above.rstrip(",;").endswith(("}", "]", ")", "`")):
            continue
        for index in where[lines[start - 1]]:
            number, place = start, index
            while place < len(solid) and lines[number - 1] == history.stripped[solid[place] - 1]:
                opened = history.blocks.get(solid[place], 0)
                if 0 < opened < solid[index]:
                    yield (start, number + 1), opened
                place += 1
                number += 1
                while number <= len(lines) and not lines[number - 1]:
                    number += 1
                if number > len(lines):
                    break


def remnants(changes: Sequence[Hunk], history: History) -> Iterator[tuple[tuple[int, int], str]]:
    """What is left of functions most of which, and all at one end, is gone: (first, end), whose.

    Who deletes a function may miss its last lines or its first, or the comment above it; who
    loses some lines by accident does not lose nearly all.
    """
    old = history.stripped
    spans: list[tuple[int, int, int]] = []
    for hunk in changes:
        if hunk.new_start < hunk.new_end:
            continue
        if spans and not any(old[spans[-1][1] - 1 : hunk.old_start - 1]):
            spans[-1] = (spans[-1][0], hunk.old_end, spans[-1][2])  # a blank line was found again
        else:
            spans.append((hunk.old_start, hunk.old_end, hunk.new_start - hunk.old_start))
    for begin, end, shift in spans:
        if end - begin < 2:
            continue
        while begin > 1 and old[begin - 2] == old[end - 2]:
            begin, end = begin - 1, end - 1
        while True:
            for function in history.functions:
                if not function.whole:
                    yield from remnant(function, begin, end, shift, history)
            if end > len(old) or old[begin - 1] != old[end - 1]:
                break
            begin, end = begin + 1, end + 1


def remnant(
    function: Function, begin: int, end: int, shift: int, history: History
) -> Iterator[tuple[tuple[int, int], str]]:
    """The same for one function, where the old lines `begin` up to, not with, `end` are gone."""
    old = history.stripped
    first = history.lines.position(function.start)[0]
    last = history.lines.position(function.end - 1)[0]
    if last < begin - 1 or first > end or last - first < 2:
        return
    gone = min(end - 1, last) - max(begin, first) + 1
    if 2 * gone <= last - first + 1:
        return
    whole = first
    while first > 1 and old[first - 2].startswith(("*", "/*")):
        first -= 1
    if begin <= whole < end <= last:
        yield (begin + shift, last + 1 - end + begin + shift), function.name
    elif first < begin <= last < end:
        for start in {first, min(whole, begin - 1)}:
            yield (max(start + shift, 1), begin + shift), function.name
