"""docker-compose 1 before an engine that it dies of: refused in time, or mended where it was not."""

from __future__ import annotations

import re
import sys

import pytest
from conftest import CHECKOUT, Ran, execute
from engine import Lab, compose_v1, docker

from guard.docker.composev1 import dies


def v1(lab: Lab, *args: str, **env: str) -> Ran:
    return execute(compose_v1(), *args, cwd=lab.root, **lab.env | env)


def guard(lab: Lab, *args: str, **env: str) -> Ran:
    command = [sys.executable, "-m", "guard", *args]
    return execute(*command, cwd=lab.root, PYTHONPATH=str(CHECKOUT), **lab.env | env)


@pytest.fixture
def up(lab: Lab) -> Lab:
    """A running project with a note in its anonymous volume, and then another setting."""
    assert v1(lab, "up", "-d").status == 0
    lab.docker("exec", "lab_web_1", "/bin/busybox", "sh", "-c", "echo kept > /data/note")
    assert lab.data() == {"lab_web_1": "kept"}
    lab.describe("2")
    return lab


@pytest.fixture
def stranded(up: Lab) -> Lab:
    """The same after docker-compose 1 has died of the change."""
    ran = v1(up, "up", "-d")
    assert ran.status == 1
    assert "KeyError: 'ContainerConfig'" in ran.err
    [(name, state)] = up.names().items()
    assert re.fullmatch("[0-9a-f]{12}_lab_web_1", name)
    assert state == "exited"
    return up


def test_what_would_strand_a_container_is_refused_and_nothing_is_touched(up: Lab) -> None:
    ran = guard(up, "docker-compose", "up", "-d")
    assert ran.status == 1
    assert "'ContainerConfig'" in ran.err
    assert ran.err.splitlines()[-1].startswith("guard: blocked: ")
    assert up.data() == {"lab_web_1": "kept"}


@pytest.mark.parametrize(
    "command", ["docker compose up -d", "COMPOSE_API_VERSION=1.44 docker-compose up -d"]
)
def test_what_is_offered_instead_keeps_the_data(up: Lab, command: str) -> None:
    said = guard(up, "docker-compose", "up", "-d").err
    assert command in [text.strip() for text in said.splitlines()]
    ran = execute("sh", "-c", command, cwd=up.root, **up.env)
    assert ran.status == 0, ran.all
    assert list(up.data().values()) == ["kept"]


REFUSED = {
    "forced": ["up", "-d", "--force-recreate"],
    "an abbreviation": ["up", "-d", "--force-rec"],
    "built anew": ["up", "-d", "--build"],
    "create": ["create"],
    "flags before": ["--verbose", "-p", "lab", "up", "-d"],
    "the service named": ["up", "-d", "--no-deps", "web"],
}


def test_other_command_lines_that_recreate(up: Lab) -> None:
    for case, words in REFUSED.items():
        ran = guard(up, "docker-compose", *words)
        assert ran.status == 1, f"{case}: {ran.all}"
        assert "guard: blocked: docker-compose 1 would strand 1 container" in ran.err, case
    assert up.data() == {"lab_web_1": "kept"}


SOUND = {
    "nothing changed": (["up", "-d"], "1", {}),
    "told not to recreate": (["up", "-d", "--no-recreate"], "2", {}),
    "told an older API": (["up", "-d"], "2", {"COMPOSE_API_VERSION": "1.44"}),
    "restart": (["restart", "-t", "0"], "2", {}),
    "ps": (["ps"], "2", {}),
    "new anonymous volumes": (["up", "-d", "--no-build", "-V"], "2", {}),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_does_not_strand_passes(up: Lab, case: str) -> None:
    words, setting, env = SOUND[case]
    up.describe(setting)
    ran = guard(up, "docker-compose", *words, **env)
    assert ran.status == 0, ran.all
    assert up.names() == {"lab_web_1": "running"}


def test_a_project_without_containers_is_started(lab: Lab) -> None:
    assert v1(lab, "build").status == 0
    ran = guard(lab, "docker-compose", "up", "-d")
    assert ran.status == 0, ran.all
    assert lab.names() == {"lab_web_1": "running"}


def test_the_dotenv_file_may_tell_the_older_api(up: Lab) -> None:
    (up.root / ".env").write_text("A=1\nCOMPOSE_API_VERSION=1.44\n")
    ran = guard(up, "docker-compose", "up", "-d")
    assert ran.status == 0, ran.all
    assert up.data() == {"lab_web_1": "kept"}


def test_the_doctor_sees_it_and_what_he_says_brings_the_service_back(stranded: Lab) -> None:
    ran = guard(stranded, "doctor")
    assert ran.status == 1
    assert "was stopped and renamed by docker-compose 1" in ran.out
    assert "do not run rm, down" in ran.out
    commands = re.findall(r"\n\s+(docker (?:rename|start) .*)", ran.out)
    assert len(commands) == 2
    for command in commands:
        done = execute("sh", "-c", command, cwd=stranded.root, **stranded.env)
        assert done.status == 0, done.all
    assert stranded.data() == {"lab_web_1": "kept"}
    assert "renamed by docker-compose 1" not in guard(stranded, "doctor").out


@pytest.mark.parametrize(
    ("way", "first"),
    [("docker compose -p", "as it is"), ("COMPOSE_API_VERSION=1.44", "brought back")],
)
def test_both_ways_on_keep_the_data(stranded: Lab, way: str, first: str) -> None:
    said = guard(stranded, "doctor").out
    if first == "brought back":
        for line in re.findall(r"\n\s+(docker (?:rename|start) .*)", said):
            execute("sh", "-c", line, cwd=stranded.root, **stranded.env)
    [command] = [s.strip() for s in said.splitlines() if way in s and "up -d" in s]
    ran = execute("sh", "-c", command, cwd=stranded.root, **stranded.env)
    assert ran.status == 0, ran.all
    assert list(stranded.data().values()) == ["kept"]
    [name] = stranded.names()
    assert "S=2" in stranded.docker("inspect", name, "--format", "{{.Config.Env}}")


@pytest.mark.parametrize("words", [["rm", "-sf"], ["down"]])
def test_why_removing_by_force_is_warned_of(stranded: Lab, words: list[str]) -> None:
    assert v1(stranded, *words).status == 0
    assert v1(stranded, "up", "-d").status == 0
    assert stranded.data() == {"lab_web_1": ""}


APIS = {
    ((1, 44), None): False,
    ((1, 45), None): True,
    ((1, 51), None): True,
    ((1, 51), "1.44"): False,
    ((1, 51), "1.45"): True,
    ((1, 41), "1.45"): True,
    ((1, 51), "auto"): True,
    ((1, 5), None): False,
}


@pytest.mark.parametrize("case", APIS, ids=str)
def test_which_api_strands(case: tuple[tuple[int, ...], str | None]) -> None:
    assert dies(*case) is APIS[case]


def test_an_older_engine_is_left_alone(lab: Lab) -> None:
    version = docker("version", "--format", "{{.Server.APIVersion}}").strip()
    if tuple(map(int, version.split("."))) >= (1, 45):
        pytest.skip("the engine of this machine is as new")
    lab.env["DOCKER_HOST"] = ""
    lab.describe("1", service="image-v1-old")
    try:
        assert v1(lab, "up", "-d").status == 0
        lab.describe("2", service="image-v1-old")
        ran = guard(lab, "docker-compose", "up", "-d", "--no-build")
        assert ran.status == 0, ran.all
    finally:
        v1(lab, "down", "-v", "--rmi", "all", "-t", "0")
