"""A pushed repository before a docker that says that it ran and what it read from stdin."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT, CLEAN_ENV, Repo, execute, made
from engine import TOOLS

CLIENT = """#!/bin/sh
case "$1" in
  --version) echo "Docker version ${VERSION:-28.2.2}, build x"; exit ;;
  compose) for w; do case $w in config) shift; exec TOOLS/docker-compose "$@" ;; esac; done ;;
esac
echo "ran $$ $*"
[ -z "$READS" ] || sha1sum
exit 42
""".replace("TOOLS", f"{TOOLS}/cli-plugins")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A pushed repository, and in front of PATH a docker that says that it ran (status 42)."""
    execute("git", "init", "-q", "--bare", "-b", "main", "origin.git", cwd=tmp_path)
    repo = made(tmp_path / "work")
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    files = {"Dockerfile": "FROM scratch\nCOPY . /\n", "f": "f\n", "web/f": "web\n"}
    repo.commit("one", **files, **{"web/Dockerfile": "FROM scratch\n"})
    repo.git("push", "-q", "-u", "origin", "main")
    (tmp_path / "bin").mkdir()
    client = tmp_path / "bin/docker"
    client.write_text(CLIENT)
    client.chmod(0o755)
    monkeypatch.setitem(CLEAN_ENV, "PATH", f"{tmp_path}/bin:{CLEAN_ENV['PATH']}")
    monkeypatch.setitem(CLEAN_ENV, "HOME", str(tmp_path))
    return repo


def fed(place: Repo, content: bytes, *words: str, cwd: str = ".") -> tuple[int, str, str]:
    """Runs guard with something on stdin; the docker behind it says what it read."""
    done = subprocess.run(
        [sys.executable, "-m", "guard", *words],
        cwd=place.root / cwd,
        env=CLEAN_ENV | {"READS": "1", "PYTHONPATH": str(CHECKOUT)},
        input=content,
        capture_output=True,
    )
    if done.returncode == 42:
        assert hashlib.sha1(content).hexdigest().encode() in done.stdout, "stdin was not untouched"
    return done.returncode, done.stdout.decode(), done.stderr.decode()
