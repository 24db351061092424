"""Finds what a botched edit left behind: the region, the function it belongs to, the repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from guard.javascript.conflicts import conflicts, remains
from guard.javascript.orphans.apart import apart, stood
from guard.javascript.orphans.blind import Blind
from guard.javascript.orphans.described import Orphan, broken_off, described
from guard.javascript.orphans.ended import rest
from guard.javascript.orphans.history import History
from guard.javascript.orphans.judge import Judge
from guard.javascript.orphans.repairs import Reading, Repair, parentheses
from guard.javascript.orphans.shape import (
    Shape,
    leaves,
)
from guard.javascript.tokens import tokens
from guard.values import dataclass, replace

Check = Callable[[str], int | None]
"""Where the parser gives up on a text; None where it does not."""

TRIES = 400
"""How many proposals are tried on the quick parser."""

PASSED = 40
"""How many of those that pass it are weighed in full, of each kind."""

CHECKED = 25
"""How many of those are read in full: the quick parser is rarely wrong about so many."""

READ = 500_000
"""How many characters are read in full for one text, unless that is less than `FEWEST` times."""

FEWEST = 10
"""How often a text is read in full, however long it is."""

COSTLY = 8.0
"""From this cost on, a repair is only taken where the text holds not several orphans."""

SURE = -10.0
"""Up to this cost, a repair is weighed in full whatever the quick parser says."""

SURELY = 8
"""How many of those there are at most."""

ROUNDS = 3
"""How many orphans are looked for in one text."""

STEPS = 30
"""How many proposals are tried for getting further where none makes the text parse."""

ERRORS = 1000
"""From so many errors of the quick parser on, no single repair is likely to mend all of them."""

OPENED = 200
"""How many comments may begin behind the last end of one; each is read to the end of the text."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a broken text, as far as it could be made out."""

    orphans: tuple[Orphan, ...]
    """In the order in which the parser meets them."""

    repairs: tuple[Repair, ...]
    """Edits of the text that together make it parse; empty where none are known."""


def find(text: str, at: int, check: Check, before: str | None, *, jsx: bool = False) -> Diagnosis:
    """What is wrong with `text`, whose parser gave up at offset `at`.

    `before` is the last committed version, sound itself.
    """
    if marked := conflicts(text):
        return Diagnosis(tuple(Orphan("conflict", *region) for region in marked), ())
    at += len(text[at:]) - len(text[at:].lstrip())  # where it would have read on
    if (half := remains(text, at)) is not None:
        return half_resolved(text, half, check)
    if text.count("/*", text.rfind("*/") + 1) > OPENED:
        return Diagnosis((), ())
    history = History(before) if before is not None and before != text else None
    orphans: list[Orphan] = []
    done: list[Repair] = []
    current = text
    while at is not None and len(done) < ROUNDS:
        step = mended(current, at, check, history, jsx)
        if history is not None and not done and doubtful(text, history, step):
            several = each(text, check, history, jsx)
            if several is not None:
                return several
        if step is None:
            return Diagnosis(tuple(orphans), ())
        orphan, repair, beyond = step
        if orphan.kind == "cut" and not repair.text:
            return Diagnosis((*orphans, replaced(orphan, done)), ())
        orphans.append(replaced(orphan, done))
        current = repair.applied(current)
        done.append(repair)
        if beyond is None:
            return Diagnosis(tuple(orphans), tuple(originals(done)))
        at = beyond
    return Diagnosis(tuple(orphans), ())


def doubtful(text: str, history: History, step: tuple[Orphan, Repair, int | None] | None) -> bool:
    """Whether a repair leaves something broken, or takes away what nobody has touched."""
    if step is None or step[2] is not None:
        return True
    return step[0].kind == "remove" and stood(text, history, step[1].start, step[1].end)


def each(text: str, check: Check, history: History, jsx: bool) -> Diagnosis | None:
    """What is wrong with each of several hunks; None unless repairs of all mend the text."""
    orphans, repairs = [], []
    for alone in apart(text, history):
        at = check(alone.text)
        step = None if at is None else mended(alone.text, at, check, history, jsx)
        if step is None or step[2] is not None:
            return None
        orphan, repair, _ = step
        region = alone.within(orphan.start, orphan.end)
        place = alone.within(repair.start, repair.end)
        if region is None or place is None:
            return None
        ended = None if orphan.ended is None else alone.within(orphan.ended, orphan.ended)
        orphans.append(
            replace(orphan, start=region[0], end=region[1], ended=ended[0] if ended else None)
        )
        repairs.append(replace(repair, start=place[0], end=place[1]))
    if not repairs:
        return None
    whole = text
    for repair in sorted(repairs, key=lambda repair: -repair.start):
        whole = repair.applied(whole)
    if check(whole) is not None:
        return None
    orphans.sort(key=lambda orphan: orphan.start)
    return Diagnosis(tuple(orphans), tuple(repairs))


def half_resolved(text: str, half: tuple[int, int, str, bool], check: Check) -> Diagnosis:
    """What is said of the markers that a half-done resolution left; one alone can be removed."""
    start, end, name, alone = half
    if not alone:
        return Diagnosis((Orphan("conflict", start, end, name),), ())
    repair = Repair("remove", start, min(end + 1, len(text)))
    sound = check(repair.applied(text)) is None
    return Diagnosis((Orphan("marker", start, end, name),), (repair,) if sound else ())


def mended(
    text: str, at: int, check: Check, history: History | None, jsx: bool
) -> tuple[Orphan, Repair, int | None] | None:
    """The likeliest orphan, its repair, and where the parser gives up after that, if it does."""
    reading = Reading(text, leaves(text) if jsx else tokens(text), jsx=jsx)
    gone = rest(reading, at, history)
    if gone is not None and (not gone.text or check(gone.applied(text)) is None):
        return broken_off(reading, gone), gone, None
    shape = Shape(text)
    judge = Judge(reading, shape, history, at) if history else Blind(reading, shape, at)
    # Where the quick parser has errors of its own it cannot choose.
    quick = history is None or history.regular
    scored = sorted(judge.proposals(), key=lambda scored: scored[0])
    tries = TRIES if history is not None else TRIES // 2
    tries = tries if shape.errors < ERRORS else STEPS
    proposals = list(islice((s for s in scored if evident(judge, s[1])), tries))
    passed: list[tuple[float, Repair]] = []
    counts: Counter[str] = Counter()
    for cost, repair in proposals if quick else proposals[:STEPS]:
        # Nor does it always see that a text is mended of which so much is known.
        sure = cost <= SURE and len(passed) < SURELY
        if not quick or sure or shape.regular_with(repair.start, repair.end, repair.text):
            if counts[repair.kind] < PASSED:
                passed.append((judge.weighed(cost, repair), repair))
            counts[repair.kind] += 1
            if counts["remove"] >= PASSED and counts.total() >= 2 * PASSED:
                break
    passed = sorted(judge.settled(passed), key=lambda scored: scored[0])
    likely = list(judge.likely())[:STEPS]
    mistyped, tried, checked = False, False, 0
    most = max(READ // len(text), FEWEST)
    likely = likely[:most]
    for cost, repair in passed:
        if mistyped and repair.kind == "remove":
            continue
        if cost > COSTLY and not tried:
            tried = True
            if (step := further(text, at, check, likely)) is not None:
                return *described(reading, judge, step[0]), step[1]
        if checked == min(CHECKED, most):
            break
        checked += 1
        if check(repair.applied(text)) is None:
            if not judge.credible(repair):
                mistyped = True
                continue
            return *described(reading, judge, repair), None
    others = list(parentheses(reading, at))
    if not mistyped:
        others = [*likely, *others, *(repair for _, repair in proposals[:STEPS])]
    step = further(text, at, check, others[:most])
    return None if step is None else (*described(reading, judge, step[0]), step[1])


def evident(judge: Judge | Blind, repair: Repair) -> bool:
    """Whether a repair is about what an edit did: nothing that stands as it stood is left over."""
    if repair.kind != "remove":
        return True
    return judge.touched(repair) or judge.owner(repair) != ""


def further(
    text: str, at: int, check: Check, choices: Sequence[Repair]
) -> tuple[Repair, int] | None:
    """The first repair that gets the parser over it and a few lines on, and where it stops then.

    For a text with more than one orphan, where none alone makes it parse.
    """
    for repair in choices:
        new = repair.applied(text)
        beyond = check(new)
        goal = max(at - repair.end + repair.start, repair.start) + len(repair.text)
        if beyond is not None and new.count("\n", 0, beyond) >= new.count("\n", 0, goal) + 2:
            return repair, beyond
    return None


def originals(done: Sequence[Repair]) -> list[Repair]:
    """Repairs that were made one after the other, as edits of the text before all of them."""
    return [
        replace(
            repair,
            start=original(repair.start, done[:number]),
            end=original(repair.end, done[:number]),
        )
        for number, repair in enumerate(done)
    ]


def replaced(orphan: Orphan, done: Sequence[Repair]) -> Orphan:
    """The orphan at its place in the text before `done`."""
    ended = None if orphan.ended is None else original(orphan.ended, done)
    return replace(
        orphan, start=original(orphan.start, done), end=original(orphan.end, done), ended=ended
    )


def original(offset: int, done: Sequence[Repair]) -> int:
    """The offset in the text before `done` of an offset in the text after."""
    for repair in reversed(done):
        if offset >= repair.start + len(repair.text):
            offset += repair.end - repair.start - len(repair.text)
        else:
            offset = min(offset, repair.start)
    return offset
