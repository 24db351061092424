"""The commands of the hints are typed as they stand, and then there is nothing left to say."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
import test_states as states
from conftest import CLEAN_ENV
from world import World

from guard.checks.tree import tree
from guard.snapshot import Snapshot
from guard.tree.mend import KEPT_OUT, joined, leave_out
from guard.tree.rules import Options
from guard.treestate import TreeState

MENDED: list[Callable[[World], object]] = [
    states.changed,
    states.staged,
    states.deleted,
    states.deletion_staged,
    states.executable_bit,
    states.intent_to_add,
    states.file_became_a_symlink,
    states.untracked_with_strange_names,
    states.assume_unchanged,
    states.assume_unchanged_and_deleted,
    states.skip_worktree,
    states.file_mode_off,
    states.lying_fsmonitor,
    states.ignore_case,
    states.submodule_dirty,
    states.submodule_with_an_untracked_file,
    states.submodule_not_initialised,
    states.submodule_at_another_commit_although_ignored,
    states.submodule_commit_recorded_and_pushed_only_above,
    states.bisect,
    states.not_pushed,
    states.on_a_branch_that_was_never_pushed,
    states.detached_at_a_commit_of_its_own,
    states.behind_what_was_fetched,
    states.behind_what_was_never_fetched,
    states.behind_without_an_upstream_configured,
    states.diverged,
    states.upstream_gone_with_the_only_copy,
    states.sparse_checkout_of_a_part_of_the_context,
    states.a_clone_of_an_empty_remote,
]


def commands(w: World) -> Iterator[str]:
    """The first way out that each finding offers, joined as the gate joins them."""
    found = tree(Snapshot.of({}, state=w.state()), Options())
    for line in joined(finding.hint for finding in found):
        if line.startswith("or"):
            return
        if line.startswith("git "):
            yield line


@pytest.mark.parametrize("arrange", MENDED, ids=lambda f: f.__name__.replace("_", " "))
def test_the_commands_mend(world: World, arrange: Callable[[World], object]) -> None:
    arrange(world)
    # The submodule of the tests is a folder, which git does not clone from unless told so.
    env = CLEAN_ENV | {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow",
                       "GIT_CONFIG_VALUE_0": "always"}  # fmt: skip
    for _ in range(3):  # a commit in a submodule is one to record in the repository around it
        typed = [*commands(world)]
        if not typed:
            break
        for line in typed:
            ran = subprocess.run(["bash", "-c", line], cwd=world.work.root, env=env,
                                 capture_output=True, text=True)  # fmt: skip
            assert ran.returncode == 0, f"{line}: {ran.stdout}{ran.stderr}"
    assert world.says() == set()


def test_commands_about_many_files_are_one() -> None:
    hints = ["git add -- a\ngit commit", "git add -- 'b c'\ngit commit", "git push"]
    assert joined(hints) == ["git add -- a 'b c'", "git commit", "git push"]
    left_out = [leave_out("app/.env"), leave_out("b.key")]
    assert joined(left_out) == ["keep it out of the image, in .dockerignore: **/.env **/b.key"]


UNTRACKED = [
    ("a file of code", "app/new.py", "git add -- app/new.py"),
    ("an environment", "app/.env", f"{KEPT_OUT}**/.env"),
    ("a key", "app/tls.key", f"{KEPT_OUT}**/tls.key"),
    ("its example", "app/.env.example", "git add -- app/.env.example"),
    ("a cache", "app/.pytest_cache/v/x", f"{KEPT_OUT}**/.pytest_cache"),
    ("compiled", "app/__pycache__/a.cpython-311.pyc", f"{KEPT_OUT}**/__pycache__"),
    ("what a file manager leaves", "app/.DS_Store", f"{KEPT_OUT}**/.DS_Store"),
    ("what a killed repair left", "app/.guard-draft-7", f"{KEPT_OUT}**/.guard-draft-7"),
    ("a log", "app/npm-debug.log", f"{KEPT_OUT}**/npm-debug.log"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "hint"), [u[1:] for u in UNTRACKED], ids=[u[0] for u in UNTRACKED]
)
def test_nobody_is_told_to_commit_a_secret_or_a_cache(path: str, hint: str) -> None:
    state = TreeState(
        root="/", head="c", branch="main", on_remotes=("origin/main",), untracked=(path,)
    )
    (finding,) = tree(Snapshot.of({}, state=state), Options())
    assert (finding.rule, finding.severity) == ("tree/untracked", "error")
    assert finding.hint.splitlines()[0] == hint
