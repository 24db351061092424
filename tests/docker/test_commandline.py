"""How command lines are read: what is a flag, what its value, and that nothing hides a build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.docker.line import flags
from guard.docker.line.build import CommandLine, Tool
from guard.docker.line.commandline import parse


def only(text: str, **more: bool) -> CommandLine:
    (line,) = parse(text.split(), **more)
    return line


@pytest.mark.parametrize(
    ("text", "operands", "given"),
    [
        ("docker build -t a .", (".",), {"tag": "a"}),
        ("docker build -ta .", (".",), {"tag": "a"}),
        ("docker build -t=a .", (".",), {"tag": "a"}),
        ("docker build --tag=a=b .", (".",), {"tag": "a=b"}),
        ("docker build --tag= .", (".",), {"tag": ""}),
        ("docker build . -qt a", (".",), {"quiet": "true", "tag": "a"}),
        ("docker build -q=false .", (".",), {"quiet": "false"}),
        ("docker build --quiet false", ("false",), {"quiet": "true"}),
        ("docker build --pull always", ("always",), {"pull": "true"}),
        ("docker build -c 5 -m 1 .", (".",), {"cpu-shares": "5", "memory": "1"}),
        ("docker build -f - .", (".",), {"file": "-"}),
        ("docker build -- -t", ("-t",), {}),
        ("docker build -t", (), {"tag": ""}),
        ("podman build --pull always", ("always",), {"pull": "true"}),
        ("podman build --pull=never .", (".",), {"pull": "never"}),
        ("podman build --net host .", (".",), {"network": "host"}),
        ("buildah bud -t a . -t b", (".", "-t", "b"), {"tag": "a"}),
    ],
)
def test_words_behind_the_verb(text: str, operands: tuple[str, ...], given: dict[str, str]) -> None:
    line = only(text)
    assert line.operands == operands
    assert {flag.name: flag.value for flag in line.flags} == given


@pytest.mark.parametrize(
    ("text", "tool", "verb", "before"),
    [
        ("docker -H x --tls build .", Tool.DOCKER, "build", "docker -H x --tls"),
        ("docker image build .", Tool.DOCKER, "build", "docker image"),
        ("docker buildx --builder b bake", Tool.BUILDX, "bake", "docker buildx --builder b"),
        ("docker -c x compose -c y up", Tool.COMPOSE, "up", "docker -c x compose -c y"),
        ("docker compose -p x alpha watch", Tool.COMPOSE, "watch", "docker compose -p x"),
        ("docker compose -p alpha up", Tool.COMPOSE, "up", "docker compose -p alpha"),
        ("docker-compose -f a up", Tool.COMPOSE, "up", "docker-compose -f a"),
        ("/opt/bin/docker build .", Tool.DOCKER, "build", "/opt/bin/docker"),
        ("podman --log-level debug build .", Tool.PODMAN, "build", "podman --log-level debug"),
    ],
)
def test_words_before_the_verb(text: str, tool: Tool, verb: str, before: str) -> None:
    line = only(text)
    assert (line.tool, line.verb, " ".join(line.before())) == (tool, verb, before)


def test_run_stops_at_its_service() -> None:
    line = only("docker compose run -e A=b web --build")
    assert line.operands == ("web", "--build")
    assert not line.on("build")


def test_version_1_takes_prefixes_and_stops_at_the_first_operand() -> None:
    line = only("docker-compose --project-n x up --no-d --bui web --detach", v1=True)
    assert line.on("no-deps")
    assert line.on("build")
    assert line.operands == ("web", "--detach")


def test_both_readings_of_an_unknown_flag_are_kept() -> None:
    readings = parse("docker build --new x .".split())
    assert {line.operands for line in readings} == {(".",), ("x", ".")}
    assert all(line.unknown == ("--new",) for line in readings)


BUILDS = ("docker build", "docker image build", "docker buildx build", "docker buildx bake",
          "docker bake", "docker compose build", "docker compose up", "docker-compose up",
          "podman build", "buildah bud")  # fmt: skip
WORDS = st.lists(
    st.sampled_from(
        "--new --new=1 -Z -Zx --no-cache -q -t x . - --file a=b --progress=plain".split()
    ),
    max_size=6,
)


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(st.sampled_from(BUILDS), WORDS, st.sampled_from(["", "--new", "--new=1", "-Z"]))
def test_no_flag_hides_a_build(command: str, behind: list[str], before: str) -> None:
    program, *verb = command.split()
    words = [program, *([before] if before else []), *verb, *behind]
    found = parse(words)
    assert found
    assert all(line.words == tuple(words) for line in found)
    assert any(line.words[line.at - 1] == verb[-1] for line in found)


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="-=abuild. x", max_size=8), max_size=8))
def test_nothing_makes_the_reading_fail(words: list[str]) -> None:
    for program in ("docker", "docker-compose", "podman", "buildah", "docker-buildx"):
        for line in parse([program, *words]):
            assert line.at <= len(words) + 1


def test_the_tables_name_no_flag_twice() -> None:
    for name, table in vars(flags).items():
        if isinstance(table, str) and name.isupper():
            words = [word.rstrip("=?").partition("|")[0] for word in table.split()]
            assert len(words) == len(set(words)), name
    assert json.dumps(flags.build().long)  # it is data
    assert Path(flags.__file__).stat().st_size < 20_000
