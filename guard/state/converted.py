"""Finds files whose bytes on disk are not what a checkout would give, though git sees no change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guard.git import Blobs, Repository, split
from guard.state.listing import Listing, pathspecs
from guard.state.truth import Settings

POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Converted:
    """Files that are not what they seem."""

    pointers: tuple[str, ...] = ()
    """Pointers of Git LFS where the content should be."""

    filtered: tuple[str, ...] = ()
    """Files that a clean filter makes equal to what is committed."""


def converted(
    repository: Repository,
    settings: Settings,
    listed: Listing,
    folders: Sequence[str],
    asked: Callable[[str], bool],
) -> Converted:
    """Those below `folders` that `asked` says yes to; costs next to nothing without filters."""
    if not any(b"filter" in text for text in attributes(repository, settings, listed, folders)):
        return Converted()
    pointers, filtered = [], []
    blobs = Blobs(repository, "--filters")
    for path, oid, driver in driven(repository, folders):
        if not asked(path):
            continue
        place = os.path.join(repository.root, path)
        if driver == "lfs":
            if is_pointer(place):
                pointers.append(path)
        elif f"filter.{driver}.clean" in settings or f"filter.{driver}.process" in settings:
            if "\n" in path:
                checkout = repository.git("cat-file", "--filters", f"--path={path}", oid)
            else:
                checkout = blobs.read(f"{oid} {path}")
            if read(place) not in (checkout, None):
                filtered.append(path)
    return Converted(tuple(pointers), tuple(filtered))


def attributes(
    repository: Repository, settings: Settings, listed: Listing, folders: Sequence[str]
) -> Iterator[bytes]:
    """The texts of the attribute files that may speak of files below `folders`."""
    above = {".gitattributes"}
    for folder in folders:
        parts = folder.split("/")
        above |= {"/".join((*parts[:n], ".gitattributes")) for n in range(len(parts) + 1)}
    places = [os.path.join(repository.root, path) for path in sorted({*above, *listed.attributes})]
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    places.append(os.path.join(repository.common_dir, "info", "attributes"))
    places.append(os.path.expanduser(settings.get("core.attributesfile", f"{home}/git/attributes")))
    places.append("/etc/gitattributes")
    yield from (text for place in places if (text := read(place)) is not None)


def driven(repository: Repository, folders: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """The (path, blob id, filter) of the files below `folders` that have a filter attribute."""
    limits = pathspecs(folders) or ["--"]
    entries = split(repository.git("ls-files", "-s", "-z", *limits, ":(top,exclude,attr:!filter)"))
    oids = {}
    for entry in entries:
        about, _, path = entry.partition("\t")
        mode, oid, stage = about.split(" ")
        if mode.startswith("100") and stage == "0":
            oids[path] = oid
    names = b"".join(os.fsencode(path) + b"\0" for path in oids)
    answers = split(repository.git("check-attr", "-z", "--stdin", "filter", stdin=names))
    for path, value in zip(answers[::3], answers[2::3], strict=True):
        if value not in ("unspecified", "unset", "set"):
            yield path, oids[path], value


def is_pointer(place: str) -> bool:
    """Whether the file holds a pointer of Git LFS."""
    try:
        with open(place, "rb") as file:
            return file.read(len(POINTER)) == POINTER
    except OSError:
        return False


def read(place: str) -> bytes | None:
    """The bytes of a file; None where there is none to read."""
    try:
        return Path(place).read_bytes()
    except OSError:
        return None
