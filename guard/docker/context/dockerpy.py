"""The ignore rules of docker-py, by which docker-compose 1 sends a context to the engine itself.

They are a reading of their own: letters of either case are the same, `!` negates a bracket, a
backslash is a letter like any other, and no pattern is wrong.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator

from guard.docker.context.patterns import Pattern


def lines(text: str) -> list[str]:
    """The lines of an ignore file; a byte order mark stays part of the first."""
    return text.splitlines()


def patterns(given: Iterable[str], always: Iterable[str]) -> Iterator[Pattern]:
    """The patterns of an ignore file; paths that are sent in any case are exceptions at the end."""
    stripped = [line.strip() for line in given]
    said = [line for line in stripped if line and not line.startswith("#")]
    for line in [*said, *(f"!{path}" for path in always)]:
        text = cleaned(line.removeprefix("!"))
        if text:
            yield Pattern(text, line.startswith("!"), matching(text))


def cleaned(path: str) -> str:
    """A pattern's parts: empty ones and `.` dropped, each `..` with what is before it."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def matching(text: str) -> Callable[[str], bool]:
    """Whether a path is what a pattern means."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            found = re.compile(expression(text.lower()))
        except re.error as problem:
            raise ValueError(f"{text!r} cannot be understood: {problem}") from None
    return lambda path: found.match(path.lower()) is not None


def expression(text: str) -> str:
    """A pattern as a regular expression."""
    made, at = "", 0
    while at < len(text):
        letter, rest = text[at], text[at + 1 :]
        if letter == "*" and rest.startswith("*"):
            at += 3 if rest.startswith("*/") else 2
            made += "(.*/)?" if at < len(text) else ".*"
            continue
        at += 1
        end = text.find("]", at + 1 + rest.startswith(("!", "!]"))) if letter == "[" else -1
        if end > 0:
            inside = text[at:end].replace("\\", "\\\\")
            if inside.startswith(("!", "^")):
                inside = ("^" if inside[0] == "!" else "\\^") + inside[1:]
            made, at = f"{made}[{inside}]", end + 1
        elif letter in "*?":
            made += "[^/]*" if letter == "*" else "[^/]"
        else:
            made += re.escape(letter)
    return f"{made}$"
