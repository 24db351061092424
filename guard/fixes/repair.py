"""The repair of a rule's matches in one file, tried out before it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from guard.fixes.matching.pattern import Match, TooMuchWork, Unreadable
from guard.fixes.mending.concrete import rewritten
from guard.fixes.mending.render import NoRepair
from guard.fixes.rule import Rule
from guard.fixes.search import forbidden


def repairs(
    rule: Rule, found: Sequence[tuple[Any, Match]], file: Any, *, compared: bool = True
) -> list[list[Any]]:
    """For each match the patches that mend it; none where no safe repair is known.

    Safe means: the file still parses, no comment is lost, there is less to mend than before, and
    in Python libcst makes the same text of it: every other node is what it was. That last thing
    is left out where the repair is not `compared`.
    """
    if rule.replace is None or not found:
        return [[] for _ in found]
    each = [attempt(rule, pattern, match, file) for pattern, match in found]
    if whole(rule, each, file, compared):
        return each
    return [p if p and good(rule, p, len(found), 1, file, compared) else [] for p in each]


def all_repairs(
    rule: Rule, found: Sequence[tuple[Any, Match]], file: Any, *, compared: bool = True
) -> list[list[Any]]:
    """The patches that mend every match together; none where not all of them can be mended."""
    each = [attempt(rule, pattern, match, file) for pattern, match in found]
    return each if rule.replace is not None and whole(rule, each, file, compared) else []


def whole(rule: Rule, each: Sequence[list[Any]], file: Any, compared: bool) -> bool:
    """Whether the patches of all matches are safe together; see `repairs`."""
    together = [patch for patches in each for patch in patches]
    count = len(each)
    return all(each) and apart(together) and good(rule, together, count, count, file, compared)


def attempt(rule: Rule, pattern: Any, match: Match, file: Any) -> list[Any]:
    """The patches for one match, not yet tried out."""
    try:
        return rule.language.patches(pattern, rule.replace, match, file)
    except NoRepair:
        return []


def apart(patches: Sequence[Any]) -> bool:
    """Whether no two patches touch the same characters."""
    ordered = sorted(patches)
    return all(a.end <= b.start and a[:2] != b[:2] for a, b in pairwise(ordered))


def patched(text: str, patches: Sequence[Any]) -> str:
    """A text with patches applied; they must not overlap."""
    for patch in sorted(patches, reverse=True):
        text = text[: patch.start] + patch.text + text[patch.end :]
    return text


def good(
    rule: Rule, patches: Sequence[Any], before: int, mended: int, file: Any, compared: bool
) -> bool:
    """Whether the patched file parses, keeps its comments, and has `mended` matches less."""
    if not apart(patches):
        return False
    new = patched(file.text, patches)
    try:
        after = rule.language.read(new.encode("utf-8", "surrogateescape"))
        left = len(forbidden(rule, after))
    except (Unreadable, TooMuchWork):
        return False
    python = compared and rule.language.name == "python"
    if python and rewritten(file.text, patches) not in (None, new):
        return False  # on the concrete syntax tree the same patches give another text
    taken = "".join(file.text[p.start : p.end] for p in patches)
    touched = any(mark in taken for mark in ("#", "//", "/*", "<!--", "--"))
    if touched and rule.language.comments(file) > rule.language.comments(after):
        return False
    return left <= before - mended
