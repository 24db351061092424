"""The difference between a work tree and its commit: its digest, for a build let through."""

from __future__ import annotations

import hashlib
import os
import tempfile

from guard.git import Repository, run

DIFF = ("diff-tree -r -p --binary --full-index --no-color --no-ext-diff --no-textconv "
        "--no-renames").split()  # fmt: skip


def digest(repository: Repository) -> str:
    """`sha256:` and the digest of the binary diff from HEAD to the work tree, new files included.

    The same difference has the same digest, wherever and whenever it is made. Neither index nor
    work tree is touched.
    """
    base = repository.head or repository.git("hash-object", "-t", "tree", "-w", os.devnull)
    head = base if isinstance(base, str) else base.decode().strip()
    made = tree(repository, head)
    return "sha256:" + hashlib.sha256(repository.git(*DIFF, head, made)).hexdigest()


def tree(repository: Repository, head: str) -> str:
    """The tree of the work tree as it is, new files included: made in an index of its own.

    That index knows no assume-unchanged and no skip-worktree: nothing is hidden from it.
    """
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        env = {**repository.env, "GIT_INDEX_FILE": os.path.join(folder, "index")}
        plain = ["-c", "core.fsmonitor=false", "-c", "core.safecrlf=false"]
        run([*plain, "read-tree", head], cwd=repository.root, env=env)
        run([*plain, "add", "--all", "--", "."], cwd=repository.root, env=env)
        return run(["write-tree"], cwd=repository.root, env=env).decode().strip()
