"""Turns a pattern, which is Python with `$X` and `...` in it, into text that Python can parse.

The notation is Semgrep's. `$X` becomes an identifier with a reserved prefix, `...` one of several
stand-ins that are legal where it stands: a name, `*name` behind a keyword argument, `**name`
among the entries of a dict, a parameter with a default behind one that has a default.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

ONE, MANY, DOTS, DEEP, TYPED = "_guard_1_", "_guard_n_", "_guard_dots_", "_guard_in_", "_guard_is_"

METAVARIABLE = re.compile(r"(?<!\w)\$(\.\.\.)?([A-Z_][A-Z_0-9]*)(?!\w)")
STRING = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
TYPED_ONE = re.compile(r"\(\s*\$([A-Z_][A-Z_0-9]*)\s*:(?!=)")
ARGUMENT_OF_TYPE = re.compile(r"\$([A-Z_][A-Z_0-9]*)\s*:(?!=)")
WORD = re.compile(r"[^\W\d]\w*")
KEYWORDS = frozenset([*keyword.kwlist, "match", "case"])


@dataclass(slots=True)
class Bracket:
    """What encloses the place that is being read."""

    kind: str
    """`call`, `params`, `dict`, `deep`, `typed`, or anything else."""

    named: bool = False
    """Whether a keyword argument, or a parameter with a default, has been seen."""

    starred: bool = False
    """Whether a `*` or `**` has been seen."""

    doubled: bool = False
    """Whether a `**` has been seen."""


def python(source: str) -> str:
    """The pattern as text for Python's parser; what it cannot be is left for that to say."""
    out: list[str] = []
    inside = [Bracket("")]
    at = 0
    while at < len(source):
        at = step(source, at, out, inside)
    return "".join(out)


def step(source: str, at: int, out: list[str], inside: list[Bracket]) -> int:
    """Reads one token at `at`, writes what stands for it, and returns where the next begins."""
    here, rest = inside[-1], source[at : at + 5]
    if source[at] == "#":
        end = source.find("\n", at)
        return emit(out, source, at, len(source) if end < 0 else end)
    if (string := STRING.match(source, at)) and not (at and source[at - 1].isalnum()):
        return copy_string(source, at, string, out)
    if here.kind == "call" and (found := ARGUMENT_OF_TYPE.match(source, at)):
        end = end_of_argument(source, found.end())
        out.append(f"{TYPED}({ONE}{found[1]}, {python(source[found.end() : end].strip())})")
        return end
    if found := METAVARIABLE.match(source, at):
        out.append(stand_in(MANY + found[2], out, here) if found[1] else ONE + found[2])
        return found.end()
    if rest.startswith("...>") and any(b.kind == "deep" for b in inside):
        inside.pop()
        out.append(")")
        return at + 4
    if rest == ".....":
        out.append(f".{DOTS}.")
        return at + 5
    if rest.startswith("..."):
        out.append(stand_in(DOTS, out, here))
        return at + 3
    if rest.startswith("<..."):
        inside.append(Bracket("deep"))
        out.append(f"{DEEP}(")
        return at + 4
    if word := WORD.match(source, at):
        if word[0] == "lambda":
            inside.append(Bracket("params lambda"))
        return emit(out, source, at, word.end())
    if source[at] in "([{":
        return opened(source, at, out, inside)
    punctuation(source, at, inside)
    return emit(out, source, at, at + 1)


def punctuation(source: str, at: int, inside: list[Bracket]) -> None:
    """Notes what a character that is no token of its own says about the bracket around it."""
    here, character = inside[-1], source[at]
    if (character in ")]}" and len(inside) > 1) or (
        character == ":" and here.kind == "params lambda"
    ):
        inside.pop()
    elif character == "=" and source[at + 1 : at + 2] != "=" and source[at - 1] not in "=!<>:":
        here.named = True
    elif character == "*":
        here.starred = True
        here.doubled |= source[at - 1 : at] == "*"


def end_of_argument(source: str, at: int) -> int:
    """Where the argument that is being read at `at` ends: at a comma, or what closes the call."""
    depth = 0
    while at < len(source):
        if string := STRING.match(source, at):
            at = end_of_string(source, string)
            continue
        depth += (source[at] in "([{") - (source[at] in ")]}")
        if depth < 0 or (not depth and source[at] == ","):
            break
        at += 1
    return at


def emit(out: list[str], source: str, start: int, end: int) -> int:
    """Copies a piece as it is."""
    out.append(source[start:end])
    return end


def stand_in(name: str, out: list[str], here: Bracket) -> str:
    """What takes the place of `...`, or of `$...NAME`, so that Python can parse the text."""
    before = "".join(piece for piece in out[-12:] if not piece.startswith("#")).rstrip()
    if before.endswith("."):
        return name
    if here.kind == "dict" or (here.kind == "call" and here.doubled):
        return f"**{name}" if before.endswith((",", "{", "(")) else name
    if here.kind == "call" and here.named and before.endswith((",", "(")):
        return f"*{name}"
    if here.kind.startswith("params") and here.named and not here.starred:
        return f"{name}=0" if before.endswith((",", "(")) else name
    return name


def opened(source: str, at: int, out: list[str], inside: list[Bracket]) -> int:
    """Reads an opening bracket; which kind it is decides what `...` in it becomes."""
    before = "".join(out[-12:]).rstrip()
    word = re.search(r"([^\W\d]\w*)$", before)
    after_value = bool(before) and (
        before[-1] in ")]}'\"" or (word is not None and word[1] not in KEYWORDS)
    )
    if source[at] == "(" and re.search(r"\bdef\s+\w+$", before):
        inside.append(Bracket("params"))
    elif source[at] == "(" and after_value:
        inside.append(Bracket("call"))
    elif found := TYPED_ONE.match(source, at):
        inside.append(Bracket("typed"))
        out.append(f"{TYPED}({ONE}{found[1]}, ")
        return found.end()
    elif source[at] == "{":
        inside.append(Bracket("dict" if is_dict(source, at) else "set"))
    else:
        inside.append(Bracket("group"))
    return emit(out, source, at, at + 1)


def is_dict(source: str, at: int) -> bool:
    """Whether the brace at `at` opens a dict: there is a colon, or `**`, between it and its end."""
    depth, lambdas = 0, 0
    while at < len(source):
        if string := STRING.match(source, at):
            at = end_of_string(source, string)
            continue
        if word := WORD.match(source, at):
            lambdas += word[0] == "lambda"
            at = word.end()
            continue
        character = source[at]
        depth += (character in "([{") - (character in ")]}")
        if not depth:
            return False
        if depth == 1 and character == ":" and source[at + 1 : at + 2] != "=":
            if not lambdas:
                return True
            lambdas -= 1
        if depth == 1 and source.startswith("**", at) and re.search(r"[{,]\s*$", source[:at]):
            return True
        at += 1
    return False


def end_of_string(source: str, opening: re.Match[str]) -> int:
    """Where the string literal that `opening` begins ends."""
    quote, at = opening[2], opening.end()
    while at < len(source) and not source.startswith(quote, at):
        at += 2 if source[at] == "\\" else 1
    return min(at + len(quote), len(source))


def copy_string(source: str, at: int, opening: re.Match[str], out: list[str]) -> int:
    """Copies a string literal; what stands in the braces of an f-string is pattern again."""
    end = end_of_string(source, opening)
    text = source[at:end]
    if "f" in opening[1].lower():
        text = re.sub(r"\{[^{}]*\}", lambda m: "{" + python(m[0][1:-1]) + "}", text)
    out.append(text)
    return end
