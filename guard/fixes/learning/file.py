"""Writes a rule file with what was learned, and finds a name for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from guard.fixes.draft import quoted

Value = str | Sequence[str]


def written(table: Mapping[str, Value], where: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a rule file: the keys that have a value, in the order given."""
    lines = []
    for key, value in table.items():
        if isinstance(value, str):
            if value:
                lines.append(f"{key} = {quoted(value)}")
        elif len(value) == 1 and key != "paths":
            lines.append(f"{key} = {quoted(value[0])}")
        elif value:
            lines.append(f"{key} = {quoted(value)}")
    for name, condition in where.items():
        lines.append(f"\n[where.{name}]")
        lines += [f"{key} = {quoted(value)}" for key, value in condition.items()]
    return "\n".join(lines) + "\n"


def name_for(words: str, taken: Sequence[str]) -> str:
    """An id for a rule, made from the subject of its commit, that is not taken yet."""
    words = re.sub(r"(?i)^\s*(fix(es|ed)?|bug\s*fix|hot\s*fix)\b(\([^)]*\))?[:\s]*", "", words)
    words = re.sub(r"\(?#\d+\)?", "", words)
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    slug = slug[:48].rpartition("-")[0] if len(slug) > 48 else slug
    return numbered(slug or "fix", taken)


def numbered(name: str, taken: Sequence[str]) -> str:
    """An id that is not taken yet: the name itself, or with a number behind it."""
    number, one = 1, name
    while one in taken:
        number += 1
        one = f"{name}-{number}"
    return one


def glob(path: str) -> str:
    """A path as a glob that means just this file; a byte that is not UTF-8 is any character."""
    path = "".join("\0" if "\udc80" <= c <= "\udcff" else c for c in path)
    special = "".join(f"\\{c}" if c in "*?[]\\!#" else c for c in path).replace("\0", "?")
    return f"/{special}" if "/" not in path else special
