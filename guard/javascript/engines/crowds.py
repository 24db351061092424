"""Texts that declare so many names beside each other that QuickJS would compile them for minutes.

It looks for each name among all that stand in the same block: twenty thousand take it a second,
and ten times as many a hundred times as long. Other readers do not mind; but esprima, which may be
all that is left, takes two seconds for a file of a megabyte, so that few are to be left to it.
"""

from __future__ import annotations

import re

MANY = 20_000
"""From so many names in one block on, QuickJS is not asked."""

SIGNS = (b"let", b"const", b"var", b"class", b"#", b",")
"""What stands before each name that counts, with as many in a text as there may be names."""

NAME = re.compile(rb"[{}]|\b(?:let|const|var|class)\b|#[\w$]|,\s*[A-Za-z_$][\w$]*+\s*+(?=[],}=;])")
"""A brace, or where a name may be declared."""


def crowded(text: bytes) -> bool:
    """Whether a block of a text, which may be wrong, may declare that many names.

    Braces are counted wherever they stand, also in strings: it is a matter of time, not of truth.
    """
    if sum(map(text.count, SIGNS)) < MANY:
        return False
    blocks = [0]
    for found in NAME.finditer(text):
        sign = text[found.start()]
        if sign == OPENED:
            blocks.append(0)
        elif sign != CLOSED:
            blocks[-1] += 1
            if blocks[-1] >= MANY:
                return True
        elif len(blocks) > 1:
            blocks.pop()
    return False


OPENED, CLOSED = b"{}"
