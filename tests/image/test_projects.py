"""`guard image check` without names: what the compose file here builds, and what runs of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine import Builders


def checked(builders: Builders, *args: str, status: int) -> list[dict[str, Any]]:
    ran = builders.guard("image", "check", "--format", "json", *args)
    assert ran.status == status, ran.all
    return list(json.loads(ran.out)["images"])


def test_images_that_nothing_runs_yet(builders: Builders) -> None:
    ran = builders.guard("image", "check")
    assert ran.status == 2
    assert "no container and no image" in ran.err
    assert builders.guard("docker", "compose", "build").status == 0
    [image] = checked(builders, status=0)
    assert (image["kind"], image["name"]) == ("image", builders.tag)
    builders.repo.commit("newer")
    [image] = checked(builders, status=1)
    assert image["reasons"] == ["the image is 1 commit behind"]


@pytest.mark.parametrize("older", [False, True], ids=["compose 2", "compose 1"])
def test_a_running_project(builders: Builders, older: bool) -> None:
    # A service that runs somebody else's image has no commit to be behind of.
    text = json.loads((builders.repo.root / "compose.yaml").read_text())
    text["services"]["other"] = {**text["services"]["web"]}
    del text["services"]["other"]["build"]
    builders.repo.write("compose.yaml", json.dumps(text))
    builders.repo.commit("other")
    builders.repo.git("push", "-q")
    words = ["docker-compose", "-f", "compose.yaml"] if older else ["docker", "compose"]
    assert builders.guard(*words, "build").status == 0
    assert builders.guard(*words, "up", "-d").status == 0
    [container] = checked(builders, status=0)
    assert (container["kind"], container["service"]) == ("container", "web")
    builders.repo.commit("two", **{"app.txt": "two\n"})
    builders.repo.git("push", "-q")
    [container] = checked(builders, status=1)
    assert container["reasons"] == ["the container runs 1 commit behind"]
    assert builders.guard(*words, "build").status == 0
    [container] = checked(builders, status=1)
    assert "was made before" in container["reasons"][1]
    assert builders.guard(*words, "up", "-d").status == 0
    [container] = checked(builders, "--project", container["project"], status=0)[:1]
