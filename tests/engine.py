"""The real engine and its clients, for the tests that cannot do without; skips where none is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import Ran, Repo, execute, made

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


class Builders:
    """A repository, and the commands that build it."""

    def __init__(self, repo: Repo, folder: Path) -> None:
        self.repo = repo
        self.tag = f"image-test-{uuid4().hex[:12]}"
        plugins = folder / "docker-config" / "cli-plugins"
        plugins.mkdir(parents=True)
        for name in ("buildx", "compose"):
            os.symlink(plugin(name), plugins / f"docker-{name}")
        # This compose wants a newer buildx to bake with; it has a builder of its own.
        self.env = {
            "DOCKER_CONFIG": str(plugins.parent),
            "COMPOSE_BAKE": "false",
            "COMPOSE_PROJECT_NAME": self.tag,
        }

    def guard(self, *args: str, **env: str) -> Ran:
        return self.repo.guard(*args, **self.env | env)

    def labels(self, image: str = "") -> dict[str, str]:
        form = "{{json .Config.Labels}}"
        found = json.loads(docker("inspect", image or self.tag, "--format", form))
        return dict(found or {})

    def files(self, image: str = "") -> dict[str, str]:
        """What of the image's files lies below /src, by `ls -l` without time and owner."""
        script = (
            "cd /src && /bin/busybox find . ! -type d ! -name busybox | while read -r f; do "
            '/bin/busybox stat -c "%a %n" "$f"; if [ -L "$f" ]; then /bin/busybox readlink "$f"; '
            'else /bin/busybox head -n 1 "$f"; echo; fi; done'
        )
        out = docker("run", "--rm", "--network=none", image or self.tag, "/bin/busybox", "sh", "-c",
                     script)  # fmt: skip
        lines = [line for line in out.split("\n") if line]
        return {" ".join(lines[i].split()): lines[i + 1] for i in range(0, len(lines) - 1, 2)}


class Lab:
    """A compose project of docker-compose 1, with data in an anonymous volume."""

    def __init__(self, folder: Path, host: str) -> None:
        self.root = folder / "lab"
        self.root.mkdir()
        plugins = folder / "docker-config" / "cli-plugins"
        plugins.mkdir(parents=True)
        os.symlink(plugin("compose"), plugins / "docker-compose")
        self.env = {
            "DOCKER_HOST": host,
            "DOCKER_CONFIG": str(plugins.parent),
            "COMPOSE_BAKE": "false",
            "DOCKER_BUILDKIT": "0",
        }
        shutil.copy(BUSYBOX, self.root / "busybox")
        (self.root / "Dockerfile").write_text(
            "FROM scratch\nCOPY busybox /bin/busybox\nVOLUME /data\n"
            'CMD ["/bin/busybox", "sleep", "100000"]\n'
        )
        # What is asked here is about containers; where the code lies is another matter.
        (self.root / "guard.toml").write_text("[tree]\nrepository = false\n")
        self.describe("1")

    def describe(self, setting: str, service: str = "web") -> None:
        """Writes the compose file; with another setting it wants another container."""
        (self.root / "docker-compose.yml").write_text(
            f"services:\n  {service}:\n    build: .\n    image: lab-image\n    network_mode: none\n"
            f"    stop_signal: KILL\n    environment: {{S: '{setting}'}}\n"
        )

    def docker(self, *args: str) -> str:
        return docker(*args, **self.env)

    def names(self) -> dict[str, str]:
        """The state of each container by its name."""
        lines = self.docker("ps", "-a", "--format", "{{.Names}} {{.State}}").splitlines()
        return {line.split()[0]: line.split()[1] for line in lines}

    def data(self) -> dict[str, str]:
        """What stands in /data/note of each container that runs."""
        show = ["/bin/busybox", "cat", "/data/note"]
        running = [name for name, state in self.names().items() if state == "running"]
        return {n: docker("exec", n, *show, ok=False, **self.env).strip() for n in running}

    def clean(self) -> None:
        ids = self.docker("ps", "-aq").split()
        if ids:
            self.docker("rm", "-fv", *ids)
