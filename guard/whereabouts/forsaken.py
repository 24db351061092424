"""The branches that had a fix and were set back to before it: by a rebase, a reset, a forced push.

Their history does not hold the fix any more, so nothing in it tells. What does: the log of the
branch, and a tree that has the rule.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from guard.fixes.tracing.values import Place, State
from guard.git import Repository
from guard.values import replace

LOGGED = {"branch": "refs/heads/", "remote": "refs/remotes/"}
"""Kinds of places that git keeps a log of, and how their refs begin.

Not HEAD: it moves from branch to branch, and nothing is lost by that.
"""

BESIDE = ("index", "work tree")
"""Places that are what the checked out commit is, but for what was changed since."""

KEPT = ("stash", "kept")
"""Places that hold what was on the way: there the rule may well have come before the fix."""


def told(repository: Repository, places: Sequence[Place], fix: str, rule: str) -> Iterator[Place]:
    """The places; of those that only seem never to have had the fix it is said how they lost it.

    `fix` is the commit that made it and `rule` the path of its rule; empty where not known.
    """
    commit = known(repository, fix)
    before = [place for place in places if place.state is State.BEFORE and place.commit]
    ruled = carrying(repository, {place.commit for place in before}, rule)
    notes: dict[str, str] = {}
    for place in before:
        note = left(repository, place, commit) if commit and place.kind in LOGGED else ""
        if not note and place.commit in ruled and place.kind not in (*BESIDE, *KEPT):
            note = "it has the rule and not the fix"
        if note:
            notes.setdefault(place.commit, note)
            notes[place.kind + place.name] = note
    for place in places:
        note = notes.get(place.kind + place.name, "")
        beside = place.kind in BESIDE and place.commit in notes
        lost = place.state is State.BEFORE and (beside or note)
        yield replace(place, state=State.LOST, note=note or place.note) if lost else place


def known(repository: Repository, fix: str) -> str:
    """The id of a commit that may be on no branch any more; empty where it is gone."""
    if not fix:
        return ""
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{fix}^{{commit}}"]
    return repository.git(*asked, accept=(0, 1, 128)).decode().strip()


def carrying(repository: Repository, commits: set[str], path: str) -> frozenset[str]:
    """Those of the commits whose trees have a file at `path`."""
    wanted = sorted(commits) if path and "\n" not in path else []
    names = "".join(f"{commit}:{path}\n" for commit in wanted)
    listed = repository.git("cat-file", "--batch-check=%(objecttype)", stdin=os.fsencode(names))
    lines = listed.decode("utf-8", "replace").splitlines()
    return frozenset(c for c, said in zip(wanted, lines, strict=True) if said == "blob")


def left(repository: Repository, place: Place, fix: str) -> str:
    """How a branch came not to hold a commit that it held; empty where its log tells of none."""
    form = "--format=%H%x00%gd%x00%gs"
    asked = ["log", "-g", "--date=iso-strict", form, LOGGED[place.kind] + place.name, "--"]
    listed = repository.git(*asked, accept=(0, 128)).decode("utf-8", "replace").splitlines()
    entries = [line.split("\0") for line in listed]
    tips = {entry[0] for entry in entries}
    wanted = "".join(f"{tip}\n" for tip in sorted(tips)) + f"^{fix}\n"
    found = repository.git("rev-list", "--ancestry-path", "--stdin", stdin=wanted.encode())
    holding = {fix, *found.decode().split()}
    for after, entry in pairwise(entries):
        if entry[0] in holding and after[0] not in holding:
            when = after[1].partition("{")[2][:16].replace("T", " ")
            how = re.sub(r"\b([0-9a-f]{10})[0-9a-f]{30,54}\b", r"\1", after[2])
            return f"{fix[:10]} left it {when}, {how}; bring it back: git cherry-pick {fix[:10]}"
    return ""
