"""Takes a build's files from the commit itself, so that nothing done to the tree can enter."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from guard.docker import ignore
from guard.docker.build import Build, Context, Frontend, Kind
from guard.docker.gate import around
from guard.errors import GitError, GuardError
from guard.git import Repository
from guard.snapshot import EXECUTABLE, SUBMODULE, SYMLINK, File


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit, or of the commit of a submodule in it."""

    path: str
    """Relative to the root of the outermost work tree."""

    file: File
    """The entry in its own repository."""

    repository: Repository
    """The repository that holds it."""


def entries(repository: Repository, commit: str, below: str = ".", at: str = "") -> Iterator[Entry]:
    """The files of a commit in the folder `below`, submodules at the commits it records.

    A GitError where the commit of a submodule is not here. `at` is where the repository lies in
    the outermost one.
    """
    prefix = "" if below == "." else below + "/"
    for path, file in repository.tree(commit).items():
        # The folder may lie in a submodule.
        around_it = file.mode == SUBMODULE and prefix.startswith(path + "/")
        if prefix and not path.startswith(prefix) and path != below and not around_it:
            continue
        if file.mode != SUBMODULE:
            yield Entry(at + path, file, repository)
            continue
        inner = prefix.removeprefix(path + "/").rstrip("/") if around_it else ""
        within = module(repository, path, file.oid)
        yield from entries(within, file.oid, inner or ".", f"{at}{path}/")


def module(repository: Repository, path: str, commit: str) -> Repository:
    """The repository of a submodule; a GitError where it does not hold the commit."""
    place = os.path.join(repository.root, path)
    hint = f"git submodule update --init -- {path}"
    found = around(place) if os.path.isdir(place) else None
    if found is None or os.path.realpath(found.root) != os.path.realpath(place):
        raise GitError(f"the submodule {path!r} is not checked out", hint)
    try:
        found.commit(commit)
    except GitError:
        raise GitError(
            f"the submodule {path!r} does not have the commit {commit[:10]}", hint
        ) from None
    return found


class Contents:
    """What a checkout would write for the blobs of some repositories, each through its filters."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.communicate()

    def read(self, entry: Entry) -> bytes:
        """The bytes of one file as a checkout of its commit has them: line ends, LFS, keywords.

        A GitError where a filter fails.
        """
        file, repository = entry.file, entry.repository
        if file.mode == SYMLINK or "\n" in file.path:
            kind = ["blob", file.oid] if file.mode == SYMLINK else [
                "--filters", f"--path={file.path}", file.oid]  # fmt: skip
            return repository.git("cat-file", *kind)
        process = self._process(repository)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(os.fsencode(f"{file.oid} {file.path}\n"))
            process.stdin.flush()
        except BrokenPipeError:
            pass
        header = process.stdout.readline()
        if not header.strip() or header.endswith(b" missing\n"):
            raise GitError(f"git cannot give the content of {entry.path!r}", "see: git fsck")
        size = int(header.split()[-1])
        content = process.stdout.read(size)
        process.stdout.read(1)
        if len(content) != size:
            raise GitError(f"git cannot give the content of {entry.path!r}", "see: git fsck")
        return content

    def _process(self, repository: Repository) -> subprocess.Popen[bytes]:
        if repository.root not in self._running:
            self._running[repository.root] = subprocess.Popen(
                ["git", "cat-file", "--batch", "--filters"],
                cwd=repository.root,
                env=repository.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._running[repository.root]


def write_tar(
    out: BinaryIO, found: Iterable[Entry], name: Callable[[str], str], moment: float
) -> None:
    """Writes the entries as a tar, as docker's own client would send them: owned by root.

    `name` makes the name in the tar of a path; `moment` is the time of every file.
    """
    with (
        Contents() as contents,
        # GNU's format holds names that are not UTF-8 as they are.
        tarfile.open(
            fileobj=out, mode="w|", format=tarfile.GNU_FORMAT, encoding="utf-8",
            errors="surrogateescape"
        ) as tar,
    ):  # fmt: skip
        for entry in found:
            content = contents.read(entry)
            member = tarfile.TarInfo(name(entry.path))
            member.mtime = int(moment)
            if entry.file.mode == SYMLINK:
                member.type, member.mode = tarfile.SYMTYPE, 0o777
                member.linkname = os.fsdecode(content)
                tar.addfile(member)
            else:
                member.size = len(content)
                member.mode = 0o755 if entry.file.mode == EXECUTABLE else 0o644
                tar.addfile(member, BytesIO(content))


class Checkout:
    """Folders with files of commits, for the builds that cannot take them from a stream."""

    def __init__(self) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._roots: dict[str, Path] = {}
        self._done: set[tuple[str, str]] = set()

    def close(self) -> None:
        """Removes everything."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def put(self, place: str) -> str:
        """The path of a folder or a file of a work tree, as its commit has it.

        A GuardError where it lies in no repository, or the commit does not hold it.
        """
        repository, below = located(place)
        head = committed(repository)
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="guard-exact-")
        root = self._roots.setdefault(
            repository.root, Path(self._temporary.name, str(len(self._roots)))
        )
        target = root if below == "." else root / below
        if (repository.root, below) not in self._done:
            self._done.add((repository.root, below))
            found = list(entries(repository, head, below))
            if not found:
                raise GuardError(f"{place} is not in commit {head[:10]}", "commit it first")
            self._write(root, found)
        return str(target)

    def _write(self, root: Path, found: Iterable[Entry]) -> None:
        with Contents() as contents:
            for entry in found:
                target = root / entry.path
                if os.path.lexists(target):
                    continue
                # The temporary folder itself is closed to others; what is below looks as in git.
                made(target.parent, root)
                content = contents.read(entry)
                if entry.file.mode == SYMLINK:
                    os.symlink(content, os.fsencode(target))
                else:
                    target.write_bytes(content)
                    target.chmod(0o755 if entry.file.mode == EXECUTABLE else 0o644)


def made(folder: Path, root: Path) -> None:
    """Makes a folder and those above it up to `root`, all with the usual mode."""
    if folder.is_dir():
        return
    if folder != root:
        made(folder.parent, root)
    folder.mkdir()
    folder.chmod(0o755)


def located(place: str) -> tuple[Repository, str]:
    """The outermost repository around a path that holds it, and the path relative to its root."""
    folder = place if os.path.isdir(place) else os.path.dirname(place)
    repository = around(folder)
    if repository is None:
        raise GuardError(
            f"{place} is in no git repository: there is no commit to build it from",
            "put it under version control: git init",
        )
    while (above := outer(repository)) is not None:
        repository = above
    real = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
    if os.path.isdir(place):
        real = os.path.realpath(place)
    return repository, os.path.relpath(real, repository.root).replace(os.sep, "/")


def outer(repository: Repository) -> Repository | None:
    """The repository that this one is a submodule of."""
    asked = ["rev-parse", "--show-superproject-working-tree"]
    said = os.fsdecode(repository.git(*asked)).rstrip("\n")
    return around(said) if said else None


def committed(repository: Repository) -> str:
    """The commit checked out; a GuardError before the first one."""
    if repository.head is None:
        raise GuardError("there is no commit yet to build from", "commit first")
    return repository.head


def moved(build: Build, checkout: Checkout) -> Build:
    """The build with every local path of it led to the commit's own files."""

    def there(context: Context) -> Context:
        if context.kind is not Kind.FOLDER:
            return context
        return replace(context, place=checkout.put(context.place))

    dockerfile = build.dockerfile
    if dockerfile is not None and around(os.path.dirname(dockerfile)) is not None:
        for name in (".dockerignore", ".containerignore"):
            if tracked(dockerfile + name):
                checkout.put(dockerfile + name)
        dockerfile = checkout.put(dockerfile)
    given = build.ignore_file
    return replace(
        build,
        context=there(build.context),
        dockerfile=dockerfile,
        named=tuple(there(context) for context in build.named),
        ignore_file=checkout.put(given) if given is not None else None,
    )


def tracked(place: str) -> bool:
    """Whether the commit has a file of that path."""
    repository, below = located(place)
    return bool(repository.head) and below in repository.tree(repository.head or "", [below])


@dataclass(frozen=True)
class Stream:
    """A context that can be streamed from its commit."""

    found: tuple[Entry, ...]
    """Its files, the Dockerfile first."""

    prefix: str
    """What their paths begin with, up to the context."""

    dockerfile: str
    """The Dockerfile's path relative to the context."""

    moment: float
    """The time of the commit, in seconds since the epoch."""

    def write(self, out: BinaryIO) -> None:
        """Writes the tar."""
        write_tar(out, self.found, lambda path: path.removeprefix(self.prefix), self.moment)


def stream(build: Build, frontend: Frontend) -> Stream | None:
    """The stream for a build; None where it needs more than one folder with all that it is told.

    A builder that reads a tar is told of the Dockerfile by a path in it, so there it must be.
    """
    context, dockerfile = build.context, build.dockerfile
    if context.kind is not Kind.FOLDER or dockerfile is None or build.named or build.inline:
        return None
    if any(c.kind is Kind.FOLDER for c in build.named):
        return None
    repository, below = located(context.place)
    head = committed(repository)
    prefix = "" if below == "." else below + "/"
    own = os.path.relpath(
        os.path.join(os.path.realpath(os.path.dirname(dockerfile)), os.path.basename(dockerfile)),
        context.place,
    ).replace(os.sep, "/")
    found = {e.path: e for e in entries(repository, head, below)}
    if own.startswith("../") or prefix + own not in found:
        return None
    if found[prefix + own].file.mode == SYMLINK:
        return None
    rules = committed_rules(found, prefix, own, frontend)
    if not rules.enters(own):
        return None  # in a tar it would be a file like any other, and enter
    sent = [e for p, e in found.items() if p != prefix + own and rules.enters(p[len(prefix) :])]
    moment = float(repository.git("log", "-1", "--format=%ct", head))
    return Stream((found[prefix + own], *sent), prefix, own, moment)


def committed_rules(
    found: Mapping[str, Entry], prefix: str, dockerfile: str, frontend: Frontend
) -> ignore.Ignore:
    """The rules of the ignore file that applies, as the commit has it."""
    names = [f"{prefix}.dockerignore"]
    if frontend is Frontend.BUILDKIT:
        names.insert(0, f"{prefix}{dockerfile}.dockerignore")
    chosen = next((found[name] for name in names if name in found), None)
    if chosen is None:
        return ignore.EVERYTHING
    with tempfile.NamedTemporaryFile(prefix="guard-") as file, Contents() as contents:
        file.write(contents.read(chosen))
        file.flush()
        return ignore.read(file.name, frontend, [".dockerignore", dockerfile])
