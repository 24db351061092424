"""Where a build takes its files from: folders, git URLs, elsewhere; and how docker takes over."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import inputs
import pytest
from conftest import CHECKOUT, CLEAN_ENV, Repo, execute, made

from guard.docker.front import real

place = inputs.place


@pytest.fixture
def url(place: Repo) -> Iterator[str]:
    """The place's origin, served by git itself, and set as its remote."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parent = place.root.parent
    command = ["git", "daemon", "--reuseaddr", "--export-all", f"--base-path={parent}"]
    command += ["--listen=127.0.0.1", f"--port={port}", str(parent)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as daemon:
        address = f"git://127.0.0.1:{port}/origin.git"
        for _ in range(100):
            if execute("git", "ls-remote", address, cwd=parent).status == 0:
                break
            time.sleep(0.05)
        place.git("remote", "set-url", "origin", address)
        yield address
        daemon.terminate()


@pytest.mark.parametrize("suffix", ["", "#main", "#main:web", "#HEAD", "#refs/heads/main"])
def test_a_url_of_what_is_here_is_built(place: Repo, url: str, suffix: str) -> None:
    ran = place.guard("docker", "build", url + suffix)
    assert (ran.status, ran.err) == (42, "")


def test_a_url_is_refused_where_the_remote_has_another_commit(place: Repo, url: str) -> None:
    place.commit("two")
    ran = place.guard("docker", "build", url + "#main")
    assert ran.status == 1
    assert "tree/remote-differs" in ran.err


def test_no_password_of_a_url_or_a_flag_is_told_or_kept(place: Repo, url: str) -> None:
    secret = url.replace("//", "//user:canary-1@")
    place.git("config", f"url.{url}.insteadOf", secret)
    place.commit("two")
    place.write("f", "changed\n")
    for named in (secret, f"{secret}#main", f"{secret}#nowhere"):
        ran = place.guard("docker", "build", "--build-arg", "TOKEN=canary-2", named)
        assert ran.status == 1
        assert "tree/remote-differs" in ran.err
        listed = place.guard("rescue", "list").all
        assert "refused: docker build git://127" in listed
        assert "canary" not in ran.all + listed


def test_a_url_of_a_pull_request_is_compared(place: Repo, url: str) -> None:
    place.git("push", "-q", str(place.root.parent / "origin.git"), "HEAD:refs/pull/7/head")
    assert place.guard("docker", "build", url + "#pull/7/head").status == 42
    assert place.guard("docker", "build", url + "#pull/8/head").status == 1


def test_a_url_with_a_tag_or_a_commit_is_compared(place: Repo, url: str) -> None:
    place.git("tag", "-a", "v1", "-m", "v1")
    assert place.guard("docker", "build", url + "#v1").status == 1, "the tag is not pushed"
    place.git("push", "-q", str(place.root.parent / "origin.git"), "v1")
    head = place.git("rev-parse", "HEAD").strip()
    assert place.guard("docker", "build", url + "#v1").status == 42
    assert place.guard("docker", "build", f"{url}#{head}").status == 42
    assert place.guard("docker", "build", f"{url}#{'0' * 40}").status == 1


def test_changes_here_refuse_a_url_that_would_not_have_them(place: Repo, url: str) -> None:
    place.write("f", "changed\n")
    assert place.guard("docker", "build", url).status == 1
    assert place.guard("docker", "build", url + "#main:web").status == 42


@pytest.mark.parametrize("other", ["git://127.0.0.1:1/other.git", "me@host.example:lab/app.git"])
def test_a_url_of_another_repository_is_built(place: Repo, other: str) -> None:
    place.write("f", "changed\n")
    assert place.guard("docker", "build", other).status == 42


def test_a_context_in_no_repository_is_refused_unless_its_config_says_so(
    place: Repo, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Dockerfile").write_text("FROM scratch\n")
    for folder in (str(outside), "/"):  # refused before anyone walks what may be a whole disk
        ran = place.guard("docker", "build", folder)
        assert ran.status == 1
        assert "is in no git repository" in ran.err
    (outside / "guard.toml").write_text("[tree]\nrepository = false\n")
    assert place.guard("docker", "build", str(outside)).status == 42


def test_a_context_behind_a_link_is_the_folder_it_leads_to(place: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(place.root / "web")
    assert place.guard("docker", "build", str(tmp_path / "link")).status == 42
    place.write("web/f", "changed\n")
    assert place.guard("docker", "build", str(tmp_path / "link")).status == 1


def test_a_changed_dockerfile_outside_its_context_is_refused(place: Repo) -> None:
    place.commit("two", **{"build/app.Dockerfile": "FROM scratch\n"})
    place.git("push", "-q")
    assert place.guard("docker", "build", "-f", "build/app.Dockerfile", "web").status == 42
    place.write("build/app.Dockerfile", "FROM other\n")
    assert place.guard("docker", "build", "-f", "build/app.Dockerfile", "web").status == 1
    assert place.guard("docker", "build", "web").status == 42


def test_a_link_to_a_dockerfile_in_no_repository_is_told(place: Repo, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("FROM scratch\n")
    (place.root / "web/Dockerfile").unlink()
    (place.root / "web/Dockerfile").symlink_to(tmp_path / "elsewhere")
    place.commit("two")
    place.git("push", "-q")
    ran = place.guard("docker", "build", "web")
    assert ran.status == 42
    assert "elsewhere decides what is built and is in no git repository" in ran.err


def test_a_changed_dockerfile_counts_even_if_the_ignore_file_keeps_it_out(place: Repo) -> None:
    place.commit("two", **{".dockerignore": "Dockerfile\n.dockerignore\n"})
    place.git("push", "-q")
    place.write("Dockerfile", "FROM other\n")
    assert place.guard("docker", "build", ".").status == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ({"DOCKER_BUILDKIT": "1"}, 42),
        ({"DOCKER_BUILDKIT": "0"}, 1),
        ({"DOCKER_BUILDKIT": "1", "VERSION": "20.10.24"}, 42),
        ({"VERSION": "20.10.24", "DOCKER_HOST": "unix:///nowhere"}, 1),
        ({}, 1),
    ],
    ids=["buildkit", "legacy", "buildkit of 20.10", "20.10 by default", "28 without buildx"],
)
def test_a_dockerfiles_own_ignore_file_is_buildkits_alone(
    place: Repo, kind: dict[str, str], status: int
) -> None:
    if not kind:
        plugins = ("/usr/libexec", "/usr/local/lib", "/usr/lib", "/usr/local/libexec")
        if any(Path(p, "docker/cli-plugins/docker-buildx").exists() for p in plugins):
            pytest.skip("buildx is installed for everybody")
    place.commit("two", **{"Dockerfile.dockerignore": "new\n"})
    place.git("push", "-q")
    place.write("new", "")
    assert place.guard("docker", "build", ".", **kind).status == status


def test_podman_prefers_its_own_ignore_file(place: Repo, tmp_path: Path) -> None:
    (tmp_path / "bin/podman").symlink_to("docker")
    place.commit("two", **{".dockerignore": "new\n", ".containerignore": "other\n"})
    place.git("push", "-q")
    place.write("new", "")
    assert place.guard("podman", "build", ".").status == 1
    assert place.guard("docker", "build", ".").status == 42
    assert place.guard("podman", "build", "--ignorefile", ".dockerignore", ".").status == 42


def test_several_contexts_are_all_looked_at(place: Repo, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    other.commit("one", f="f\n")
    ran = place.guard("docker", "buildx", "build", "--build-context", "x=../other", ".")
    assert ran.status == 1
    assert "tree/unpushed" in ran.err


@pytest.mark.parametrize("words", ["ps -a", "compose ps", "build --help", "buildx ls"])
def test_docker_takes_the_place_of_guard_where_nothing_is_built(place: Repo, words: str) -> None:
    command = [sys.executable, "-m", "guard", "docker", *words.split()]
    env = CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, cwd=place.root, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read().decode()
    assert said == f"ran {process.pid} {words}\n"
    assert process.returncode == 42


def test_a_signal_reaches_docker(place: Repo, tmp_path: Path) -> None:
    (tmp_path / "bin/docker").write_text(
        "#!/bin/sh\ntrap 'echo got; exit 9' TERM\necho up\nwhile :; do sleep 0.05; done\n"
    )
    command = [sys.executable, "-m", "guard", "docker", "build", "web"]
    env = CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, cwd=place.root, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == b"got\n"
    assert process.returncode == 9


def test_the_terminal_is_dockers(place: Repo, tmp_path: Path) -> None:
    (tmp_path / "bin/docker").write_text("#!/bin/sh\n[ -t 0 ] && [ -t 1 ] && echo terminal\n")
    main, inner = pty.openpty()
    command = [sys.executable, "-m", "guard", "docker", "build", "web"]
    env = CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(
        command, cwd=place.root, env=env, stdin=inner, stdout=inner, stderr=inner
    ) as process:
        process.wait()
    os.close(inner)
    assert b"terminal" in os.read(main, 4096)
    os.close(main)


def test_a_pipe_that_is_closed_ends_docker_silently(place: Repo, tmp_path: Path) -> None:
    """Python ignores SIGPIPE for itself; docker must not inherit that."""
    (tmp_path / "bin/docker").write_text("#!/bin/sh\nexec yes\n")
    ran = execute(
        "sh", "-c", f"{sys.executable} -m guard docker build web | head -1", cwd=place.root,
        PYTHONPATH=str(CHECKOUT),
    )  # fmt: skip
    assert (ran.out, ran.err) == ("y\n", "")


def test_the_commands_that_mend_another_repository_say_which(place: Repo, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    other.commit("one", f="f\n")
    other.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    other.write("f", "changed\n")
    ran = place.guard("docker", "build", "-f", "Dockerfile", "../other")
    assert ran.status == 1
    assert "    git -C ../other add f\n    git -C ../other commit -m" in ran.err


def test_commands_for_every_group_of_files_stand_once(place: Repo) -> None:
    for name in ("f", "web/f"):
        place.git("update-index", "--assume-unchanged", name)
        place.write(name, "changed\n")
    ran = place.guard("docker", "build", ".")
    assert ran.status == 1
    assert "git update-index --no-assume-unchanged -- f web/f" in ran.err


def test_a_current_folder_that_is_gone_is_one_message(place: Repo, tmp_path: Path) -> None:
    command = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m guard docker build ."
    ran = execute("sh", "-c", command, cwd=tmp_path, PYTHONPATH=str(CHECKOUT))
    assert (ran.status, "the current folder is gone" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("#!/usr/bin/python3\n__requires__ = 'docker-compose==1.29.2'\n", True),
        ("#!/usr/bin/python3\nfrom compose import main\n", False),
        ("no script, and nothing that runs", False),
    ],
)
def test_which_docker_compose_it_is(tmp_path: Path, text: str, first: bool) -> None:
    program = tmp_path / "docker-compose"
    program.write_text(text)
    program.chmod(0o755)
    assert real.is_compose_1(str(program)) is first
