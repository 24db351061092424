"""JSON as a tree with places; comments and trailing commas of config files are taken as well."""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from guard.contracts.formats.tree import Entry, Map, Node, Seq
from guard.contracts.values import Broken, Source, Value, made, quoted

SPACE = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
ATOM = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
DEEPEST = 200


def parse(source: Source) -> Node:
    """The tree of a JSON text; Broken where it is none."""
    node, end = value(source, skip(source, 0), "", 0)
    end = skip(source, end)
    if end < len(source.text):
        raise Broken(source, "not valid JSON: there is more behind its end", end)
    return node


def skip(source: Source, offset: int) -> int:
    """The offset behind white space and comments."""
    match = SPACE.match(source.text, offset)
    assert match is not None
    return match.end()


def value(source: Source, start: int, name: str, depth: int) -> tuple[Node, int]:
    """The value that begins at `start`, and the offset behind it."""
    char = source.text[start : start + 1]
    if depth > DEEPEST:
        raise Broken(source, "JSON nested too deeply", start)
    if char == "{":
        return mapping(source, start, depth)
    if char == "[":
        return sequence(source, start, name, depth)
    if char == '"':
        text, end = string(source, start)
        return quoted(source, start, end, text, name), end
    match = ATOM.match(source.text, start)
    if match is None:
        raise Broken(source, "not valid JSON: a value is expected", start)
    return atom(source, match, name), match.end()


def atom(source: Source, match: re.Match[str], name: str) -> Value:
    """A number or a word."""
    text = "" if match[0] == "null" else match[0]
    return made(source, match.start(), match.end(), text, name)


def string(source: Source, start: int) -> tuple[str, int]:
    """The string that begins at `start`, and the offset behind it."""
    try:
        text, end = scanstring(source.text, start + 1, False)
    except JSONDecodeError:
        raise Broken(source, "not valid JSON: a string that does not end", start) from None
    return text, end


def mapping(source: Source, start: int, depth: int) -> tuple[Node, int]:
    """An object."""
    result = Map(source, start, start)
    at = skip(source, start + 1)
    while source.text[at : at + 1] != "}":
        if source.text[at : at + 1] != '"':
            raise Broken(source, 'not valid JSON: a key in "…" is expected', at)
        key, end = string(source, at)
        colon = skip(source, end)
        if source.text[colon : colon + 1] != ":":
            raise Broken(source, "not valid JSON: a colon is expected", colon)
        node, after = value(source, skip(source, colon + 1), key, depth + 1)
        result.entries.append(Entry(key, at, end, node))
        at = comma(source, after, "}")
    result.end = at + 1
    return result, at + 1


def sequence(source: Source, start: int, name: str, depth: int) -> tuple[Node, int]:
    """An array."""
    result = Seq(source, start, start)
    at = skip(source, start + 1)
    while source.text[at : at + 1] != "]":
        node, after = value(source, at, name, depth + 1)
        result.items.append(node)
        at = comma(source, after, "]")
    result.end = at + 1
    return result, at + 1


def comma(source: Source, offset: int, closing: str) -> int:
    """The offset of the next member or of the closing bracket."""
    at = skip(source, offset)
    if source.text[at : at + 1] == ",":
        return skip(source, at + 1)
    if source.text[at : at + 1] != closing:
        raise Broken(source, f"not valid JSON: a comma or {closing} is expected", at)
    return at
