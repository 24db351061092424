"""Keeps work trees as commits under `refs/guard/`, with index, work tree and stash left alone.

All states hang on one ref, as stashes do: the ref is the newest one and its reflog names the
others. So `git log --all`, fetches and the listing of refs see one commit more and no more,
however many states are kept.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence

from guard.entries import EXECUTABLE, REGULAR, SYMLINK, Change
from guard.errors import GuardError
from guard.git import Repository, split
from guard.git import changes as parsed
from guard.state import listing, truth
from guard.state.converted import converted, suspects
from guard.values import dataclass, replace

REF = "refs/guard/kept"
DAY = 24 * 3600

WHO = {
    "GIT_AUTHOR_NAME": "guard",
    "GIT_AUTHOR_EMAIL": "guard@localhost",
    "GIT_COMMITTER_NAME": "guard",
    "GIT_COMMITTER_EMAIL": "guard@localhost",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept, and for how long."""

    file: int = 50 * 2**20
    """Bytes; a larger file is left out."""

    total: int = 500 * 2**20
    """Bytes; what does not fit any more is left out."""

    days: float = 30
    """States older than this go when the next one is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept work tree."""

    commit: str
    """The commit that holds it; its parent is what HEAD was."""

    tree: str
    """Its tree: equal for equal work trees, so it serves as a digest."""

    base: str | None
    """What HEAD was; None before the first commit."""

    when: float
    """When it was last kept, in seconds since 1970."""

    why: str
    """What was about to happen."""

    root: str = ""
    """The work tree it is of: the repository's, or that of a submodule."""

    left_out: tuple[str, ...] = ()
    """Files that are too large, or no files; only where it was just kept."""


def keep(repository: Repository, why: str, limits: Limits | None = None) -> list[Kept]:
    """Keeps what the work tree has and HEAD has not, untracked files included, ignored ones not.

    One state for the repository and one for each submodule with differences, in its own
    repository; none where there is nothing to keep. Index, work tree and stash stay as they are.
    A work tree that was kept before is not kept twice. A GitError where git cannot.
    """
    limits = limits or Limits()
    honest = truth.honest(repository)
    listed = listing.of(honest, ["."])
    kept = [one] if (one := kept_here(honest, listed, why, limits)) else []
    for link in listed.links:
        place = os.path.join(honest.root, link.path)
        if os.path.lexists(os.path.join(place, ".git")):
            kept += keep(Repository.find(place), why, limits)
    return kept


def kept_here(
    repository: Repository, listed: listing.Listing, why: str, limits: Limits
) -> Kept | None:
    """Keeps one work tree without its submodules; None where it is as HEAD has it."""
    differing = unsaved(repository, listed)
    if not differing:
        return None
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        index = os.path.join(folder, "index")
        if os.path.exists(os.path.join(repository.git_dir, "index")):
            shutil.copy2(os.path.join(repository.git_dir, "index"), index)
        env = {**repository.env, **WHO, "GIT_INDEX_FILE": index}
        copy = replace(repository, env=env)
        entries, left_out = hashed(copy, differing, limits)
        whole = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false")
        copy.git(*whole, "update-index", "-z", "--index-info", stdin=entries)
        # A partial clone need not have the blobs of files that did not change.
        tree = copy.git(*whole, "write-tree", "--missing-ok").decode().strip()
    head = repository.head
    if head and tree == repository.git("rev-parse", head + "^{tree}").decode().strip():
        return None
    for old in states(repository):
        if (old.tree, old.base) == (tree, head) and time.time() - old.when < DAY:
            return replace(old, left_out=left_out)
    copy = replace(repository, env={**repository.env, **WHO})
    parent = ["-p", head] if head else []
    commit = copy.git("commit-tree", tree, *parent, "-m", why).decode().strip()
    copy.git("update-ref", "--create-reflog", "-m", " ".join(why.split()), REF, commit)
    prune(copy, limits.days)
    return Kept(commit, tree, head, time.time(), why, repository.root, left_out)


def unsaved(repository: Repository, listed: listing.Listing) -> list[str]:
    """The paths that are not on disk as HEAD has them, hidden from `git status` or not."""
    settings = truth.settings(repository)
    seen = truth.status(repository, settings, ["."])
    hidden = truth.flagged(repository, settings, listed, lambda path: True).dirty
    links = {link.path for link in listed.links}
    changed = {file.path for file in (*seen.dirty, *hidden)} - links
    suspected = suspects(repository, settings, listed, ["."])
    filtered = converted(repository, suspected, lambda path: path not in changed)
    return sorted({*changed, *seen.untracked, *filtered.filtered})


def hashed(
    repository: Repository, paths: Sequence[str], limits: Limits
) -> tuple[bytes, tuple[str, ...]]:
    """Stores the files; the lines for `update-index --index-info`, and what was left out.

    The bytes on disk are stored as they are, past every filter: what a filter takes away is what
    nobody else has.
    """
    left_out, modes, total = [], {}, 0
    gone = "0" * len(repository.head or 40 * "0")
    lines = []
    for path in paths:
        try:
            about = os.lstat(os.path.join(repository.root, path))
        except OSError:
            lines.append(f"0 {gone}\t{path}")
            continue
        if stat.S_ISDIR(about.st_mode):
            lines.append(f"0 {gone}\t{path}")  # its files are entries of their own
        elif not storable(about, limits, total):
            left_out.append(path)
        else:
            total += about.st_size
            executable = EXECUTABLE if about.st_mode & stat.S_IXUSR else REGULAR
            modes[path] = SYMLINK if stat.S_ISLNK(about.st_mode) else executable
    for path, oid in stored(repository, modes):
        lines.append(f"{modes[path]} {oid}\t{path}")
    return b"".join(os.fsencode(line) + b"\0" for line in lines), tuple(left_out)


def storable(about: os.stat_result, limits: Limits, total: int) -> bool:
    """Whether it is a file or a link, and small enough."""
    kind = stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode)
    return kind and about.st_size <= limits.file and total + about.st_size <= limits.total


def stored(repository: Repository, modes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The (path, blob id) of files that are now in the object store."""
    # git reads these names line by line, and those that begin with a quote as quoted.
    many = [p for p, mode in modes.items() if mode != SYMLINK and "\n" not in p and p[0] != '"']
    asked = ["hash-object", "-w", "--no-filters"]
    if many:
        names = b"".join(os.fsencode(path) + b"\n" for path in many)
        oids = repository.git(*asked, "--stdin-paths", stdin=names).decode().split()
        yield from zip(many, oids, strict=True)
    for path in modes.keys() - set(many):
        place = os.path.join(repository.root, path)
        if modes[path] == SYMLINK:
            content = os.fsencode(os.readlink(place))
            yield path, repository.git(*asked, "--stdin", stdin=content).decode().strip()
        else:
            yield path, repository.git(*asked, "--", path).decode().strip()


def states(repository: Repository) -> Iterator[Kept]:
    """The kept states, the newest first, each once."""
    if not repository.git("for-each-ref", REF):
        return
    form = "--format=%H%x1f%T%x1f%P%x1f%gd%x1f%gs"
    shown = repository.git(
        "-c",
        "log.showSignature=false",
        "log",
        "-z",
        "--walk-reflogs",
        "--date=raw",
        form,
        REF,
        "--",
    )
    seen = set()
    for line in split(shown):
        commit, tree, base, when, why = line.split("\x1f", 4)
        if (tree, base) not in seen:
            seen.add((tree, base))
            time = float(when.rpartition("@{")[2].split(" ")[0])
            yield Kept(commit, tree, base or None, time, why, repository.root)


def find(repository: Repository, name: str) -> Kept:
    """The state whose commit begins with `name`; a GuardError where there is none, or several."""
    found = [kept for kept in states(repository) if kept.commit.startswith(name.lower())]
    if not name or not found:
        raise GuardError(f"no kept state {name!r}", "see: guard rescue list")
    if len(found) > 1:
        raise GuardError(f"{name!r} means {len(found)} kept states", "see: guard rescue list")
    return found[0]


def prune(repository: Repository, days: float) -> None:
    """Lets go of states older than `days`; git's own housekeeping then frees their space."""
    until = time.time() - days * DAY
    oldest = oldest_entry(repository)
    if oldest is not None and oldest >= until:
        return
    # Numbers below 10^8 are dates to git (20260101); states of before 1973 there are none.
    limit = f"--expire={int(max(until, 10**8))}"
    repository.git("reflog", "expire", limit, limit.replace("=", "-unreachable="), REF)
    if not repository.git("log", "--walk-reflogs", "--max-count=1", "--format=%H", REF, "--"):
        repository.git("update-ref", "-d", REF)


def oldest_entry(repository: Repository) -> float | None:
    """The time of the first line of the ref's log; None where it is not kept as a file."""
    try:
        with open(os.path.join(repository.common_dir, "logs", REF), "rb") as log:
            return float(log.readline().partition(b"\t")[0].split()[-2])
    except (OSError, IndexError, ValueError):
        return None


def changes(repository: Repository, kept: Kept) -> list[Change]:
    """How a kept state differs from the commit it was made on."""
    asked = "diff-tree -r -z --raw --no-abbrev --root --no-commit-id --no-renames".split()
    return parsed(repository.git(*asked, kept.commit))
