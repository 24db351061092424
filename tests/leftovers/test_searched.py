"""Conflicts are searched for by git where there are many files: the verdict stays what reading says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from guard import origins
from guard.blobs import Blobs
from guard.check import discover
from guard.config import plan
from guard.git import Repository
from guard.pieces import MANY
from guard.pipeline import run
from guard.snapshot import Snapshot

CONFLICT = "a\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> branch\nb\n"
FILES = {
    "whole.txt": CONFLICT.encode(),
    "returns.txt": CONFLICT.replace("\n", "\r\n").encode(),
    "little.txt": CONFLICT.encode("utf-16"),
    "big.txt": b"\xfe\xff" + CONFLICT.encode("utf-16-be"),
    "begin.txt": b"<<<<<<< HEAD\none\n",
    "end.txt": b"two\n>>>>>>> 1a2b3c4 (why)\n",
    "latin.txt": b"\xe9\xff\n" + CONFLICT.encode(),
    "mail.txt": b">>>>>>> said\n",
    "heading.txt": b"Title\n=======\n",
    "binary.bin": b"\0\1" + CONFLICT.encode(),
    "behind a NUL.bin": b"a" * 9000 + b"\0\n" + CONFLICT.encode(),
    "ünï/cödé \"q\".txt": CONFLICT.encode(),
    "excused.md": b"<!-- guard: ignore[conflicts/marker] an example -->\n" + CONFLICT.encode(),
}  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    plain = {f"plain{number}.txt": b"nothing\n" for number in range(MANY)}
    for path, content in {**FILES, **plain}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", "x"], cwd=tmp_path, check=True)
    return Repository.find(os.fspath(tmp_path))


@pytest.mark.parametrize("staged", [False, True], ids=["a commit", "the index"])
def test_searching_finds_what_reading_finds(
    repository: Repository, staged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository.head
    source = (
        origins.IndexSource(repository, repository.staged())
        if staged
        else origins.CommitSource(repository, repository.head)
    )
    read: list[str] = []
    fetch = Blobs.read
    monkeypatch.setattr(Blobs, "read", lambda blobs, oid: read.append(oid) or fetch(blobs, oid))
    monkeypatch.setattr("guard.pieces.processors", lambda: 1)
    discover()
    searched = run(plan(memory := Snapshot.of(FILES), select=["conflicts"]), Snapshot("", source))
    known = run(plan(memory, select=["conflicts"]), memory)
    assert searched.findings == known.findings
    assert {f.at.path for f in known.findings} >= {"little.txt", "big.txt", "begin.txt", "end.txt"}
    assert len(read) <= len(FILES)
