"""Reads the examples of a documentation page: a pattern, what it matches, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FENCE = re.compile(r"^```(\w+) (pattern|matches|does not match)\n(.*?)^```$", re.M | re.S)


class Example(NamedTuple):
    language: str
    pattern: str
    code: str
    expected: bool


def examples(page: Path) -> Iterator[Example]:
    pattern = ""
    for language, kind, text in FENCE.findall(page.read_text("utf-8")):
        if kind == "pattern":
            pattern = text.strip("\n")
            continue
        for code in re.split(r"\n\s*\n(?=\S)", text.strip("\n")):
            yield Example(language, pattern, code, kind == "matches")
