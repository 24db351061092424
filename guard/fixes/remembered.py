"""What the rules said of the files before: recalled while neither a file nor a rule has changed.

One file for each state of the rules says of every path which contents were found sound, and what
was found in the others. It is read and written as a whole, which for ten thousand paths takes
less time than to start git once.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from guard.cache import spelled
from guard.cache.store import keep, kept, prune
from guard.cache.version import version
from guard.entries import File
from guard.finding import Finding
from guard.snapshot import Snapshot

VARIANTS = 4
"""Of so many contents of one path is kept what was said: of a few branches."""

STATES = 8
"""Of so many states of the rules is kept what they said."""

MOST = 200_000
"""How many paths are kept for one state of the rules; the ones kept longest go first."""


class Remembered:
    """The verdicts of the rules in the files `paths` on the files of one snapshot.

    Only of runs over every file: a change has few, and only some of the rules are about it.
    """

    def __init__(self, snapshot: Snapshot, paths: Sequence[str]) -> None:
        self.always = list(paths)
        """The rule files that must be read even where all is known of every file."""
        self._place = ""
        self._sound: dict[str, str] = {}
        self._found: dict[str, dict[str, Any]] = {}
        if snapshot.changes is not None or not snapshot.kept_in:
            return
        folder = os.path.join(snapshot.kept_in, f"fixes-{version()}")
        with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
            state, self.always = states(snapshot, paths, folder)
            # Stamps are of files on disk, ids of what is committed: each would replace the other.
            where = "disk" if any(f.stamp for f in snapshot.find(paths).values()) else "git"
            self._place = os.path.join(folder, f"{state}-{where}.json")
            known = kept(self._place)
            sound, found = known.get("sound"), known.get("found")
            if shaped(sound, str) and shaped(found, dict):
                self._sound, self._found = known["sound"], known["found"]

    def recall(self, targets: Iterable[File]) -> tuple[list[Finding], list[str]]:
        """What is known of `targets`, and the paths of those that must be judged."""
        findings: list[Finding] = []
        unknown = []
        for file in targets:
            one = identity(file)
            if one and self._sound.get(file.path) == one:
                continue
            known = self._known(file, one)
            if known is None:
                unknown.append(file.path)
            else:
                findings += known
        return findings, unknown

    def keep(self, targets: Iterable[File], findings: Sequence[Finding]) -> None:
        """Keeps what was just found in `targets`: in most of them, nothing."""
        if not self._place:
            return
        from guard.fixes.judge import TOO_LONG

        by_path: dict[str, list[Any]] = {}
        for finding in findings:
            by_path.setdefault(finding.at.path, []).append(spelled.written(finding))
        for file in targets:
            path, one = file.path, identity(file)
            if not one or any(TOO_LONG in said["message"] for said in by_path.get(path, ())):
                continue
            if path in by_path:
                others = self._found.pop(path, {})
                self._found[path] = newest({one: by_path[path], **others})
            else:
                others = dict.fromkeys(self._sound.pop(path, "").split())
                self._sound[path] = " ".join(newest({one: None, **others}))
        for known in (self._sound, self._found):
            while len(known) > MOST:
                del known[next(iter(known))]
        keep(self._place, {"sound": self._sound, "found": self._found})
        prune(os.path.dirname(self._place), STATES)

    def _known(self, file: File, one: str) -> list[Finding] | None:
        if not one:
            return None
        if one in self._sound.get(file.path, "").split():
            return []
        # What nobody we know has written is judged anew.
        with suppress(ValueError, TypeError, KeyError, IndexError, AttributeError):
            return [spelled.read(finding) for finding in self._found[file.path][one]]
        return None


def newest(variants: dict[str, Any]) -> dict[str, Any]:
    """The first few of what is known of one path."""
    return dict(list(variants.items())[:VARIANTS])


def states(snapshot: Snapshot, paths: Sequence[str], folder: str) -> tuple[str, list[str]]:
    """A word that is another one as soon as a rule is, or the last day of one is over.

    With it the rule files that say more than what is forbidden in a file: what must stay, and
    that they are over.
    """
    digest = hashlib.blake2b(digest_size=8)
    rules = sorted(snapshot.find(paths).items())
    for path, file in rules:
        content = file.oid or hashlib.sha256(snapshot.read(file)).hexdigest()
        about = (path, file.mode, content)
        digest.update(repr(about).encode("utf-8", "surrogatepass"))
    # What the rules say of days and of what must stay is read once.
    place = os.path.join(folder, f"{digest.hexdigest()}-rules.json")
    known = kept(place)
    if not (shaped(known.get("until"), str) and shaped(known.get("stays"), bool)):
        snapshot.read_ahead(file for _, file in rules)
        tables = {path: tomllib.loads(snapshot.read(f).decode("utf-8-sig")) for path, f in rules}
        ends = {path: table.get("expires") for path, table in tables.items()}
        known = {
            "until": {p: str(end) for p, end in ends.items() if isinstance(end, datetime.date)},
            "stays": {path: True for path, table in tables.items() if "require" in table},
        }
        keep(place, known)
    past = sorted(path for path, day in known["until"].items() if over(day))
    digest.update(repr(past).encode("utf-8", "surrogatepass"))
    return digest.hexdigest(), sorted({*known["stays"], *past})


def over(day: str) -> bool:
    """Whether the day on which a rule ends has come, as `expired` says of a rule."""
    return str(datetime.date.today()) >= day


def identity(file: File) -> str:
    """What tells the content of a file: its blob id, or its stamp on disk; empty for neither."""
    return file.oid or file.stamp


def shaped(known: Any, kind: type) -> bool:
    """Whether this is a table of such values, as it was written."""
    return isinstance(known, dict) and all(type(value) is kind for value in known.values())
