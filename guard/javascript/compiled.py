"""What no engine reads and compilers do: decorators, and the imports in blocks of Meteor."""

from __future__ import annotations

import re

from guard.javascript.early import GAP
from guard.javascript.outcome import Goal, Outcome
from guard.javascript.tokens import Token, tokens
from guard.javascript.verdict import parse

IMPORT = re.compile(r"""import\s+(?:[\w$*{}\s,]+?\s+from\s*)?(?:"[^"\n]*"|'[^'\n]*')""")

BEFORE = re.compile(rf"{GAP}(?=import\b)", re.DOTALL)

IMPORTS = 200
"""How many imports are taken out of blocks before a file is given up."""


def unnested(text: str) -> Outcome:
    """The outcome for a module whose blocks import as well, read without these imports."""
    outcome = parse(text, Goal.MODULE)
    for _ in range(IMPORTS):
        if outcome.problem is None:
            break
        # In a block the parser stops behind the word, in a function before what is before it.
        stopped = outcome.problem.offset
        ahead = BEFORE.match(text, stopped)
        at = ahead.end() if ahead is not None else text.rfind("import", 0, stopped + len("import"))
        found = IMPORT.match(text, at) if at >= 0 else None
        if found is None or found.end() < stopped:
            break
        text = text[:at] + blank(found[0]) + text[found.end() :]
        outcome = parse(text, Goal.MODULE)
    return outcome


def undecorated(text: str) -> str:
    """The text with what looks like the decorators of classes and their members blank."""
    stream = tokens(text)
    pieces, done = [], 0
    for index, token in enumerate(stream):
        if token.start >= done and token.text.startswith("@"):
            end = decorator_end(stream, index)
            pieces += [text[done : token.start], blank(text[token.start : end])]
            done = end
    return "".join([*pieces, text[done:]])


def decorator_end(stream: list[Token], index: int) -> int:
    """Where the decorator ends that begins with a token: `@a.b`, `@a(…)` or `@(…)`."""
    end = stream[index].end
    level, named = 0, stream[index].text != "@"
    for token in stream[index + 1 :]:
        if not level and not (
            token.text in (".", "(") if named else token.kind == "word" or token.text == "("
        ):
            break
        level += {"open": 1, "close": -1}.get(token.kind, 0)
        end = token.end
        if not level:
            if token.kind == "close":
                break
            named = token.text != "."
    return end


def blank(text: str) -> str:
    """Spaces for all but what ends a line in JavaScript: a semicolon may be left out there."""
    return re.sub(r"[^\r\n\u2028\u2029]", " ", text)
