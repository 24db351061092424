"""What is kept of a work tree, and that bringing it back loses nothing either."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from conftest import CLEAN_ENV, Repo, made

from guard import rescue
from guard.errors import GuardError
from guard.git import Repository

FILES = {"app/main.py": "print(1)\n", "run.sh": "#!/bin/sh\n", "old.py": "gone = 1\n"}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with one commit."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, CLEAN_ENV[name])
    # Nobody needs to have told git a name for guard to keep something.
    for name in CLEAN_ENV:
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")):
            monkeypatch.delenv(name, raising=False)
    repo = made(tmp_path / "work")
    repo.commit("first", **FILES, **{".gitignore": ".env\n"})
    return repo


def keep(repo: Repo, why: str = "docker build refused", **limits: float) -> list[rescue.Kept]:
    return rescue.keep(Repository.find(repo.root), why, rescue.Limits(**limits))


def states(repo: Repo) -> list[rescue.Kept]:
    return [*rescue.states(Repository.find(repo.root))]


def untouched(repo: Repo) -> tuple[object, ...]:
    """Everything that keeping must leave alone."""
    names = [p for p in sorted(repo.root.rglob("*")) if ".git" not in p.parts and p.is_file()]
    return (
        (repo.root / ".git/index").read_bytes(),
        repo.git("status", "--porcelain", "--ignored"),
        repo.git("stash", "list"),
        repo.git("for-each-ref", "refs/heads", "refs/stash"),
        [(str(p), p.read_bytes(), p.stat().st_mtime_ns) for p in names],
    )


def messy(repo: Repo) -> None:
    """Every way to differ from the commit."""
    repo.write("app/main.py", "print(2)\n")
    repo.write("staged.py", "s")
    repo.git("add", "staged.py")
    repo.write("staged.py", "staged, then changed")
    repo.write("new/a b\n.txt", "x")
    repo.write("new/\udcff", b"\xff\0")
    repo.write('new/"quoted', "q")
    repo.write("-n", "like an option")
    (repo.root / "link").symlink_to("app/main.py")
    (repo.root / "run.sh").chmod(0o755)
    (repo.root / "old.py").unlink()
    repo.write(".env", "PASSWORD=1\n")


def test_everything_but_what_git_ignores_is_kept_and_nothing_touched(work: Repo) -> None:
    messy(work)
    before = untouched(work)
    (kept,) = keep(work)
    assert untouched(work) == before
    names = work.git("ls-tree", "-r", "-z", "--name-only", kept.commit).split("\0")
    assert set(filter(None, names)) == {
        ".gitignore", "app/main.py", "staged.py", "run.sh", "link",
        "new/a b\n.txt", "new/\udcff", 'new/"quoted', "-n",
    }  # fmt: skip
    assert work.git("show", f"{kept.commit}:app/main.py") == "print(2)\n"
    assert work.git("show", f"{kept.commit}:staged.py") == "staged, then changed"
    assert work.git("ls-tree", kept.commit, "run.sh").startswith("100755")
    assert work.git("ls-tree", kept.commit, "link").startswith("120000")
    assert work.git("rev-parse", f"{kept.commit}^").strip() == kept.base
    assert work.git("rev-parse", "refs/guard/kept").strip() == kept.commit


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_what_is_hidden_from_git_status_is_kept(work: Repo, flag: str) -> None:
    work.git("update-index", flag, "app/main.py")
    work.write("app/main.py", "hidden = 1\n")
    (kept,) = keep(work)
    assert work.git("show", f"{kept.commit}:app/main.py") == "hidden = 1\n"


def test_what_a_clean_filter_takes_away_is_kept(work: Repo) -> None:
    work.git("config", "filter.drop.clean", "grep -v SECRET")
    work.commit("filter", **{".gitattributes": "*.py filter=drop\n"})
    work.write("app/main.py", "print(1)\nSECRET = 1\n")
    work.git("add", "-A")
    (kept,) = keep(work)
    assert work.git("show", f"{kept.commit}:app/main.py") == "print(1)\nSECRET = 1\n"


def test_before_the_first_commit(tmp_path: Path) -> None:
    repo = made(tmp_path / "new")
    repo.write("a.py", "x")
    (kept,) = keep(repo)
    assert kept.base is None
    assert repo.git("show", f"{kept.commit}:a.py") == "x"
    assert "new file" in repo.guard("rescue", "diff", kept.commit).out


def test_a_merge_in_conflict(work: Repo) -> None:
    work.git("switch", "-q", "-c", "side")
    work.commit("side", **{"app/main.py": "side\n"})
    work.git("switch", "-q", "main")
    work.commit("main", **{"app/main.py": "main\n"})
    work.git("merge", "side", ok=False)
    (kept,) = keep(work)
    assert "<<<<<<<" in work.git("show", f"{kept.commit}:app/main.py")


def test_a_folder_where_a_file_was_and_the_other_way_round(work: Repo) -> None:
    (work.root / "old.py").unlink()
    work.write("old.py/inner.py", "x")
    (work.root / "app/main.py").unlink()
    (work.root / "app").rmdir()
    work.write("app", "now a file")
    (kept,) = keep(work)
    names = work.git("ls-tree", "-r", "--name-only", kept.commit).split()
    assert names == [".gitignore", "app", "old.py/inner.py", "run.sh"]


def test_a_clean_work_tree_is_not_kept(work: Repo) -> None:
    work.write(".env", "only ignored")
    assert keep(work) == []
    assert work.git("for-each-ref", "refs/guard") == ""


def test_the_same_work_tree_is_kept_once(work: Repo) -> None:
    work.write("a.py", "1")
    (first,) = keep(work)
    work.write("a.py", "2")
    (second,) = keep(work)
    work.write("a.py", "1")
    (again,) = keep(work, "another reason")
    assert again.commit == first.commit
    assert [k.commit for k in states(work)] == [second.commit, first.commit]


def test_a_submodule_is_kept_in_its_own_repository(work: Repo, tmp_path: Path) -> None:
    library = made(tmp_path / "library")
    library.commit("x", **{"util.py": "x = 1\n"})
    allow = ("-c", "protocol.file.allow=always")
    work.git(*allow, "submodule", "add", "-q", str(library.root), "lib")
    work.commit("submodule")
    work.write("lib/util.py", "x = 2\n")
    (kept,) = keep(work)
    assert kept.root == str(work.root / "lib")
    assert Repo(work.root / "lib").git("show", f"{kept.commit}:util.py") == "x = 2\n"
    assert states(work) == []


def test_files_too_large_are_left_out_and_named(work: Repo) -> None:
    work.write("small.bin", b"x" * 10)
    work.write("large.bin", b"x" * 2000)
    os.mkfifo(work.root / "pipe")
    (kept,) = keep(work, file=1000)
    assert kept.left_out == ("large.bin",), "a pipe is nothing to git, so it is not missed"
    names = work.git("ls-tree", "--name-only", kept.commit).split()
    assert "small.bin" in names
    assert "large.bin" not in names


def test_the_total_is_limited_too(work: Repo) -> None:
    for name in "abc":
        work.write(name, name * 400)
    (kept,) = keep(work, total=1000)
    assert kept.left_out == ("c",)


def test_old_states_go_when_another_is_kept(work: Repo) -> None:
    for content in ("1", "2"):
        work.write("a.py", content)
        keep(work)
    log = work.root / ".git/logs/refs/guard/kept"
    now = int(time.time())
    lines = log.read_text().splitlines()
    old, young = now - 40 * 24 * 3600, now - 5 * 24 * 3600
    fields = [line.split(" ") for line in lines]
    for field, when in zip(fields, (old, young), strict=True):
        field[4] = str(when)
    log.write_text("\n".join(" ".join(field) for field in fields) + "\n")
    work.write("a.py", "3")
    keep(work, days=30)
    kept = [work.git("show", f"{k.commit}:a.py") for k in states(work)]
    assert kept == ["3", "2"]


def test_many_states_are_one_ref(work: Repo) -> None:
    for number in range(5):
        work.write("a.py", str(number))
        keep(work)
    assert len(work.git("for-each-ref", "refs/guard").splitlines()) == 1
    assert work.git("rev-list", "--all", "--count").strip() == "2", "the commit, the newest state"
    assert len(states(work)) == 5


def test_states_outlive_housekeeping(work: Repo) -> None:
    for content in ("1", "2"):
        work.write("a.py", content)
        keep(work)
    work.git("gc", "-q", "--prune=now")
    assert [work.git("show", f"{k.commit}:a.py") for k in states(work)] == ["2", "1"]


def test_linked_work_trees_share_what_is_kept(work: Repo) -> None:
    work.git("worktree", "add", "-q", "-b", "other", "../linked")
    linked = Repo(work.root.parent / "linked")
    linked.write("app/main.py", "linked")
    (kept,) = keep(linked)
    assert [k.commit for k in states(work)] == [kept.commit]


# The way back.


def restored(repo: Repo, *paths: str, force: bool = False) -> rescue.Restored:
    repository = Repository.find(repo.root)
    newest = next(rescue.states(repository))
    return rescue.restore(repository, newest, paths, force=force)


def test_back_after_everything_was_thrown_away(work: Repo) -> None:
    messy(work)
    (kept,) = keep(work)
    work.git("reset", "-q", "--hard")
    work.git("clean", "-q", "-fd")
    done = restored(work)
    assert not done.blocked
    assert done.removed == ("old.py",)
    assert (work.root / "app/main.py").read_text() == "print(2)\n"
    assert (work.root / "new/a b\n.txt").read_text() == "x"
    assert (work.root / "link").is_symlink()
    assert os.access(work.root / "run.sh", os.X_OK)
    assert keep(work)[0].tree == kept.tree, "it is the very same work tree again"


def test_restoring_twice_does_nothing(work: Repo) -> None:
    messy(work)
    keep(work)
    done = restored(work)
    assert (done.written, done.removed, done.blocked) == ((), (), None)


BLOCKED = {
    "changed since": lambda repo: repo.write("app/main.py", "newer, in no commit\n"),
    "untracked since": lambda repo: repo.write("new.py", "another new file\n"),
    "committed since": lambda repo: repo.commit("later", **{"app/main.py": "later\n"}),
    "removed by a commit since": lambda repo: (
        repo.git("rm", "-q", "app/main.py"),
        repo.git("commit", "-qm", "gone"),
    ),
    "changed and hidden": lambda repo: (
        repo.git("update-index", "--assume-unchanged", "app/main.py"),
        repo.write("app/main.py", "newer, hidden\n"),
    ),
}


@pytest.mark.parametrize("meanwhile", BLOCKED.values(), ids=BLOCKED)
def test_nothing_is_overwritten_unasked(work: Repo, meanwhile) -> None:
    work.write("app/main.py", "kept\n")
    work.write("new.py", "kept\n")
    work.write("third.py", "kept\n")
    keep(work)
    work.git("checkout", "-q", ".")
    work.git("clean", "-q", "-fd")
    meanwhile(work)
    before = untouched(work)
    done = restored(work)
    assert list(done.blocked or ()), "what would be lost is named"
    assert untouched(work) == before, "all or nothing"
    forced = restored(work, force=True)
    assert (work.root / "app/main.py").read_text() == "kept\n"
    assert (work.root / "new.py").read_text() == "kept\n"
    assert forced.written


def test_force_keeps_what_it_overwrites(work: Repo) -> None:
    work.write("new.py", "kept\n")
    keep(work)
    work.write("new.py", "newer\n")
    done = restored(work, force=True)
    assert (work.root / "new.py").read_text() == "kept\n"
    assert work.git("show", f"{done.saved[0].commit}:new.py") == "newer\n"


def test_what_cannot_be_kept_is_not_overwritten_by_force_either(work: Repo) -> None:
    work.write("settings.local", "kept\n")
    keep(work)
    work.write("settings.local", "newer, and ignored by now\n")
    work.write(".gitignore", "settings.local\n")
    with pytest.raises(GuardError, match=r"settings\.local"):
        restored(work, "settings.local", force=True)
    assert (work.root / "settings.local").read_text() == "newer, and ignored by now\n"


def test_a_link_does_not_lead_out_of_the_work_tree(work: Repo, tmp_path: Path) -> None:
    work.write("sub/new.py", "kept\n")
    keep(work)
    (work.root / "sub/new.py").unlink()
    (work.root / "sub").rmdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (work.root / "sub").symlink_to(outside)
    with pytest.raises(GuardError, match="stands in the way"):
        restored(work, force=True)
    assert [*outside.iterdir()] == []


# The command.


def test_the_command_from_list_to_restore(work: Repo) -> None:
    messy(work)
    keep(work, "guard docker build refused")
    ran = work.guard("rescue", "list")
    assert ran.status == 0
    name = ran.out.split()[0]
    assert "guard docker build refused" in ran.out
    shown = work.guard("rescue", "show", name)
    assert "  M app/main.py\n" in shown.out
    assert "  D old.py\n" in shown.out
    assert "+print(2)" in work.guard("rescue", "diff", name, "app").out
    work.git("checkout", "-q", "app/main.py")
    # Paths are relative to where the user is.
    ran = work.guard("rescue", "restore", name, "main.py", cwd=work.root / "app")
    assert (ran.status, ran.out) == (0, "restored app/main.py\n")
    work.write("app/main.py", "precious\n")
    ran = work.guard("rescue", "restore", name)
    assert ran.status == 1
    assert "app/main.py: it holds what is in no commit" in ran.err
    assert f"guard rescue restore --force {name}" in ran.err


def test_the_list_for_programs(work: Repo) -> None:
    assert json.loads(work.guard("rescue", "list", "--format", "json").out)["kept"] == []
    work.write("a.py", "1")
    (kept,) = keep(work)
    (told,) = json.loads(work.guard("rescue", "list", "--format", "json").out)["kept"]
    assert told["id"] == kept.commit
    assert told["base"] == kept.base


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["show", "123"], "no kept state '123'"),
        (["restore", ""], "no kept state ''"),
        (["restore", "{}", "run.sh"], "is not among what"),
        (["restore", "{}", "../elsewhere"], "outside of this repository"),
    ],
    ids=["no such state", "no name", "not kept", "outside"],
)
def test_what_a_user_can_get_wrong(work: Repo, args: list[str], message: str) -> None:
    work.write("a.py", "1")
    (kept,) = keep(work)
    ran = work.guard("rescue", *(arg.replace("{}", kept.commit) for arg in args))
    assert ran.status == 2
    assert message in ran.err
