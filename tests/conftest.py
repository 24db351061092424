"""Real repositories in temporary folders, and guard as users run it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest_plugins = ["world"]
"""Where the fixtures stand that the folders below share."""

HERE = Path(__file__).parent
CHECKOUT = HERE.parent

# The environment's own programs come first, also where it was not activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

# The tests' own git must see neither the developer's configuration nor a hook's environment.
CLEAN_ENV = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("GIT_", "PRE_COMMIT", "GUARD_")) and name != "NO_COLOR"
} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "C O Mitter",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def execute(*args: str, cwd: Path, stdin: str | None = None, **env: str) -> Ran:
    done = subprocess.run(
        args,
        cwd=cwd,
        env=CLEAN_ENV | env,
        input=None if stdin is None else stdin.encode(),
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=300,
    )
    return Ran(
        done.returncode,
        done.stdout.decode("utf-8", "surrogateescape"),
        done.stderr.decode("utf-8", "surrogateescape"),
    )


class Repo:
    """A real repository in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *args: str, ok: bool = True, **env: str) -> str:
        ran = execute("git", *args, cwd=self.root, **env)
        assert not ok or ran.status == 0, f"git {' '.join(args)}: {ran.all}"
        return ran.out

    def tried(self, *args: str, **env: str) -> Ran:
        return execute("git", *args, cwd=self.root, **env)

    def write(self, path: str, content: str | bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def commit(self, message: str = "work", /, **files: str) -> str:
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def guard(
        self, *args: str, stdin: str | None = None, cwd: Path | None = None, **env: str
    ) -> Ran:
        command = [sys.executable, "-m", "guard", *args]
        return execute(*command, cwd=cwd or self.root, stdin=stdin, PYTHONPATH=str(CHECKOUT), **env)


def made(root: Path, *options: str) -> Repo:
    root.mkdir(parents=True, exist_ok=True)
    repo = Repo(root)
    repo.git("init", "-q", "-b", "main", *options)
    return repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository without a commit."""
    return made(tmp_path / "repo")
