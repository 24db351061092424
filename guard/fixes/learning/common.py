"""Finds the places that were changed in the same way, and what they have in common."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from guard.fixes.learning.candidates import STRONG, Candidate
from guard.fixes.learning.levels import levels
from guard.fixes.learning.pattern import (
    Names,
    abstracted,
    anchors,
    builtin_names,
    chosen,
    names,
    used,
    written,
)
from guard.fixes.learning.sample import Sample
from guard.fixes.learning.sites import Site, dump
from guard.fixes.learning.unify import Pair, Unlike, unified

Place = tuple[Sample, Site]

NOBODY = Names(frozenset(), {})


def common(places: Sequence[Place]) -> Iterator[tuple[list[Place], Candidate]]:
    """Groups of at least two places and the candidate that says what was changed in all.

    Greedy: each place joins the first group that keeps an anchor, and a repair, with it in it.
    """
    groups: list[tuple[list[Place], Pair]] = []
    for place in places:
        one = smallest(place)
        if one is None:
            continue
        for number, (members, shared) in enumerate(groups):
            joined = together(shared, one)
            if joined is not None:
                groups[number] = ([*members, place], joined)
                break
        else:
            groups.append(([place], one))
    for members, (old, new) in groups:
        brought = used(new) - used(old)
        known = all(
            names(s.old_tree, site.old_scope).knows(n) for s, site in members for n in brought
        )
        if len(members) > 1 and known:
            weight = anchors(old, NOBODY, {})
            local = bool(brought - builtin_names())
            yield (
                members,
                Candidate(
                    written(old), written(new), weight=weight, wide=weight >= STRONG, local=local
                ),
            )


def smallest(place: Place) -> Pair | None:
    """The change at a place at its smallest size, with what is variable there already."""
    sample, site = place
    if site.inserted or site.removed or site.wrapped:
        return None
    known = names(sample.old_tree, site.old_scope)
    for level in levels(site):
        if level.key is not None or any(isinstance(n, ast.alias) for n in level.old):
            continue
        metavariables = chosen(level.old, known)
        if anchors(level.old, known, metavariables) < 1:
            continue
        old = abstracted(level.old, metavariables, known.imported)
        return tuple(old), tuple(abstracted(level.new, metavariables, {}))
    return None


def together(one: Pair, other: Pair) -> Pair | None:
    """What two changes have in common; None where that says nothing."""
    try:
        old, new = unified(one, other)
    except Unlike:
        return None
    if new is None or anchors(old, NOBODY, {}) < 1:
        return None
    return None if [*map(dump, old)] == [*map(dump, new)] else (old, new)
