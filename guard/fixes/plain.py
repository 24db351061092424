"""Any other text for fixes: a pattern is a regular expression, its named groups the holes.

The `regex` package and not `re`: it understands the same expressions and can be told to give up.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guard.ends import common_ends
from guard.finding import Lines
from guard.fixes.matching.env import MISSING, Env, Ident, lookup
from guard.fixes.matching.pattern import Match, PatternError, TooMuchWork
from guard.fixes.mending.patch import Patch
from guard.fixes.seen import Need, said

SECONDS = 1.0
"""How long one pattern may search one file."""


@dataclass
class Text:
    """One file."""

    content: bytes
    """What is stored."""

    @cached_property
    def text(self) -> str:
        """The content as the rest of guard sees it."""
        return self.content.decode("utf-8", "surrogateescape")

    @cached_property
    def lines(self) -> Lines:
        """Lines of the text."""
        return Lines(self.text)


@dataclass(frozen=True)
class Expression:
    """A compiled regular expression."""

    source: str
    """As it was written."""

    compiled: Any
    """What `regex` made of it."""

    def find(self, file: Text, env: Env = None) -> list[Match]:
        """Every match that is not empty; TooMuchWork where the search takes too long."""
        found = []
        try:
            for match in self.compiled.finditer(file.text, timeout=SECONDS):
                groups = {k: v for k, v in match.groupdict().items() if v is not None}
                agree = all(lookup(env, k) in (MISSING, Ident(v)) for k, v in groups.items())
                if match.end() > match.start() and agree:
                    cells: Env = (match, match, None)
                    for name, text in groups.items():
                        cells = (name, Ident(text), cells)
                    found.append(Match(match.start(), match.end(), groups, cells, match))
        except TimeoutError:
            raise TooMuchWork from None
        return found

    @property
    def metavariables(self) -> frozenset[str]:
        """The named groups."""
        return frozenset(self.compiled.groupindex)


@dataclass(frozen=True)
class Replacement:
    """What is written instead: text, with named groups as `re` writes them."""

    source: str
    """As it was written."""

    @property
    def metavariables(self) -> frozenset[str]:
        """The named groups that it needs."""
        import re

        return frozenset(re.findall(r"\\g<([^\W\d]\w*)>", self.source))


def compile(source: str) -> Expression:  # noqa: A001
    """The regular expression in `source`; a PatternError says what is wrong with it."""
    import regex

    try:
        compiled = regex.compile(source, regex.MULTILINE)
    except regex.error as problem:
        raise PatternError(f"this is no regular expression: {problem}") from None
    if compiled.fullmatch(""):
        raise PatternError(f"the pattern {source!r} matches everything")
    return Expression(source, compiled)


def template(source: str) -> Replacement:
    """The text that is written instead."""
    return Replacement(source)


def read(content: bytes) -> Text:
    """A file; any is text."""
    return Text(content)


def patches(pattern: Expression, replacement: Replacement, match: Match, file: Text) -> list[Patch]:
    """The patch for one match, only of what differs."""
    old, new = file.text[match.start : match.end], match.node.expand(replacement.source)
    head, tail = common_ends(old, new)
    return [Patch(match.start + head, match.end - tail, new[head : len(new) - tail])]


def needs(pattern: Expression) -> tuple[Need, ...]:
    """The longest text that every match contains; none where that cannot be told."""
    try:
        from re import _parser  # type: ignore[attr-defined]

        parsed = _parser.parse(pattern.source)
    except Exception:  # what only `regex` understands, or a Python without this module
        return ()
    if parsed.state.flags & 2:  # IGNORECASE
        return ()
    runs = [need.text for run in literal_runs(parsed) for need in said(run)]
    return tuple(Need(run) for run in sorted(runs, key=len, reverse=True)[:1])


def literal_runs(parsed: Any) -> Iterator[str]:
    """Letters that stand one after another in every match."""
    run = ""
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL" and chr(argument).isprintable():
            run += chr(argument)
            continue
        yield run
        run = ""
        if name == "SUBPATTERN" and not argument[1] & 2:
            yield from literal_runs(argument[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] >= 1:
            yield from literal_runs(argument[2])
    yield run


def definitions(file: Text) -> Iterator[tuple[tuple[str, ...], str, int, int]]:
    """Nothing is known of functions in text."""
    yield from ()


def comments(file: Text) -> int:
    """Nothing is known of comments in text."""
    return 0


def example(text: str) -> Text:
    """An example of a rule file, without the indentation it has there."""
    return Text((textwrap.dedent(text).strip("\n") + "\n").encode("utf-8", "surrogateescape"))


def equal(one: str, other: str) -> bool:
    """Whether two texts are the same."""
    return one.strip() == other.strip()
