"""A password in `.git/config` is told where the image itself would hold it, and nowhere else."""

from __future__ import annotations

import inputs
import pytest
from conftest import Repo
from engine import TOOLS, need

place = inputs.place

HEADER = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic eDp5\n'
WHOLE = "FROM scratch\nCOPY . /\n"
STAGES = "FROM scratch AS made\nCOPY . /\nFROM {}\nCOPY --from=made /f /f\n"

#       the Dockerfile, the ignore file, what .git/config holds, whether that is told
CASES = [
    pytest.param(WHOLE, "", "", False, id="no password"),
    pytest.param(WHOLE, "", "[remote \"b\"]\n\turl = https://ann@example.org/r\n", False, id="a user"),
    pytest.param(WHOLE, "", "[remote \"b\"]\n\turl = ssh://git@example.org/r\n", False, id="ssh"),
    pytest.param(WHOLE, "", "[remote \"b\"]\n\turl = https://a:b@example.org/r\n", True, id="in a URL"),
    pytest.param(WHOLE, "", f"[url \"https://ghp_{'x' * 36}@github.com/\"]\n\tinsteadOf = gh:\n", True,
                 id="a token"),
    pytest.param(WHOLE, "", HEADER, True, id="as a CI checkout leaves it"),
    pytest.param(WHOLE, ".git\n", HEADER, False, id="kept out"),
    pytest.param(WHOLE, "*\n!web\n", HEADER, False, id="not let in"),
    pytest.param(WHOLE, "web/.git\n", HEADER, True, id="another one kept out"),
    pytest.param("FROM scratch\nCOPY f web/f /\n", "", HEADER, False, id="named files"),
    pytest.param("FROM scratch\nCOPY ./ /\n", "", HEADER, True, id="with a slash"),
    pytest.param("FROM scratch\nADD [\".\", \"/\"]\n", "", HEADER, True, id="a list"),
    pytest.param("FROM scratch\nCOPY * /\n", "", HEADER, True, id="a star takes names with a dot"),
    pytest.param("FROM scratch\nCOPY --exclude=.git . /\n", "", HEADER, False, id="excluded there"),
    pytest.param("FROM scratch\nADD https://example.org/. /\n", "", HEADER, False, id="from the web"),
    pytest.param(STAGES.format("scratch"), "", HEADER, False, id="in a stage on the way"),
    pytest.param(STAGES.format("made"), "", HEADER, True, id="in a stage below"),
]  # fmt: skip


@pytest.mark.parametrize(("dockerfile", "ignore", "config", "told"), CASES)
def test_who_is_told(place: Repo, dockerfile: str, ignore: str, config: str, told: bool) -> None:
    place.commit("two", **{"Dockerfile": dockerfile, ".dockerignore": ignore})
    place.git("push", "-q")
    with (place.root / ".git/config").open("a") as file:
        file.write(config)
    ran = place.guard("docker", "build", ".")
    assert ran.status == 42
    assert (".git/config  (holds a password or token" in ran.err) == told, ran.err
    assert bool(ran.err) == told


def test_it_is_told_once_for_many_services_and_can_be_turned_off(place: Repo) -> None:
    need((TOOLS / "cli-plugins/docker-compose").exists(), "compose (run .ci/engine)")
    place.commit(
        "two", **{"compose.yaml": "services: {a: {build: .}, b: {build: .}, c: {build: web}}\n"}
    )
    place.git("push", "-q")
    with (place.root / ".git/config").open("a") as file:
        file.write(HEADER)
    said = place.guard("docker", "compose", "build").err
    assert said.count(".git/config") == 1
    place.commit("three", **{"guard.toml": "[tree]\nsecret = 'off'\n"})
    place.git("push", "-q")
    ran = place.guard("docker", "compose", "build")
    assert (ran.status, ran.err) == (42, "")


def test_of_a_linked_work_tree_only_the_place_enters(place: Repo) -> None:
    place.git("config", "http.extraheader", "AUTHORIZATION: basic x")
    place.git("worktree", "add", "-q", "-b", "side", "../side")
    side = Repo(place.root / "../side")
    ran = side.guard("docker", "build", ".")
    assert (ran.status, ran.err) == (42, "")
