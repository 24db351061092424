"""Takes a build's files from the commit itself, so that nothing done to the tree can enter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from guard.docker import ignore
from guard.docker.build import Build, Context, Frontend, Kind
from guard.docker.checkout import Checkout
from guard.docker.scope import around
from guard.errors import GitError, GuardError
from guard.git import Repository, run
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

    commit: str
    """The commit there."""


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
            yield Entry(at + path, file, repository, commit)
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


def check_out(found: Iterable[Entry], into: Path) -> None:
    """Writes the entries below a folder as a checkout of their commits would: LFS, line ends.

    git does it from an index of its own, so attributes are those of the commit, and neither the
    user's index nor anything in the work tree is looked at. A GitError where a filter fails.
    """
    holders: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        holders.setdefault((entry.repository.root, entry.commit), []).append(entry)
    for (_, commit), held in holders.items():
        repository = held[0].repository
        at = held[0].path.removesuffix(held[0].file.path)
        names = b"".join(os.fsencode(entry.file.path) + b"\0" for entry in held)
        import tempfile

        with tempfile.TemporaryDirectory(prefix="guard-") as folder:
            env = {**repository.env, "GIT_INDEX_FILE": os.path.join(folder, "index")}
            plain = ["-c", "core.sparseCheckout=false", "-c", "core.fsmonitor=false"]
            run([*plain, "read-tree", commit], cwd=repository.root, env=env)
            run(
                [*plain, "checkout-index", "--force", "-z", "--stdin", f"--prefix={into}/{at}"],
                cwd=repository.root,
                env=env,
                stdin=names,
                umask=0o022,
            )


def write_tar(out: BinaryIO, found: Iterable[Entry], folder: Path, prefix: str, moment: float
              ) -> None:  # fmt: skip
    """Writes checked out entries as a tar, as docker's own client would send them: owned by root.

    Names begin behind `prefix`; `moment` is the time of every file.
    """
    # GNU's format holds names that are not UTF-8 as they are.
    import tarfile

    with tarfile.open(
        fileobj=out, mode="w|", format=tarfile.GNU_FORMAT, encoding="utf-8",
        errors="surrogateescape"
    ) as tar:  # fmt: skip
        for entry in found:
            place = folder / entry.path
            member = tarfile.TarInfo(entry.path.removeprefix(prefix))
            member.mtime = int(moment)
            if entry.file.mode == SYMLINK:
                member.type, member.mode = tarfile.SYMTYPE, 0o777
                member.linkname = os.readlink(place)
                tar.addfile(member)
                continue
            with open(place, "rb") as content:
                member.size = os.fstat(content.fileno()).st_size
                member.mode = 0o755 if entry.file.mode == EXECUTABLE else 0o644
                tar.addfile(member, content)


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

    folder: Path
    """Where they are checked out."""

    prefix: str
    """What their paths begin with, up to the context."""

    dockerfile: str
    """The Dockerfile's path relative to the context."""

    moment: float
    """The time of the commit, in seconds since the epoch."""

    def write(self, out: BinaryIO) -> None:
        """Writes the tar."""
        write_tar(out, self.found, self.folder, self.prefix, self.moment)


def stream(build: Build, frontend: Frontend, checkout: Checkout) -> Stream | None:
    """The stream for a build; None where it needs more than one folder with all that it is told.

    A builder that reads a tar is told of the Dockerfile by a path in it, so there it must be.
    """
    context, dockerfile = build.context, build.dockerfile
    if context.kind is not Kind.FOLDER or dockerfile is None or build.named or build.inline:
        return None
    repository, below = located(context.place)
    head = committed(repository)
    prefix = "" if below == "." else below + "/"
    parent = os.path.realpath(os.path.dirname(dockerfile))
    place = os.path.join(parent, os.path.basename(dockerfile))
    own = prefix + os.path.relpath(place, context.place).replace(os.sep, "/")
    found = {entry.path: entry for entry in entries(repository, head, below)}
    if own not in found or found[own].file.mode == SYMLINK:
        return None
    folder = checkout.folder("stream")
    rules = committed_rules(found, prefix, own.removeprefix(prefix), frontend, folder)
    if not rules.enters(own.removeprefix(prefix)):
        return None  # in a tar it would be a file like any other, and enter
    sent = [e for path, e in found.items() if path != own and rules.enters(path[len(prefix) :])]
    moment = float(repository.git("log", "-1", "--no-show-signature", "--format=%ct", head))
    check_out([found[own], *sent], folder)
    return Stream((found[own], *sent), folder, prefix, own.removeprefix(prefix), moment)


def committed_rules(
    found: Mapping[str, Entry], prefix: str, dockerfile: str, frontend: Frontend, folder: Path
) -> ignore.Ignore:
    """The rules of the ignore file that applies, as the commit has it; it is checked out."""
    names = [f"{prefix}{dockerfile}.dockerignore", f"{prefix}.dockerignore"]
    if frontend in LEGACY:
        del names[0]
    chosen = next((found[name] for name in names if name in found), None)
    if chosen is None:
        return ignore.EVERYTHING
    check_out([chosen], folder)
    return ignore.read(str(folder / chosen.path), frontend, [".dockerignore", dockerfile])


LEGACY = (Frontend.LEGACY, Frontend.LEGACY_20)
"""The builders that know of no ignore file beside a Dockerfile."""
