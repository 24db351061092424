"""Which stretches of a text are strings: what looks like a comment in there is none."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Callable, Iterator

from guard.finding import Lines

SCRIPTS = (".js", ".mjs", ".cjs", ".jsx")
PAGES = (".html", ".htm", ".vue", ".svelte")
PYTHON = (".py", ".pyi")


def in_string(path: str, text: str) -> Callable[[int], bool]:
    """Whether an offset of `text` lies in a string, by the language that the path tells.

    Known of JavaScript, alone or in a page, and of Python. Of other texts nothing is a string.
    """
    name = path.lower()
    if name.endswith(SCRIPTS):
        spans = [*literals(text)]
    elif name.endswith(PAGES):
        spans = [*embedded(path, text)]
    elif name.endswith(PYTHON):
        spans = [*strings(text)]
    else:
        return lambda offset: False
    starts = [start for start, _ in spans]

    def inside(offset: int) -> bool:
        found = bisect_right(starts, offset) - 1
        return found >= 0 and offset < spans[found][1]

    return inside


def literals(text: str) -> Iterator[tuple[int, int]]:
    """The strings, regular expressions and texts of templates in JavaScript, as offsets."""
    from guard.javascript.tokens import tokens

    for token in tokens(text):
        if token.kind in ("string", "half", "regex", "template"):
            yield token.start, token.end


def embedded(path: str, text: str) -> Iterator[tuple[int, int]]:
    """The same in the script blocks of a page or component."""
    from guard.javascript.hosts import blocks

    for block in blocks(path, text):
        if not block.places:
            for start, end in literals(block.text):
                yield block.start + start, block.start + end


def strings(text: str) -> Iterator[tuple[int, int]]:
    """The strings in Python, as offsets; up to where it can be read at all."""
    import token
    import tokenize

    lines = Lines(text)
    # f-strings are one token before Python 3.12, and several since.
    opens = getattr(token, "FSTRING_START", -1)
    closes = getattr(token, "FSTRING_END", -1)
    depth, begun = 0, 0
    try:
        for found in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            start = lines.offset(found.start[0], found.start[1] + 1)
            end = lines.offset(found.end[0], found.end[1] + 1)
            if found.type == opens:
                begun = start if not depth else begun
                depth += 1
            elif found.type == closes:
                depth -= 1
                if not depth:
                    yield begun, end
            elif found.type == token.STRING and not depth:
                yield start, end
    except (tokenize.TokenError, SyntaxError, ValueError):
        return
