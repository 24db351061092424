"""`guard init --docker`: what it puts in place, that docker stays docker, and that it comes out."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Ran, Repo, execute
from engine import compose_v1, need_engine, plugin, pushed


class Home:
    """A user's home with docker's plugins in it, and docker on PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "home"
        self.config = self.root / ".docker"
        self.plugins = self.config / "cli-plugins"
        self.plugins.mkdir(parents=True)
        for name in ("buildx", "compose"):
            os.symlink(plugin(name), self.plugins / f"docker-{name}")
        self.bin = self.root / ".local" / "bin"
        self.env = {"HOME": str(self.root), "DOCKER_CONFIG": "", "XDG_DATA_HOME": ""}
        self.path = os.environ["PATH"]

    def run(self, *args: str, cwd: Path, **env: str) -> Ran:
        return execute(*args, cwd=cwd, **self.env | {"PATH": self.path} | env)

    def guard(self, *args: str, cwd: Path | None = None, **env: str) -> Ran:
        return self.run("guard", *args, cwd=cwd or self.root, **env)

    def listing(self) -> dict[str, str]:
        """Every file below the home and its content."""
        return {
            str(p.relative_to(self.root)): os.readlink(p) if p.is_symlink() else p.read_text()
            for p in sorted(self.root.rglob("*"))
            if p.is_symlink() or p.is_file()
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    need_engine()
    return Home(tmp_path)


@pytest.fixture
def guarded(home: Home) -> Home:
    """A home with guard in place, its folder first on PATH."""
    ran = home.guard("init", "--docker")
    assert ran.status == 0, ran.all
    home.path = f"{home.root}/.local/share/treeguard/bin{os.pathsep}{home.path}"
    return home


@pytest.fixture
def dirty(tmp_path: Path) -> Repo:
    """A repository with a compose file, where one file is changed."""
    repo = pushed(tmp_path)
    repo.commit(
        "compose",
        **{"compose.yaml": "services: {web: {build: ., network_mode: none}}\n"},
    )
    repo.git("push", "-q")
    repo.write("app.txt", "changed\n")
    return repo


def test_the_folder_that_must_come_first_on_path_is_told(home: Home) -> None:
    ran = home.guard("init", "--docker")
    assert f'export PATH="{home.root}/.local/share/treeguard/bin:$PATH"' in ran.out


def test_a_folder_of_the_users_own_before_docker_is_used(home: Home) -> None:
    home.bin.mkdir(parents=True)
    home.path = f"{home.bin}{os.pathsep}{home.path}"
    ran = home.guard("init", "--docker")
    assert ran.status == 0
    assert "export PATH" not in ran.out
    assert (home.bin / "docker").exists()


def test_a_docker_of_the_users_own_is_never_written_over(home: Home) -> None:
    home.bin.mkdir(parents=True)
    shutil.copy(shutil.which("docker") or "", home.bin / "docker")
    home.path = f"{home.bin}{os.pathsep}{home.path}"
    size = (home.bin / "docker").stat().st_size
    assert home.guard("init", "--docker").status == 0
    assert (home.bin / "docker").stat().st_size == size
    home.path = f"{home.root}/.local/share/treeguard/bin{os.pathsep}{home.path}"
    assert f"then {home.bin}/docker" in home.guard("doctor").out


SETTINGS = {
    "no file": None,
    "other keys": {"auths": {"r.example": {"auth": "c2VjcmV0"}}, "detachKeys": "ctrl-a"},
    "the same alias, of the user's own": {"aliases": {"builder": "buildx"}},
}


@pytest.mark.parametrize("case", SETTINGS)
def test_undo_leaves_everything_as_it_was(home: Home, case: str) -> None:
    told = SETTINGS[case]
    if told is not None:
        (home.config / "config.json").write_text(json.dumps(told, indent="\t") + "\n")
    before = home.listing()
    assert home.guard("init", "--docker").status == 0
    assert home.listing() != before
    assert "already" in home.guard("init", "--docker").out
    assert home.guard("init", "--docker", "--undo").status == 0
    assert home.listing() == before
    assert "does not stand" in home.guard("init", "--docker", "--undo").out


def test_an_alias_that_breaks_docker_is_told(home: Home) -> None:
    (home.config / "config.json").write_text('{"aliases": {"b": "build"}}')
    ran = home.guard("doctor")
    assert ran.status == 1
    assert "✗" in ran.out
    assert "the alias 'b' makes every docker command fail" in ran.out


def test_a_broken_config_is_told_and_left_alone(home: Home) -> None:
    (home.config / "config.json").write_text('{"aliases": ')
    ran = home.guard("init", "--docker")
    assert ran.status == 2
    assert "config.json" in ran.err
    assert (home.config / "config.json").read_text() == '{"aliases": '


UNTOUCHED = {
    "help": ["docker", "--help"],
    "help of a plugin": ["docker", "compose", "--help"],
    "version of a plugin": ["docker", "buildx", "version"],
    "completion of docker": ["docker", "__complete", "com"],
    "completion of a plugin": ["docker", "__complete", "compose", "up", "--bu"],
    "completion script": ["docker", "completion", "bash"],
    "help of build": ["docker", "build", "--help"],
    "a command that docker lacks": ["docker", "frobnicate"],
    "plugins listed": ["docker", "info", "--format", "{{range .ClientInfo.Plugins}}{{.Name}} {{end}}"],
    "compose 1": ["docker-compose", "version", "--short"],
    "podman": ["podman", "--version"],
}  # fmt: skip


@pytest.mark.parametrize("case", UNTOUCHED)
def test_docker_stays_docker(home: Home, case: str) -> None:
    command = UNTOUCHED[case]
    before = home.run(*command, cwd=home.root)
    assert home.guard("init", "--docker").status == 0
    home.path = f"{home.root}/.local/share/treeguard/bin{os.pathsep}{home.path}"
    after = home.run(*command, cwd=home.root)
    assert (after.status, after.out, after.err) == (before.status, before.out, before.err)


REFUSED = {
    "docker by name": ["docker", "build", "."],
    "docker by its path": ["{docker}", "build", "."],
    "with a global flag before": ["{docker}", "--log-level", "error", "build", "."],
    "the plugin buildx": ["{docker}", "buildx", "build", "."],
    "builder, which docker leads to buildx": ["{docker}", "builder", "build", "."],
    "the plugin compose": ["{docker}", "compose", "build"],
    "compose up": ["{docker}", "compose", "-f", "compose.yaml", "up", "--build", "-d"],
    "compose 1": ["docker-compose", "-f", "compose.yaml", "build"],
    "podman": ["podman", "build", "."],
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_build_of_changed_files_is_refused(guarded: Home, dirty: Repo, case: str) -> None:
    compose_v1()
    docker = shutil.which("docker") or ""
    command = [word.replace("{docker}", docker) for word in REFUSED[case]]
    ran = guarded.run(*command, cwd=dirty.root)
    assert ran.status == 1, ran.all
    assert ran.err.splitlines()[-1].startswith("guard: blocked:"), ran.all
    assert "app.txt" in ran.err


@pytest.mark.parametrize("words", ["compose build", "compose up --build"])
def test_what_podman_leads_compose_to_is_judged(home: Home, dirty: Repo, words: str) -> None:
    # Like podman from version 4.7 on, which looks for docker's plugin first, then on PATH.
    podman = home.root.parent / "bin/podman"
    podman.parent.mkdir()
    podman.write_text('#!/bin/sh\nshift\nexec "$HOME/.docker/cli-plugins/docker-compose" "$@"\n')
    podman.chmod(0o755)
    home.path = f"{podman.parent}{os.pathsep}{home.path}"
    assert home.guard("init", "--docker").status == 0
    home.path = f"{home.root}/.local/share/treeguard/bin{os.pathsep}{home.path}"
    for start in (["podman"], ["guard", "podman"]):
        ran = home.run(*start, *words.split(), cwd=dirty.root)
        assert ran.status == 1, ran.all
        assert "app.txt" in ran.err


def test_what_is_and_is_not_intercepted_is_told(guarded: Home) -> None:
    docker = shutil.which("docker") or ""
    said = guarded.guard("doctor").out
    assert f"✓ docker: intercepted by {guarded.root}/.local/share/treeguard/bin/docker" in said
    assert f"✓ {docker} build: intercepted" in said
    assert "✓ docker compose: intercepted" in said
    off = guarded.guard("doctor", DOCKER_BUILDKIT="0").out
    assert f"– {docker} build: not intercepted, DOCKER_BUILDKIT=0" in off
    other = guarded.guard("doctor", DOCKER_CONFIG=str(guarded.root / "other")).out
    assert f"– DOCKER_CONFIG={guarded.root}/other" in other


def test_a_shim_that_docker_comes_before_is_a_defect(guarded: Home) -> None:
    docker = Path(shutil.which("docker") or "")
    guarded.path = f"{docker.parent}{os.pathsep}{guarded.path}"
    ran = guarded.guard("doctor")
    assert ran.status == 1
    assert f"✗ docker: {docker} comes before" in ran.out
