"""What is remembered of a run over every file: it agrees with a run that remembers nothing."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from guard import origins, sources
from guard.checks.fixes import Options, fixes
from guard.entries import File
from guard.finding import Finding
from guard.git import Repository
from guard.inmemory import MemorySource
from guard.snapshot import Snapshot

FORBID = ".guard/fixes/eval.toml"
REQUIRE = ".guard/fixes/close.toml"
RULE = """why = "evil"
forbid = "eval($X)"
bad = "eval(a)"
good = "a"
"""
STAYS = """why = "leaks"
paths = ["b.py"]
require = "$X.close()"
bad = "x = 1"
good = "x.close()"
"""
FILES = {"a.py": "eval(b)\n", "b.py": "f.close()\n", "c.py": "eval(\n", "d.txt": "eval(x)\n"}


class Counted(MemorySource):
    """Contents in memory with blob ids, or stamps; what is read is written down."""

    def __init__(self, files: dict[str, str], known_by: str = "oid") -> None:
        super().__init__(files)
        self.reads: list[str] = []
        self._known_by = known_by

    def files(self, paths: Sequence[str] | None = None) -> dict[str, File]:
        def told(path: str) -> str:
            return f"{hash(self._contents[path])}"

        return {
            path: File(path, **({self._known_by: told(path)} if self._known_by else {}))
            for path in super().files(paths)
        }

    def read(self, file: File) -> bytes:
        self.reads.append(file.path)
        return super().read(file)


def judged(folder: Path, files: dict[str, str], known_by: str = "oid") -> tuple[Any, set[str]]:
    """The findings, and the files that were read beside the rules."""
    source = Counted(files, known_by)
    found = list(fixes(snapshot(source, folder), Options()))
    return ordered(found), {path for path in source.reads if not path.endswith(".toml")}


def snapshot(source: MemorySource, folder: Path | None) -> Snapshot:
    return Snapshot("a test", source, kept_in=str(folder) if folder else "")


def ordered(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda f: (f.at.path, f.at.line, f.rule))


def fresh(files: dict[str, str]) -> list[Finding]:
    """The findings of a run that keeps nothing."""
    return ordered(list(fixes(snapshot(MemorySource(files), None), Options())))


@pytest.mark.parametrize("known_by", ["oid", "stamp"])
def test_a_warm_run_reads_nothing_again_and_says_the_same(tmp_path: Path, known_by: str) -> None:
    files = {**FILES, FORBID: RULE}
    cold, read = judged(tmp_path, files, known_by)
    assert {f.rule for f in cold} == {"fix/eval", "fix/undecided"}
    assert {"a.py", "c.py"} <= read
    warm, read = judged(tmp_path, files, known_by)
    assert warm == cold == fresh(files)
    assert read == set()


def test_what_git_and_the_disk_tell_nothing_of_is_always_read(tmp_path: Path) -> None:
    files = {**FILES, FORBID: RULE}
    for _ in range(2):
        found, read = judged(tmp_path, files, known_by="")
        assert found == fresh(files)
        assert "a.py" in read


CHANGES = {
    "a file gets the mistake": {"b.py": "f.close(); eval(x)\n"},
    "a file loses it": {"a.py": "b\n"},
    "a file that could not be parsed can": {"c.py": "eval(1)\n"},
    "a file is new": {"n.py": "eval(x)\n"},
    "the same content elsewhere": {"z.py": FILES["a.py"]},
    "the rule forbids something else": {FORBID: RULE.replace("eval", "close")},
    "the rule is about other files": {FORBID: RULE + 'paths = ["c.py"]\n'},
    "the rule says something else": {FORBID: RULE.replace("evil", "worse")},
    "the rule only warns": {FORBID: RULE + 'severity = "warning"\n'},
    "the rule is over": {FORBID: RULE + "expires = 2020-01-01\n"},
    "another rule comes": {
        ".guard/fixes/close2.toml": RULE.replace("eval($X)", "$X.close()").replace(
            "eval(a)", "a.close()"
        )
    },
    "a rule that something stays comes": {REQUIRE: STAYS.replace("close", "flush")},
    "a rule moves": {FORBID: "", ".guard/fixes/other.toml": RULE},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_a_change_it_agrees_with_a_run_that_remembers_nothing(
    tmp_path: Path, change: dict[str, str]
) -> None:
    before = {**FILES, FORBID: RULE}
    after = {path: text for path, text in {**before, **change}.items() if text}
    first, _ = judged(tmp_path, before)
    second, _ = judged(tmp_path, after)
    assert second == fresh(after) != first
    assert judged(tmp_path, before)[0] == first, "and the way back"
    again, read = judged(tmp_path, after)
    assert again == second
    assert read <= {"b.py"}, "only what must stay is looked for again"


def test_what_must_stay_is_asked_each_time(tmp_path: Path) -> None:
    files = {**FILES, REQUIRE: STAYS}
    assert judged(tmp_path, files)[0] == []
    files["b.py"] = "f.read()\n"
    for _ in range(2):
        assert [f.rule for f in judged(tmp_path, files)[0]] == ["fix/close"]


def test_the_last_day_of_a_rule_ends_what_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**FILES, FORBID: RULE + "expires = 2031-01-01\n"}

    assert [f.rule for f in judged(tmp_path, files)[0]] == ["fix/eval", "fix/undecided"]
    monkeypatch.setattr("guard.fixes.rule.expired", lambda rule: True)
    monkeypatch.setattr(
        "guard.fixes.remembered.over", lambda day: day == str(datetime.date(2031, 1, 1))
    )
    assert [f.message for f in judged(tmp_path, files)[0]] == [
        "this rule has expired on 2031-01-01 and refuses nothing any more"
    ]


@pytest.mark.parametrize(
    "junk", ["", "{", "[]", '{"sound": {"a.py": 1}}', '{"sound": {}, "found": {"a.py": {"1": 2}}}']
)
def test_what_is_kept_may_be_broken(tmp_path: Path, junk: str) -> None:
    files = {**FILES, FORBID: RULE}
    judged(tmp_path, files)
    kept = [p for p in tmp_path.rglob("*.json") if "a.py" in p.read_text()]
    assert kept
    for place in kept:
        place.write_text(junk)
    assert judged(tmp_path, files)[0] == fresh(files)


def test_a_finding_that_nobody_understands_is_made_anew(tmp_path: Path) -> None:
    files = {**FILES, FORBID: RULE}
    judged(tmp_path, files)
    for place in tmp_path.rglob("*.json"):
        kept = json.loads(place.read_text())
        for verdicts in kept.get("found", {}).values():
            for content, said in verdicts.items():
                verdicts[content] = [{"rule": "fix/eval"} for _ in said]
        place.write_text(json.dumps(kept))
    assert judged(tmp_path, files)[0] == fresh(files)


def on_disk(repo: Any) -> tuple[list[Finding], set[str]]:
    """What is found in the work tree of a repository, and the files of code that were read."""
    tree = sources.tracked(Repository.find(str(repo.root)))
    read: set[str] = set()
    one, many = tree.source.read, tree.source.read_all

    def noted(file: File) -> bytes:
        read.add(file.path)
        return one(file)

    def all_noted(files: Sequence[File]) -> Any:
        read.update(file.path for file in files)
        return many(files)

    tree.source.read, tree.source.read_all = noted, all_noted  # type: ignore[method-assign]
    found = ordered(list(fixes(tree, Options())))
    return found, {path for path in read if path.endswith(".py")}


@pytest.fixture
def settled(repo: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A repository whose files count as settled at once, judged once."""
    monkeypatch.setattr(origins, "UNSETTLED", 0)
    repo.commit(**{FORBID: RULE, "a.py": "eval(b)\n", "b.py": "evil(b)\n"})
    found, read = on_disk(repo)
    assert ([f.at.path for f in found], read) == (["a.py"], {"a.py", "b.py"})
    assert on_disk(repo) == (found, set()), "nothing is read again"
    return repo


def test_an_edit_of_the_same_size_and_time_is_seen(settled: Any) -> None:
    place = settled.root / "b.py"
    times = place.stat()
    place.write_text("eval(b)\n")
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    found, read = on_disk(settled)
    assert ([f.at.path for f in found], read) == (["a.py", "b.py"], {"b.py"})


def test_another_version_of_guard_judges_anew(
    settled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guard.fixes.remembered.version", lambda: "another")
    assert on_disk(settled)[1] == {"a.py", "b.py"}


def test_a_rule_that_is_not_staged_counts_in_the_work_tree(settled: Any) -> None:
    settled.write(FORBID, RULE.replace("eval", "evil"))
    found, read = on_disk(settled)
    assert ([f.at.path for f in found], read) == (["b.py"], {"a.py", "b.py"})
