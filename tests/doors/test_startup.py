"""What nobody should wait for is not imported, and what git has told is not asked for again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import CLEAN_ENV, Repo

from guard import sources
from guard.git import Repository

HEAVY = {
    "click": "parses arguments, and a commit has none",
    "rich": "draws on a terminal",
    "git": "serves histories",
    "libcst": "serves repairs",
    "esprima": "reads JavaScript",
    "tree_sitter": "reads JavaScript",
    "yaml": "reads compose files",
    "tempfile": "a run that keeps nothing makes no files",
}

# Of Python's own, what takes as long to import as git takes to answer.
SLOW = {"subprocess", "typing", "threading", "hashlib", "json", "tomllib", "dataclasses"}


def imported(repo: Repo, *args: str, **env: str) -> set[str]:
    """The modules that a process of guard imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "guard", *args],
        cwd=repo.root,
        env=CLEAN_ENV | env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert lines
    return {line.rpartition("|")[2].strip() for line in lines}


def test_a_commit_of_prose_waits_for_no_library(repo: Repo) -> None:
    repo.commit("first", **{"README.md": "one\n", "app.js": "f();\n"})
    repo.write("README.md", "two\n")
    repo.git("add", "-A")
    assert imported(repo, "check", "--staged") & {*HEAVY, *SLOW} == set()


def test_a_commit_of_code_that_no_rule_is_about_waits_for_none_either(repo: Repo) -> None:
    rule = "why = 'x'\nforbid = 'yaml.load($X)'\nbad = 'yaml.load(a)'\ngood = 'b'\n"
    repo.commit("first", **{".guard/fixes/a.toml": rule})
    repo.write("a.py", "print('hello')\n")
    repo.git("add", "-A")
    rules = {"tomllib", "typing"}  # what it takes to see that
    assert imported(repo, "check", "--staged") & {*HEAVY, *SLOW} <= rules


def test_a_command_that_builds_nothing_waits_for_no_library(repo: Repo, tmp_path: Path) -> None:
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\n")
    docker.chmod(0o755)
    path = f"{docker.parent}:{os.environ['PATH']}"
    assert imported(repo, "docker", "ps", PATH=path) & set(HEAVY) == set()


def test_what_git_told_of_the_changes_is_what_it_tells_when_asked(repo: Repo) -> None:
    text = "".join(f"line {n}\n" for n in range(20))
    repo.commit("first", m="a", d="b", r=text, t="c", same="e")
    repo.git("mv", "r", "renamed")
    repo.git("rm", "-q", "d", "t")
    repo.write("m", "changed")
    repo.write("new", "f")
    (repo.root / "t").symlink_to("same")
    repo.git("add", "-A")
    repository = Repository.find(str(repo.root))
    told = sources.staged(repository)
    paths = ["m", "d", "r", "renamed", "t", "same", "new", "nowhere"]
    assert {c.status for c in told.changes or ()} == {"M", "D", "R", "T", "A"}
    assert told.base is not None
    for path in paths:
        assert told.file(path) == told.source.files([path]).get(path), path
        assert told.base.file(path) == told.base.source.files([path]).get(path), path
