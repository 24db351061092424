"""TOML that says no more than strings and lists of strings, read without the library for TOML.

Most rule files are such, and to import `tomllib` takes longer than to look through all of them.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

CONTROLS = frozenset(map(chr, [*range(9), *range(11, 32), 127]))
"""Characters that TOML forbids; and the carriage return, about which it is particular."""


def read(content: bytes) -> dict[str, str | list[str]] | None:
    """What `tomllib` would read; None where that is not plain to see."""
    try:
        text = content.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    if not CONTROLS.isdisjoint(text):
        return None
    table: dict[str, str | list[str]] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        key, sign, said = (part.strip(" \t") for part in line.partition("="))
        if (not sign and not key) or key.startswith("#"):
            continue
        value: str | list[str] | None
        if said == "'''":
            value = lines_until(lines, "'''")
        elif said[:1] == "[" and said[-1:] == "]":
            value = listed(said[1:-1])
        else:
            value = string(said)
        bare = key.isascii() and key.replace("-", "_").isidentifier()
        if not bare or key in table or value is None:
            return None
        table[key] = value
    return table


def string(said: str) -> str | None:
    """The text of a string on one line, without escapes."""
    quote, text = said[:1], said[1:-1]
    if quote not in ("'", '"') or len(said) < 2 or said[-1] != quote or quote in text:
        return None
    return None if quote == '"' and "\\" in text else text


def listed(said: str) -> list[str] | None:
    """The texts of a list, of which none holds a comma."""
    items = [item.strip(" \t") for item in said.split(",")]
    if not items[-1]:  # no items, or a comma behind the last
        items.pop()
    texts = [string(item) for item in items]
    return None if None in texts else [text for text in texts if text is not None]


def lines_until(lines: Iterator[str], end: str) -> str | None:
    """The text of the next lines up to one in which `end` closes it."""
    text = ""
    for line in lines:
        before, closed, behind = line.partition(end)
        if closed:
            return None if behind.strip(" \t") else text + before
        text += line + "\n"
    return None
