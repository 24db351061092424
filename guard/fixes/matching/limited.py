"""Searches for an expression that give up after a while: some explode on a short text already.

The `regex` package and not `re`: it understands the same expressions and can be told to give up.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from guard.fixes.matching.match import TooMuchWork

SECONDS = 1.0
"""How long one expression may search one text."""


def contains(expression: str, text: str) -> bool:
    """Whether an expression is found in a text; TooMuchWork where that takes too long."""
    try:
        return compiled(expression).search(text, timeout=SECONDS) is not None
    except TimeoutError:
        raise TooMuchWork from None


@cache
def compiled(expression: str) -> Any:
    """The compiled expression, which is known to be one."""
    import regex

    return regex.compile(expression)
