"""What was found in a file before: recalled while nothing that it rests on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from guard.cache import spelled
from guard.cache.store import Store
from guard.cache.version import version, word
from guard.cache.watched import Watched
from guard.check import Check
from guard.entries import File
from guard.finding import Finding
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any

    Work = Sequence[tuple[Check, Any, Sequence[str]]]
    """Checks, their options, and the paths that each of them is to judge."""

VARIANTS = 6
"""How many runs are kept of one path: a few checks, in the index and in the work tree."""

RUNS = 2
"""How many runs about many files are kept as a whole."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one check says of one file, and what that rests on."""

    path: str
    """The file."""

    findings: tuple[Finding, ...]
    """What is wrong with it."""

    oid: str
    """The blob id of its content."""

    quiet: bool
    """Whether it surely holds no suppression."""

    others: tuple[tuple[str, str], ...] | None = ()
    """Path and identity of the other entries it rests on; None where it rests on more."""

    compared: str | None = None
    """The identity of the last committed version, where that was looked at."""


def weighed(snapshot: Watched, path: str, findings: Sequence[Finding]) -> Judged:
    """What a check has just said of one of the files it saw in `snapshot`."""
    others, compared = snapshot.rests_on(path), path in snapshot.compared
    plain = snapshot.whole
    file = plain.file(path)
    content = plain.read(file) if file is not None else b""
    known = plain.find(others or ())
    return Judged(
        path=path,
        findings=tuple(findings),
        oid=file.oid if file is not None and file.oid else blob_id(content),
        quiet=b"guard:" not in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")),
        others=None
        if others is None or any(f.secret for f in findings)
        else tuple((p, identity(plain, known.get(p))) for p in sorted(others)),
        compared=committed(plain.base, path) if compared else None,
    )


class Memory:
    """What the runs before said of the files of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._store = Store(snapshot.kept_in, version()) if snapshot.kept_in else None
        self._oids: dict[str, str] = {}
        self._entries: dict[str, dict[str, Any]] = {}
        self._digests: dict[str, str] = {}
        self._run = ""

    def repeated(self, work: Work) -> list[Judged] | None:
        """What the same work over the very same snapshot has said; None where it is another.

        Only for runs about many files: it asks for every entry of the snapshot.
        """
        if self._store is None:
            return None
        self._run = fingerprint(self._snapshot, work)
        odd = next((r[1] for r in self._runs() if self._run and r[0] == self._run), None)
        if odd is None:
            return None
        paths = {path for _, _, paths in work for path in paths}
        with suppress(ValueError, TypeError, KeyError, IndexError):
            told = [
                Judged(path, tuple(spelled.read(one) for one in findings), "", bool(quiet))
                for path, quiet, findings in odd
            ]
            silent = paths - {judged.path for judged in told}
            return told + [Judged(path, (), "", True) for path in silent]
        return None

    def keep_run(self, work: Work, judged: Sequence[Judged]) -> None:
        """Keeps all that a run has said of the work that `repeated` was asked about."""
        if self._store is None or not self._run:
            return
        if any(finding.secret for one in judged for finding in one.findings):
            return
        unseen = {path for _, _, paths in work for path in paths} - {one.path for one in judged}
        told: list[list[Any]] = [[path, False, []] for path in sorted(unseen)]
        told += [
            [one.path, one.quiet, [spelled.written(finding) for finding in one.findings]]
            for one in judged
            if one.findings or not one.quiet
        ]
        runs = [run for run in self._runs() if run[0] != self._run][: RUNS - 1]
        self._store.put("", [[self._run, told], *runs])

    def _runs(self) -> list[list[Any]]:
        known = None if self._store is None else self._store.get("")
        if not isinstance(known, list):
            return []
        return [run for run in known if isinstance(run, list) and len(run) == 2]

    def recall(self, work: Work) -> dict[str, list[Judged]]:
        """By the name of each check, what is known of the paths and still holds."""
        if self._store is None:
            return {}
        likely = {
            check.name: list(self._candidates(check, options, paths))
            for check, options, paths in work
        }
        every = [judged for found in likely.values() for judged in found]
        named = {path for one in every for path, _ in one.others or ()}
        found = self._snapshot.find(named)
        now = {path: self._identity(found.get(path)) for path in named}
        base = self._snapshot.base
        if base is not None:
            base.find([one.path for one in every if one.compared is not None])

        def holds(one: Judged) -> bool:
            if any(now[path] != known for path, known in one.others or ()):
                return False
            return one.compared is None or one.compared == committed(base, one.path)

        return {name: [one for one in found if holds(one)] for name, found in likely.items()}

    def keep(self, check: Check, options: Any, judged: Iterable[Judged]) -> None:
        """Keeps what a check has said just now; `save` writes it."""
        if self._store is None:
            return
        for one in judged:
            file = self._snapshot.file(one.path)
            if file is None or one.others is None:
                continue
            entry = self._entry(one.path)
            signature = self._signature(check, options, file, one.oid)
            run = [
                signature,
                one.quiet,
                [list(pair) for pair in one.others],
                one.compared,
                [spelled.written(finding) for finding in one.findings],
            ]
            runs = [old for old in entry["runs"] if old[0] != signature][: VARIANTS - 1]
            self._put(one.path, {"stamp": file.stamp, "oid": one.oid, "runs": [run, *runs]})

    def save(self) -> None:
        """Writes what is new; never fails."""
        if self._store is not None:
            self._store.save()

    def _candidates(self, check: Check, options: Any, paths: Sequence[str]) -> Iterator[Judged]:
        files = self._snapshot.find(paths)
        for path in paths:
            runs = self._entry(path)["runs"]
            file = files.get(path)
            if not runs or file is None:
                continue
            oid = self._oid(file)
            signature = self._signature(check, options, file, oid)
            for old in runs:
                if old[0] == signature:
                    # What nobody we know has written is judged anew.
                    with suppress(ValueError, TypeError, KeyError, IndexError):
                        yield understood(path, oid, old)
                    break

    def _entry(self, path: str) -> dict[str, Any]:
        """What is kept of a path, of the right shape."""
        entry = self._entries.get(path)
        if entry is None:
            entry = None if self._store is None else self._store.get(path)
            if not isinstance(entry, dict) or not isinstance(entry.get("runs"), list):
                entry = {"runs": []}
            entry["runs"] = [r for r in entry["runs"] if isinstance(r, list) and len(r) == 5]
            self._entries[path] = entry
        return entry

    def _put(self, path: str, entry: dict[str, Any]) -> None:
        self._entries[path] = entry
        if self._store is not None:
            self._store.put(path, entry)

    def _oid(self, file: File) -> str:
        """The blob id of a file; it is read only where neither git nor its stamp tells."""
        if file.oid:
            return file.oid
        if file.path not in self._oids:
            entry = self._entry(file.path)
            if file.stamp and entry.get("stamp") == file.stamp and entry.get("oid"):
                self._oids[file.path] = entry["oid"]
            else:
                oid = self._oids[file.path] = blob_id(self._snapshot.read(file))
                if entry["runs"] and file.stamp:
                    self._put(file.path, {**entry, "stamp": file.stamp, "oid": oid})
        return self._oids[file.path]

    def _identity(self, file: File | None) -> str:
        return "" if file is None else f"{file.mode} {self._oid(file)}"

    def _signature(self, check: Check, options: Any, file: File, oid: str) -> str:
        """All that a verdict on a file rests on, whatever else the check looks up."""
        about = "all"
        if self._snapshot.changes is not None:
            change = self._snapshot.change(file.path)
            old = None if change is None else change.old
            about = f"since {old.mode} {old.oid}" if old is not None else "new"
        if check.name not in self._digests:
            self._digests[check.name] = word(repr(options))
        return f"{check.name} {self._digests[check.name]} {file.mode} {oid} {about}"


def fingerprint(snapshot: Snapshot, work: Work) -> str:
    """A word for all that a run can rest on; empty where files would have to be read for it."""
    if snapshot.changes is not None:
        return ""
    base = snapshot.base
    about = [snapshot.commit, "" if base is None else f"beside {base.commit}"]
    for check, options, paths in work:
        about += [check.name, repr(options), str(len(paths)), *paths]
    if base is not None and not base.commit:
        return ""
    for file in snapshot.files().values():
        mark = file.oid or file.stamp
        if not mark:
            if file.is_regular:
                return ""
            mark = snapshot.read(file).hex()  # where a symlink leads
        about.append(f"{file.path}\0{file.mode} {mark}")
    import hashlib

    known = "\n".join(about).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(known, digest_size=16).hexdigest()


def understood(path: str, oid: str, run: list[Any]) -> Judged:
    """What was kept of one run; what is amiss raises ValueError, TypeError or KeyError."""
    _, quiet, others, compared, findings = run
    return Judged(
        path=path,
        findings=tuple(spelled.read(finding) for finding in findings) if findings else (),
        oid=oid,
        quiet=bool(quiet),
        others=tuple((other, known) for other, known in others),
        compared=compared,
    )


def identity(snapshot: Snapshot, file: File | None) -> str:
    """What an entry is: its mode and blob id; empty where there is none."""
    if file is None:
        return ""
    return f"{file.mode} {file.oid or repeated_id(snapshot.read(file))}"


def committed(base: Snapshot | None, path: str) -> str:
    """The identity of the last committed version of a path."""
    return "" if base is None else identity(base, base.file(path))


def blob_id(content: bytes) -> str:
    """The id that git gives a blob of that content."""
    import hashlib

    blob = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)
    blob.update(content)
    return blob.hexdigest()


repeated_id = lru_cache(blob_id)
"""The same for entries that many verdicts rest on, such as a `package.json`."""
