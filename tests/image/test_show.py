"""`guard image show` and `check`: which commit something is from, and how old that is by now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import Repo
from engine import docker, need_engine, pushed

REVISION = "org.opencontainers.image.revision"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    need_engine()
    return pushed(tmp_path)


@pytest.fixture
def name() -> Iterator[str]:
    """A name for an image and a container, removed afterwards."""
    chosen = f"image-show-{uuid4().hex[:12]}"
    yield chosen
    docker("rm", "-f", chosen, ok=False)
    docker("rmi", "-f", chosen, ok=False)


def build(repo: Repo, name: str, **labels: str) -> None:
    given = [f"--label={key}={value}" for key, value in labels.items()]
    docker("build", "-q", "-t", name, *given, str(repo.root), DOCKER_BUILDKIT="0")


def asked(repo: Repo, *args: str, status: int = 0) -> dict[str, Any]:
    ran = repo.guard("image", *args, "--format", "json")
    assert ran.status == status, ran.all
    answer: dict[str, Any] = json.loads(ran.out)
    assert answer["schema"] == 1
    return answer


def test_an_image_of_head_is_current(repo: Repo, name: str) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    build(repo, name, **{REVISION: head})
    [image] = asked(repo, "check", name)["images"]
    assert (image["kind"], image["revision"], image["stale"]) == ("image", head, False)
    assert image["head"] == {
        "name": "HEAD", "commit": head, "ahead": 0, "behind": 0, "missing": []}  # fmt: skip
    assert image["upstream"]["name"] == "origin/main"
    assert image["reasons"] == []


def test_a_container_that_runs_three_commits_behind(repo: Repo, name: str) -> None:
    build(repo, name, **{REVISION: repo.git("rev-parse", "HEAD").strip()})
    docker("run", "-d", "--network=none", "--name", name, name, "/bin/busybox", "sleep", "1000")
    for subject in ("Send ipv6", "Mount tftpboot", "Same token"):
        repo.commit(subject)
    repo.git("push", "-q", "origin", "HEAD~1:main")
    [container] = asked(repo, "check", name, status=1)["images"]
    assert (container["kind"], container["running"]) == ("container", True)
    assert container["head"]["behind"] == 3
    assert container["upstream"]["behind"] == 2
    assert container["reasons"] == ["the container runs 3 commits behind"]
    ran = repo.guard("image", "show", name)
    assert ran.status == 0
    assert "the container runs 3 commits behind:" in ran.out
    for subject in ("Send ipv6", "Mount tftpboot", "Same token"):
        assert subject in ran.out


def test_a_container_whose_image_was_built_anew_is_told(repo: Repo, name: str) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    build(repo, name, **{REVISION: head})
    docker("run", "-d", "--network=none", "--name", name, name, "/bin/busybox", "sleep", "1000")
    build(repo, name, **{REVISION: head, "other": "1"})
    [container] = asked(repo, "check", name, status=1)["images"]
    assert container["head"]["behind"] == 0
    assert len(container["reasons"]) == 1
    assert f"was made before {name} was built anew" in container["reasons"][0]


STRANGE = {
    "no label": ({}, "does not say which commit"),
    "a commit of another repository": ({REVISION: "1" * 40}, "is not in this repository"),
    "an option instead of a commit": ({REVISION: "--output=x"}, "is not in this repository"),
    "built with changes": (
        {
            "org.treeguard.dirty": "true",
            "org.treeguard.dirty.reason": "on fire",
            "org.treeguard.dirty.digest": "sha256:0",
        },
        "holds changes that are in no commit: on fire",
    ),
}


@pytest.mark.parametrize("case", STRANGE)
def test_an_image_that_is_not_from_here_is_stale(repo: Repo, name: str, case: str) -> None:
    labels, reason = STRANGE[case]
    if "dirty" in str(labels):
        labels = {**labels, REVISION: repo.git("rev-parse", "HEAD").strip()}
    build(repo, name, **labels)
    [image] = asked(repo, "check", name, status=1)["images"]
    assert [reason in said for said in image["reasons"]] == [True]


def test_an_image_ahead_of_the_commit_asked_for_is_not_stale(repo: Repo, name: str) -> None:
    newer = repo.commit("two")
    build(repo, name, **{REVISION: newer})
    [image] = asked(repo, "check", name, "--rev", "HEAD~1")["images"]
    assert (image["head"]["ahead"], image["head"]["behind"]) == (1, 0)


def test_outside_of_any_repository_the_labels_are_told(
    repo: Repo, name: str, tmp_path: Path
) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    build(repo, name, **{REVISION: head})
    away = Repo(tmp_path / "away")
    away.root.mkdir()
    ran = away.guard("image", "show", name)
    assert (ran.status, f"{name}: image, not compared" in ran.out) == (0, True)
    assert f"commit   {head[:10]}" in ran.out
    assert away.guard("image", "check", name).status == 2, "with nothing there is no verdict"


def test_what_does_not_exist_is_said(repo: Repo) -> None:
    ran = repo.guard("image", "show", "image-show-nothing-of-this-name")
    assert ran.status == 2
    assert "no container and no image 'image-show-nothing-of-this-name'" in ran.err


def test_a_remote_that_has_moved_on_or_cannot_be_asked_is_noted(repo: Repo, name: str) -> None:
    build(repo, name, **{REVISION: repo.git("rev-parse", "HEAD").strip()})
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    newer = repo.git("commit-tree", tree, "-p", "HEAD", "-m", "by a colleague").strip()
    repo.git("push", "-q", "origin", f"{newer}:refs/heads/main")
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    [image] = asked(repo, "show", name)["images"]
    assert image["notes"] == ["origin/main has moved on since the last fetch: git fetch origin"]
    repo.git("remote", "set-url", "origin", "/nowhere")
    [image] = asked(repo, "show", name)["images"]
    assert image["notes"] == ["origin could not be asked: origin/main is as of the last fetch"]
    [image] = asked(repo, "show", name, "--offline")["images"]
    assert image["notes"] == []
