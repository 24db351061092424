"""Questions about commits and what was last fetched, answered from this repository alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from guard.git import Repository

# What is not here counts as unknown; without the second a partial clone would go and fetch it.
PRESENT = ("--ignore-missing", "--missing=allow-any")


def has(repository: Repository, commit: str) -> bool:
    """Whether the object is here; a partial clone is not made to fetch it."""
    asked = ["rev-list", "--max-count=1", "--no-walk", *PRESENT, "--stdin"]
    return bool(repository.git(*asked, stdin=commit.encode() + b"\n").strip())


def holds(repository: Repository, tips: Iterable[str], commit: str) -> bool:
    """Whether the history of any of `tips` that are here has `commit`."""
    names = "".join(f"^{tip}\n" for tip in dict.fromkeys(tips))
    asked = ["rev-list", "--max-count=1", *PRESENT, "--stdin"]
    return not repository.git(*asked, stdin=f"{commit}\n{names}".encode()).strip()


def cut(repository: Repository, tips: Iterable[str], shallow: frozenset[str]) -> bool:
    """Whether the history of any of `tips` ends where a shallow history is cut off."""
    if not shallow:
        return False
    asked = ["rev-list", "--max-parents=0", *PRESENT, "--stdin"]
    roots = repository.git(*asked, stdin="\n".join(dict.fromkeys(tips)).encode() + b"\n")
    return not shallow.isdisjoint(roots.decode().split())


def apart(repository: Repository, one: str, other: str) -> tuple[int, int]:
    """How many commits each has that the other has not."""
    counts = repository.git("rev-list", "--left-right", "--count", f"{one}...{other}").split()
    return int(counts[0]), int(counts[1])


def related(repository: Repository, one: str, other: str) -> bool:
    """Whether the two histories have a commit in common."""
    return bool(repository.git("merge-base", one, other, accept=(0, 1)).strip())


def resolve(repository: Repository, ref: str) -> str | None:
    """The commit of a ref; None where there is no such ref."""
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"]
    return repository.git(*asked, accept=(0, 1, 128)).decode().strip() or None


def tracking(repository: Repository, commit: str) -> list[str]:
    """The remote-tracking refs whose history has `commit`, without `refs/remotes/`."""
    asked = ["for-each-ref", "--format=%(refname:lstrip=2)", "--contains", commit, "refs/remotes"]
    return os.fsdecode(repository.git(*asked)).split()


def any_tracking(repository: Repository, remote: str) -> bool:
    """Whether there is any remote-tracking ref of a remote."""
    return bool(repository.git("for-each-ref", "--count=1", f"refs/remotes/{remote}/"))


def places(repository: Repository, ref: str) -> list[str]:
    """Where a ref is and was lately, the newest first, from its reflog."""
    asked = ["log", "--walk-reflogs", "--max-count=20", "--format=%H", ref, "--"]
    been = repository.git(*asked, accept=(0, 128)).decode().split()
    now = resolve(repository, ref)
    return list(dict.fromkeys([*([now] if now else []), *been]))


def dropped(repository: Repository, head: str, tip: str, places: Iterable[str]) -> bool:
    """Whether a branch that was at `places` and is at `tip` lost what `head` has from it."""
    for place in places:
        here = holds(repository, [head], place) or holds(repository, [place], head)
        if here and not holds(repository, [tip], place):
            return True
    return False


def boundary(repository: Repository) -> frozenset[str]:
    """The commits at which a shallow history is cut off; empty where it is complete."""
    return frozenset(lines(repository.common_dir, "shallow"))


def fetch_head(repository: Repository) -> Iterator[str]:
    """The commits that the last fetch brought from somewhere that is not this machine.

    A path on this machine counts only where it is a remote's, whose refs tell anyway.
    """
    for line in lines(repository.git_dir, "FETCH_HEAD"):
        oid, _, about = line.partition("\t")
        source = about.rpartition(" of ")[2] or about.rpartition("\t")[2]
        if re.match(r"[a-z][a-z0-9+.-]*://|[^/]+@[^/]+:|[\w.-]+:(?!\\)", source):
            yield oid


def cloned(repository: Repository) -> Iterator[str]:
    """The commit that a clone began with, from the reflog of HEAD."""
    for line in lines(repository.git_dir, "logs/HEAD")[:1]:
        about, _, message = line.partition("\t")
        if message.startswith("clone: from"):
            yield about.split(" ")[1]


def last_fetch(repository: Repository) -> float | None:
    """When something was last fetched, in seconds since 1970; None where nothing tells."""
    times = []
    for folder in {repository.git_dir, repository.common_dir}:
        try:
            times.append(os.stat(os.path.join(folder, "FETCH_HEAD")).st_mtime)
        except OSError:
            continue
    return max(times, default=None)


def lines(folder: str, name: str) -> list[str]:
    """The lines of a small file in the git directory; none where there is no such file."""
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return os.fsdecode(file.read()).splitlines()
    except OSError:
        return []
