"""Reads the cases of tests/fixes/referee: code, the patterns tried on it, and what Semgrep found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from guard.fixes.language import language

HERE = Path(__file__).parent / "referee"
ANSWERS = HERE / "answers.json"
PART = re.compile(r"^=== (target|pattern) (\S+)\n(.*?)(?=^=== |\Z)", re.M | re.S)

Lines = list[list[int]]
"""The first and the last line of each match, in order, each pair once."""


class Case(NamedTuple):
    name: str
    """`construct/why`, unique."""

    construct: str
    target: str
    """Name of the code, `construct/name`."""

    code: str
    pattern: str


def cases(folder: Path = HERE) -> Iterator[Case]:
    for page in sorted(folder.glob("*.txt")):
        target = code = ""
        for kind, name, text in PART.findall(page.read_text("utf-8")):
            if kind == "target":
                target, code = f"{page.stem}/{name}", text
            else:
                yield Case(f"{page.stem}/{name}", page.stem, target, code, text.strip("\n"))


def answers() -> dict[str, Lines | None]:
    """By the name of the case; None where Semgrep does not take the pattern."""
    found: dict[str, Lines | None] = json.loads(ANSWERS.read_text("utf-8"))
    return found


def lines(case: Case) -> Lines:
    """What guard finds."""
    python = language("python")
    found = python.compile(case.pattern).find(python.read(case.code.encode()))
    return [
        list(pair) for pair in sorted({(line(case, m.start), line(case, m.end - 1)) for m in found})
    ]


def line(case: Case, offset: int) -> int:
    """The line in which a character of the code stands."""
    return case.code.count("\n", 0, offset) + 1
