"""Proposes the tag of JSX that has no end, or the end that has no beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guard.javascript.orphans.fragments import indented
from guard.javascript.orphans.repairs import Reading, Repair
from guard.values import dataclass

TAG = re.compile(r"(?:(<)/|(?<![\w$)\]'\"`])<(?!/|>)|(?<![^\s(])<(?=>))([A-Za-z][\w.:-]*|(?=>))")
"""Where a tag begins; what stands before it is no operand."""

INSIDE = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|=>|/\*.*?\*/|[{}>]|<", re.DOTALL)
"""What decides where a tag ends."""


VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements that hold nothing."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag."""

    name: str
    """The element's; empty for a fragment."""

    start: int
    """Offset of its first sign."""

    end: int
    """Offset after its last one."""

    ends: bool
    """Whether it is the end of an element."""


def tags(text: str) -> Iterator[Tag]:
    """The tags of a text, but for those of elements that are one tag."""
    at = 0
    while (found := TAG.search(text, at)) is not None:
        line = text.rfind("\n", 0, found.start()) + 1
        if text[line : found.start()].lstrip().startswith(("//", "*")):
            at = found.end()
            continue
        if found[1]:
            stop = text.find(">", found.end()) + 1 or len(text)
            yield Tag(found[2], found.start(), stop, ends=True)
            at = stop
            continue
        depth, at = 0, found.end()
        for sign in INSIDE.finditer(text, at):
            depth += (sign[0] == "{") - (sign[0] == "}")
            if depth < 0 or (sign[0] == "<" and not depth):
                break
            if sign[0] == ">" and not depth:
                if text[sign.start() - 1] != "/":
                    yield Tag(found[2], found.start(), sign.end(), ends=False)
                at = found.end()  # elements may stand in its attributes
                break


def unclosed(reading: Reading) -> Iterator[Repair]:
    """What closes the first element without an end; without the first end of no element."""
    text = reading.text
    open_tags: list[Tag] = []
    askew: list[Repair] = []
    for tag in tags(text):
        if not tag.ends:
            open_tags.append(tag)
        elif open_tags and open_tags[-1].name == tag.name:
            if not askew and further_out(reading, tag, open_tags):
                askew = list(closing(reading, open_tags[-1], tag))
            open_tags.pop()
        elif open_tags and any(other.name == tag.name for other in open_tags[-3:]):
            yield from askew or closing(reading, open_tags[-1], tag)
            return
        else:
            yield Repair("remove", *whole_line(text, tag))
            if open_tags:
                yield from closing(reading, open_tags[-1], tag)
            return
    if open_tags:
        yield from askew or closing(reading, open_tags[-1], None)


def further_out(reading: Reading, tag: Tag, open_tags: list[Tag]) -> bool:
    """Whether the end of an element stands under one around it of the same name."""

    def level(one: Tag) -> int:
        return indented(reading.lines.line(reading.line_of(one.start)))

    if level(tag) >= level(open_tags[-1]):
        return False
    return any(one.name == tag.name and level(one) == level(tag) for one in open_tags[:-1])


def whole_line(text: str, tag: Tag) -> tuple[int, int]:
    """Where a tag begins and ends, with its line where nothing else stands on it."""
    start, end = text.rfind("\n", 0, tag.start) + 1, text.find("\n", tag.end) + 1 or len(text)
    return (
        (start, end)
        if text[start:end].strip() == text[tag.start : tag.end]
        else (tag.start, tag.end)
    )


def closing(reading: Reading, tag: Tag, limit: Tag | None) -> Iterator[Repair]:
    """The ways to close an element: in its tag, on its line, or where the lines go out again."""
    text, lines = reading.text, reading.lines
    first, last = reading.line_of(tag.start), reading.line_of(tag.end - 1)
    level = indented(lines.line(first))
    until = reading.line_of(limit.start) if limit is not None else len(reading.stripped)
    below = last + 1
    while below < until and not reading.stripped[below - 1]:
        below += 1
    stop = tag.end + len(text[tag.end :].split("\n", 1)[0].rstrip())
    void = tag.name in VOID
    itself = Repair("tag", tag.end - 1, tag.end - 1, "/" if tag.name else "")
    ended = Repair("tag", stop, stop, f"</{tag.name}>")
    deeper = indented(lines.line(below)) > level if below <= len(reading.stripped) else False
    if not deeper or void:
        if tag.name and (void or stop == tag.end):
            yield itself
        yield ended
        return
    while below < until and (
        not reading.stripped[below - 1] or indented(lines.line(below)) > level
    ):
        below += 1
    gap = lines.line(first)[:level]
    yield Repair("tag", lines.starts[below - 1], lines.starts[below - 1], f"{gap}</{tag.name}>\n")
    if limit is not None:
        yield Repair("tag", limit.start, limit.start, f"</{tag.name}>")
