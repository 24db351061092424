"""Reads the history of a repository in bulk: commits and what they changed, refs, many blobs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from threading import Thread
from typing import TYPE_CHECKING

from guard.entries import Change
from guard.errors import GitError
from guard.fixes.tracing.values import About, Commit
from guard.git import Repository, changes
from guard.values import dataclass

if TYPE_CHECKING:
    from git import Repo


@dataclass(frozen=True, slots=True)
class Ref:
    """A name for a commit."""

    kind: str
    """`branch`, `remote`, `tag`, `stash`, `kept` or `HEAD`."""

    name: str
    """As people write it: `main`, `origin/main`, `stash@{0}`."""

    commit: str
    """The id of the commit."""


KINDS = {"refs/heads/": "branch", "refs/remotes/": "remote", "refs/tags/": "tag"}


def opened(repository: Repository) -> Repo:
    """GitPython's view of a repository; imported only by who reads history (50 ms).

    GitPython hands the whole environment on to git, and a GIT_DIR or GIT_INDEX_FILE that strayed
    into it would be obeyed: each is set to what it is here.
    """
    from git import Repo

    repo = Repo(repository.git_dir)
    repo.git.update_environment(
        GIT_DIR=repository.git_dir,
        GIT_WORK_TREE=repository.root,
        GIT_COMMON_DIR=repository.common_dir,
        GIT_INDEX_FILE=os.path.join(repository.git_dir, "index"),
        GIT_OBJECT_DIRECTORY=os.path.join(repository.common_dir, "objects"),
        GIT_OPTIONAL_LOCKS="0",
        LC_ALL="C",
    )
    return repo


def refs(repository: Repository) -> list[Ref]:
    """The branches, remote branches, tags, stashes and kept states, and a detached HEAD."""
    repo = opened(repository)
    form = "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(symref)"
    listed = os.fsdecode(repo.git.for_each_ref(form, stdout_as_string=False)).splitlines()
    found = []
    for line in listed:
        name, oid, peeled, symbolic = line.split("\0")
        if symbolic:  # refs/remotes/origin/HEAD says the same as the branch that it names
            continue
        if name.startswith("refs/guard/"):
            found += logged(repo, "kept", name) or [Ref("kept", name, peeled or oid)]
        for prefix, kind in KINDS.items():
            if name.startswith(prefix):
                found.append(Ref(kind, name.removeprefix(prefix), peeled or oid))
    if repository.head and repo.head.is_detached:
        found.append(Ref("HEAD", "HEAD", repository.head))
    return found + stashes(repo)


def stashes(repo: Repo) -> list[Ref]:
    """Every stash, the newest first: only that one is a ref, the others are in its log."""
    listed = repo.git.stash("list", "--format=%gd %H").splitlines()
    return [Ref("stash", *line.split(" ", 1)) for line in listed]


def logged(repo: Repo, kind: str, ref: str) -> list[Ref]:
    """The commits in the log of a ref that is used like a stash; none where it has no log."""
    listed = repo.git.log("-g", "--format=%gd %H", ref, "--").splitlines()
    return [Ref(kind, *line.rsplit(" ", 1)) for line in listed]


def commits(
    repository: Repository, tips: Iterable[str], globs: Sequence[str] = (), since: str = ""
) -> list[Commit]:
    """The history of `tips`, parents first, each with what it changed in its first parent.

    With `globs`, only files that one of them names; renames are followed among those. With
    `since`, only that commit, as if it changed nothing, and what was built on it: parents are
    then those that were, too.
    """
    wanted = "".join(f"{tip}\n" for tip in dict.fromkeys(tips))
    if not wanted:
        return []
    asked = ["rev-list", "--topo-order", "--reverse", "--parents", "--stdin"]
    if since:
        asked.append("--ancestry-path")
        wanted += f"^{since}\n"
    lines = repository.git(*asked, stdin=wanted.encode()).decode().splitlines()
    family = {own: parents for own, *parents in (line.split(" ") for line in lines)}
    inside = {since, *family} if since else None
    known = {
        own: [p for p in parents if inside is None or p in inside]
        for own, parents in family.items()
    }
    pairs = "".join(" ".join([own, *parents[:1]]) + "\n" for own, parents in known.items())
    specs = [f":(top,glob){glob}" for glob in globs]
    asked = ["diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-abbrev", "--find-renames"]
    raw = repository.git(*asked, "--no-ext-diff", "--", *specs, stdin=pairs.encode())
    changed = by_commit(raw)
    found = [Commit(since, ())] if since else []
    return found + [
        Commit(own, tuple(parents), changed.get(own, ()), len(family[own]) > 1)
        for own, parents in known.items()
    ]


def by_commit(raw: bytes) -> dict[str, tuple[Change, ...]]:
    """The changes that `git diff-tree --stdin --raw -z` printed, by commit."""
    found: dict[str, tuple[Change, ...]] = {}
    commit, start, at = "", 0, 0
    while at < len(raw):
        end = raw.index(b"\0", at)
        if raw[at : at + 1] == b":":
            renamed = raw[end - 4 : end - 3] in (b"R", b"C")
            for _ in range(2 if renamed else 1):
                end = raw.index(b"\0", end + 1)
        else:
            if commit:
                found[commit] = tuple(changes(raw[start:at]))
            commit, start = raw[at:end].decode(), end + 1
        at = end + 1
    if commit:
        found[commit] = tuple(changes(raw[start:]))
    return found


def shallow(repository: Repository) -> frozenset[str]:
    """The commits at which a shallow clone ends: their parents are not here."""
    try:
        with open(os.path.join(repository.common_dir, "shallow"), encoding="ascii") as file:
            return frozenset(file.read().split())
    except FileNotFoundError:
        return frozenset()


def contents(repository: Repository, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of many blobs, in order, through one `git cat-file --batch`."""
    asked = ["git", "cat-file", "--batch", "--buffer"]
    names = [*dict.fromkeys(oids)]
    process = subprocess.Popen(
        asked,
        cwd=repository.root,
        env=repository.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    # Written from a thread: git would stop reading names while nobody reads what it answers.
    writer = Thread(target=feed, args=(process, names), daemon=True)
    writer.start()
    try:
        for name in names:
            header = process.stdout.readline()
            if not header:
                raise GitError("git cat-file ended early", "see: git fsck")
            if header.endswith(b" missing\n"):
                raise GitError(f"the object {name} is not in the repository", "see: git fsck")
            content = process.stdout.read(int(header.split()[-1]))
            process.stdout.read(1)
            yield name, content
    finally:
        process.kill()
        writer.join()
        process.stdout.close()
        process.wait()


def feed(process: subprocess.Popen[bytes], names: Sequence[str]) -> None:
    """Writes the names of objects to a process, which may end before it has read them all."""
    assert process.stdin is not None
    try:
        process.stdin.write("".join(f"{name}\n" for name in names).encode())
        process.stdin.close()
    except (BrokenPipeError, OSError):
        pass


FORMAT = "%H%x00%an%x00%ae%x00%aI%x00%s%x00%b%x00"


def described(repository: Repository, ids: Iterable[str]) -> dict[str, About]:
    """What commits say of themselves, by id."""
    wanted = [*dict.fromkeys(ids)]
    if not wanted:
        return {}
    repo = opened(repository)
    rows: list[list[str]] = []
    for start in range(0, len(wanted), 500):  # a command line holds so many names
        asked = ["--no-walk=unsorted", "--encoding=UTF-8", f"--format={FORMAT}"]
        printed = repo.git.log(*asked, *wanted[start : start + 500], stdout_as_string=False)
        # A commit may call UTF-8 what is not; only people read it.
        parts = [part.decode("utf-8", "replace") for part in printed.split(b"\0")[:-1]]
        rows += [parts[at : at + 6] for at in range(0, len(parts), 6)]
    return {row[0].strip(): About(*(text.strip() for text in row[1:])) for row in rows}
