"""What is kept from run to run: recalled only while it holds, and never in anybody's way."""

from __future__ import annotations

import dataclasses
import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from guard.cache import memory, spelled, store
from guard.cache.version import version
from guard.check import Check
from guard.entries import Change, File
from guard.errors import CheckCrashed
from guard.finding import Edit, Finding, Location, Severity
from guard.inmemory import MemorySource
from guard.pipeline import Outcome, Plan, run
from guard.snapshot import Snapshot
from guard.workers import processors


@dataclasses.dataclass(frozen=True)
class Options:
    word: str = "bad"


SEEN: list[str] = []


def words(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """Finds a word, unless a file beside it allows it, or the last version had it as well."""
    for file in snapshot.targets():
        SEEN.append(file.path)
        allowed = snapshot.file("allowed")
        if allowed is not None and snapshot.text(allowed) == file.path:
            continue
        before = snapshot.before(file.path) if file.path.startswith("compared") else None
        if options.word in snapshot.text(file) and options.word.encode() not in (before or b""):
            yield Finding("words/bad", "a word", Location(file.path, 1, 1, 1, 4), symbol="w")


CHECK = Check(
    name="words",
    run=words,
    rules={},
    options_at=Options,
    prefix="words",
    suffixes=(".txt",),
    by_file=True,
    literals=(),
    needs_state=False,
    needs_table=False,
    declared=None,
)


class Disk(MemorySource):
    """Contents in memory that are read like files on disk: by a stamp, and counted."""

    def __init__(self, contents: Mapping[str, str | bytes], stamped: bool = True) -> None:
        super().__init__(contents)
        self.reads: list[str] = []
        self._stamped = stamped

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        return {
            path: File(path, stamp=str(hash(self._contents[path])) if self._stamped else "")
            for path in super().files(paths)
        }

    def read(self, file: File) -> bytes:
        self.reads.append(file.path)
        return super().read(file)


def judged(
    folder: Path,
    source: Disk,
    options: Options = Options(),
    **more: Any,
) -> tuple[list[str], Outcome]:
    """Runs the check: the files it was asked about, and the outcome."""
    SEEN.clear()
    snapshot = Snapshot("a test", source, kept_in=str(folder), **more)
    outcome = run(Plan((CHECK,), {"words": options}), snapshot)
    return sorted(SEEN), outcome


FILES = {"a.txt": "bad", "b.txt": "good", "c.txt": "bad", "allowed": "c.txt"}


def found(outcome: Outcome) -> list[str]:
    return [finding.at.path for finding in outcome.findings]


def test_a_warm_run_asks_no_check_and_reads_nothing(tmp_path: Path) -> None:
    asked, cold = judged(tmp_path, Disk(FILES))
    assert asked == ["a.txt", "b.txt", "c.txt"]
    assert found(cold) == ["a.txt"]
    # What another file allows is stamped at its first recall only: it is no target itself.
    judged(tmp_path, Disk(FILES))
    warm_source = Disk(FILES)
    asked, warm = judged(tmp_path, warm_source)
    assert asked == []
    assert set(warm_source.reads) <= {"allowed"}
    assert warm == cold


CHANGED: list[tuple[str, dict[str, str], list[str], list[str]]] = [
    ("a file", {"b.txt": "bad"}, ["b.txt"], ["a.txt", "b.txt"]),
    ("what others rest on", {"allowed": "a.txt"}, ["a.txt", "b.txt", "c.txt"], ["c.txt"]),
    ("a file nobody looks at", {"d.md": "bad"}, [], ["a.txt"]),
    ("a new file", {"d.txt": "bad"}, ["d.txt"], ["a.txt", "d.txt"]),
]


@pytest.mark.parametrize(
    ("change", "asked", "wrong"), [c[1:] for c in CHANGED], ids=[c[0] for c in CHANGED]
)
def test_only_what_a_change_concerns_is_judged_again(
    tmp_path: Path, change: dict[str, str], asked: list[str], wrong: list[str]
) -> None:
    judged(tmp_path, Disk(FILES))
    again, outcome = judged(tmp_path, Disk(FILES | change))
    assert (again, found(outcome)) == (asked, wrong)


def test_what_is_not_stamped_is_known_by_its_content(tmp_path: Path) -> None:
    judged(tmp_path, Disk(FILES))
    asked, outcome = judged(tmp_path, Disk(FILES, stamped=False))
    assert (asked, found(outcome)) == ([], ["a.txt"])
    asked, outcome = judged(tmp_path, Disk(FILES | {"b.txt": "bad"}, stamped=False))
    assert (asked, found(outcome)) == (["b.txt"], ["a.txt", "b.txt"])


def test_a_file_that_comes_into_being_is_a_change(tmp_path: Path) -> None:
    judged(tmp_path, Disk({"a.txt": "bad"}))
    _, outcome = judged(tmp_path, Disk({"a.txt": "bad", "allowed": "a.txt"}))
    assert found(outcome) == []


def test_other_options_are_another_question(tmp_path: Path) -> None:
    judged(tmp_path, Disk(FILES))
    _, outcome = judged(tmp_path, Disk(FILES), Options(word="good"))
    assert found(outcome) == ["b.txt"]
    asked, outcome = judged(tmp_path, Disk(FILES))
    assert (asked, found(outcome)) == ([], ["a.txt"])


def test_the_last_committed_version_counts_where_it_was_looked_at(tmp_path: Path) -> None:
    files = {"compared.txt": "bad", "b.txt": "good"}

    def judge(before: str) -> tuple[list[str], list[str]]:
        base = Snapshot("base", MemorySource({"compared.txt": before, "b.txt": before}))
        asked, outcome = judged(tmp_path, Disk(files), base=base)
        return asked, found(outcome)

    assert judge("bad") == (["b.txt", "compared.txt"], [])
    assert judge("good") == (["compared.txt"], ["compared.txt"])
    assert judge("good") == ([], ["compared.txt"])


def test_a_run_about_a_change_is_another_than_one_about_all(tmp_path: Path) -> None:
    files = {"compared.txt": "bad"}
    new = File("compared.txt", oid=memory.blob_id(b"bad"))

    def judge(before: str) -> list[str]:
        old = File("compared.txt", oid=memory.blob_id(before.encode()))
        base = Snapshot("base", MemorySource({"compared.txt": before}))
        changes = [Change("M", old, new)]
        return found(judged(tmp_path, Disk(files), base=base, changes=changes)[1])

    assert judge("good") == ["compared.txt"]
    assert judge("bad") == []
    assert judge("good") == ["compared.txt"]


def test_another_version_knows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(tmp_path, Disk(FILES))
    monkeypatch.setattr("guard.__version__", "99")
    asked, _ = judged(tmp_path, Disk(FILES))
    assert asked == ["a.txt", "b.txt", "c.txt"]


def test_another_version_of_a_parser_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed(release: str) -> str:
        site = tmp_path / release
        (site / "esprima").mkdir(parents=True)
        (site / "esprima/__init__.py").touch()
        (site / f"esprima_fork-{release}.dist-info").mkdir()
        os.utime(site / "esprima/__init__.py", (1, 1))
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, "esprima", raising=False)
        return version()

    before = version()
    assert len({before, installed("5.0.0"), installed("5.0.1")}) == 3


BROKEN: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("cut off", b'{"a.txt":{"stamp":"1","oid":"0'),
    ("no object", b"[1,2]"),
    ("other shapes", b'{"a.txt":7,"b.txt":{"runs":[1]},"c.txt":{"runs":{"x":1}}}'),
    ("bytes", bytes(range(256))),
    ("deep", b"[" * 100_000),
]


@pytest.mark.parametrize("content", [c[1] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    judged(tmp_path, Disk(FILES))
    kept = list(tmp_path.rglob("*.json"))
    assert kept
    for file in kept:
        file.write_bytes(content)
    asked, outcome = judged(tmp_path, Disk(FILES))
    assert (asked, found(outcome)) == (["a.txt", "b.txt", "c.txt"], ["a.txt"])
    assert judged(tmp_path, Disk(FILES))[0] == []


def test_findings_of_another_shape_are_not_believed(tmp_path: Path) -> None:
    judged(tmp_path, Disk(FILES))
    for file in tmp_path.rglob("*.json"):
        file.write_text(file.read_text().replace('"rule":', '"ruler":'))
    asked, outcome = judged(tmp_path, Disk(FILES))
    assert (asked, found(outcome)) == (["a.txt"], ["a.txt"])


def failing(*args: object, **more: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("broken", ["json.dumps", "os.replace", "os.makedirs"])
def test_a_full_disk_fails_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(f"guard.cache.store.{broken}", failing)
    _, outcome = judged(tmp_path / "kept", Disk(FILES))
    assert found(outcome) == ["a.txt"]
    assert list(tmp_path.rglob("*.tmp")) == []
    assert list(tmp_path.rglob("*.json")) == []


def test_a_folder_that_is_a_file_fails_no_run(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("")
    _, outcome = judged(tmp_path / "kept", Disk(FILES))
    assert found(outcome) == ["a.txt"]


def test_what_a_killed_run_left_is_removed_in_time(tmp_path: Path) -> None:
    judged(tmp_path, Disk(FILES))
    [folder] = tmp_path.iterdir()
    old, fresh = folder / "00.json.1.tmp", folder / "00.json.2.tmp"
    old.touch()
    fresh.touch()
    os.utime(old, (time.time() - 2 * store.ABANDONED,) * 2)
    judged(tmp_path, Disk(FILES | {"d.txt": ""}))
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_shard_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", 1)
    monkeypatch.setattr(store, "MOST", 3)
    for number in range(10):
        kept = store.Store(str(tmp_path), "v")
        kept.put(str(number), number)
        kept.save()
    fresh = store.Store(str(tmp_path), "v")
    assert [n for n in range(10) if fresh.get(str(n)) is not None] == [7, 8, 9]


def test_runs_at_the_same_time_keep_what_each_has_learned(tmp_path: Path) -> None:
    one, other = store.Store(str(tmp_path), "v"), store.Store(str(tmp_path), "v")
    one.get("a"), other.get("a")
    one.put("a", 1)
    other.put("b", 2)
    one.save()
    other.save()
    fresh = store.Store(str(tmp_path), "v")
    assert (fresh.get("a"), fresh.get("b")) == (1, 2)


def test_every_field_of_a_finding_survives() -> None:
    at = Location("a/\udcff.js", 1, 2, 3, 4, "note")
    finding = Finding(
        rule="a/b",
        message="m",
        at=at,
        hint="h",
        symbol="s",
        related=(at,),
        edits=(Edit(at, "text"),),
        severity=Severity.WARNING,
        secret=True,
    )
    assert spelled.read(spelled.written(finding)) == finding
    names = {field.name for field in dataclasses.fields(Finding)}
    assert {*spelled.written(finding)} == names - {
        "ignored",
        "ignored_in",
    }  # marked after the check


def test_what_holds_a_secret_is_not_kept(tmp_path: Path) -> None:
    def secrets(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
        for file in snapshot.targets():
            yield Finding("words/key", "a key", Location(file.path), symbol="K3Y", secret=True)

    snapshot = Snapshot("a test", Disk({"a.txt": "K3Y"}), kept_in=str(tmp_path))
    check = dataclasses.replace(CHECK, run=secrets)
    outcome = run(Plan((check,), {"words": Options()}), snapshot)
    assert found(outcome) == ["a.txt"]
    assert [f for f in tmp_path.rglob("*.json") if "K3Y" in f.read_text()] == []


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    for number in range(60):
        broken = "x = {a: 1, a: 2}\n" if number % 7 == 0 else ""
        (folder / f"f{number}.js").write_text(f"f({number})\n{broken}")
    (folder / "package.json").write_text("{}")
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return folder


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "guard", "check", "--staged", "--format", "json"]
    return subprocess.Popen(
        [*command, "--select", "javascript"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_runs_at_once_and_runs_that_are_killed_change_no_verdict(repository: Path) -> None:
    """Whole processes over one repository: the verdict is that of a run without a past."""
    expected, errors = start(repository).communicate()
    assert expected.count(b"javascript/duplicate-member") == 9, errors.decode()
    shuffled = random.Random(1)
    for _ in range(4):
        for file in (repository / ".git/guard").rglob("*.json"):
            if shuffled.random() < 0.5:
                file.unlink()
        running = [start(repository) for _ in range(2)]
        killed = start(repository)
        time.sleep(shuffled.uniform(0.1, 0.6))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
        for process in running:
            output, errors = process.communicate()
            assert output == expected, errors.decode()
    assert start(repository).communicate()[0] == expected


def test_the_index_and_the_work_tree_share_what_they_know(repository: Path) -> None:
    """A file that was judged as it lies in the index is known where it lies on disk."""
    command = [sys.executable, "-m", "guard", "check", "--format", "json"]
    first = subprocess.run([*command, "--all"], cwd=repository, capture_output=True)
    (repository / "f0.js").write_text("g()\n")
    second = subprocess.run([*command, "--all"], cwd=repository, capture_output=True)
    assert first.stdout.count(b"javascript/duplicate-member") == 9, first.stderr
    assert second.stdout.count(b"javascript/duplicate-member") == 8, second.stderr


def failing_in_a_worker(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    raise ZeroDivisionError("by zero")
    yield


def test_a_bug_in_a_worker_is_told_from_the_worker_dying() -> None:
    check = dataclasses.replace(CHECK, run=failing_in_a_worker)
    snapshot = Snapshot.of({f"{n}.txt": "" for n in range(100)})
    with pytest.raises(CheckCrashed, match="words") as crash:
        run(Plan((check,), {"words": Options()}), snapshot)
    assert "by zero" in crash.value.cause


def test_processors_are_counted_where_they_cannot_be_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert processors() >= 1
