"""Finds what a botched edit left behind: the region, the function it belongs to, the repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guard.javascript.blind import Blind
from guard.javascript.history import History
from guard.javascript.judge import Judge, trailed
from guard.javascript.repairs import Reading, Repair
from guard.javascript.shape import Shape, functions, leaves
from guard.javascript.tokens import tokens

Sound = Callable[[str], bool]

TRIES = 400
"""How many proposals are tried on the quick parser."""

PASSED = 40
"""How many of those that pass it are weighed in full."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """What is wrong with a broken text, and the edit that mends it."""

    repair: Repair
    """The edit."""

    start: int
    """Offset of the region's first code point."""

    end: int
    """Offset after its last one."""

    symbol: str
    """The function or member it trails or was cut from; empty where none has a name."""

    ended: int | None
    """Offset after the end of the function it trails; None where it trails none."""


def find(
    text: str, at: int, sound: Sound, before: str | None, *, jsx: bool = False
) -> Orphan | None:
    """The likeliest orphan of `text`, whose parser gave up at offset `at`.

    `before` is the last committed version, sound itself. None where no small edit makes the text
    `sound`.
    """
    reading = Reading(text, leaves(text) if jsx else tokens(text))
    history = History(before) if before is not None and before != text else None
    shape = Shape(text)
    judge = Judge(reading, shape, history, at) if history else Blind(reading, shape, at)
    # Where the quick parser has errors of its own it cannot choose.
    quick = history is None or Shape(history.text).regular
    passed: list[tuple[float, Repair]] = []
    for cost, repair in sorted(judge.proposals(), key=lambda scored: scored[0])[:TRIES]:
        if not quick or shape.regular_with(repair.start, repair.end, repair.text):
            passed.append((judge.weighed(cost, repair), repair))
            if len(passed) >= PASSED:
                break
    for _, repair in sorted(passed, key=lambda scored: scored[0]):
        if sound(repair.applied(text)):
            return described(reading, judge, repair)
    return None


def member(fragment: str) -> str:
    """The name of the whole member or function that a fragment is; empty for other fragments."""
    for head, tail in (("({", "})"), ("class A {", "}"), ("", "")):
        if not Shape(f"{head}{fragment}{tail}").regular:
            continue
        known = functions(f"{head}{fragment}{tail}")
        whole = [f for f in known if f.start == len(head) and f.end >= len(head + fragment) - 1]
        if whole:
            return whole[0].name
    return ""


def described(reading: Reading, judge: Judge | Blind, repair: Repair) -> Orphan:
    """The orphan that a repair amounts to."""
    text = reading.text
    start, end = repair.start, repair.end
    if repair.kind == "remove":
        gone = text[start:end]
        start += len(gone) - len(gone.lstrip())
        end -= len(gone) - len(gone.rstrip())
    mended = repair.applied(text)
    known = functions(mended)
    before = trailed(known, mended, repair.start)
    owner = judge.owner(repair)
    if owner:
        return Orphan(repair, start, end, owner, before.end if before else None)
    if repair.kind == "remove" and (own := member(text[start:end])):
        return Orphan(repair, start, end, own, before.end if before else None)
    around = [f for f in known if f.start <= repair.start < f.end and not f.whole]
    function = before or (max(around, key=lambda f: f.start) if around else None)
    return Orphan(
        repair, start, end, function.name if function else "", before.end if before else None
    )
