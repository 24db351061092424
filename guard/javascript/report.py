"""Turns what is wrong with a file into findings, at their places, in words that help."""

from __future__ import annotations

from collections.abc import Iterator

from guard.finding import Edit, Finding, Lines
from guard.javascript import orphan
from guard.javascript.goals import judged
from guard.javascript.leftovers import leftovers
from guard.javascript.verdict import Outcome
from guard.snapshot import File, Snapshot


def findings(snapshot: Snapshot, file: File) -> Iterator[Finding]:
    """The findings of one file."""
    text = snapshot.text(file)
    outcome = judged(snapshot, file.path, text)
    if outcome.sound and snapshot.changes is None:
        yield from leftovers(file.path, text)
        return
    before = snapshot.before(file.path)
    old = before.decode("utf-8", "surrogateescape") if before is not None else None
    if outcome.sound:
        yield from leftovers(file.path, text, old)
        return

    def sound(mended: str) -> bool:
        return judged(snapshot, file.path, mended).sound

    assert outcome.problem is not None
    found = orphan.find(text, outcome.problem.offset, sound, old)
    if found is None:
        yield syntax(file.path, Lines(text), outcome)
    else:
        yield left_over(file.path, Lines(text), outcome, found)


def syntax(path: str, lines: Lines, outcome: Outcome) -> Finding:
    """The finding for a text in which no region could be made out."""
    assert outcome.problem is not None
    at = outcome.problem.offset
    return Finding(
        "javascript/syntax",
        f"not valid JavaScript ({outcome.goal.value}): {outcome.problem.message}",
        lines.location(path, at, min(at + 1, len(lines.text))),
        hint="the parser gave up here; the cause may stand earlier",
    )


def left_over(path: str, lines: Lines, outcome: Outcome, found: orphan.Orphan) -> Finding:
    """The finding for a region that was made out."""
    assert outcome.problem is not None
    repair = found.repair
    whose = f" of {found.symbol}()" if found.symbol else ""
    first, last = lines.position(found.start)[0], lines.position(max(found.end - 1, 0))[0]
    if repair.kind == "remove":
        span = f"line {first}" if first == last else f"lines {first} to {last}"
        message = f"{span}: a left-over{whose} that belongs to nothing"
        hint = "remove it, or: guard check --fix"
    else:
        message = f"{repair.text.strip() or 'something'!r} is missing{whose}"
        hint = "add it, or: guard check --fix"
    related = [
        lines.location(
            path,
            outcome.problem.offset,
            outcome.problem.offset,
            f"the parser gave up here: {outcome.problem.message}",
        )
    ]
    if found.ended is not None:
        end = found.ended
        related.insert(0, lines.location(path, end - 1, end, f"{found.symbol}() really ended here"))
    edit = Edit(lines.location(path, repair.start, repair.end), repair.text)
    return Finding(
        "javascript/orphan",
        message,
        lines.location(path, found.start, found.end),
        hint=hint,
        symbol=found.symbol,
        related=tuple(related),
        edits=(edit,),
    )
