"""Patterns: compiled from text once, then found in files.

pattern = compile('"ipv6": $X if $X is not None else None')
for match in pattern.find(read(content)):
    match.start, match.end, match.bindings["X"]
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guard.errors import ConfigError
from guard.fixes.matching.env import Content, Env, Ident, bindings
from guard.fixes.matching.forms import FORMS
from guard.fixes.matching.handlers import HANDLERS
from guard.fixes.matching.match import Run, TooMuchWork, match
from guard.fixes.matching.nodes import AnyText, Block, Deep, Dots, One, Typed
from guard.fixes.matching.notation import python
from guard.fixes.matching.text import Python, Unreadable
from guard.values import dataclass, field

__all__ = ["Match", "Pattern", "PatternError", "TooMuchWork", "Unreadable", "compile", "read"]

STEPS_A_PLACE = 20_000
"""Comparisons of two nodes allowed from one starting place: about 50 ms."""

STEPS_A_NODE, STEPS_AT_LEAST = 20, 300_000
"""Comparisons allowed for a whole file, by its size."""


class PatternError(ConfigError):
    """A pattern that is no code, or that would match everything."""


@dataclass(frozen=True, slots=True)
class Match:
    """One place in a file that a pattern describes."""

    start: int
    """Offset of its first character in the file's text."""

    end: int
    """Offset behind its last character."""

    bindings: Mapping[str, str]
    """For each metavariable the text it stands for."""

    env: Env = field(repr=False, compare=False)
    """All that the match found, for repairs."""

    node: Any = field(repr=False, compare=False)
    """The node, or list of statements, where it begins."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern of one language."""

    source: str
    """As it was written."""

    text: str
    """As Python parses it: the positions of the nodes below refer to this."""

    root: Any
    """The pattern's tree."""

    def find(self, file: Python, env: Env = None, kinds: Any = None) -> list[Match]:
        """Every place in `file`, in reading order, one match for each.

        With `env`, only matches whose metavariables agree with it. TooMuchWork where there are
        too many ways to try.
        """
        found: list[Match] = []
        total = max(STEPS_AT_LEAST, STEPS_A_NODE * file.count)
        for start, node in file.places(self.root):
            run = Run(HANDLERS, min(STEPS_A_PLACE, total))
            result = next(match(self.root, node, env, run), None)
            total -= STEPS_A_PLACE - run.left
            if total < 0:
                raise TooMuchWork
            if result is not None:
                found.append(matched(self, file, start, node, result))
        return distinct(found)

    @property
    def metavariables(self) -> frozenset[str]:
        """The names of the metavariables, `_` left out."""
        return frozenset(variables(self.root)) - {"_", ""}


def distinct(found: Sequence[Match]) -> list[Match]:
    """Sorted, without second matches of the same region."""
    unique: dict[tuple[int, int], Match] = {}
    for one in found:
        unique.setdefault((one.start, one.end), one)
    return sorted(unique.values(), key=lambda m: (m.start, -m.end))


def matched(pattern: Pattern, file: Python, start: Any, node: Any, env: Env) -> Match:
    """A match with its region and the texts of its metavariables."""
    begin, end = region(pattern, file, node, env) if isinstance(node, list) else file.span(node)
    texts = {name: shown(value, file) for name, value in bindings(env).items() if name is not None}
    return Match(begin, end, texts, env, node)


def region(pattern: Pattern, file: Python, node: Any, env: Env) -> tuple[int, int]:
    """From the first to the last statement that a sequence met."""
    met = []
    cell = env
    body = {id(p) for p in pattern.root.body}
    while cell is not None:
        if id(cell[0]) in body and isinstance(cell[1], ast.AST):
            met.append(file.span(cell[1]))
        cell = cell[2]
    return min(m[0] for m in met), max(m[1] for m in met)


def shown(value: Any, file: Python) -> str:
    """The text of what a metavariable stands for."""
    if isinstance(value, (Ident, Content)):
        return value.text
    if isinstance(value, list):
        if not value:
            return ""
        spans = [file.span(v) for v in value if hasattr(v, "lineno")]
        return file.text[min(s for s, _ in spans) : max(e for _, e in spans)] if spans else ""
    if hasattr(value, "lineno"):
        return file.source(value)
    # What a `with` of several managers does behind the first stands in no one place.
    inner = isinstance(value, (ast.With, ast.AsyncWith))
    return ast.unparse(ast.Module(value.body, []) if inner else value)


def read(content: bytes | str) -> Python:
    """A file to find patterns in; Unreadable where it cannot be parsed."""
    return Python.read(
        content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    )


def compile(source: str) -> Pattern:  # noqa: A001
    """The pattern written in `source`; a PatternError says what is wrong with it."""
    pattern = template(source)
    check(pattern.root, source)
    return pattern


def template(source: str) -> Pattern:
    """Like `compile`, for what is written and not looked for: it may be a hole alone."""
    text = textwrap.dedent(source).strip()
    if not text:
        raise PatternError("a pattern is empty")
    problem: SyntaxError | None = None
    for form in FORMS:
        try:
            written, root = form(python(text), text)
        except SyntaxError as error:
            problem = problem or error
            continue
        return Pattern(source, written, simplified(root))
    assert problem is not None
    raise PatternError(
        f"this pattern is not python: {problem.msg}\n{textwrap.indent(text, '    ')}",
        "a pattern is code with $X, $...XS and ... in it",
    )


def simplified(root: Any) -> Any:
    """A single statement or expression by itself; dots at the ends of a sequence say nothing."""
    if not isinstance(root, Block):
        return root
    body = root.body
    while len(body) > 1 and is_dots(body[0]):
        body = body[1:]
    while len(body) > 1 and is_dots(body[-1]):
        body = body[:-1]
    if len(body) > 1:
        return Block(body=body)
    only: Any = body[0] if body else None
    while isinstance(only, (ast.Expr, Deep)):
        only = only.value if isinstance(only, ast.Expr) else only.inner
    return only


def is_dots(statement: ast.stmt) -> bool:
    """Whether a statement is nothing but dots."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, Dots)


def check(root: Any, source: str) -> None:
    """A PatternError for what would match everything or nothing."""
    if root is None or isinstance(root, (One, Dots)):
        raise PatternError(
            f"the pattern {source.strip()!r} matches everything",
            "anchor it: a call, a comparison, an assignment, a dict entry",
        )
    for node in below(root):
        if isinstance(node, AnyText) and node.regex:
            try:
                re.compile(node.regex)
            except re.error as problem:
                raise PatternError(f"{node.regex!r} is no regular expression: {problem}") from None


def below(root: Any) -> Iterator[Any]:
    """A node of a pattern and all that is in it."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


def children(node: Any) -> Iterator[Any]:
    """The nodes directly below a pattern node."""
    for name in node._fields:
        value = getattr(node, name, None)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield item


def variables(root: Any) -> Iterator[str]:
    """The metavariables of a pattern, again for each time they stand in it."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, (One, Dots, Typed, AnyText)):
            yield node.name
        for name in node._fields:
            value = getattr(node, name, None)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str) and item.startswith(("_guard_1_", "_guard_n_")):
                    yield item[len("_guard_1_") :]
        stack += children(node)
