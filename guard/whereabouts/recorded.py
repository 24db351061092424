"""The rule of a fix that is not in the work tree, as after a merge that dropped both."""

from __future__ import annotations

from guard import history
from guard.blobs import Blobs
from guard.fixes.rule import Rule
from guard.fixes.rulefile import parse
from guard.git import Repository
from guard.whereabouts.forsaken import carrying


def elsewhere(repository: Repository, path: str) -> tuple[Rule, str] | None:
    """The rule at `path` in the first branch, remote branch or tag that has it, and which that is.

    None where none has it.
    """
    refs = [r for r in history.refs(repository) if r.kind in ("branch", "remote", "tag")]
    having = carrying(repository, {ref.commit for ref in refs}, path)
    for ref in refs:
        if ref.commit in having:
            file = repository.tree(ref.commit, [path])[path]
            return parse(path, Blobs(repository).read(file.oid)), f"{ref.kind} {ref.name}"
    return None
