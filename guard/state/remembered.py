"""Remembers what stands out in an index: as long as git does not write it anew, that is the same.

git ends an index with a checksum of all that is in it, the flags of each entry included.
"""

from __future__ import annotations

import os

from guard.state.listing import Link, Listing

MOST = 1000
"""Where more than this stands out, reading it again costs as much as asking git."""

FORM = b"treeguard 1"
FLAGS = ("assume-unchanged", "skip-worktree")


def checksum(git_dir: str) -> str:
    """What ends the index in a git directory; empty where that does not tell it from another."""
    try:
        with open(os.path.join(git_dir, "index"), "rb") as index:
            size = index.seek(0, os.SEEK_END)
            index.seek(max(0, size - 32))
            end = index.read(32)
    except OSError:
        return ""
    # `index.skipHash` puts zeros there.
    return f"{size}-{end.hex()}" if end[-20:].strip(b"\0") else ""


def recalled(git_dir: str, mark: str) -> Listing | None:
    """What stands out in the index with this checksum; None where it is not known."""
    try:
        with open(_place(git_dir), "rb") as file:
            form, known, *entries = file.read().split(b"\0")[:-1]
    except (OSError, ValueError):
        return None
    if form != FORM or not mark or known != mark.encode():
        return None
    flagged: dict[str, str] = {}
    links: list[Link] = []
    attributes: list[str] = []
    for entry in entries:
        kind, _, path = os.fsdecode(entry).partition(" ")
        if kind in FLAGS:
            flagged[path] = kind
        elif kind == "attributes":
            attributes.append(path)
        else:
            links.append(Link(path, kind))
    return Listing(flagged, tuple(links), tuple(attributes))


def known(git_dir: str) -> Listing | None:
    """What stands out in the index of a git directory; None where git has to be asked."""
    return recalled(git_dir, checksum(git_dir))


def keep(git_dir: str, mark: str, listed: Listing) -> None:
    """Writes down what stands out in an index; where that is not possible, git is asked again."""
    entries = [f"{flag} {path}" for path, flag in listed.flagged.items()]
    entries += [f"{link.oid} {link.path}" for link in listed.links]
    entries += [f"attributes {path}" for path in listed.attributes]
    if not mark or len(entries) > MOST:
        return
    place = _place(git_dir)
    temporary = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "wb") as file:
            parts = (FORM, mark.encode(), *map(os.fsencode, entries))
            file.write(b"".join(part + b"\0" for part in parts))
        os.replace(temporary, place)
    except OSError:
        return


def _place(git_dir: str) -> str:
    return os.path.join(git_dir, "guard", "index")
