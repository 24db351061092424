"""Reads many objects of a repository through one `git cat-file --batch`."""

from __future__ import annotations

import os
from _thread import allocate_lock  # a commit does without the rest of `threading`
from collections.abc import Iterator, Sequence

from guard.errors import GitError
from guard.git import Repository
from guard.program import conversing
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

AT_ONCE = 256
"""So many names are written before an answer is read: they surely fit into a pipe, unread."""


def blob_id(content: bytes, digits: int) -> str:
    """The id git gives to a blob of this content, in a repository whose ids have `digits`."""
    import hashlib  # all of OpenSSL, which most commands do without

    digest = hashlib.sha1 if digits == 40 else hashlib.sha256
    header = b"blob %d\0" % len(content)
    return digest(header + content, usedforsecurity=False).hexdigest()


class Blobs:
    """One `git cat-file --batch`, started at the first read and again in each forked process."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: tuple[BinaryIO, BinaryIO] | None = None
        self._pid = os.getpid()
        self._turn = allocate_lock()

    def __getstate__(self) -> Repository:
        return self._repository

    def __setstate__(self, repository: Repository) -> None:
        self.__init__(repository)  # type: ignore[misc]  # a fresh object in another process

    def start(self) -> None:
        """Starts git, which takes longer to begin than to answer, before anything is asked."""
        self._running()

    def read(self, name: str) -> bytes:
        """The bytes of the object that `name` names (an id, `:path`, `HEAD:path`)."""
        found = self.get(name)
        if found is None:
            raise missing(name)
        return found

    def read_all(self, names: Sequence[str]) -> Iterator[bytes]:
        """The bytes of several objects, in order.

        Asked for together: on a busy machine each question by itself waits until git has a turn.
        """
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            for name, found in zip(some, self._told(some), strict=True):
                if found is None:
                    raise missing(name)
                yield found

    def get(self, name: str) -> bytes | None:
        """Like `read`; None where there is no such object."""
        return self._told([name])[0]

    def _told(self, names: Sequence[str]) -> list[bytes | None]:
        # A process inherited through fork is the parent's: two readers would tear its stream.
        if self._pid != os.getpid():
            self._process, self._pid, self._turn = None, os.getpid(), allocate_lock()
        with self._turn:  # two threads would take each other's answers
            answers = self._asked(names)
            return [self._answer(answers) for _ in names]

    def _asked(self, names: Sequence[str]) -> BinaryIO:
        questions, answers = self._running()
        try:
            questions.write(b"".join(os.fsencode(name) + b"\n" for name in names))
            questions.flush()
        except BrokenPipeError:
            pass  # what git had to say is on its stderr, and the answers end
        return answers

    def _answer(self, answers: BinaryIO) -> bytes | None:
        header = answers.readline()
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        size = header.rpartition(b" ")[2].rstrip(b"\n")
        content = answers.read(int(size) + 1) if size.isdigit() else b""
        if not content or len(content) != int(size) + 1:
            raise GitError("git cat-file ended early", "see: git fsck")
        return content[:-1]

    def _running(self) -> tuple[BinaryIO, BinaryIO]:
        if self._process is None:
            where = self._repository
            self._process = conversing(["cat-file", "--batch"], cwd=where.root, env=where.env)
        return self._process


def missing(name: str) -> GitError:
    """The error for an object that is not there."""
    return GitError(f"the object {name} is not in the repository", "see: git fsck")
