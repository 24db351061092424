"""One expression for any of many texts, as git grep takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def any_of(literals: Iterable[str]) -> str:
    """A Perl expression for any of some texts, the beginnings that they share written once.

    Texts in a row are tried one after the other at every letter of a file, those of a tree only
    as far as they go.
    """
    tree: dict[str, Any] = {}
    for text in literals:
        node = tree
        for letter in [*text[:DEEP], text[DEEP:]]:
            node = node.setdefault(letter, {})
    return branches(tree)


DEEP = 64
"""Letters for which a tree branches; what follows them stays in one piece."""


def branches(tree: Mapping[str, Any]) -> str:
    """The expression for what a tree of letters spells; where it may end, that comes last."""
    ways = [
        re.sub(r"([^\w ])", r"\\\1", letters).replace("\\\0", r"\x00") + branches(below)
        for letters, below in sorted(tree.items(), key=lambda item: not item[0])
    ]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})" if ways else ""
