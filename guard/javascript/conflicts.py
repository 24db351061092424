"""Conflict markers in JavaScript: the regions they mark, and whose code is between them."""

from __future__ import annotations

import re

from guard.javascript.orphans.shape import Function, functions
from guard.javascript.templates import blank

CONFLICT = re.compile(
    r"^<{7}(?:[ \t][^\r\n]*)?\r?\n(?P<ours>(?:.*\n)*?)"
    r"(?:\|{7}(?:[ \t][^\r\n]*)?\r?\n(?:.*\n)*?)?"
    r"={7}[ \t]*\r?\n(?:.*\n)*?>{7}(?:[ \t][^\r\n]*)?",
    re.MULTILINE,
)


def conflicts(text: str) -> list[tuple[int, int, str]]:
    """Each region between conflict markers: offsets, and the function it stands in or begins."""
    if "<<<<<<<" not in text:
        return []
    found = list(CONFLICT.finditer(text))
    if not found:
        return []
    ours = CONFLICT.sub(only_ours, text)
    known = [function for function in functions(ours) if not function.whole]
    return [(m.start(), m.end(), named(known, m.start(), m.end())) for m in found]


MARKER = re.compile(
    r"^(?:[<>]{7}(?=[ \t\r\n]|\Z)|(?:={7}|\|{7})(?=[ \t]*[\r\n]|[ \t]*\Z))[^\r\n]*", re.MULTILINE
)


def remains(text: str, at: int) -> tuple[int, int, str, bool] | None:
    """What a half-done resolution left where the parser gave up, at `at`.

    Offsets of the first and the last marker of it, the function around, and whether it is one
    line, without which nothing is left of the conflict. None where no marker stands there.
    """
    if not any(sign in text for sign in ("<<<<<<<", ">>>>>>>")):
        return None
    found = list(MARKER.finditer(text))
    near = [n for n, mark in enumerate(found) if mark.start() <= at <= mark.end()]
    if not near:
        return None
    first = last = near[0]
    while text[found[last].start()] != ">" and last + 1 < len(found):
        if text[found[last + 1].start()] == "<":
            break
        last += 1
    run = found[first : last + 1]
    if all(text[mark.start()] in "=|" for mark in run):
        return None
    start, end = run[0].start(), run[-1].end()
    without = MARKER.sub(lambda mark: blank(mark[0]), text)
    known = [function for function in functions(without) if not function.whole]
    return start, end, named(known, start, end), len(run) == 1


def only_ours(conflict: re.Match[str]) -> str:
    """A conflict with all but our side blank, so that no offset changes."""
    start, end = conflict.start(), conflict.end()
    text, (first, last) = conflict.string, conflict.span("ours")
    return blank(text[start:first]) + text[first:last] + blank(text[last:end])


def named(known: list[Function], start: int, end: int) -> str:
    """The innermost function around the region, else the first one in it."""
    around = [f for f in known if f.start < start and end <= f.end]
    if around:
        return max(around, key=lambda f: f.start).name
    inside = [f for f in known if start <= f.start < end]
    return inside[0].name if inside else ""
