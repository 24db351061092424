"""Brings files of a kept work tree back; what is on disk and nowhere else is never overwritten."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Mapping, Sequence

from guard.blobs import Blobs, blob_id
from guard.entries import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, Change, File
from guard.errors import GuardError
from guard.folders import above
from guard.git import Repository
from guard.rescue.keeping import Kept, changes, keep, unsaved
from guard.state import listing, truth
from guard.values import dataclass


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring did, or why it did nothing."""

    written: tuple[str, ...] = ()
    """Files that are now as they were kept."""

    removed: tuple[str, ...] = ()
    """Files that the kept work tree did not have."""

    blocked: Mapping[str, str] | None = None
    """By path, what would have been lost; then nothing was done."""

    saved: tuple[Kept, ...] = ()
    """Where what was overwritten is kept."""


def within(found: Iterable[Change], paths: Sequence[str]) -> list[Change]:
    """The changes to `paths`, files or folders relative to the root; all where none are given."""
    wanted = [path.rstrip("/") for path in paths]
    return [
        change
        for change in found
        if not wanted
        or "." in wanted
        or any(change.path == path or change.path.startswith(path + "/") for path in wanted)
    ]


def restore(
    repository: Repository, kept: Kept, paths: Sequence[str] = (), *, force: bool = False
) -> Restored:
    """Makes the files that differ from the commit they were kept on as they were kept.

    All or nothing: where a file on disk would be lost or a newer commit undone, nothing is
    written. With `force` the present work tree is kept first. A GuardError for a path that the
    state says nothing of, and for what not even `force` can keep.
    """
    files = (c for c in changes(repository, kept) if SUBMODULE not in modes(c))
    wanted = within(files, paths)
    for path in paths:
        if not within(wanted, [path]):
            raise GuardError(
                f"{path!r} is not among what {kept.commit[:10]} keeps",
                f"see: guard rescue show {kept.commit[:10]}",
            )
    open_changes = [change for change in wanted if not as_kept(repository, change)]
    in_the_way = [c.path for c in open_changes if not placeable(repository, c.path)]
    if in_the_way:
        raise GuardError(
            f"{in_the_way[0]!r} cannot be put back: a folder or a link stands in the way",
            "move it away first",
        )
    blocked = conflicts(repository, open_changes)
    saved: list[Kept] = []
    if blocked and not force:
        return Restored(blocked=blocked)
    if blocked:
        saved = keep(repository, f"before guard rescue restore {kept.commit[:10]}")
        unkept = [p for p in blocked if not recoverable(repository, p, saved)]
        if unkept:
            raise GuardError(
                f"{unkept[0]!r} can be kept nowhere (ignored by git, too large, or no file)",
                "move it away first",
            )
    blobs = Blobs(repository)
    written, removed = [], []
    # What goes makes room for what comes: a file may stand where a folder is needed.
    for change in sorted(open_changes, key=lambda change: change.new is not None):
        if change.new is None:
            os.unlink(place(repository, change.path))
            removed.append(change.path)
        else:
            put(place(repository, change.path), change.new, blobs.read(change.new.oid))
            written.append(change.path)
    return Restored(tuple(written), tuple(removed), saved=tuple(saved))


def modes(change: Change) -> list[str]:
    """The modes before and after."""
    return [file.mode for file in (change.old, change.new) if file is not None]


def conflicts(repository: Repository, wanted: Sequence[Change]) -> dict[str, str]:
    """By path, what restoring would destroy or undo."""
    honest = truth.honest(repository)
    edited = set(unsaved(honest, listing.of(honest, ["."]))) if wanted else set()
    paths = [change.path for change in wanted]
    committed = repository.tree(repository.head, paths) if repository.head and paths else {}
    found = {}
    for change in wanted:
        path, here = change.path, place(repository, change.path)
        now = committed.get(path)
        if os.path.lexists(here) and (path in edited or now is None):
            found[path] = "it holds what is in no commit"
        elif now != change.old:
            found[path] = "a commit since then changed it"
    return found


def placeable(repository: Repository, path: str) -> bool:
    """Whether a file can stand at `path`, below real folders only: a link may lead anywhere."""
    here = place(repository, path)
    if os.path.isdir(here) and not os.path.islink(here):
        return False
    for folder in above(path):
        there = place(repository, folder)
        if os.path.islink(there) or (os.path.lexists(there) and not os.path.isdir(there)):
            return False
    return True


def as_kept(repository: Repository, change: Change) -> bool:
    """Whether the file on disk is as it was kept already."""
    here = on_disk(place(repository, change.path), len(repository.head or 40 * "0"))
    kept = None if change.new is None else (change.new.mode, change.new.oid)
    return here == kept


def recoverable(repository: Repository, path: str, saved: Sequence[Kept]) -> bool:
    """Whether what is on disk at `path` is in one of the kept states, or in HEAD."""
    here = on_disk(place(repository, path), len(repository.head or 40 * "0"))
    if here is None and not os.path.lexists(place(repository, path)):
        return True
    for commit in [*(kept.commit for kept in saved), *filter(None, [repository.head])]:
        file = repository.tree(commit, [path]).get(path)
        if file is not None and here == (file.mode, file.oid):
            return True
    return False


def on_disk(here: str, digits: int) -> tuple[str, str] | None:
    """The mode and blob id of a file as it lies on disk; None where there is no file."""
    try:
        about = os.lstat(here)
        if stat.S_ISLNK(about.st_mode):
            mode, content = SYMLINK, os.fsencode(os.readlink(here))
        elif stat.S_ISREG(about.st_mode):
            mode = EXECUTABLE if about.st_mode & stat.S_IXUSR else REGULAR
            with open(here, "rb") as file:
                content = file.read()
        else:
            return None
    except OSError:
        return None
    return mode, blob_id(content, digits)


def put(here: str, file: File, content: bytes) -> None:
    """Puts a file in place in one step."""
    folder = os.path.dirname(here)
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".guard-") as draft:
        new = os.path.join(draft, "new")
        if file.mode == SYMLINK:
            os.symlink(content, os.fsencode(new))
        else:
            with open(new, "wb") as out:
                out.write(content)
            if file.mode == EXECUTABLE:
                mode = os.stat(new).st_mode
                os.chmod(new, mode | (mode & 0o444) >> 2)
        os.replace(new, here)


def place(repository: Repository, path: str) -> str:
    """Where a path is on disk."""
    return os.path.join(repository.root, path)
