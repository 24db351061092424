"""What git does not track, asked without a look at what it tracks, is what `git status` says."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from conftest import Repo, made

from guard.git import Repository
from guard.state import listing, others, remembered, truth
from guard.state.gather import of

NAMES = "a b build x.pyc k.env dist c.txt d Build node_modules".split()
RULES = (
    "build/ *.pyc *.env dist !k.env /a a/b **/d !build/x.pyc build/* !dist/ node_modules c.* d/* "
    "!d/c.txt \\!x * !*/ !*.txt"
).split()


def grown(folder: Path, chance: random.Random, depth: int = 0) -> None:
    """Random files, links, repositories and rules below a folder."""
    for name in chance.sample(NAMES, chance.randint(1, 4)):
        place, kind = folder / name, chance.random()
        if kind < 0.45 and depth < 4:
            place.mkdir()
            grown(place, chance, depth + 1)
            if chance.random() < 0.08:
                made(place)
        elif kind < 0.5:
            place.symlink_to(chance.choice(["a", "/tmp", "..", "nowhere"]))
        elif kind < 0.54:
            place.mkdir()
        else:
            place.write_text("x")
    if chance.random() < 0.3 or not depth:
        rules = chance.sample(RULES, chance.randint(1, 4))
        (folder / ".gitignore").write_text("\n".join(rules) + "\n")


@pytest.mark.parametrize("seed", range(int(os.environ.get("GUARD_TEST_EXAMPLES", "25"))))
def test_both_ways_say_the_same_of_any_tree(repo: Repo, seed: int) -> None:
    chance = random.Random(seed)
    grown(repo.root, chance)
    files = sorted(
        str(place.relative_to(repo.root))
        for place in repo.root.rglob("*")
        if ".git" not in place.parts and not place.is_dir()
    )
    for path in chance.sample(files, min(len(files), 6)):
        repo.tried("add", "-f", "--", path)  # what lies in another repository cannot be
    repository = truth.honest(Repository.find(str(repo.root)))
    settings = truth.settings(repository)
    listed = repository.git(*others.question(repository, settings))
    for known in (None, listing.Listing()):
        found = others.understood(repository, settings, listed, known)
        said = truth.status(repository, settings, ["."])
        assert found.untracked == said.untracked
        assert found.nested == said.nested
        assert holding(repo.root, found.ignored) == holding(repo.root, said.ignored)


def holding(root: Path, paths: tuple[str, ...]) -> list[str]:
    """Those that are files, or folders with a file in them."""
    return sorted(
        path
        for path in paths
        if not path.endswith("/") or any(names for _, _, names in os.walk(root / path))
    )


def test_rules_in_a_file_that_is_skipped_hold(repo: Repo) -> None:
    repo.commit(**{".gitignore": "*.log\n", "a": "1"})
    repo.git("update-index", "--skip-worktree", ".gitignore")
    (repo.root / ".gitignore").unlink()
    repo.write("b.log", "x")
    for _ in range(2):
        state = of(Repository.find(str(repo.root)), live=None)
        assert [extra.path for extra in state.ignored] == ["b.log"]
        assert state.untracked == ()


def test_what_stands_out_in_an_index_is_forgotten_with_it(repo: Repo) -> None:
    repo.commit(a="1", b="1")
    repository = Repository.find(str(repo.root))
    assert of(repository, live=None).unwatched == ()
    assert remembered.known(repository.git_dir) == listing.Listing()
    repo.git("update-index", "--assume-unchanged", "a")
    repo.git("update-index", "--skip-worktree", "b")
    repo.write("a", "2")
    for _ in range(2):
        state = of(repository, live=None)
        assert state.unwatched == ("a", "b")
        assert [(file.path, file.hidden) for file in state.dirty] == [("a", "assume-unchanged")]


@pytest.mark.parametrize("spoilt", [b"", b"treeguard 1\0", b"x" * 40, b"treeguard 1\0\0\0a"])
def test_notes_that_are_not_whole_are_not_believed(repo: Repo, spoilt: bytes) -> None:
    repo.commit(a="1")
    repository = Repository.find(str(repo.root))
    of(repository, live=None)
    (repo.root / ".git/guard/index").write_bytes(spoilt)
    assert remembered.known(repository.git_dir) is None


def test_an_index_without_a_checksum_is_not_remembered(repo: Repo) -> None:
    repo.commit(a="1")
    index = repo.root / ".git/index"
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))  # as index.skipHash has it
    assert remembered.checksum(str(index.parent)) == ""
    assert remembered.checksum(str(repo.root)) == "", "there is none"
