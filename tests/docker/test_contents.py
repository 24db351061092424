"""Which files a build's commit is searched in: all that may hold anything, and no others."""

from __future__ import annotations

import os

import pytest
from conftest import Repo
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.docker.context.ignore import Ignore
from guard.docker.context.scope import Scope
from guard.docker.line.build import Frontend

MARKED = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic\n"


@pytest.fixture
def work(repo: Repo) -> Repo:
    """A repository that is committed and pushed, and a docker that does nothing."""
    docker = repo.write("../bin/docker", "#!/bin/sh\n")
    docker.chmod(0o755)
    repo.git("init", "-q", "--bare", "../origin.git")
    repo.git("remote", "add", "origin", "../origin.git")
    repo.write("Dockerfile", "FROM scratch\nCOPY . /\n")
    repo.write(".dockerignore", "kept-out\n")
    pushed(repo, **{"a.txt": "1\n", "b.txt": "1\n", "kept-out/c.txt": "1\n"})
    return repo


def pushed(repo: Repo, **files: str) -> str:
    commit = repo.commit(**files)
    repo.git("push", "-q", "-f", "origin", "HEAD")
    return commit


def refused(repo: Repo) -> str:
    """The rules for which a build is refused; empty where docker ran."""
    first = repo.root.parent / "bin"
    ran = repo.guard("docker", "build", ".", PATH=f"{first}{os.pathsep}{os.environ['PATH']}")
    assert (ran.status == 0) == ("guard: blocked:" not in ran.err), ran.all
    return " ".join(word for word in ran.err.split() if word.startswith("[") and "/" in word)


def test_the_first_commit_is_searched_whole(work: Repo) -> None:
    pushed(work, **{"deep/er/b.txt": MARKED})
    assert refused(work) == "[conflicts/marker]"


def test_after_a_pass_what_changed_since_is_searched(work: Repo) -> None:
    assert refused(work) == ""
    pushed(work, **{"b.txt": MARKED})
    assert refused(work) == "[conflicts/marker]"
    assert refused(work) == "[conflicts/marker]", "a refused commit has not passed"
    pushed(work, **{"a.txt": "2\n"})
    assert refused(work) == "[conflicts/marker]", "what passed last is compared with, not HEAD~1"
    pushed(work, **{"b.txt": "2\n"})
    assert refused(work) == ""


def test_a_new_ignore_file_lets_in_what_was_never_looked_at(work: Repo) -> None:
    pushed(work, **{"kept-out/c.txt": MARKED})
    assert refused(work) == ""
    pushed(work, **{".dockerignore": "a.txt\n"})
    assert refused(work) == "[conflicts/marker]"


def test_a_commit_that_passed_and_is_gone_is_compared_with_no_more(work: Repo) -> None:
    pushed(work, **{"kept-out/c.txt": "2\n"})
    assert refused(work) == ""
    passed = work.root / ".git/guard/passed"
    way = passed.read_text().split()[0]
    passed.write_text(f"{way} {'1' * 40}\n")
    pushed(work, **{"b.txt": MARKED})
    assert refused(work) == "[conflicts/marker]"


def test_a_compose_file_is_read_from_the_commit_that_brings_it(work: Repo) -> None:
    assert refused(work) == ""
    service = "{build: ., ports: ['80:80']}"
    pushed(work, **{"compose.yaml": f"services: {{a: {service}, b: {service}}}\n"})
    assert refused(work) == "[compose/port-taken]"


def test_javascript_is_read_in_every_new_commit(work: Repo) -> None:
    pushed(work, **{"web/a.JS": "let a = {;\n"})
    assert refused(work) == "[javascript/syntax]"


NAMES = st.sampled_from(["a", "b", "c.txt", "d"])
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=12)
LINES = st.lists(
    st.sampled_from(
        ["a", "*/b", "**/c.txt", "!a/b", "b/**", "!**/d", "?", "a/b/c.txt", "**", "!a"]
    ),
    max_size=4,
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(PATHS, LINES, st.sampled_from([*Frontend]), st.sampled_from(["/r", "/r/a", "/"]))
def test_many_files_are_judged_like_each_of_them(
    paths: list[str], lines: list[str], frontend: Frontend, folder: str
) -> None:
    def part() -> Scope:
        return Scope(folder, Ignore(lines, frontend, ["a"]), frozenset({"/r/b/a", "/r/d"}))

    assert sorted(set(part().entering("/r", paths))) == sorted(
        {path for path in paths if part().enters(f"/r/{path}")}
    )
