"""What is said of JavaScript that does not parse: findings at their places, in words that help."""

from __future__ import annotations

import json
import posixpath
import shlex
from typing import TYPE_CHECKING

from guard.finding import Edit, Finding, Lines, Location
from guard.javascript.hosts import Block
from guard.javascript.outcome import Outcome, Problem
from guard.javascript.templates import FILLING
from guard.values import dataclass

if TYPE_CHECKING:
    from guard.javascript.orphans.described import Orphan
    from guard.javascript.orphans.repairs import Repair


@dataclass(frozen=True, slots=True)
class Host:
    """A file that holds JavaScript, or is nothing else."""

    path: str
    """Its path."""

    lines: Lines
    """Its text."""

    foreign: bool = False
    """Whether it is a template in a language whose placeholders are not filled in."""

    flow: bool = False
    """Whether it says that it is Flow: JavaScript with types."""

    data: bool = False
    """Whether it is an object of JSON and nothing else."""

    def location(self, block: Block, start: int, end: int, note: str = "") -> Location:
        """The place in the file of a region of a block."""
        return self.lines.location(self.path, block.place(start), block.place(end), note)


def undecodable(text: str, at: int) -> str | None:
    """What is said of a character that no JavaScript holds, if the parser gave up at one."""
    for sign in text[max(at - 1, 0) : at + 1]:
        if "\udc80" <= sign <= "\udcff":
            return f"does not parse: the byte 0x{ord(sign) - 0xDC00:02X} is no UTF-8"
        if ord(sign) < 32 and not sign.isspace():
            return f"does not parse: the control character U+{ord(sign):04X}"
    return None


def edits_of(host: Host, block: Block, repairs: tuple[Repair, ...]) -> tuple[Edit, ...]:
    """The edits of the file; none where the text is not the file's, letter for letter."""
    if block.places or any(FILLING in repair.text for repair in repairs):
        return ()
    end = "\r\n" if "\r\n" in block.text else "\n"
    return tuple(
        Edit(host.location(block, r.start, r.end), r.text.replace("\n", end)) for r in repairs
    )


def syntax(host: Host, block: Block, outcome: Outcome) -> Finding:
    """The finding for a text in which no region could be made out."""
    assert outcome.problem is not None
    from guard.javascript.orphans.shape import around, functions

    at = outcome.problem.offset
    what = "a module" if outcome.goal.value == "module" else f"a {outcome.goal.value}"
    if outcome.goal.value == "commonjs":
        what = "a CommonJS file"
    elif outcome.goal.value == "handler":
        what = "an event handler"
    return Finding(
        "javascript/syntax",
        f"does not parse as {what}: {outcome.problem.message}",
        host.location(block, at, min(at + 1, len(outcome.text))),
        hint="the parser gave up here; the cause may stand earlier",
        symbol=around(functions(outcome.text), at),
    )


def of_data(host: Host, block: Block, problem: Problem) -> Finding:
    """The finding for JSON in a file of JavaScript, where its braces are those of a block."""
    name, _ = posixpath.splitext(host.path)
    renamed = f"git mv {shlex.quote(host.path)} {shlex.quote(name + '.json')}"
    return Finding(
        "javascript/syntax",
        f"this is JSON; as JavaScript it does not parse: {problem.message}",
        host.location(block, problem.offset, problem.offset + 1),
        hint=f"call it what it is: {renamed}\n"
        f"or have no check look at it, in guard.toml: exclude = [{json.dumps(host.path)}]",
    )


def left_over(
    host: Host, block: Block, outcome: Outcome, found: Orphan, edits: tuple[Edit, ...]
) -> Finding:
    """The finding for a region that was made out."""
    assert outcome.problem is not None
    at = host.location(block, found.start, found.end)
    related: list[Location] = []
    if found.ended is not None:
        note = f"{found.symbol}() really ended here"
        related.append(host.location(block, found.ended - 1, found.ended, note))
    point, note = outcome.problem.offset, f"the parser gave up here: {outcome.problem.message}"
    related.append(host.location(block, point, point, note))
    message, hint = words(found, at)
    hint += ", or: guard check --fix" if edits else ""
    return Finding(
        "javascript/orphan",
        message,
        at,
        hint=hint,
        symbol=found.symbol,
        related=tuple(related),
        edits=edits,
    )


SHOWN = 3
"""How many lines that are missing are shown whole."""

WIDE = 80
"""How many characters of them."""

SIGNS = {
    "numbered": ("line numbers of a listing before the code", "take them off"),
    "signed": ("signs of a patch before the code", "apply them: drop what '-' takes away"),
    "curly": ("typographic quotes instead of straight ones", "type them straight"),
}
"""By the kind of an orphan that is about signs: what is said of it, and the hint."""


def words(found: Orphan, at: Location) -> tuple[str, str]:
    """Message and hint for an orphan."""
    whose = f" of {found.symbol}()" if found.symbol else ""
    final = at.end_line if at.end_column > 1 else at.end_line - 1
    inside = f" in {found.symbol}()" if found.symbol else ""
    span = f"line {at.line}" if at.line >= final else f"lines {at.line} to {final}"
    if found.kind == "conflict":
        return f"{span}: an unresolved merge conflict{inside}", (
            "keep what is right of both sides, remove the marker lines, then\n"
            f"git add {shlex.quote(at.path)}"
        )
    if found.kind == "marker":
        return f"{span}: a left-over conflict marker{inside}", "remove it"
    if found.kind == "remove":
        return f"{span}: a left-over{whose} that belongs to nothing", "remove it"
    if found.kind == "double":
        return f"{span}: the same lines stand twice{inside}", "remove them once"
    if found.kind == "version":
        return f"{span}: two versions of the same lines{inside}, one of them left over", (
            "remove the one"
        )
    if found.kind == "litter":
        return f"{span}: pasted along with code, and none itself{inside}", "remove it"
    if found.kind in SIGNS:
        return f"{span}: {SIGNS[found.kind][0]}{inside}", SIGNS[found.kind][1]
    if found.kind == "cut":
        gone = sum(1 for line in found.text.split("\n") if line.strip())
        lines = f"{gone} line{'s' * (gone != 1)} of the last version" if gone else "the rest"
        verb = "is" if gone == 1 or not gone else "are"
        return f"{span}: the file breaks off here{inside}; {lines} {verb} missing", (
            "add them" if gone else "was it written whole? nothing here can tell what is missing"
        )
    if found.kind == "swap":
        return f"{span}: closing signs{whose} in the wrong order", "swap them"
    missing = found.text.strip()
    if found.kind == "restore" and not missing:
        return f"{span}: a sign too many{whose}", "remove it"
    if found.kind == "restore" and found.start < found.end:
        return f"{span}: the last version has {missing!r} here{inside}", "put it back"
    count = missing.count("\n") + 1
    if count > SHOWN or len(missing) > WIDE:
        first = missing.split("\n", 1)[0].strip()[:WIDE]
        return f"{span}: {count} lines{whose} are missing, from {first!r} on", "add them"
    shown = " ".join(missing.split())
    return f"{span}: {shown!r}{whose} is missing", "add it"
