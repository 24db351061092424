"""One git reads the objects for everybody: each gets what it asked for."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Repo

from guard.blobs import Blobs
from guard.errors import GitError
from guard.git import Repository

NAMES = [f"{number}.txt" for number in range(20)]


@pytest.fixture
def blobs(repo: Repo) -> Blobs:
    repo.commit("one", **{name: name * 500 for name in NAMES})
    return Blobs(Repository.find(str(repo.root)))


def test_threads_do_not_take_each_others_answers(blobs: Blobs) -> None:
    asked = [name for _ in range(50) for name in NAMES]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda name: blobs.read(f"HEAD:{name}"), asked))
    assert told == [(name * 500).encode() for name in asked]


def test_an_object_can_be_read_between_those_that_are_read_together(blobs: Blobs) -> None:
    for name, content in zip(NAMES, blobs.read_all([f"HEAD:{n}" for n in NAMES]), strict=True):
        assert content == blobs.read(f"HEAD:{name}") == (name * 500).encode()


def test_a_forked_process_has_its_own(blobs: Blobs) -> None:
    blobs.read("HEAD:1.txt")
    child = os.fork()
    if not child:
        os._exit(blobs.read("HEAD:2.txt") != b"2.txt" * 500)
    assert blobs.read("HEAD:3.txt") == b"3.txt" * 500
    assert os.waitpid(child, 0)[1] == 0


def test_what_is_not_there_is_said_and_the_rest_is_read(blobs: Blobs) -> None:
    assert blobs.get("HEAD:nowhere") is None
    with pytest.raises(GitError, match="HEAD:nowhere"):
        list(blobs.read_all(["HEAD:1.txt", "HEAD:nowhere", "HEAD:2.txt"]))
    assert blobs.read("HEAD:4.txt") == b"4.txt" * 500
