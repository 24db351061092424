"""Reads many objects of a repository through one `git cat-file --batch`."""

from __future__ import annotations

import hashlib
import os
import subprocess

from guard.errors import GitError
from guard.git import Repository


def blob_id(content: bytes, digits: int) -> str:
    """The id git gives to a blob of this content, in a repository whose ids have `digits`."""
    digest = hashlib.sha1 if digits == 40 else hashlib.sha256
    header = b"blob %d\0" % len(content)
    return digest(header + content, usedforsecurity=False).hexdigest()


class Blobs:
    """One `git cat-file --batch`, started at the first read and again in each forked process."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0

    def __getstate__(self) -> Repository:
        return self._repository

    def __setstate__(self, repository: Repository) -> None:
        self.__init__(repository)  # type: ignore[misc]  # a fresh object in another process

    def read(self, name: str) -> bytes:
        """The bytes of the object that `name` names (an id, `:path`, `HEAD:path`)."""
        found = self.get(name)
        if found is None:
            raise GitError(f"the object {name} is not in the repository", "see: git fsck")
        return found

    def get(self, name: str) -> bytes | None:
        """Like `read`; None where there is no such object."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(os.fsencode(name) + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass  # what git had to say is on its stderr, and stdout ends
        header = process.stdout.readline()
        if not header:
            raise GitError("git cat-file ended early", "see: git fsck")
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        size = int(header.split()[-1])
        content = process.stdout.read(size)
        process.stdout.read(1)
        return content

    def _running(self) -> subprocess.Popen[bytes]:
        # A process inherited through fork is the parent's: two readers would tear its stream.
        if self._process is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self._repository.root,
                env=self._repository.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process
