"""Git LFS itself: what it leaves as pointers is found, and what it checked out is sound."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repo, execute
from world import World

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="there is no git-lfs here")

CONTENT = "weights\n" * 500


@pytest.fixture
def large(tmp_path: Path) -> World:
    """A model in Git LFS, committed and pushed with its content."""
    world = World(tmp_path)
    bare = world.bare("origin.git")
    execute("git", "clone", "-q", str(bare), "work", cwd=tmp_path)
    world.git("lfs", "install", "--local")
    world.git("lfs", "track", "*.bin")
    world.commit("model", **{"app/model.bin": CONTENT, "app/main.py": "x = 1\n"})
    world.git("push", "-q", "-u", "origin", "HEAD")
    return world


def pulled_no_content(world: World) -> None:
    world.work = clone(world, GIT_LFS_SKIP_SMUDGE="1")


def installed_nowhere(world: World) -> None:
    world.work = clone(world, filters=False)


def fetched_later(world: World) -> None:
    pulled_no_content(world)
    world.git("lfs", "pull")


def changed(world: World) -> None:
    world.write("app/model.bin", CONTENT + "more\n")


def touched(world: World) -> None:
    world.write("app/model.bin", CONTENT)


def clone(world: World, *, filters: bool = True, **env: str) -> Repo:
    execute("git", "clone", "-q", "--no-checkout", "origin.git", "other", cwd=world.folder)
    other = Repo(world.folder / "other")
    if filters:
        other.git("lfs", "install", "--local")
    other.git("checkout", "-q", "HEAD", "--", ".", **env)
    return other


@pytest.mark.parametrize(
    ("arrange", "expected"),
    [
        (lambda world: None, set()),
        (pulled_no_content, {"tree/lfs-pointer app/model.bin"}),
        (installed_nowhere, {"tree/lfs-pointer app/model.bin"}),
        (fetched_later, set()),
        (changed, {"tree/dirty app/model.bin"}),
        (touched, set()),
    ],
)
def test_what_is_said(large: World, arrange: Callable[[World], None], expected: set[str]) -> None:
    arrange(large)
    assert large.says() == expected
