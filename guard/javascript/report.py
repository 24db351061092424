"""Which findings a file gets: read whole or block by block, beside its last version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from guard.entries import File
from guard.finding import Finding, Lines, Location, Severity
from guard.javascript.engines.ahead import LARGEST, Accepted, settles
from guard.javascript.engines.answers import EVERYTHING
from guard.javascript.goals import best, excused, judged
from guard.javascript.hosts import COMPONENTS, PAGES, Block, blocks
from guard.javascript.leftovers import leftovers
from guard.javascript.outcome import Outcome
from guard.javascript.templates import FOREIGN, OPENERS, near, ways
from guard.javascript.verdict import piled
from guard.javascript.wording import Host, edits_of, left_over, of_data, syntax, undecodable
from guard.snapshot import Snapshot

COMMENTS = re.compile(r"(?:\s+|#![^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
"""What stands before the first word of a file."""

REMARK = re.compile(r'("(?:[^"\\\n]|\\.)*+")|//[^\n]*|/\*.*?\*/', re.DOTALL)
"""A comment, or a string, which may hold what looks like one."""

FLOW = re.compile(r"(?<!\S)@flow(?!\w)")
"""Says in such a comment that the file is Flow's: JavaScript with types, which others take out."""


def findings(snapshot: Snapshot, file: File, accepted: Accepted | None = None) -> Iterator[Finding]:
    """The findings of one file; `accepted` says that it is already known to parse."""
    text = snapshot.text(file)
    if (strange := unreadable(file.path, snapshot.read(file))) is not None:
        yield strange
    elif len(text) > LARGEST:
        yield from by_shape(file.path, text)
    elif file.path.lower().endswith((*PAGES, *COMPONENTS)):
        old = last_version(snapshot, file)
        yield from hosted(file.path, text, old, snapshot.changes is not None)
    else:
        quiet: tuple[int, ...] = ()
        if accepted is None or not (accepted.usual or excused(snapshot, file.path, accepted.goal)):
            first, maybe = judged(snapshot, file.path, text), EVERYTHING
        else:
            first, maybe, quiet = Outcome(accepted.goal, None), accepted.maybe, accepted.quiet
        if first.sound and (snapshot.changes is None or not maybe):
            yield from leftovers(file.path, text, maybe=maybe, quiet=quiet)
            return  # the last version is not needed, nor read

        def judge(whole: str) -> Outcome:
            return first if whole == text else judged(snapshot, file.path, whole)

        old = last_version(snapshot, file)

        def stopped(whole: str) -> int:
            return -1 if (problem := judge(whole).problem) is None else problem.offset

        block = Block(ways(text, stopped, old), 0, (), jsx=file.path.lower().endswith(".jsx"))
        earlier = Block(ways(old, stopped), 0, ()) if old is not None else None
        start = COMMENTS.match(text)
        flow = start is not None and FLOW.search(start[0]) is not None
        data = not first.sound and is_data(text)
        host = Host(file.path, Lines(text), flow=flow, data=data)
        yield from of_block(host, block, earlier, judge, snapshot.changes is not None, maybe)


def is_data(text: str) -> bool:
    """Whether a text is an object of JSON and nothing else, comments in it aside."""
    plain = REMARK.sub(lambda found: found[1] or " ", text.removeprefix("\ufeff"))
    with suppress(ValueError, RecursionError):
        return isinstance(json.loads(plain), dict)
    return False


def last_version(snapshot: Snapshot, file: File) -> str | None:
    """The last committed text of a file; None where there is none."""
    before = snapshot.before(file.path)
    return before.decode("utf-8", "surrogateescape") if before is not None else None


def unreadable(path: str, content: bytes) -> Finding | None:
    """The finding for content that is no text in an encoding that engines read as JavaScript."""
    head = content[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        len(head) > 3 and head[1::2].count(0) * 4 > len(head) > head[::2].count(0) * 40
    ):
        message, hint = "encoded as UTF-16; engines read UTF-8", "save it as UTF-8"
    elif head.count(0) > 4 and head.count(0) * 10 > len(head):
        message, hint = "binary, not JavaScript", "is the name right?"
    else:
        return None
    return Finding("javascript/syntax", message, Location(path), hint=hint)


def by_shape(path: str, text: str) -> Iterator[Finding]:
    """The finding for a file that is too large to be read in full."""
    from guard.javascript.orphans.shape import Shape

    regular = path.lower().endswith((*PAGES, *COMPONENTS)) or Shape(text).regular
    size = f"{len(text) / 1e6:.0f} MB"
    yield Finding(
        "javascript/syntax",
        f"{size}: too large to be read in full; its shape is "
        + ("regular" if regular else "not that of JavaScript"),
        Location(path),
        hint="" if regular else "find the place with: node --check FILE",
        severity=Severity.WARNING if regular else Severity.ERROR,
    )


def hosted(path: str, text: str, old: str | None, changed: bool) -> Iterator[Finding]:
    """The findings of a page or component, block by block."""
    foreign = path.lower().endswith(PAGES) and FOREIGN.search(text) is not None
    host = Host(path, Lines(text), foreign)
    here = list(blocks(path, text))
    earlier = list(blocks(path, old)) if old is not None else []
    for number, block in enumerate(here):
        if block.plain and settles(block.text, block.goals):
            continue

        def judge(whole: str, block: Block = block) -> Outcome:
            return best(whole, block.goals, jsx=block.jsx)

        yield from of_block(host, block, counterpart(block, number, here, earlier), judge, changed)


def counterpart(block: Block, number: int, here: list[Block], earlier: list[Block]) -> Block | None:
    """What a block was in the last version: the same text, else the one at its place."""
    if any(block.text == other.text for other in earlier):
        return next(other for other in earlier if block.text == other.text)
    gone = [b for b in earlier if all(b.text != other.text for other in here)]
    came = [b for b in here if all(b.text != other.text for other in earlier)]
    if len(gone) == len(came):
        return gone[came.index(block)]
    return earlier[number] if number < len(earlier) and len(earlier) == len(here) else None


def of_block(
    host: Host,
    block: Block,
    earlier: Block | None,
    judge: Callable[[str], Outcome],
    changed: bool,
    maybe: int = EVERYTHING,
) -> Iterator[Finding]:
    """The findings of one block, or of a whole file."""
    outcomes = [(reading, judge(reading)) for reading in block.readings[:1]]
    if not outcomes[0][1].sound:
        outcomes += [(reading, judge(reading)) for reading in block.readings[1:]]
    if any(outcome.sound for _, outcome in outcomes):
        if not block.branches:
            before = earlier.text if earlier is not None and changed else None
            if changed and before is None:
                before = ""

            def locate(start: int, end: int, note: str) -> Location:
                return host.location(block, start, end, note)

            yield from leftovers(
                host.path,
                block.text,
                before,
                locate=locate,
                handler=block.handler,
                maybe=maybe,
            )
        return
    text, outcome = max(outcomes, key=lambda pair: pair[1].problem.offset if pair[1].problem else 0)
    assert outcome.problem is not None
    old = next((r for r in earlier.readings if judge(r).sound), None) if earlier else None
    uncertain = host.foreign or (block.branches and undecided(text, block, outcomes))
    marked = host.foreign and near(text, outcome.problem.offset, FOREIGN)
    if marked or (old is None and uncertain):
        yield Finding(
            "javascript/syntax",
            f"no way to fill in this template parses: {outcome.problem.message}",
            host.location(block, outcome.problem.offset, outcome.problem.offset + 1),
            hint="guard does not read the language of this template"
            if host.foreign
            else "guard cannot tell whether one of its branches is at fault",
            severity=Severity.WARNING,
        )
        return

    if host.flow and old is None:
        yield Finding(
            "javascript/syntax",
            f"Flow, which guard does not read: {outcome.problem.message}",
            host.location(block, outcome.problem.offset, outcome.problem.offset + 1),
            hint="flow check",
            severity=Severity.WARNING,
        )
        return

    if host.data and old is None:
        yield of_data(host, block, outcome.problem)
        return

    def check(mended: str) -> int | None:
        problem = judge(mended).problem
        return None if problem is None else problem.offset

    if (sign := undecodable(text, outcome.problem.offset)) is not None:
        at = host.location(block, outcome.problem.offset, outcome.problem.offset + 1)
        yield Finding("javascript/syntax", sign, at, hint="is this a text file, and in UTF-8?")
        return
    if outcome.too_deep or piled(text):
        yield syntax(host, block, outcome)
        return
    from guard.javascript.orphans import orphan  # what a sound file never needs

    found = orphan.find(text, outcome.problem.offset, check, old, jsx=block.jsx)
    if not found.orphans:
        yield syntax(host, block, outcome)
    # Whole on each of them: half a repair leaves a file that does not parse.
    edits = edits_of(host, block, found.repairs)
    for one in found.orphans:
        yield left_over(host, block, outcome, one, edits)


def undecided(text: str, block: Block, outcomes: list[tuple[str, Outcome]]) -> bool:
    """Whether a branch of the template may be what does not parse: one is near, or they differ."""
    offsets = {o.problem.offset for _, o in outcomes[:-1] if o.problem is not None}
    if len(offsets) != 1:
        return True
    return near(block.readings[-1], offsets.pop(), OPENERS)
