"""Says what a repair amounts to: the region, the function it belongs to, where that one ended."""

from __future__ import annotations

from guard.javascript.orphans.blind import Blind
from guard.javascript.orphans.ended import closed
from guard.javascript.orphans.fragments import headed
from guard.javascript.orphans.judge import Judge
from guard.javascript.orphans.litter import litter
from guard.javascript.orphans.marks import MARKS
from guard.javascript.orphans.repairs import COMMENT, Reading, Repair
from guard.javascript.orphans.shape import Function, around, functions, member, trailed
from guard.values import dataclass, replace

EXPORT = 15
"""How many characters may stand before a function that is exported."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """One thing that is wrong with a broken text."""

    kind: str
    """What mends it, as of a repair; or what is too much: double, version, litter, conflict, …"""

    start: int
    """Offset of the region's first code point."""

    end: int
    """Offset after its last one."""

    symbol: str
    """The function or member it trails or was cut from; empty where none has a name."""

    ended: int | None = None
    """Offset after the real end of that function; None where it is not known."""

    text: str = ""
    """What is missing there."""


def described(reading: Reading, judge: Judge | Blind, repair: Repair) -> tuple[Orphan, Repair]:
    """The orphan that a repair amounts to, and the repair at the orphan's place."""
    text = reading.text
    known = functions(repair.applied(text))
    sort = sort_of(reading, judge, repair)
    repair = behind(text, repair, known)
    start, end = repair.start, repair.end
    if repair.kind == "remove":
        gone = text[start:end]
        start += len(gone) - len(gone.lstrip())
        end -= len(gone) - len(gone.rstrip())
    before = trailed(known, repair.applied(text), repair.start)
    name = judge.owner(repair)
    if not name and repair.kind == "remove":
        after = judge.shape.beside(repair.start, repair.end)[1]
        first = text[start:end].split("\n", 1)[0]
        name = after if headed(first, after) else ""
    if not name and repair.kind == "remove":
        name = member(text[start:end])
    outside = [f for f in known if f.start <= repair.start < f.end and not f.whole]
    inner = max(outside, key=lambda f: f.start) if outside else None
    if repair.kind == "restore":
        # A head that comes back is its function's; what comes back inside of one is that one's.
        stop = repair.start + len(repair.text.lstrip().split("\n", 1)[0])
        stop += len(repair.text) - len(repair.text.lstrip())
        head = next((f for f in known if repair.start <= f.start < stop and not f.whole), None)
        before = head or (inner if "\n" in repair.text.strip() else before)
        if repair.text.strip() in ("/*", "/**"):
            # A comment is about what comes next.
            whole = repair.applied(text)
            begin = repair.start + len(repair.text) - len(repair.text.lstrip())
            comment = COMMENT.match(whole, begin)
            stop = comment.end() if comment is not None else begin
            stop += len(whole[stop:]) - len(whole[stop:].lstrip())
            before = next((f for f in known if stop <= f.start <= stop + EXPORT), before)
    # A bracket that closes belongs to what it closes, not to what ends before it.
    function = inner if repair.kind in ("close", "tag") or repair.kind in MARKS else before or inner
    if repair.kind in MARKS:
        stop = repair.start + len(repair.text)
        function = inner or next((f for f in known if repair.start <= f.start < stop), None)
    if not name:
        name = function.name if function is not None else ""
    ended = None
    if repair.kind == "remove":
        ended = end_of(name, before, known, repair)
    return Orphan(sort, start, end, name, ended, repair.text), repair


def sort_of(reading: Reading, judge: Judge | Blind, repair: Repair) -> str:
    """The kind of an orphan: that of its repair, or of a removal what it is that goes."""
    if repair.kind != "remove":
        return repair.kind
    if (repair.start, repair.end) in judge.doubles:
        return "double" if judge.doubles[repair.start, repair.end][1] else "version"
    first, stop = reading.line_of(repair.start), reading.end_line(repair.end)
    return "litter" if litter(reading.stripped[first - 1 : stop - 1]) else "remove"


def broken_off(reading: Reading, gone: Repair) -> Orphan:
    """The orphan of a text that breaks off, whose rest is the repair: its last lines."""
    text = reading.text
    end = len(text.rstrip())
    start = gone.start if text[gone.start : end].strip() else text.rfind("\n", 0, end) + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    whole = gone.applied(text) if gone.text else text + closed(reading)
    name = around(functions(whole), start)
    return Orphan("cut", start, end, name, None, gone.text)


def behind(text: str, repair: Repair, known: list[Function]) -> Repair:
    """The same removal where it begins right behind the function that it was left behind.

    Where lines read the same, several runs leave the same text: of a function and an old tail
    that end alike, the one that is left over is the second.
    """
    if repair.kind != "remove" or trailed(known, repair.applied(text), repair.start) is not None:
        return repair
    start, end = repair.start, repair.end
    while end < len(text):
        length = text.find("\n", start, end) + 1 - start
        if length <= 0 or text[start : start + length] != text[end : end + length]:
            break
        start, end = start + length, end + length
        ended = trailed(known, text[:start] + text[end:], start)
        if ended is not None and ended.start < repair.start:
            return replace(repair, start=start, end=end)
    return repair


def end_of(name: str, before: Function | None, known: list[Function], repair: Repair) -> int | None:
    """Where the function `name` ends in the text, known from the text with a removal made."""
    if before is not None and before.name == name:
        return before.end
    after = [f for f in known if f.start >= repair.start and f.name == name]
    return after[0].end + repair.end - repair.start if after else None
