"""Ways a commit gets into a work tree: none of them makes a pushed commit look unpushed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Repo, execute, made
from world import World

from guard.errors import GitError
from guard.git import Repository
from guard.snapshot import Snapshot
from guard.state.gather import outside
from guard.tree.rules import Options

CASES: list[tuple[str, set[str], float | None, Callable[[World], Path]]] = []


def case(*expected: str, live: float | None = 10.0):
    """Declares a function that makes a checkout and returns where it is."""

    def declare(arrange: Callable[[World], Path]):
        CASES.append((arrange.__name__, set(expected), live, arrange))
        return arrange

    return declare


def url(w: World) -> str:
    return f"file://{w.folder}/origin.git"


def moved_on(w: World, *, force: bool = False) -> None:
    """The branch goes on, or is rewritten, after the checkout was made."""
    other = w.colleague()
    if force:
        other.git("commit", "-q", "--amend", "-m", "another second")
    other.commit("news", **{"app/main.py": "print(3)\n"})
    other.git("push", "-q", *(["--force"] if force else []))


def clone(w: World, *args: str) -> Path:
    ran = execute("git", "clone", "-q", *args, url(w), "ci", cwd=w.folder)
    assert ran.status == 0, ran.err
    return w.folder / "ci"


def fetched(w: World, *args: str, ref: str = "") -> Path:
    """As CI does: an empty repository, one commit fetched, no remote-tracking ref."""
    ci = made(w.folder / "ci")
    ci.git("remote", "add", "origin", url(w))
    ci.git("fetch", "-q", *args, "origin", ref or w.git("rev-parse", "HEAD").strip())
    ci.git("checkout", "-q", "FETCH_HEAD")
    return ci.root


@case()
def shallow(w: World) -> Path:
    return clone(w, "--depth=1")


@case()
def shallow_detached(w: World) -> Path:
    place = clone(w, "--depth=1")
    Repo(place).git("checkout", "-q", "--detach")
    return place


@case("tree/behind .")
def shallow_and_behind(w: World) -> Path:
    place = clone(w, "--depth=1")
    moved_on(w)
    return place


@case("tree/behind .")
def shallow_and_behind_a_shallow_fetch(w: World) -> Path:
    place = clone(w, "--depth=1")
    moved_on(w)
    Repo(place).git("fetch", "-q", "--depth=1")
    return place


@case("tree/unpushed .")
def shallow_with_a_commit_of_its_own(w: World) -> Path:
    place = clone(w, "--depth=1")
    Repo(place).commit("local")
    return place


@case()
def shallow_detached_where_the_branch_moved_on(w: World) -> Path:
    place = clone(w, "--depth=1")
    Repo(place).git("checkout", "-q", "--detach")
    moved_on(w)
    return place


@case(live=None)
def shallow_detached_offline(w: World) -> Path:
    place = clone(w, "--depth=1", "--branch", "main")
    Repo(place).git("checkout", "-q", "--detach")
    Repo(place).git("update-ref", "-d", "refs/remotes/origin/main")
    return place


@case()
def shallow_clone_of_a_tag(w: World) -> Path:
    w.git("tag", "v1")
    w.push("origin", "v1")
    return clone(w, "--depth=1", "--branch", "v1")


@case(live=None)
def clone_of_a_tag_offline(w: World) -> Path:
    w.git("checkout", "-q", "--detach")
    w.commit("release")
    w.git("tag", "-a", "-m", "1", "v1")
    w.push("origin", "v1")
    return clone(w, "--single-branch", "--branch", "v1")


@case()
def blobless(w: World) -> Path:
    execute("git", "config", "uploadpack.allowFilter", "true", cwd=w.folder / "origin.git")
    return clone(w, "--filter=blob:none")


@case("tree/behind .")
def blobless_and_behind(w: World) -> Path:
    place = blobless(w)
    moved_on(w)
    return place


@case("tree/unpushed .")
def treeless_with_a_commit_of_its_own(w: World) -> Path:
    execute("git", "config", "uploadpack.allowFilter", "true", cwd=w.folder / "origin.git")
    place = clone(w, "--filter=tree:0")
    Repo(place).commit("local")
    return place


@case()
def fetched_by_id(w: World) -> Path:
    return fetched(w, "--depth=1")


@case()
def fetched_by_id_with_history(w: World) -> Path:
    return fetched(w)


@case()
def fetched_by_id_and_the_branch_moved_on(w: World) -> Path:
    place = fetched(w, "--depth=1")
    moved_on(w)
    return place


@case()
def fetched_by_id_with_history_and_the_branch_moved_on(w: World) -> Path:
    place = fetched(w)
    moved_on(w)
    return place


@case("tree/unpushed .")
def fetched_by_id_and_the_branch_was_rewritten(w: World) -> Path:
    place = fetched(w)
    moved_on(w, force=True)
    return place


@case(live=None)
def fetched_by_id_offline(w: World) -> Path:
    return fetched(w)


@case("tree/unpushed .", live=None)
def fetched_by_id_with_a_commit_of_its_own_offline(w: World) -> Path:
    place = fetched(w)
    Repo(place).commit("local")
    return place


@case()
def fetched_pull_request(w: World) -> Path:
    w.git("checkout", "-q", "--detach")
    w.commit("merge")
    w.push("origin", "HEAD:refs/pull/7/merge")
    return fetched(w, "--depth=1", ref="+refs/pull/7/merge:refs/remotes/pull/7/merge")


@case(live=None)
def fetched_pull_request_offline(w: World) -> Path:
    return fetched_pull_request(w)


@case("tree/unpushed .")
def fetched_and_committed(w: World) -> Path:
    place = fetched(w, "--depth=1")
    Repo(place).commit("local")
    return place


@case()
def linked_work_tree(w: World) -> Path:
    w.git("worktree", "add", "-q", "-b", "feature", "../linked")
    return w.folder / "linked"


@case("tree/dirty app/main.py")
def linked_work_tree_dirty(w: World) -> Path:
    place = linked_work_tree(w)
    Repo(place).write("app/main.py", "changed")
    w.write("app/run.sh", "the other work tree's business")
    return place


@case("tree/in-progress .")
def linked_work_tree_bisecting(w: World) -> Path:
    place = linked_work_tree(w)
    Repo(place).git("bisect", "start")
    return place


@case("tree/hidden app/main.py")
def linked_work_tree_with_a_hidden_change(w: World) -> Path:
    place = linked_work_tree(w)
    Repo(place).git("update-index", "--skip-worktree", "app/main.py")
    Repo(place).write("app/main.py", "changed")
    return place


@case("tree/hidden app/main.py")
def split_index_with_a_hidden_change(w: World) -> Path:
    w.git("update-index", "--split-index")
    w.git("update-index", "--assume-unchanged", "app/main.py")
    w.write("app/main.py", "changed")
    return w.work.root


@case()
def a_folder_below_the_root(w: World) -> Path:
    return w.place("app/util")


@case()
def sha256(w: World) -> Path:
    execute("git", "init", "-q", "--bare", "--object-format=sha256", "new.git", cwd=w.folder)
    execute("git", "init", "-q", "-b", "main", "--object-format=sha256", "ci", cwd=w.folder)
    ci = Repo(w.folder / "ci")
    ci.git("remote", "add", "origin", "../new.git")
    ci.commit("one", **{"app/main.py": "x"})
    ci.git("push", "-q", "-u", "origin", "HEAD")
    return ci.root


@case("tree/behind .")
def sha256_and_behind(w: World) -> Path:
    place = sha256(w)
    execute("git", "clone", "-q", "-b", "main", "new.git", "colleague", cwd=w.folder)
    moved_on(w)
    return place


@case(live=None)
def offline_asks_nobody(w: World) -> Path:
    w.git("remote", "set-url", "origin", "../nowhere.git")
    return w.work.root


@case("tree/unpushed .", live=None)
def offline_and_not_pushed(w: World) -> Path:
    w.commit("local")
    return w.work.root


@case("tree/upstream-gone .", live=None)
def offline_and_the_upstream_was_pruned(w: World) -> Path:
    w.git("switch", "-q", "-c", "feature")
    w.push("-u", "origin", "feature")
    w.git("update-ref", "-d", "refs/remotes/origin/feature")
    return w.work.root


@case()
def other_remote_named_like_a_folder_of_the_first(w: World) -> Path:
    w.git("remote", "add", "origin-2", str(w.bare("two.git")))
    w.git("switch", "-q", "-c", "x/y")
    w.commit("work")
    w.push("origin-2", "x/y")
    return w.work.root


@pytest.mark.parametrize(
    ("expected", "live", "arrange"),
    [c[1:] for c in CASES],
    ids=[c[0].replace("_", " ") for c in CASES],
)
def test_what_is_said(
    world: World,
    expected: set[str],
    live: float | None,
    arrange: Callable[[World], Path],
) -> None:
    assert world.says(live=live, root=arrange(world)) == expected


def test_variables_that_stray_in_are_not_obeyed(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = made(world.folder / "other")
    other.commit("x")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(world.folder / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(world.folder / "objects"))
    assert world.says() == set()
    world.write("app/main.py", "changed")
    assert world.says() == {"tree/dirty app/main.py"}


def test_from_within_and_below_a_folder_of_any_name(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = world.folder / 'a "quoted\\ name\u2028 é'
    place.mkdir()
    for name in ("work", "origin.git"):
        (world.folder / name).rename(place / name)
    moved = World(place)
    moved_on(moved)
    monkeypatch.chdir(moved.work.root)
    assert moved.says(root=Path()) == {"tree/behind ."}
    behind = moved.state(root=Path()).upstream
    assert behind is not None
    assert behind.behind == 1, "the new commit was looked at, and is not only known to exist"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_repository_of_someone_else_is_not_obeyed(world: World) -> None:
    for place in (world.work.root, world.place(".git")):
        os.chown(place, 12345, 12345)
    with pytest.raises(GitError) as refused:
        Repository.find(world.work.root)
    assert "belongs to another user" in refused.value.message
    assert "git config --global --add safe.directory" in refused.value.hint


def test_a_folder_in_no_repository_is_refused_unless_configured(tmp_path: Path) -> None:
    from guard.checks.tree import tree

    snapshot = Snapshot.of({}, state=outside(str(tmp_path)))
    assert [f.rule for f in tree(snapshot, Options())] == ["tree/no-repository"]
    assert [*tree(snapshot, Options(repository=False))] == []


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where someone listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_remote_that_never_answers_is_given_up(world: World, silent: int) -> None:
    world.git("remote", "set-url", "origin", f"git://127.0.0.1:{silent}/x.git")
    known = world.state(live=0.3)
    assert known.remotes[0].problem == "no answer within 0.3 s"
    assert known.on_remotes == ("origin/main",), "the remote-tracking ref counts instead"
    assert world.says(live=0.3) == {"~tree/unreachable ."}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(), {"tree/secret app/.env", "~tree/ignored app/build"}),
        (Options(ignored="error"), {"tree/secret app/.env", "tree/ignored app/build"}),
        (Options(ignored="off"), {"tree/secret app/.env"}),
        (Options(secret="warning"), {"~tree/secret app/.env", "~tree/ignored app/build"}),
        (Options(secret="off", ignored="off"), set()),
        (Options(secrets=("!.env",)), {"~tree/ignored app/.env", "~tree/ignored app/build"}),
        (Options(secrets=("*.js",)), {"tree/secret app/.env", "tree/secret app/build/a.js"}),
    ],
    ids=["default", "all errors", "only secrets", "softer", "silent", "not .env", "scripts too"],
)
def test_levels_are_configurable(
    world: World,
    options: Options,
    expected: set[str],
) -> None:
    world.write("app/.env", "x")
    world.write("app/build/a.js", "x")
    assert world.says(options) == expected


def test_the_push_rule_is_configurable(world: World) -> None:
    world.commit("local")
    assert world.says(Options(pushed=False)) == set()


@pytest.mark.parametrize(
    ("live", "message"),
    [(10.0, "is on no remote"), (None, "is on no remote, as last fetched")],
    ids=["asked", "offline"],
)
def test_old_news_is_called_so(world: World, live: float | None, message: str) -> None:
    from guard.checks.tree import tree

    world.commit("local")
    (found,) = tree(Snapshot.of({}, state=world.state(live=live)), Options())
    assert found.message.endswith(message)
