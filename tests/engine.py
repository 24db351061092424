"""The real engine and its clients, for the tests that cannot do without; skips where none is."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from conftest import CLEAN_ENV, Repo, execute, made

TOOLS = Path(os.environ.get("GUARD_TOOLS", "/opt/treeguard-tools"))
BUSYBOX = Path("/bin/busybox")


def need(condition: bool, what: str) -> None:
    """Skips where something is not there, or fails where the environment promises that it is."""
    if not condition:
        if os.environ.get("GUARD_TEST_ENGINE") == "required":
            pytest.fail(f"GUARD_TEST_ENGINE=required, and there is no {what}")
        pytest.skip(f"there is no {what}")


@cache
def answers() -> bool:
    """Whether there is an engine."""
    if shutil.which("docker") is None:
        return False
    asked = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(asked, capture_output=True, timeout=60).returncode == 0


def need_engine() -> None:
    need(answers() and BUSYBOX.exists(), "docker engine with busybox-static")


def plugin(name: str) -> Path:
    """The program of docker's plugin buildx or compose."""
    found = TOOLS / "cli-plugins" / f"docker-{name}"
    need(found.exists(), f"{found} (run .ci/engine)")
    return found


def compose_v1() -> str:
    """docker-compose 1, as Debian 12 has it."""
    found = next((p for p in ("/usr/bin/docker-compose",) if Path(p).exists()), "")
    need(bool(found), "docker-compose 1")
    return found


def docker(*args: str, ok: bool = True, **env: str) -> str:
    ran = execute("docker", *args, cwd=Path("/"), **env)
    assert not ok or ran.status == 0, f"docker {' '.join(args)}: {ran.all}"
    return ran.out


def pushed(folder: Path) -> Repo:
    """A repository with a commit that its bare origin has too, and a Dockerfile that builds."""
    origin = folder / "origin.git"
    execute("git", "init", "-q", "--bare", "-b", "main", str(origin), cwd=folder)
    repo = made(folder / "work")
    shutil.copy(BUSYBOX, repo.root / "busybox")
    repo.write("Dockerfile", "FROM scratch\nCOPY busybox /bin/busybox\nCOPY app.txt /app.txt\n")
    repo.git("remote", "add", "origin", str(origin))
    repo.commit("one", **{"app.txt": "one\n"})
    repo.git("push", "-q", "-u", "origin", "main")
    return repo


__all__ = ["CLEAN_ENV", "compose_v1", "docker", "need_engine", "plugin", "pushed"]
