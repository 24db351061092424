"""What a run over a whole commit or work tree has said: recalled where all it saw is the same.

It is known by one word, for which git compares the work tree with its index and no file is
listed or read here. Everything a run can see is in it: what is committed or on disk, the
configuration and the rules among it, guard and what it parses with, the day.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import stat
import time
from collections.abc import Sequence
from contextlib import suppress

from guard.cache import spelled
from guard.cache.store import keep, kept, prune
from guard.cache.version import version
from guard.finding import Finding
from guard.git import Repository, split
from guard.look import Look
from guard.origins import UNSETTLED
from guard.pipeline import Outcome
from guard.sources import kept_in
from guard.values import replace

RUNS = 16
"""Of so many runs is kept what they said."""

UNDECIDED = "fix/undecided"
"""A rule whose findings may say that the machine was busy: then they are found anew each time."""


class Again:
    """What the run before has said, where this one would be about the very same."""

    def __init__(self, repository: Repository, look: Look, wanted: Sequence[str]) -> None:
        """`look` is what git says of what is looked at.

        `wanted` are the words on which it depends what is looked for.
        """
        self._place = ""
        folder = os.path.join(kept_in(repository), f"again-{version()}")
        told, others = look.told(), look.others()
        seen = told if others is None else _work_tree(repository, told, others, folder)
        if seen:
            about = repr((seen, [*wanted], str(datetime.date.today()), _engine()))
            word = hashlib.blake2b(about.encode("utf-8", "surrogatepass"), digest_size=16)
            self._place = os.path.join(folder, f"{word.hexdigest()}.json")

    def recalled(self) -> Outcome | None:
        """What was said; None where that is not known."""
        known = kept(self._place) if self._place else {}
        # What nobody we know has written is judged anew.
        with suppress(ValueError, TypeError, KeyError, IndexError, AttributeError):
            findings = [
                replace(spelled.read(finding), ignored=reason, ignored_in=where)
                for finding, reason, where in known["findings"]
            ]
            return Outcome(tuple(findings), int(known["files"]))
        return None

    def keep(self, outcome: Outcome) -> None:
        """Keeps what a run has just said; never fails."""
        if not self._place or any(f.secret or _passing(f) for f in outcome.findings):
            return
        findings = [[spelled.written(one), one.ignored, one.ignored_in] for one in outcome.findings]
        keep(self._place, {"files": outcome.files, "findings": findings})
        prune(os.path.dirname(self._place), RUNS)


def _passing(finding: Finding) -> bool:
    """Whether another run may not find it, though everything is the same."""
    if finding.rule != UNDECIDED:
        return False
    from guard.fixes.judge import TOO_LONG

    return TOO_LONG in finding.message


def _work_tree(repository: Repository, differing: bytes, others: bytes, folder: str) -> str:
    """A word for HEAD, the index and the work tree; empty where their times tell too little."""
    try:
        with open(os.path.join(repository.git_dir, "index"), "rb") as file:
            index = hashlib.blake2b(file.read(), digest_size=16).hexdigest()
    except OSError:
        index = "none"
    paths = [*split(others), *split(differing)[1::2], *_hidden(repository, folder, index)]
    stamps = _stamps(repository.root, paths)
    if stamps is None:
        return ""
    return repr((repository.root, repository.head, index, differing, stamps))


def _hidden(repository: Repository, folder: str, index: str) -> list[str]:
    """The paths that git was told not to look at; asked once for each state of the index."""
    place = os.path.join(folder, f"{index}-hidden.json")
    paths = kept(place).get("paths")
    if not isinstance(paths, list):
        paths = repository.hidden()()
        keep(place, {"paths": paths})
    return paths


def _stamps(root: str, paths: Sequence[str]) -> list[str] | None:
    """What lies at each path, as far as its times tell; None where one of them is too fresh."""
    settled = time.time_ns() - UNSETTLED
    stamps = []
    for path in paths:
        try:
            found = os.lstat(os.path.join(root, path))
        except OSError:
            stamps.append(f"{path}\0gone")
            continue
        if stat.S_ISDIR(found.st_mode):
            stamps.append(f"{path}\0folder")
            continue
        if not found.st_mtime_ns < settled > found.st_ctime_ns:
            return None
        about = (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        stamps.append(f"{path}\0{about}")
    return stamps


def _engine() -> str:
    """Which Node there is, that reads JavaScript beside guard."""
    from guard.engine import program

    place = program()
    if place is None:
        return ""
    found = os.stat(place)
    return f"{place} {found.st_size} {found.st_mtime_ns}"
