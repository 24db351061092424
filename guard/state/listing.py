"""Reads the index for what stands out: files git looks away from, submodules, replaced objects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from guard.git import Repository, split
from guard.values import dataclass, field, replace

# Each entry after a NUL: what begins with a fixed byte is found thirty times as fast.
ENTRY = re.compile(rb"\0([a-zS]) [0-7]{6} [0-9a-f]+ [0-3]\t([^\0]+)")
LINK = re.compile(rb"\0\S 160000 ([0-9a-f]+) [0-3]\t([^\0]+)")
REPLACED = ("for-each-ref", "--format=%(refname:lstrip=2)", "refs/replace")
ATTRIBUTES = re.compile(rb"\t((?:[^\0]*/)?\.gitattributes)\0")


@dataclass(frozen=True, slots=True)
class Link:
    """One submodule in the index."""

    path: str
    """Where it is."""

    oid: str
    """The commit it is recorded at."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is worth knowing of the index."""

    flagged: Mapping[str, str] = field(default_factory=dict)
    """Paths that git was told not to look at: `assume-unchanged` or `skip-worktree`."""

    links: tuple[Link, ...] = ()
    """Its submodules."""

    attributes: tuple[str, ...] = ()
    """Its `.gitattributes`."""

    replaced: tuple[str, ...] = ()
    """What of HEAD is exchanged by replace refs: paths, folders with a slash at the end, `HEAD`."""

    replaces: int = 0
    """How many replace refs there are."""


def pathspecs(folders: Sequence[str]) -> list[str]:
    """The arguments that limit git to these folders."""
    if not folders or "." in folders:
        return []
    return ["--", *(f":(top,literal){folder}" for folder in folders)]


def question(folders: Sequence[str]) -> list[str]:
    """The arguments with which git is asked for the index below `folders`."""
    return ["ls-files", "-s", "-v", "-z", *pathspecs(folders)]


def of(repository: Repository, folders: Sequence[str]) -> Listing:
    """The index below `folders`, read for what stands out."""
    listed = entries(repository.git(*question(folders)))
    return exchanging(repository, listed, repository.git(*REPLACED))


def entries(listed: bytes) -> Listing:
    """What stands out in an index that git listed."""
    listed = b"\0" + listed
    flagged = {
        os.fsdecode(path): "skip-worktree" if tag in b"Ss" else "assume-unchanged"
        for tag, path in ENTRY.findall(listed)
    }
    links = tuple(Link(os.fsdecode(path), oid.decode()) for oid, path in LINK.findall(listed))
    # Most have none, and to see that takes a fifth of the time.
    ruled = ATTRIBUTES.findall(listed) if b".gitattributes\0" in listed else ()
    return Listing(flagged, links, tuple(os.fsdecode(path) for path in ruled))


def within(listed: Listing, folders: Sequence[str]) -> Listing:
    """What of it lies in some folders, or is one of these paths."""
    if not pathspecs(folders):
        return listed

    def inside(path: str) -> bool:
        return any(path == folder or path.startswith(folder + "/") for folder in folders)

    return replace(
        listed,
        flagged={path: flag for path, flag in listed.flagged.items() if inside(path)},
        links=tuple(link for link in listed.links if inside(link.path)),
        attributes=tuple(path for path in listed.attributes if inside(path)),
    )


def exchanging(repository: Repository, listed: Listing, refs: bytes) -> Listing:
    """The same with what the replace refs that git named do to HEAD."""
    replaces = frozenset(refs.decode().split())
    if not replaces:
        return listed
    found = tuple(exchanged(repository, replaces)) if repository.head else ()
    return replace(listed, replaced=found, replaces=len(replaces))


def exchanged(repository: Repository, replaces: frozenset[str]) -> Iterator[str]:
    """What of HEAD's tree is in `replaces`; HEAD itself where its tree is another."""
    tree = repository.git("rev-parse", "HEAD^{tree}").decode().strip()
    env = {k: v for k, v in repository.env.items() if k != "GIT_NO_REPLACE_OBJECTS"}
    shown = replace(repository, env=env).git("rev-parse", "HEAD^{tree}").decode().strip()
    if tree != shown or tree in replaces:
        yield "HEAD"
    for entry in split(repository.git("ls-tree", "-r", "-t", "-z", "--full-tree", "HEAD")):
        about, _, path = entry.partition("\t")
        _, kind, oid = about.split(" ")
        if oid in replaces:
            yield path + "/" if kind == "tree" else path


def modules(repository: Repository) -> frozenset[str]:
    """The paths that `.gitmodules` of HEAD gives a place to be had from."""
    asked = [
        "config",
        "-z",
        "--blob",
        "HEAD:.gitmodules",
        "--get-regexp",
        r"^submodule\..*\.(path|url)$",
    ]
    if repository.head is None:
        return frozenset()
    found: dict[str, dict[str, str]] = {}
    for entry in split(repository.git(*asked, accept=(0, 1, 128))):
        key, _, value = entry.partition("\n")
        name, _, what = key.rpartition(".")
        found.setdefault(name, {})[what] = value
    return frozenset(m["path"] for m in found.values() if m.get("url") and "path" in m)
