"""Command line × state of the repository → verdict, through the door, real compose and buildx.

Each row is a command line and one letter for each state: `p` the command runs, `B` it is refused
with exit status 1, `E` it is refused since nothing can be decided (2).
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CLEAN_ENV, Repo, execute, made
from engine import TOOLS, need
from lab import CLIENT, FILES, STATES, prepare

from guard.commands import docker as door
from guard.docker import passing
from guard.docker.builders import compose
from guard.docker.front import real

#                                                                    web   new   alt   ahead
#                                                                 clean | api | root| notes|
TABLE = """
docker build .                                                       p B B B B B p B
docker image build .                                                 p B B B B B p B
docker builder build .                                               p B B B B B p B
docker buildx build .                                                p B B B B B p B
docker buildx b .                                                    p B B B B B p B
docker buildx dap build .                                            p B B B B B p B
docker buildx debug build .                                          p B B B B B p B
docker buildx --builder x debug --debug build .                      p B B B B B p B
docker-buildx build .                                                p B B B B B p B
docker-buildx --builder x b .                                        p B B B B B p B
podman build .                                                       p B B B B B p B
podman image build .                                                 p B B B B B p B
podman buildx build .                                                p B B B B B p B
podman builder build .                                               p B B B B B p B
podman farm build --farm f .                                         p B B B B B p B
podman build                                                         p B B B B B p B
buildah build .                                                      p B B B B B p B
buildah bud                                                          p B B B B B p B
buildah build-using-dockerfile --layers .                            p B B B B B p B
docker build web                                                     p B p p p p p B
docker build ./web/                                                  p B p p p p p B
docker build -t a:b -t c web                                         p B p p p p p B
docker build -qt a web                                               p B p p p p p B
docker build -qta web                                                p B p p p p p B
docker build -t=a web                                                p B p p p p p B
docker build web -t a                                                p B p p p p p B
docker build --tag a --no-cache web                                  p B p p p p p B
docker build --no-cache=false web                                    p B p p p p p B
docker build --pull web                                              p B p p p p p B
docker build -- web                                                  p B p p p p p B
docker build -c 512 web                                              p B p p p p p B
docker -c default build web                                          p B p p p p p B
docker --context default build web                                   p B p p p p p B
docker -H unix:///run/x build web                                    p B p p p p p B
docker -Dl debug build web                                           p B p p p p p B
docker --config=/nowhere build web                                   p B p p p p p B
docker --tls=false build web                                         p B p p p p p B
docker build --memory 1g --cpu-shares 5 -m1g web                     p B p p p p p B
docker build --build-arg A=b --label x=y web                         p B p p p p p B
docker build --secret id=a,src=api/f web                             p B p p p p p B
docker build --target x --platform linux/amd64 web                   p B p p p p p B
docker build --output type=local,dest=/tmp/x web                     p B p p p p p B
docker build --check=false web                                       p B p p p p p B
docker build --call build web                                        p B p p p p p B
docker build --new-flag web                                          p B p p p p p B
docker build --new-flag=x web                                        p B p p p p p B
docker build --new-flag x web                                        p B p p p p p B
docker build -Z web                                                  p B p p p p p B
docker --new-flag build web                                          p B p p p p p B
docker --new-flag x build web                                        p B p p p p p B
docker build --file web/Dockerfile api                               p p B B p p p B
docker build -f df/alt web                                           p B p p p B p B
docker buildx build -f df/alt .                                      p p B B B B B B
podman build -f web/Dockerfile                                       p B p p p p p B
buildah bud -f web/Dockerfile                                        p B B B B B p B
podman build -f df/alt .                                             p p B B B B B B
docker buildx build --build-context x=api web                        p B B B p p p B
docker buildx build --build-context=x=api --build-context y=. web    p B B B B B p B
docker buildx build --build-context x=docker-image://alpine web      p B p p p p p B
docker buildx build --build-context x=target:y web                   p B p p p p p B
docker build https://example.org/a/b.git                             p p p p p p p p
docker build https://example.org/a/b.git#main:web                    p p p p p p p p
docker build https://example.org/context.tar.gz                      p p p p p p p p
docker build nothing-here                                            E E E E E E E E
docker build                                                         E E E E E E E E
docker build --help                                                  p p p p p p p p
docker build -h                                                      p p p p p p p p
docker build --check .                                               p p p p p p p p
docker build --check=true .                                          p p p p p p p p
docker build --call=check,format=json .                              p p p p p p p p
docker buildx build --print outline .                                p p p p p p p p
docker --help build .                                                p p p p p p p p
docker --version                                                     p p p p p p p p
docker                                                               p p p p p p p p
docker ps                                                            p p p p p p p p
docker run --rm alpine build .                                       p p p p p p p p
docker image ls                                                      p p p p p p p p
docker builder prune                                                 p p p p p p p p
docker buildx ls                                                     p p p p p p p p
docker buildx imagetools inspect build                               p p p p p p p p
docker help build                                                    p p p p p p p p
podman run build .                                                   p p p p p p p p
podman image ls                                                      p p p p p p p p
buildah from scratch                                                 p p p p p p p p
docker buildx bake                                                   p B B B p p p B
docker bake                                                          p B B B p p p B
docker buildx f                                                      p B B B p p p B
docker builder bake                                                  p B B B p p p B
docker-buildx bake web                                               p B B B p p p B
docker buildx bake api                                               p B B B p p p B
docker buildx bake inline                                            p B B B B B p B
docker buildx bake -f df/inline.hcl                                  p B p p p B p B
BUILDX_BAKE_FILE=df/inline.hcl docker buildx bake apart              p B p p p p p B
NEWER=1 BUILDX_BAKE_FILE=df/inline.hcl docker buildx bake            p B p p p B p B
docker buildx bake --set web.context=api                             p p B B p p p B
docker buildx bake -f compose.yaml back                              p p B B p p p B
docker buildx bake --push --no-cache web                             p B B B p p p B
docker buildx bake no-such-target                                    E E E E E E E E
docker buildx bake --print                                           p p p p p p p p
docker buildx bake --list targets                                    p p p p p p p p
docker compose build                                                 p B B B p p p B
docker compose build web                                             p B B B p p p B
docker compose build back                                            p p B B p p p B
docker compose build db                                              p p p p p p p p
docker compose build --no-cache --pull back                          p p B B p p p B
docker compose --profile extra build only                            p B p p p p p B
docker compose build only                                            p B p p p p p B
docker compose -f env.yaml build                                     p B p p p p p B
PLACE=./api docker compose -f env.yaml build                         p p B B p p p B
docker compose --env-file env.list -f env.yaml build                 p B p p p p p B
COMPOSE_FILE=env.yaml docker compose build                           p B p p p p p B
docker compose -f compose.yaml -f env.yaml build e                   p B p p p p p B
docker compose -f unset.yaml build                                   p B p p p p p B
PLACE=./api docker compose -f unset.yaml build e                     p p B B p p p B
docker compose -f unset.yaml up --build                              E E E E E E E E
docker compose -f more/compose.yaml build child                      p p B B p p p B
docker compose --project-directory . -f compose.yaml build back      p p B B p p p B
docker compose build inline                                          p p B B p p p B
docker compose up                                                    p B B B p p p B
docker compose up -d --build                                         p B B B p p p B
docker compose up -d back                                            p p p p p p p p
docker compose up -d --build back                                    p p B B p p p B
docker compose up db                                                 p p p p p p p p
docker compose up always                                             p B p p p p p B
docker compose --profile always up --no-deps always                  p B p p p p p B
docker compose up --no-build                                         p p p p p p p p
docker compose up --pull build back                                  p p B B p p p B
docker compose create --build back                                   p p B B p p p B
docker compose create --build child2                                 p B p p p p p B
docker compose up --build child2                                     p B B B p p p B
docker compose create back                                           p p p p p p p p
docker compose create --no-build always                              p p p p p p p p
docker compose run --rm back sh                                      p p p p p p p p
docker compose run --build back sh -c 'build up'                     p p B B p p p B
docker compose run -e A=b web make build                             p B B B p p p B
docker compose scale web=2                                           p B B B p p p B
docker compose watch dev                                             p B p p p p p B
docker compose watch --no-up dev                                     p p p p p p p p
docker compose up --watch back                                       p p p p p p p p
docker compose ps                                                    p p p p p p p p
docker compose exec web build                                        p p p p p p p p
docker compose --dry-run up --build                                  p p p p p p p p
docker compose build --print                                         p p p p p p p p
docker compose --help                                                p p p p p p p p
docker compose down --rmi all                                        p p p p p p p p
docker compose build no-such-service                                 E E E E E E E E
docker compose -f none.yaml build                                    E E E E E E E E
docker-compose build back                                            p p B B p p p B
docker-compose -f env.yaml up --build                                p B p p p p p B
v1 docker-compose -f v1.yml build                                    p B B B p p p B
v1 docker-compose -f v1.yml build back                               p p B B p p p B
v1 docker-compose --file v1.yml --project-n x build back             p p B B p p p B
v1 docker-compose -f v1.yml up                                       p B p p p p p B
v1 docker-compose -f v1.yml up --no-build                            p p p p p p p p
v1 docker-compose -f v1.yml up back                                  p p p p p p p p
v1 docker-compose -f v1.yml up --build back                          p p B B p p p B
v1 docker-compose -f v1.yml up --no-d web                            p B p p p p p B
v1 docker-compose -f v1.yml run only sh                              p B p p p p p B
v1 docker-compose -f v1.yml ps                                       p p p p p p p p
v1 docker-compose --version                                          p p p p p p p p
"""


def rows() -> Iterator[tuple[str, str, str]]:
    """Every row for GUARD_TEST_FULL=1; else of each line the clean one, a refusal, every third."""
    full = bool(os.environ.get("GUARD_TEST_FULL"))
    for number, line in enumerate(TABLE.strip().splitlines()):
        command, letters = line[: -2 * len(STATES)].strip(), line.split()[-len(STATES) :]
        chosen = {0, letters.index("B") if "B" in letters else 1}
        chosen |= {n for n in range(len(STATES)) if full or (n + number) % 4 == 0}
        for n in sorted(chosen):
            yield command, STATES[n], letters[n]


ROWS = list(rows())


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One work tree for each state, and the programs."""
    folder = tmp_path_factory.mktemp("table")
    first = made(folder / "first")
    execute("git", "init", "-q", "--bare", "-b", "main", "origin.git", cwd=folder)
    first.git("remote", "add", "origin", str(folder / "origin.git"))
    first.commit("one", **FILES)
    first.git("push", "-q", "-u", "origin", "main")
    found = {}
    for state in STATES:
        place = folder / state
        shutil.copytree(first.root, place, symlinks=True)
        prepare(Repo(place), state)
        found[state] = place
    programs = folder / "bin"
    programs.mkdir()
    for name in ("docker", "docker-compose", "docker-buildx", "podman", "buildah"):
        text = CLIENT.replace("{tools}", str(TOOLS))
        if name in ("docker-compose", "docker-buildx"):
            text = f'#!/bin/sh\nexec {TOOLS}/cli-plugins/{name} "$@"\n'
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    found["bin"], found["v1"] = programs, folder / "v1"
    found["v1"].mkdir()
    (found["v1"] / "docker-compose").symlink_to("/usr/bin/docker-compose")
    return found


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) >= 300
    assert len(set(ROWS)) == len(ROWS)


@pytest.mark.parametrize(
    ("command", "state", "letter"), ROWS, ids=[f"{c} · {s}" for c, s, _ in ROWS]
)
def test_verdict(
    command: str,
    state: str,
    letter: str,
    places: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = shlex.split(command)
    v1 = words[0] == "v1"
    words = words[v1:]
    for name in set(os.environ) - set(CLEAN_ENV):
        monkeypatch.delenv(name)
    for name in [n for n in os.environ if n.startswith(("DOCKER_", "COMPOSE_", "BUILDX_"))]:
        monkeypatch.delenv(name)
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        monkeypatch.setenv(name, value)
    if v1:
        need(Path("/usr/bin/docker-compose").exists(), "docker-compose 1")
    real_ones = not v1 and bool({"compose", "docker-compose", "bake", "f"} & set(words))
    if real_ones:
        need((TOOLS / "cli-plugins").exists(), f"{TOOLS} (run .ci/engine)")
    path = f"{places['bin']}:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", f"{places['v1']}:{path}" if v1 else path)
    monkeypatch.chdir(places[state])
    ran: list[object] = []
    monkeypatch.setattr(real, "hand_over", lambda place, words, **_: ran.append(words) or 0)
    monkeypatch.setattr(passing, "run", lambda place, orders: ran.append(orders) or 0)

    compose.resolved.cache_clear()  # one process, many environments
    status = door.through(words)

    said = capsys.readouterr()
    assert said.out == ""
    assert status == {"p": 0, "B": 1, "E": 2}[letter], said.err
    assert bool(ran) == (letter == "p")
    if letter != "p":
        assert said.err.splitlines()[-1].startswith("guard: blocked: ")
