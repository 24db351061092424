"""What comes on stdin, looked at before the build reads it, and then handed on byte for byte."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from guard.blobs import blob_id
from guard.docker.line.build import CommandLine, Tool
from guard.entries import EXECUTABLE, REGULAR, SYMLINK, File
from guard.errors import GuardError
from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.git import Repository

if TYPE_CHECKING:
    import tarfile

STEP = 1 << 20


def wanted(line: CommandLine) -> bool:
    """Whether the verdict needs what is on stdin: a context, or a compose or bake file."""
    if line.tool in (Tool.COMPOSE, Tool.COMPOSE_V1):
        return any(f.name == "file" and f.value == "-" for f in line.root)
    if line.verb == "bake":
        return "-" in line.all("file")
    if line.operands[:1] == ("-",):
        return True
    return "-" in line.all("file") and not os.isatty(0)


def spooled() -> io.BufferedRandom:
    """All of stdin in a file without a name, which takes its place.

    A stdin that is a file is copied, too: nobody can then change it between verdict and build.
    """
    if sys.stdin is None:
        raise GuardError("the build reads from stdin, and that is closed")
    if os.isatty(0):
        raise GuardError("the build reads from stdin, and that is a terminal")
    copy = os.fdopen(os.memfd_create("stdin", 0), "w+b")
    while chunk := os.read(0, STEP):
        copy.write(chunk)
    copy.flush()
    copy.seek(0)
    os.dup2(copy.fileno(), 0)
    return copy


def members(copy: io.BufferedIOBase, digits: int = 40) -> list[File] | None:
    """The files of the tar on stdin as git would hold them; None where it is no tar.

    Without a tar it is a Dockerfile. An entry that git cannot hold has no mode and no id, which has
    as many `digits` as those of the repository. A GuardError for a tar that cannot be read.
    """
    import tarfile

    copy.seek(0)
    if copy.read(len(ZSTD)) == ZSTD:
        raise GuardError(
            "the tar on stdin is compressed with zstd, and guard cannot look into it",
            "send it as it is: zstd -dc FILE | docker build -",
        )
    copy.seek(0)
    try:
        with tarfile.open(fileobj=copy, mode="r:*") as tar:
            return list(_members(tar, digits))
    except tarfile.ReadError:
        return None
    except (EOFError, OSError, KeyError) as problem:
        raise GuardError(f"the tar on stdin is damaged: {problem}") from None
    finally:
        copy.seek(0)


ZSTD = b"\x28\xb5\x2f\xfd"


def _members(tar: tarfile.TarFile, digits: int) -> Iterator[File]:
    for member in tar:
        path = os.path.normpath(member.name.lstrip("/"))
        if member.isdir() or ".git" in path.split("/"):  # in a submodule it is a file
            continue
        if member.issym():
            yield File(path, SYMLINK, blob_id(os.fsencode(member.linkname), digits))
        elif (member.isfile() or member.islnk()) and (file := tar.extractfile(member)) is not None:
            mode = EXECUTABLE if member.mode & 0o100 else REGULAR
            yield File(path, mode, blob_id(file.read(), digits))
        else:
            yield File(path, "", "")


def tree_findings(found: Sequence[File], committed: Mapping[str, File]) -> Iterator[Finding]:
    """One finding for each file of a tar that is not in the commit as it is in the tar.

    `committed` holds the entries of the commit, relative to where the tar was made.
    """
    for file in found:
        known = committed.get(file.path)
        if known == file:
            continue
        if known is None:
            how = "not in the commit"
        elif known.oid == file.oid and SYMLINK not in (known.mode, file.mode):
            how = "its executable bit is not the commit's"
        else:
            how = "not as the commit has it"
        yield Finding("tree/archive", how, Location(file.path), hint=ARCHIVE)


ARCHIVE = "send the commit itself: git archive HEAD | docker build -"


def dockerfile_findings(content: bytes, repository: Repository) -> Iterator[Finding]:
    """A finding where the Dockerfile on stdin is in no file of the commit."""
    head = repository.head
    known = {file.oid for file in repository.tree(head).values()} if head else set()
    if head is None or blob_id(content, len(head)) not in known:
        yield Finding(
            "tree/stdin",
            "the Dockerfile on stdin is in no file of the commit",
            Location(REPOSITORY),
            hint="commit it, and build with: docker build -f FILE",
            severity=Severity.WARNING,
        )
