"""What the rules said of the files before: recalled while neither a file nor a rule has changed."""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from guard.cache import spelled
from guard.cache.store import Store
from guard.cache.version import version
from guard.finding import Finding
from guard.snapshot import File, Snapshot

VARIANTS = 4
"""How many verdicts are kept of one path: of a few branches, in a commit and in the work tree."""


class Remembered:
    """The verdicts of the rules in the files `paths` on the files of one snapshot.

    Only of runs over every file: a change has few, and only some of the rules are about it.
    """

    def __init__(self, snapshot: Snapshot, paths: Sequence[str]) -> None:
        self.always = list(paths)
        """The rule files that must be read even where all is known of every file."""
        self._rules = ""
        self._store: Store | None = None
        if snapshot.changes is None and snapshot.kept_in:
            with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
                self._rules, self.always = fingerprint(snapshot, paths)
                self._store = Store(snapshot.kept_in, f"fixes-{version()}")

    def recall(self, targets: Iterable[File]) -> tuple[list[Finding], list[str]]:
        """What is known of `targets`, and the paths of those that must be judged."""
        findings: list[Finding] = []
        unknown = []
        for file in targets:
            known = self._known(file)
            if known is None:
                unknown.append(file.path)
            else:
                findings += known
        return findings, unknown

    def keep(self, targets: Iterable[File], findings: Sequence[Finding]) -> None:
        """Keeps what was just found in `targets`: in most of them, nothing."""
        if self._store is None:
            return
        by_path: dict[str, list[Any]] = {}
        for finding in findings:
            by_path.setdefault(finding.at.path, []).append(spelled.written(finding))
        for file in targets:
            if not identity(file):
                continue
            old = self._store.get(file.path)
            about = [self._rules, identity(file)]
            verdicts = [v for v in old if v[:2] != about] if shaped(old) else []
            verdict = [*about, by_path.get(file.path, [])]
            self._store.put(file.path, [verdict, *verdicts[: VARIANTS - 1]])
        self._store.save()

    def _known(self, file: File) -> list[Finding] | None:
        if self._store is None or not identity(file):
            return None
        kept = self._store.get(file.path)
        for verdict in kept if shaped(kept) else ():
            if verdict[:2] == [self._rules, identity(file)]:
                # What nobody we know has written is judged anew.
                with suppress(ValueError, TypeError, KeyError, IndexError):
                    return [spelled.read(finding) for finding in verdict[2]]
        return None


def fingerprint(snapshot: Snapshot, paths: Sequence[str]) -> tuple[str, list[str]]:
    """A word that is another one as soon as a rule is, or the last day of one is over.

    With it the rule files that say more than what is forbidden in a file: what must stay, and
    that they are over.
    """
    digest = hashlib.blake2b(digest_size=8)
    more = []
    for path, file in sorted(snapshot.find(paths).items()):
        content = snapshot.read(file)
        table = tomllib.loads(content.decode())
        past = over(table.get("expires"))
        if "require" in table or past:
            more.append(path)
        about = (path, file.mode, hashlib.sha256(content).digest(), past)
        digest.update(repr(about).encode("utf-8", "surrogatepass"))
    return digest.hexdigest(), more


def over(last: Any) -> bool:
    """Whether the day on which a rule ends has come, as `expired` says of a rule."""
    return isinstance(last, datetime.date) and str(datetime.date.today()) >= str(last)


def identity(file: File) -> str:
    """What tells the content of a file: its blob id, or its stamp on disk; empty for neither."""
    return file.oid or file.stamp


def shaped(kept: Any) -> bool:
    """Whether this is a list of verdicts as `keep` writes it."""
    return isinstance(kept, list) and all(isinstance(v, list) and len(v) == 3 for v in kept)
