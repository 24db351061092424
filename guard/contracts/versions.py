"""Versions and what orders them."""

from __future__ import annotations

import re

BEFORE = frozenset("dev a alpha b beta c rc pre preview snapshot".split())
"""Words that make a version come before its release."""


LONGEST = 1000
"""How many digits of one number count: Python reads no more than some thousands."""


def version(text: str) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    """What versions are ordered by: numbers as numbers, `1.0rc1` before `1.0`.

    Other words, such as the `alpine` of an image tag, do not count.
    """
    numbers = re.match(r"v?(\d+(?:\.\d+)*)", text.lower())
    release = [int(n[:LONGEST]) for n in numbers[1].split(".")] if numbers else []
    while release and not release[-1]:
        release.pop()
    rest = text.lower()[numbers.end() :] if numbers else ""
    suffix = re.findall(r"([a-z]+)[.-]?(\d*)", rest)
    marks = tuple((word, int(number[:LONGEST] or 0)) for word, number in suffix if word in BEFORE)
    return tuple(release), marks or (("~", 0),)
