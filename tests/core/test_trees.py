"""The index told from HEAD and what differs from it is the index that git lists."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from conftest import Repo, made

from guard.blobs import Blobs
from guard.entries import File
from guard.errors import GuardError
from guard.git import Repository
from guard.origins import IndexSource
from guard.trees import Tree

ODD = [
    "a b",
    'q"uote',
    "new\nline",
    "é",
    "deep/er/than/that",
    "deep/er/file",
    "deep/too",
    ":(top)x",
]


def first(repo: Repo) -> None:
    repo.commit("first", **{name: name for name in [*ODD, "gone", "moved", "kept/a", "kept/b"]})


def staged_all(repo: Repo) -> None:
    repo.git("rm", "-q", "gone", "kept/b")
    repo.git("mv", "moved", "deep/moved")
    repo.write("deep/too", "changed")
    (repo.root / "link").symlink_to("deep")
    repo.write("run", "x").chmod(0o755)
    repo.git("add", "-A")


def folder_for_file(repo: Repo) -> None:
    repo.git("rm", "-q", "-r", "deep")
    repo.write("deep", "a file")
    repo.git("rm", "-q", "gone")
    repo.write("gone/now/a folder", "x")
    repo.git("add", "-A")


def swapped(repo: Repo) -> None:
    repo.write("kept/a", "moved" * 50)
    repo.write("kept/b", "other" * 50)
    repo.commit("alike")
    os.rename(repo.root / "kept/a", repo.root / "kept/c")
    os.rename(repo.root / "kept/b", repo.root / "kept/a")
    os.rename(repo.root / "kept/c", repo.root / "kept/b")
    repo.git("add", "-A")


def submodule(repo: Repo) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},kept/sub")


def removed_from_index(repo: Repo) -> None:
    repo.git("rm", "-q", "--cached", "gone", "kept/a")


CASES: dict[str, Callable[[Repo], None]] = {
    "nothing": lambda repo: None,
    "added, changed, deleted, moved": staged_all,
    "a folder for a file, and a file for a folder": folder_for_file,
    "two files for each other": swapped,
    "a submodule": submodule,
    "deleted, and still on disk": removed_from_index,
}


@pytest.mark.parametrize("change", CASES.values(), ids=[*CASES])
@pytest.mark.parametrize("ids", ["sha1", "sha256"])
def test_entries_of_the_index_are_those_that_git_lists(
    repo: Repo, ids: str, change: Callable[[Repo], None]
) -> None:
    repo = made(repo.root.parent / ids, f"--object-format={ids}")
    first(repo)
    change(repo)
    repository = Repository.find(str(repo.root))
    source = IndexSource(repository, repository.staged())
    every = repository.index()
    absent = [
        "nowhere",
        "deep",
        "deep/er",
        "kept",
        "a b/c",
        "/q",
        "/é",
        "deep//too",
        "gone",
        "kept/b",
        "moved",
    ]
    assert source.files([*every, *absent]) == every
    assert source.files() == every
    for folder in ("deep/", "deep/er/", "kept/", "gone/", "nowhere/", "a b/"):
        inside = {path: file for path, file in every.items() if path.startswith(folder)}
        assert source.below(folder) == inside, folder
        assert source.below(f"./{folder}/") == inside, folder
    assert source.below("./") == every


def test_before_the_first_commit_all_is_new(repo: Repo) -> None:
    repo.write("a/b", "x")
    repo.git("add", "-A")
    repository = Repository.find(str(repo.root))
    source = IndexSource(repository, repository.staged())
    assert source.files(["a/b", "a", "c"]) == repository.index() == source.below("a/")


def test_no_folder_outside_is_looked_into(repo: Repo) -> None:
    first(repo)
    repository = Repository.find(str(repo.root))
    with pytest.raises(GuardError, match="outside"):
        IndexSource(repository, ()).below("../rules/")


def test_modes_of_old_trees_mean_what_they_mean_to_git(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", str(repo.write("x", "x"))).strip()
    raw = b"".join(
        f"{mode} {name}\0".encode() + bytes.fromhex(blob)
        for mode, name in [("100664", "group"), ("100777", "run"), ("120000", "link")]
    )
    place = repo.root.parent / "tree"
    place.write_bytes(raw)
    asked = ["hash-object", "-t", "tree", "-w", "--literally", str(place)]
    commit = repo.git("commit-tree", "-m", "old", repo.git(*asked).strip()).strip()
    repository = Repository.find(str(repo.root))
    told = Tree(Blobs(repository), commit).files(["group", "run", "link"])
    modes = {"group": "100644", "run": "100755", "link": "120000"}
    assert told == {name: File(name, mode, blob) for name, mode in modes.items()}


def test_a_tree_is_read_once(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    first(repo)
    repository = Repository.find(str(repo.root))
    asked: list[str] = []
    fetch = Blobs.read_all
    monkeypatch.setattr(
        Blobs, "read_all", lambda blobs, names: asked.extend(names) or fetch(blobs, names)
    )
    tree = Tree(Blobs(repository), repository.head)
    for _ in range(2):
        tree.files(["deep/er/file", "deep/too", "nowhere/at/all", "kept/a"])
        tree.below("deep/")
    assert len(asked) == len({*asked}) == 5  # the top, deep, deep/er, deep/er/than, kept
