"""Remotes are asked at each build, once, and by nobody who was told not to."""

from __future__ import annotations

import os

import pytest
from conftest import Repo


@pytest.fixture
def work(repo: Repo) -> Repo:
    """A repository that notes each time its remote is asked, and a docker that does nothing."""
    for name, text in {
        "docker": "",
        "upload-pack": 'echo >> ../asked; exec git-upload-pack "$@"\n',
    }.items():
        repo.write(f"../bin/{name}", f"#!/bin/sh\n{text}").chmod(0o755)
    repo.git("init", "-q", "--bare", "../origin.git")
    repo.git("remote", "add", "origin", "../origin.git")
    repo.git("config", "remote.origin.uploadpack", str(repo.root / "../bin/upload-pack"))
    repo.write("Dockerfile", "FROM scratch\n")
    return repo


def asked(repo: Repo, *words: str, **env: str) -> int:
    """How often the remote was asked by a build that passed."""
    note = repo.root / "../asked"
    note.unlink(missing_ok=True)
    path = f"{repo.root.parent}/bin{os.pathsep}{os.environ['PATH']}"
    ran = repo.guard("docker", *(words or ("build", ".")), PATH=path, **env)
    assert ran.status == 0, ran.all
    assert ran.err == ""
    return len(note.read_text()) if note.exists() else 0


CONFIGURATIONS = [
    pytest.param({}, 1, id="none"),
    pytest.param({"guard.toml": "[tree]\nignored = 'off'\n"}, 1, id="nothing about it"),
    pytest.param({"guard.toml": "[tree]\ntimeout = 9\n"}, 1, id="another time"),
    pytest.param({"guard.toml": "[tree]\nlive = false\n"}, 0, id="nobody is to be asked"),
    pytest.param({"guard.toml": '[tree]\n"li\\u0076e" = false\n'}, 0, id="written so"),
    pytest.param({"pyproject.toml": "[tool.guard.tree]\nlive = false\n"}, 0, id="in pyproject"),
]


@pytest.mark.parametrize(("files", "times"), CONFIGURATIONS)
def test_the_configuration_decides(work: Repo, files: dict[str, str], times: int) -> None:
    work.commit(**files)
    work.git("push", "-q", "-u", "origin", "HEAD")
    assert asked(work) == times


@pytest.mark.parametrize("words", ["build --offline .", "--offline build .", "build . --offline"])
def test_a_flag_of_guard_decides(work: Repo, words: str) -> None:
    work.commit()
    work.git("push", "-q", "-u", "origin", "HEAD")
    assert asked(work, *words.split()) == 0


def test_a_variable_decides(work: Repo) -> None:
    work.commit()
    work.git("push", "-q", "-u", "origin", "HEAD")
    assert asked(work, GUARD_OFFLINE="1") == 0
    assert asked(work, GUARD_OFFLINE="0") == 1


def test_the_flag_is_not_docker_s_to_see(work: Repo) -> None:
    work.write("../bin/docker", '#!/bin/sh\necho "$@" > ../said\n')
    work.commit()
    work.git("push", "-q", "-u", "origin", "HEAD")
    asked(work, "build", "--offline", ".")
    assert "offline" not in (work.root / "../said").read_text()
