"""The forms in which Python can be a pattern: statements, open ones, or a part of one alone."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from typing import Any

from guard.fixes.matching.nodes import Block, Entry, rebuilt
from guard.fixes.matching.notation import DOTS


def parse(text: str) -> ast.Module:
    """The tree of a pattern's text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as problem:
            raise SyntaxError(str(problem)) from None


Attempt = tuple[str, Any]


def module(text: str, source: str) -> Attempt:
    """A pattern that is statements, or an expression."""
    return text, Block(body=rebuilt(parse(text)).body)


def grouped(text: str, source: str) -> Attempt:
    """An expression that stands alone only in parentheses: `$X := f()`."""
    if "\n" in text:
        raise SyntaxError
    return module(f"({text})", source)


def open_statement(text: str, source: str) -> Attempt:
    """`if $X:`, `def f(...):` without a body: any."""
    if not text.endswith(":"):
        raise SyntaxError
    return module(text + " " + DOTS, source)


def open_try(text: str, source: str) -> Attempt:
    """`try: …` without handlers: any."""
    if not text.startswith("try"):
        raise SyntaxError
    body = text + " " + DOTS if text.endswith(":") else text
    written, root = module(f"{body}\nexcept {DOTS}: {DOTS}", source)
    root.body[0].open = True
    return written, root


def open_match(text: str, source: str) -> Attempt:
    """`match $X: ...`, and `...` among the cases: any."""
    first, *lines = text.split("\n")
    if not first.startswith("match"):
        raise SyntaxError
    any_case = f"case {DOTS}: {DOTS}"
    first = re.sub(rf":\s*{DOTS}$", f":\n {any_case}", first)
    indent = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    lines = [x[:indent] + any_case if x[indent:] == DOTS else x for x in lines]
    return module("\n".join([first, *lines]), source)


def handler(text: str, source: str) -> Attempt:
    """`except $E: …` alone."""
    if not text.startswith("except"):
        raise SyntaxError
    body = text + " " + DOTS if text.endswith(":") else text
    whole = f"try: {DOTS}\n{body}"
    statement = rebuilt(parse(whole)).body[0]
    if len(statement.handlers) != 1 or statement.orelse or statement.finalbody:
        raise SyntaxError
    return whole, statement.handlers[0]


def single_entry(text: str, source: str) -> Attempt:
    """`"key": value` alone."""
    whole = "{" + text + "\n}"
    tree = parse(whole)
    literal = tree.body[0].value if isinstance(tree.body[0], ast.Expr) else None
    if not isinstance(literal, ast.Dict) or len(literal.keys) != 1 or literal.keys[0] is None:
        raise SyntaxError
    entry = Entry(key=rebuilt(literal.keys[0]), value=rebuilt(literal.values[0]))
    start, end = literal.keys[0], literal.values[0]
    entry.lineno, entry.col_offset = start.lineno, start.col_offset
    entry.end_lineno, entry.end_col_offset = end.end_lineno, end.end_col_offset
    return whole, entry


def decorator(text: str, source: str) -> Attempt:
    """`@d(...)` alone: any function that has it."""
    if not text.startswith("@"):
        raise SyntaxError
    return module(f"{text}\ndef _guard_1__({DOTS}): {DOTS}", source)


FORMS: tuple[Callable[[str, str], Attempt], ...] = (
    module,
    grouped,
    open_statement,
    open_try,
    open_match,
    handler,
    single_entry,
    decorator,
)
"""Each makes a program of the text of a pattern, with its tree; a SyntaxError where it cannot."""
