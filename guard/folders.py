"""The folders that a path lies in."""

from __future__ import annotations

from collections.abc import Iterator


def above(path: str) -> Iterator[str]:
    """The folders that a file lies in, the nearest first, all relative to the same root.

    The root itself, which has no name, is not among them.
    """
    while path := path.rpartition("/")[0]:
        yield path
