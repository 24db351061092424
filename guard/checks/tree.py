"""The tree check: what an image is built from is committed, and pushed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guard.check import check
from guard.finding import REPOSITORY, Finding, Location
from guard.snapshot import Snapshot, TreeState

RULES = {
    "tree/dirty": "A file is changed and not committed\n\nWhat is built could not be built again.",
    "tree/untracked": "A file is not in git\n\nWhat is built could not be built again.",
    "tree/unpushed": "The commit is on no remote\n\nNobody else could build this image.",
    "tree/unborn": "There is no commit yet\n\nCommit and push first.",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the tree check insists on."""

    pushed: bool = True
    """Whether the commit must be on a remote."""


@check(rules=RULES, options=Options, needs_state=True)
def tree(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """The tree that an image is built from must be committed and pushed.

    An image holds whatever lies in the folder at the moment of the build. Code that is not
    committed, or committed and not pushed, is then running somewhere and can be found nowhere.
    """
    state = snapshot.state
    if state is None:
        return
    yield from dirty(state)
    if state.head is None:
        yield Finding("tree/unborn", "there is no commit yet", Location(REPOSITORY))
    elif options.pushed and not state.on_remotes:
        yield Finding(
            "tree/unpushed",
            f"commit {state.head[:10]} is on no remote",
            Location(REPOSITORY),
            hint=push(state),
        )


def dirty(state: TreeState) -> Iterator[Finding]:
    """One finding for each file that differs from HEAD or is not in git."""
    for path in sorted({*state.staged, *state.unstaged}):
        how = "staged and not committed" if path not in state.unstaged else "changed, not staged"
        yield Finding("tree/dirty", f"{how}", Location(path), hint="git commit -a, or: git stash")
    for path in state.untracked:
        yield Finding("tree/untracked", "not in git", Location(path), hint="git add, or ignore it")


def push(state: TreeState) -> str:
    """The command that puts HEAD on a remote."""
    if not state.remotes:
        return "add a remote first: git remote add origin URL"
    if state.branch is None:
        return f"git push {state.remotes[0]} HEAD:refs/heads/NAME"
    return f"git push -u {state.remotes[0]} {state.branch}"
