"""Code that stands alone in a rule file or a pattern: statements, an expression, a dict entry."""

from __future__ import annotations

import ast
import textwrap

from guard.fixes.matching.text import Python, Unreadable


def example(text: str) -> Python:
    """An example, parsed; a dict entry alone as if in a dict. Unreadable where it is no code."""
    text = textwrap.dedent(text).strip("\n") + "\n"
    problem: Unreadable | None = None
    for attempt in (text, "{" + text + "}", "def f():\n" + textwrap.indent(text, "    ")):
        try:
            return Python.read(attempt.encode())
        except Unreadable as error:
            problem = problem or error
    assert problem is not None
    raise problem


def equal(one: str, other: str) -> bool:
    """Whether two pieces of code are the same up to formatting; False where one is no code."""
    try:
        return ast.dump(example(one).tree) == ast.dump(example(other).tree)
    except Unreadable:
        return False
