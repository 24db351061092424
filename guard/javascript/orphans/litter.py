"""Lines that nobody writes as code: what comes along with code when it is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guard.javascript.orphans.repairs import Reading, Repair

LITTER = re.compile(
    r"```\w*|</?(?:script|file|code|pre)\b[^>]*>|@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*"
    r"|diff --git .*|(?:---|\+\+\+) [ab]/\S+|\\ No newline at end of file"
    r"|\*{3} .* (?:Patch|File)\b.*|[<>]{7} (?:SEARCH|REPLACE|ORIGINAL|UPDATED)|={7}|EOF"
    r"|\.\.\.(?: .*)?"
)
"""What comes from around a piece of code when it is pasted: fences, tags, the marks of a patch."""


def litter(lines: Sequence[str]) -> bool:
    """Whether lines without white space around them are none that anyone writes as code."""
    return any(lines) and all(not line or LITTER.fullmatch(line) for line in lines)


def littered(reading: Reading) -> Iterator[Repair]:
    """The removal of each line that nobody writes as code."""
    starts = [*reading.lines.starts, len(reading.text)]
    for number, line in enumerate(reading.stripped):
        if line and LITTER.fullmatch(line):
            yield Repair("remove", starts[number], starts[number + 1])
