"""Lines that nobody writes as code: what comes along with code when it is pasted."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from guard.javascript.orphans.repairs import Reading, Repair

LITTER = re.compile(
    r"```\w*|</?(?:script|file|code|pre)\b[^>]*>|@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*"
    r"|diff --git .*|(?:---|\+\+\+) [ab]/\S+|\\ No newline at end of file"
    r"|\*{3} .* (?:Patch|File)\b.*|[<>]{7} (?:SEARCH|REPLACE|ORIGINAL|UPDATED)|={7}|EOF"
    r"|\.\.\.(?: .*)?"
)
"""What comes from around a piece of code when it is pasted: fences, tags, the marks of a patch."""


PROSE = re.compile(
    r"(?!(?:export|import|async|return|throw|typeof) )[A-Z][\w'’-]*(?:,? [\w'’-]+){2,}[.:!]?"
)
"""A sentence: words in a row as no code has them."""


def litter(lines: Sequence[str]) -> bool:
    """Whether lines without white space around them are none that anyone writes as code."""
    return any(lines) and all(
        not line or LITTER.fullmatch(line) or PROSE.fullmatch(line) for line in lines
    )


def littered(reading: Reading) -> Iterator[Repair]:
    """The removal of each line that nobody writes as code, and of such lines in a row."""
    starts = [*reading.lines.starts, len(reading.text)]
    first = last = -1
    for number, line in enumerate([*reading.stripped, "end"]):
        inside = number < len(reading.stripped)
        beside = first >= 0 and PROSE.fullmatch(line) is not None  # a fence hides what follows
        if line and inside and (beside or strange(reading, number, line)):
            yield Repair("remove", starts[number], starts[number + 1])
            first = number if first < 0 else first
            last = number
        elif line and first >= 0:
            if first < last:
                yield Repair("remove", starts[first], starts[last + 1])
            first = -1


def strange(reading: Reading, number: int, line: str) -> bool:
    """Whether a line, by its 0-based number, is none of code, nor of a comment."""
    if LITTER.fullmatch(line):
        return True
    if not PROSE.fullmatch(line):
        return False
    start = reading.lines.starts[number]
    start += len(reading.lines.line(number + 1)) - len(reading.lines.line(number + 1).lstrip())
    index = bisect_left(reading.starts, start)
    return index < len(reading.starts) and reading.starts[index] == start
