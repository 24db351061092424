"""Writes rule files: from what is given, with the rest as comments that say what belongs there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

SKELETON: Mapping[str, str] = {
    "why": "what goes wrong without the fix, for the one who is about to lose it",
    "incident": "a link to what happened",
    "commit": "the commit that fixed it",
    "paths": "files it is about, globs as in .gitignore; all files of the language without",
    "function": "the function it is about; also class",
    "forbid": "code that must not come back: a pattern with $X and ...",
    "replace": "what is written instead, with the same $X",
    "require": "code that must stay, in the function of the file that is named above",
    "bad": "the mistake, as it was",
    "good": "the fix: what replace makes of bad",
}
"""The keys that a new file shows and what belongs into each."""


def draft(given: Mapping[str, str | Sequence[str]]) -> str:
    """The text of a rule file with the values given, the other keys as comments."""
    lines = []
    for key in [*SKELETON, *(k for k in given if k not in SKELETON)]:
        value = given.get(key)
        if value:
            lines.append(f"{key} = {quoted(value)}")
        else:
            lines.append(f"# {key} = '...'  # {SKELETON[key]}")
    return "\n".join(lines) + "\n"


def quoted(value: str | Sequence[str]) -> str:
    """A TOML string or list of strings that reads like the code in it."""
    if not isinstance(value, str):
        return "[" + ", ".join(quoted(item) for item in value) + "]"
    plain = all(c.isprintable() or c in "\n\t" for c in value)
    if plain and "\n" in value and "'''" not in value and not value.endswith("'"):
        return f"'''\n{value}'''"
    if plain and "\n" not in value and "'" not in value and ('"' in value or "\\" in value):
        return f"'{value}'"
    # TOML's basic strings escape as JSON's do, except for characters beyond the BMP and DEL
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
