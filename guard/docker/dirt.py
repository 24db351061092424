"""The difference of a work tree to its commit, kept and digested when a build is let through."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence

from guard import rescue
from guard.docker.labels import Dirt
from guard.git import Repository

DIFF = ("diff-tree -r -p --binary --full-index --no-color --no-ext-diff --no-textconv "
        "--no-renames").split()  # fmt: skip


def recorded(repository: Repository, reason: str) -> Dirt:
    """Keeps the difference between the work tree and HEAD, and says what the labels will say.

    A GitError where it cannot be kept: then nothing may be let through.
    """
    kept = rescue.keep(repository, f"a build was let through: {reason}")
    return Dirt(reason, digest(kept), kept[0].commit if kept else "")


def digest(kept: Sequence[rescue.Kept]) -> str:
    """`sha256:` and the digest of the binary diffs to HEAD, new files and submodules included.

    The same difference has the same digest, wherever and whenever it is made. Empty for none.
    """
    if not kept:
        return ""
    whole = hashlib.sha256()
    for one in kept:
        for part in difference(one):
            whole.update(part)
    return "sha256:" + whole.hexdigest()


def difference(kept: rescue.Kept) -> Iterator[bytes]:
    """The diff of one kept work tree, then what was too large to be kept."""
    repository = Repository.find(kept.root)
    empty = repository.git("hash-object", "-t", "tree", "-w", os.devnull).decode().strip()
    yield repository.git(*DIFF, kept.base or empty, kept.tree)
    for path in sorted(kept.left_out):
        yield os.fsencode(path) + b"\0"
        try:
            with open(os.path.join(kept.root, path), "rb") as file:
                yield hashlib.file_digest(file, "sha256").digest()
        except OSError:
            yield b"-"
