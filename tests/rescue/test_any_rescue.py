"""Whatever was done to a tree: thrown away and brought back, it is the same to the last byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_any_tree import EDITS, NEW, TRACKED, edit, on_disk
from world import World, copied

from guard import rescue
from guard.git import Repository


@given(
    edits=st.dictionaries(st.sampled_from(TRACKED), st.sampled_from(EDITS), max_size=5),
    new=st.sets(st.sampled_from(NEW), max_size=4),
)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_thrown_away_and_brought_back(
    original: Path,
    world: World,  # for the environment it sets
    edits: dict[str, str],
    new: set[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        w = copied(original, Path(folder))
        for path, how in edits.items():
            edit(w, path, how)
        for path in new:
            w.write(path, "new\n")
        before = {**on_disk(w.work, "app"), **on_disk(w.work, "docs")}
        repository = Repository.find(w.work.root)
        kept = rescue.keep(repository, "a test")
        assert {**on_disk(w.work, "app"), **on_disk(w.work, "docs")} == before
        for flag in ("--no-assume-unchanged", "--no-skip-worktree"):
            w.git("update-index", flag, *w.git("ls-files").split())
        w.git("reset", "-q", "--hard")
        w.git("clean", "-q", "-fd")
        for one in kept:
            assert not rescue.restore(repository, one).blocked
        assert {**on_disk(w.work, "app"), **on_disk(w.work, "docs")} == before
