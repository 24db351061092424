"""Where findings are kept: a few small files, each replaced as a whole and believed only if whole.

Nothing here may fail a run: what cannot be read is not known, what cannot be written is not kept.
Runs at the same time lose at most what the other has just learned; a run that is killed leaves at
most a temporary file, which a later one removes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from zlib import crc32

from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

SHARDS = 64
"""How many files the entries are spread over, so that a commit of one file reads one."""

MOST = 4096
"""How many paths one shard knows; the ones written longest ago go first."""

FORGOTTEN = 30 * 86400
"""Seconds after which what another version of guard has kept is removed."""

ABANDONED = 600
"""Seconds after which a temporary file is nobody's any more."""


class Store:
    """Entries by path, in `folder`, for one version of everything that makes findings."""

    def __init__(self, folder: str, version: str) -> None:
        self._folder = os.path.join(folder, version)
        self._shards: dict[str, dict[str, Any]] = {}
        self._new: dict[str, dict[str, Any]] = {}

    def get(self, path: str) -> Any:
        """What is kept of a path: whatever JSON can say; None where nothing is."""
        name = shard(path)
        if name not in self._shards:
            self._shards[name] = kept(os.path.join(self._folder, name))
        return self._shards[name].get(path)

    def put(self, path: str, entry: Any) -> None:
        """Keeps `entry` of a path from the next `save` on."""
        name = shard(path)
        if name not in self._shards:
            self._shards[name] = kept(os.path.join(self._folder, name))
        self._shards[name][path] = entry
        self._new.setdefault(name, {})[path] = entry

    def save(self) -> None:
        """Writes what is new, beside what other runs have written meanwhile."""
        if not self._new:
            return
        try:
            prepare(self._folder)
            for name, new in self._new.items():
                known = kept(os.path.join(self._folder, name))
                for path in new:
                    known.pop(path, None)
                known |= new
                while len(known) > MOST:
                    del known[next(iter(known))]
                write(os.path.join(self._folder, name), known)
            tidy(self._folder)
        except OSError:
            pass  # a full disk, a folder that may not be written: then nothing is kept
        self._new = {}


def kept(place: str) -> dict[str, Any]:
    """What is kept in one file; nothing where that is not what was written."""
    try:
        with open(place, "rb") as file:
            known = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def keep(place: str, known: Mapping[str, Any]) -> None:
    """Replaces what is kept in one file; never fails."""
    with suppress(OSError):  # a full disk, a folder that may not be written
        prepare(os.path.dirname(place))
        write(place, known)


def prepare(folder: str) -> None:
    """Makes the folder of one version, and removes what versions long gone have kept beside it."""
    if not os.path.isdir(folder):
        os.makedirs(folder)
        forget(os.path.dirname(folder))


def prune(folder: str, most: int) -> None:
    """Keeps the files of a folder that were written last, and what killed runs left not long."""
    with suppress(OSError):
        tidy(folder)
        entries = [e for e in os.scandir(folder) if e.name.endswith(".json")]
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime, reverse=True)[most:]:
            os.unlink(entry.path)


def write(place: str, known: Mapping[str, Any]) -> None:
    """Replaces a file as a whole."""
    temporary = f"{place}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="ascii") as file:
            # Not json.dump, which writes every value by itself.
            file.write(json.dumps(known, separators=(",", ":")))
        os.replace(temporary, place)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def tidy(folder: str) -> None:
    """Removes what killed runs left."""
    for entry in os.scandir(folder):
        if entry.name.endswith(".tmp") and older(entry, ABANDONED):
            os.unlink(entry.path)


def forget(parent: str) -> None:
    """Removes what versions that are no longer used have kept."""
    import shutil

    for entry in os.scandir(parent):
        if entry.is_dir(follow_symlinks=False) and older(entry, FORGOTTEN):
            shutil.rmtree(entry.path, ignore_errors=True)


def older(entry: os.DirEntry[str], seconds: int) -> bool:
    """Whether a file was last written to more than so long ago."""
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > seconds


def shard(path: str) -> str:
    """The name of the file that holds what is kept of a path, or of runs, which have none."""
    if not path:
        return "runs.json"
    return f"{crc32(path.encode('utf-8', 'surrogatepass')) % SHARDS:02x}.json"
