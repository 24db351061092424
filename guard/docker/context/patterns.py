r"""Docker's ignore patterns: what one pattern matches, and what a list of them says of a path.

The algorithm is that of `github.com/moby/patternmatcher`, which Docker from version 23 on, buildx
and compose share, and that of its ancestor in Docker 20.10, podman and buildah. A pattern becomes
a regular expression; which characters it leaves as they are is part of the rules. (The port on
PyPI, `e2b-dockerfile-utils` 0.1.1, differs in escapes such as `\a` and in `|`, and has nothing of
the older rules.)
"""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Callable, Sequence

from guard.docker.context.gomatch import validate
from guard.errors import GuardError
from guard.values import dataclass

ESCAPED = frozenset(".+()$")
"""Special to regular expressions and not to patterns; `|{}` have stayed what they are there."""

MARK = "\ufeff"
"""The byte order mark."""

MEND = "docker refuses this file, too: mend the pattern"

ESCAPED_BEFORE_23 = frozenset(".$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file."""

    text: str
    """The pattern, cleaned, without the `!` of an exception."""

    exception: bool
    """Whether it lets in what earlier patterns keep out."""

    matches: Callable[[str], bool]
    """Whether it matches a path itself, parents aside."""

    @property
    def depth(self) -> int:
        """How many parts it has."""
        return self.text.count("/") + 1


def clean(path: str) -> str:
    """What Go's filepath.Clean makes of a path."""
    return posixpath.normpath(re.sub("/+", "/", path)) if path else "."


def pattern(line: str, *, before_23: bool = False) -> Pattern:
    """The pattern of one cleaned line; a ValueError where docker, too, finds it wrong at once.

    From version 23 on an expression that means nothing fails when it is first needed, which an
    exception behind nothing excluded never is.
    """
    exception = line.startswith("!")
    text = line[1:] if exception else line
    if exception and not text:
        raise ValueError("an exclamation mark alone is no pattern")
    validate(text)
    try:
        found = compiled(text, before_23=before_23)
    except re.error as problem:
        said = f"{text!r} cannot be understood: {problem}"
        if before_23:
            raise ValueError(said) from None
        found = _failing(said)
    return Pattern(text, exception, found)


def compiled(text: str, *, before_23: bool) -> Callable[[str], bool]:
    """Whether a path is matched by one pattern."""
    # Go's scanner, which reads the pattern to make an expression, drops a mark at its start.
    start = len(text) - len(text.removeprefix(MARK))
    expression, how, at, alone = "", "exact", start, False
    escaped = ESCAPED_BEFORE_23 if before_23 else ESCAPED
    while at < len(text):
        first, letter = at == start, text[at]
        at += 1
        if letter == "*" and text[at : at + 1] == "*":
            at += 2 if text[at + 1 : at + 2] == "/" else 1
            if at < len(text):
                expression += "(?:.*/)?"
                how = "regex"
            else:
                expression += ".*"
                how = "prefix" if how == "exact" else "regex"
            how = "suffix" if first else how
        elif letter in "*?":
            expression += "[^/]*" if letter == "*" else "[^/]"
            how = "regex"
        elif letter == "+" and before_23 and expression.endswith(("*", "?", "+")):
            raise re.error("a repetition is repeated")
        elif letter in escaped or (letter == "{" and text[at : at + 1] == ","):
            expression += "\\" + letter
        elif letter == "\\" and at < len(text):
            expression += _escape(text[at])
            at += 1
            how = "regex"
        elif letter == "\\":
            expression, alone = expression + letter, True
        else:
            # Brackets, and `^`, are the regular expression's own.
            expression += letter
            how = "regex" if letter in "[]" else how
    if before_23 or how == "regex":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            # A backslash that is left at the end is one before the `$` that Go would be given.
            end = "$" if alone else "\\Z"
            return _searched(re.compile(f"(?:^){_named(expression)}{end}", re.ASCII))
    return _compared(text, how)


CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
"""What `[:digit:]` and its like stand for between brackets, which Python does not know."""


def _named(expression: str) -> str:
    """The expression with its named classes written out."""
    if "[:" not in expression:
        return expression
    made, at, inside = "", 0, False
    while at < len(expression):
        length = 2 if expression[at] == "\\" else 1
        letter = expression[at : at + length]
        if inside and letter == "[" and (found := re.match(r"\[:(.*?):\]", expression[at:])):
            if found[1] not in CLASSES:
                raise re.error(f"there is no class {found[1]}")
            letter, length = CLASSES[found[1]], len(found[0])
        elif letter in "[]":
            inside = letter == "["
        made, at = made + letter, at + length
    return made


def _failing(said: str) -> Callable[[str], bool]:
    def matches(path: str) -> bool:
        raise GuardError(f"an ignore file's pattern {said}", MEND)

    return matches


def _searched(expression: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda path: expression.search(path) is not None


def _compared(text: str, how: str) -> Callable[[str], bool]:
    if how == "prefix":
        start = text[:-2]
        return lambda path: path.startswith(start)
    if how == "suffix":
        end = text[2:]
        return lambda path: path.endswith(end) or (end.startswith("/") and path == end[1:])
    return lambda path: path == text


def _escape(letter: str) -> str:
    """A backslash and a letter, as Go's regular expressions understand them."""
    if letter == "z":
        return "\\Z"
    if letter == "s":
        return "[\\t\\n\\f\\r ]"
    if letter.isascii() and letter.isalnum() and letter not in "afnrtvdDwWSbBA":
        raise re.error(f"\\{letter} has no meaning")
    return re.escape(letter) if not letter.isalnum() else "\\" + letter


class Matcher:
    """A list of patterns, as Docker from version 23 on, buildx and compose read it.

    What a pattern said of a folder holds for all below it.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns
        self._folders: dict[str, tuple[bool, tuple[bool, ...]]] = {}
        self._nothing = (False,) * len(patterns)

    def excludes(self, path: str) -> bool:
        """Whether the patterns keep `path` out."""
        parent = path.rpartition("/")[0]
        above = self._folder(parent)[1] if parent else self._nothing
        excluded = False
        for pattern, hit in zip(self.patterns, above, strict=True):
            if hit or (pattern.exception == excluded and pattern.matches(path)):
                excluded = not pattern.exception
        return excluded

    def excludes_folder(self, path: str) -> bool:
        """The same of a folder, remembered."""
        return self._folder(path)[0]

    def _folder(self, path: str) -> tuple[bool, tuple[bool, ...]]:
        found = self._folders.get(path)
        if found is None:
            found = self._folders[path] = self._judged(path)
        return found

    def _judged(self, path: str) -> tuple[bool, tuple[bool, ...]]:
        parent = path.rpartition("/")[0]
        above = self._folder(parent)[1] if parent else ()
        excluded, each = False, []
        for number, pattern in enumerate(self.patterns):
            hit = bool(above) and above[number]
            if not hit and pattern.exception == excluded:
                hit = pattern.matches(path)
            each.append(hit)
            if hit:
                excluded = not pattern.exception
        return excluded, tuple(each)


class OldMatcher:
    """A list of patterns, as Docker 20.10, podman and buildah read it.

    Of the folders above a path only the one is asked that is as deep as the pattern.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns

    def excludes(self, path: str) -> bool:
        """Whether the patterns keep `path` out."""
        excluded = False
        parents = path.split("/")[:-1]
        for pattern in self.patterns:
            hit = pattern.matches(path)
            if not hit and parents and pattern.depth <= len(parents):
                hit = pattern.matches("/".join(parents[: pattern.depth]))
            if hit:
                excluded = not pattern.exception
        return excluded

    def excludes_folder(self, path: str) -> bool:
        """The same of a folder."""
        return self.excludes(path)
