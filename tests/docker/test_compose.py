"""The real compose behind the door: what it builds without, and what it builds by itself."""

from __future__ import annotations

import inputs
import pytest
from conftest import Repo
from engine import TOOLS, need

place = inputs.place


@pytest.fixture(autouse=True)
def compose() -> None:
    need((TOOLS / "cli-plugins/docker-compose").exists(), "compose (run .ci/engine)")


@pytest.mark.parametrize(
    ("words", "changed", "status"),
    [
        ("build", "f", 42),
        ("build w", "f", 42),
        ("-f compose.yaml build", "f", 42),
        ("-f more/compose.yaml build", "f", 42),
        ("build", "web/f", 1),
        ("build nothing", "f", 2),
        ("up --build", "f", 2),
    ],
)
def test_compose_builds_without_env_files_that_are_not_there(
    place: Repo, words: str, changed: str, status: int
) -> None:
    files = {"compose.yaml": "services: {w: {build: ./web, env_file: [.env.dev]}}\n"}
    files |= {"more/compose.yaml": "include: [../compose.yaml]\n", ".gitignore": ".env.dev\n"}
    place.commit("two", **files)
    place.git("push", "-q")
    place.write(changed, "changed\n")
    ran = place.guard("docker", "compose", *words.split())
    assert ran.status == status, ran.err


@pytest.mark.parametrize(
    ("words", "told"), [("watch", True), ("watch --no-up", True), ("up -w", True), ("up", False)]
)
def test_what_compose_builds_while_it_watches_is_told_to_pass(
    place: Repo, words: str, told: bool
) -> None:
    watch = "develop: {watch: [{path: web, action: rebuild}]}"
    place.commit("two", **{"compose.yaml": f"services: {{w: {{build: web, {watch}}}}}\n"})
    place.git("push", "-q")
    ran = place.guard("docker", "compose", *words.split())
    assert (ran.status, "neither judged nor stamped" in ran.err) == (42, told)
