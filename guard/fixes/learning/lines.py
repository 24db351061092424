"""Learns from files that are no Python: a rule about the very lines that a fix changed.

JavaScript becomes a pattern, so that layout does not matter; what is no whole piece of code, and
every other file, becomes a regular expression for the lines. Such a rule is about the file of
the fix only.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from guard.errors import ConfigError
from guard.fixes.learning.file import Value, glob, written
from guard.fixes.learning.sample import Fix
from guard.fixes.matching.pattern import TooMuchWork, Unreadable
from guard.fixes.proof import failures
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule, concerned
from guard.fixes.rulefile import parse
from guard.fixes.search import forbidden
from guard.values import dataclass

LONGEST = 6
"""A rule about more lines would be broken by the next edit."""

SCRIPT = (".js", ".mjs", ".cjs", ".jsx")

PROSE = re.compile(r"\s*(#|//|/\*|\*|<!--|--|;|rem\b|$)", re.IGNORECASE)
"""How a line begins that is empty or a comment, in whatever language."""

RELEASE = re.compile(r"""["']?(\w*[._-])?version["']?\s*[:=]\s*["']?v?\d[\w.+-]*["']?,?""", re.I)
"""A line that only says which version this is."""

METAVARIABLE = re.compile(r"\$\.\.\.|\$[A-Z_]|\.\.\.")
"""What is code in JavaScript and more than that in a pattern."""


@dataclass(frozen=True)
class Hunk:
    """Lines that a fix changed, without their line ends."""

    old: tuple[str, ...]
    """What stood there; empty where the fix only inserted."""

    new: tuple[str, ...]
    """What stands there now; empty where it only took out."""

    line: int
    """Number of the first of the old lines, or of the line that the new ones stand before."""

    near: str = ""
    """A line of code beside it that the fix has left."""

    lead: tuple[str, ...] = ()
    """The line right before it, which the fix has left."""

    symbol = ""
    """Of lines it is not known in what function they stand."""


@dataclass(frozen=True)
class Text:
    """One file that is no Python and that a fix changed."""

    path: str
    """Where it is after the fix."""

    before: bytes
    after: bytes
    fix: Fix

    @cached_property
    def unreadable(self) -> str:
        """Why the file cannot be read; empty where it can."""
        for content in (self.before, self.after):
            try:
                content.decode()
            except UnicodeDecodeError:
                return "it is not UTF-8"
            if b"\0" in content:
                return "it is no text"
        return ""

    @cached_property
    def sites(self) -> list[Hunk]:
        """What the fix changed: no comments, empty lines, indentation or versions."""
        return [hunk for hunk in hunks(self.before.decode(), self.after.decode()) if telling(hunk)]


def hunks(before: str, after: str) -> Iterator[Hunk]:
    """How two texts differ, line by line."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            around = [*reversed(new[:j]), *new[j_end:]]
            near = next((line for line in around if not PROSE.match(line)), "")
            lead = tuple(line for line in old[:i][-1:] if not PROSE.match(line))
            yield Hunk(tuple(old[i:i_end]), tuple(new[j:j_end]), i + 1, near, lead)


def telling(hunk: Hunk) -> bool:
    """Whether a change is one that could be a fix."""
    old, new = ([line.strip() for line in side if not PROSE.match(line)] for side in bare(hunk))
    return old != new and not all(RELEASE.fullmatch(line) for line in (*old, *new))


def bare(hunk: Hunk) -> tuple[Sequence[str], Sequence[str]]:
    """Both sides of a change."""
    return hunk.old, hunk.new


def covered(rule: Rule, text: Text, hunk: Hunk) -> bool:
    """Whether a rule that another change taught is about this one as well."""
    try:
        old = rule.language.read(text.before)
        found = forbidden(rule, old) if concerned(rule, [text.path]) else []
    except (Unreadable, TooMuchWork):
        return False
    return any(touches(match, old, hunk) for _, match in found)


def proposed(text: Text, hunk: Hunk, file: str) -> tuple[Rule | None, str]:
    """The rule for one change, to be written to `file`; None and the reason where none holds."""
    if len(hunk.old) > LONGEST or len(hunk.new) > LONGEST:
        return None, f"more than {LONGEST} lines were changed in one place"
    wanted = [line for line in hunk.old or hunk.new if not PROSE.match(line)]
    if not any(re.search(r"\w{3}", line) and len(line.strip()) > 5 for line in wanted):
        return None, "the lines say too little to tell a mistake by"
    reason = "the same lines also stand where they are right"
    # Where the lines alone do not tell, the line before may.
    for table in (*tables(text, hunk, ()), *(tables(text, hunk, hunk.lead) if hunk.lead else ())):
        try:
            rule = parse(file, written(table, {}).encode())
            if holds(rule, text, hunk):
                if not failures(rule):
                    return rule, ""
                reason = "its lines alone do not prove it"
        except ConfigError as problem:
            reason = problem.message.partition("\n")[0]
        except (Unreadable, TooMuchWork):
            continue
    return None, reason


def tables(text: Text, hunk: Hunk, lead: Sequence[str]) -> Iterator[dict[str, Value]]:
    """The rules that a change could become, the best first; `lead` is a line before it."""
    before, after = (*lead, *hunk.old), (*lead, *hunk.new)
    old, new = block(before) if hunk.old else "", block(after) if hunk.new else ""
    about: dict[str, Value] = {
        "why": text.fix.subject or "say here what goes wrong without it",
        "incident": text.fix.incident,
        "commit": text.fix.commit,
        "paths": [glob(text.path)],
    }
    bad, good = (old, new or hunk.near) if old else (hunk.near, new)
    examples: dict[str, Value] = {"bad": bad, "good": good}
    if text.path.lower().endswith(SCRIPT) and not METAVARIABLE.search(old + new):
        script = {**about, "language": "javascript"}
        if old and new:
            yield {**script, "forbid": old, "replace": new, **examples}
        yield {**script, **({"forbid": old} if old else {"require": new}), **examples}
    plain = {**about, "language": "text"}
    if not old:
        yield {**plain, "require": expression(after), **examples}
        return
    if new and not (len(after) > 1 and b"\r\n" in text.before):
        mend = replacement(before, after)
        yield {**plain, "forbid": expression(before), "replace": mend, **examples}
    yield {**plain, "forbid": expression(before), **examples}


def block(lines: Sequence[str]) -> str:
    """Lines without the indentation that they share."""
    return textwrap.dedent("\n".join(lines)).strip("\n")


def shared(lines: Sequence[str]) -> str:
    """The indentation that lines share."""
    indents = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    low, high = min(indents, default=""), max(indents, default="")
    ends = (n for n, both in enumerate(zip(low, high, strict=False)) if both[0] != both[1])
    return low[: next(ends, len(low))]


def expression(lines: Sequence[str]) -> str:
    """A regular expression for lines, wherever they are indented; space in them is any space."""
    found, indent = [], shared(lines)
    for number, line in enumerate(lines):
        own = line.removeprefix(indent).rstrip()
        words = r"[ \t]+".join(escaped(word) for word in re.split(r"[ \t]+", own))
        lead = "(?P<INDENT>[ \\t]*)" if number == 0 else "(?P=INDENT)"
        found.append((lead if own else "") + words)
    return "^" + r"[ \t]*\r?\n".join(found) + r"(?=[ \t]*\r?$)"


def escaped(word: str) -> str:
    """A word as an expression; `-` stays, which means itself here."""
    return re.escape(word).replace(r"\-", "-")


def replacement(old: Sequence[str], new: Sequence[str]) -> str:
    """The new lines, indented as the old ones were found."""
    indent = shared(old)
    lines = [line.removeprefix(indent).rstrip().replace("\\", r"\\") for line in new]
    return "\n".join(rf"\g<INDENT>{line}" if line else "" for line in lines)


def holds(rule: Rule, text: Text, hunk: Hunk) -> bool:
    """Whether a rule tells the file before the fix from the file after it."""
    old, new = rule.language.read(text.before), rule.language.read(text.after)
    if rule.require:
        return all(p.find(new) and not p.find(old) for p in rule.require)
    found = forbidden(rule, old)
    if forbidden(rule, new) or not any(touches(match, old, hunk) for _, match in found):
        return False
    if rule.replace is None:
        return True
    patches = repairs(rule, found, old)
    if not all(patches):
        return False
    mended = patched(old.text, [p for each in patches for p in each])
    whole = [words(one) for one in hunks(text.before.decode(), text.after.decode())]
    left = [words(one) for one in hunks(mended, text.after.decode())]
    return words(hunk) not in left and all(one in whole for one in left)


def words(hunk: Hunk) -> tuple[str, str]:
    """Both sides of a change, whatever its layout."""
    old, new = ("".join("".join(side).split()) for side in bare(hunk))
    return old, new


def touches(match: Any, file: Any, hunk: Hunk) -> bool:
    """Whether a match lies in the old lines of a change."""
    at = file.lines.location("", match.start, match.end)
    return bool(hunk.line - len(hunk.lead) <= at.line < hunk.line + len(hunk.old))
