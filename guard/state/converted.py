"""Finds files whose bytes on disk are not what a checkout would give, though git sees no change."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence

from guard.git import Repository, split
from guard.state.listing import Listing, pathspecs
from guard.state.truth import Settings
from guard.values import dataclass

POINTER = b"version https://git-lfs.github.com/spec/"
LINE_ENDS = re.compile(rb"\b(?:text|eol|crlf|ident|working-tree-encoding)\b")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file that git compares by something else than its bytes."""

    path: str
    """Where it is."""

    oid: str
    """The blob in the index."""

    lfs: bool = False
    """Whether Git LFS stores it."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Files that are not what they seem."""

    pointers: tuple[str, ...] = ()
    """Pointers of Git LFS where the content should be."""

    filtered: tuple[str, ...] = ()
    """Files that git's conversions make equal to what is committed."""


def suspects(
    repository: Repository, settings: Settings, listed: Listing, folders: Sequence[str]
) -> list[Suspect]:
    """The files below `folders` that filters or line ends may hide changes in.

    Costs next to nothing where no attribute and no setting asks for either.
    """
    texts = list(attributes(repository, settings, listed, folders))
    found: dict[str, Suspect] = {}
    ends = settings.get("core.autocrlf", "false") != "false" or "core.eol" in settings
    if ends or any(LINE_ENDS.search(text) for text in texts):
        found.update((s.path, s) for s in resized(repository, folders))
    if any(b"filter" in text for text in texts):
        found.update((s.path, s) for s in driven(repository, settings, folders))
    return list(found.values())


def converted(
    repository: Repository, suspected: Iterable[Suspect], asked: Callable[[str], bool]
) -> Converted:
    """Those of the suspects that `asked` says yes to and that are not what a checkout gives."""
    chosen = [suspect for suspect in suspected if asked(suspect.path)]
    pointers = [
        s.path for s in chosen if s.lfs and is_pointer(os.path.join(repository.root, s.path))
    ]
    others = [suspect for suspect in chosen if not suspect.lfs]
    filtered = [
        suspect.path
        for start in range(0, len(others), 64)
        for suspect, content in checkouts(repository, others[start : start + 64])
        if read(os.path.join(repository.root, suspect.path)) not in (content, None)
    ]
    return Converted(tuple(pointers), tuple(filtered))


def checkouts(
    repository: Repository, suspected: Sequence[Suspect]
) -> Iterator[tuple[Suspect, bytes]]:
    """Each suspect with the bytes that a checkout would write.

    git announces the size of the blob and then writes what the filter makes of it, so the size is
    of no use: after each blob an object is asked for that there cannot be, and git's answer to
    that is where the blob ends.
    """
    end = os.urandom(16).hex()
    plain = [suspect for suspect in suspected if "\n" not in suspect.path]
    asked = "".join(f"{suspect.oid} {suspect.path}\n{end}\n" for suspect in plain)
    if plain:
        told = repository.git("cat-file", "--batch", "--filters", stdin=os.fsencode(asked))
        parts = told.split(b"\n" + end.encode() + b" missing\n")
        for suspect, part in zip(plain, parts, strict=False):
            yield suspect, part.partition(b"\n")[2]
    for suspect in suspected:
        if suspect not in plain:
            named = f"--path={suspect.path}"
            yield suspect, repository.git("cat-file", "--filters", named, suspect.oid)


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


def driven(repository: Repository, settings: Settings, folders: Sequence[str]) -> Iterator[Suspect]:
    """The files below `folders` that a filter of this repository, or Git LFS, converts."""
    limits = pathspecs(folders) or ["--"]
    oids = regular(repository, [*limits, ":(top,exclude,attr:!filter)"])
    names = b"".join(os.fsencode(path) + b"\0" for path in oids)
    answers = split(repository.git("check-attr", "-z", "--stdin", "filter", stdin=names))
    for path, driver in zip(answers[::3], answers[2::3], strict=True):
        clean = f"filter.{driver}.clean" in settings or f"filter.{driver}.process" in settings
        if clean or driver == "lfs":
            yield Suspect(path, oids[path], driver == "lfs")


def resized(repository: Repository, folders: Sequence[str]) -> Iterator[Suspect]:
    """The files below `folders` that are not of the size of their blob: converted, or changed.

    Line ends cannot be converted without that, and sizes are had for a fraction of contents.
    """
    sizes, oids = {}, {}
    for path, oid in regular(repository, pathspecs(folders)).items():
        try:
            about = os.lstat(os.path.join(repository.root, path))
        except OSError:
            continue  # gone; and a partial clone may lack the blob of what is not checked out
        if stat.S_ISREG(about.st_mode):
            sizes[path], oids[path] = about.st_size, oid
    asked = ["cat-file", "--batch-check=%(objectsize)", "--buffer"]
    names = "".join(oid + "\n" for oid in oids.values()).encode()
    stored = repository.git(*asked, stdin=names).split(b"\n")
    for (path, oid), size in zip(oids.items(), stored, strict=False):
        if size != b"%d" % sizes[path]:
            yield Suspect(path, oid)


def regular(repository: Repository, limits: Sequence[str]) -> dict[str, str]:
    """The blob ids of the regular files of the index, by path."""
    found = {}
    for entry in split(repository.git("ls-files", "-s", "-z", *limits)):
        about, _, path = entry.partition("\t")
        if about.startswith("100") and about.endswith(" 0"):
            found[path] = about[7:-2]
    return found


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
        with open(place, "rb") as file:
            return file.read()
    except OSError:
        return None
