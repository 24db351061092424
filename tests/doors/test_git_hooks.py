"""Real `git commit` and `git push` through the hooks that `guard init --git-hooks` installs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Repo, made

SOUND = "const a = 1;\n"
OTHER = "const a = 2;\n"
BROKEN = "const = ;\n"


@pytest.fixture
def guarded(repo: Repo) -> Repo:
    repo.commit("first", **{"a.js": SOUND, "b.js": SOUND})
    assert repo.guard("init", "--git-hooks").status == 0
    return repo


def commits(repo: Repo) -> int:
    return int(repo.git("rev-list", "--count", "HEAD"))


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["commit", "-m", "x"], id="commit of the index"),
        pytest.param(["commit", "-am", "x"], id="commit -a stages into a temporary index"),
        pytest.param(["commit", "-m", "x", "a.js"], id="commit PATH builds an index of its own"),
        pytest.param(["commit", "-m", "x", "-i", "a.js"], id="commit --include"),
        pytest.param(["commit", "--amend", "--no-edit", "-a"], id="commit --amend"),
    ],
)
def test_a_broken_file_is_refused_and_a_sound_one_passes(guarded: Repo, command: list[str]) -> None:
    guarded.write("a.js", BROKEN)
    if command[-1] == "x":
        guarded.git("add", "a.js")
    before = guarded.git("rev-parse", "HEAD")
    refused = guarded.tried(*command)
    assert refused.status == 1
    assert "a.js:1:7: error:" in refused.err
    assert guarded.git("rev-parse", "HEAD") == before
    guarded.write("a.js", OTHER)
    if command[-1] == "x":
        guarded.git("add", "a.js")
    assert guarded.tried(*command).status == 0
    assert guarded.git("rev-parse", "HEAD") != before


def test_commit_of_one_path_ignores_what_else_is_staged(guarded: Repo) -> None:
    guarded.write("a.js", BROKEN)
    guarded.git("add", "a.js")
    guarded.write("b.js", OTHER)
    assert guarded.tried("commit", "-m", "only b", "b.js").status == 0
    assert guarded.git("show", "--name-only", "--format=").split() == ["b.js"]


def test_a_linked_worktree(guarded: Repo, tmp_path: Path) -> None:
    guarded.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    linked = Repo(tmp_path / "linked")
    linked.write("a.js", BROKEN)
    assert linked.tried("commit", "-am", "x").status == 1
    linked.write("a.js", OTHER)
    assert linked.tried("commit", "-am", "x").status == 0


def test_the_first_commit(repo: Repo) -> None:
    repo.guard("init", "--git-hooks")
    repo.write("a.js", BROKEN)
    repo.git("add", "-A")
    assert repo.tried("commit", "-m", "x").status == 1
    repo.write("a.js", SOUND)
    repo.git("add", "-A")
    assert repo.tried("commit", "-m", "x").status == 0


def test_from_a_subfolder(guarded: Repo) -> None:
    guarded.write("sub/c.js", BROKEN)
    guarded.git("add", "-A")
    assert guarded.tried("-C", "sub", "commit", "-m", "x").status == 1


def test_a_separate_git_dir_and_work_tree(tmp_path: Path) -> None:
    repo = made(tmp_path / "home")
    repo.git("config", "core.worktree", str(repo.root))
    (repo.root / ".git").rename(tmp_path / "dots")
    flags = [f"--git-dir={tmp_path / 'dots'}", f"--work-tree={repo.root}"]
    env = {"GIT_DIR": str(tmp_path / "dots"), "GIT_WORK_TREE": str(repo.root)}
    (tmp_path / "dots/hooks/pre-commit").write_text("#!/bin/sh\nexec treeguard check --staged\n")
    (tmp_path / "dots/hooks/pre-commit").chmod(0o755)
    repo.write("a.js", BROKEN)
    repo.git(*flags, "add", "a.js")
    assert repo.tried(*flags, "commit", "-m", "x").status == 1
    assert repo.tried("commit", "-m", "x", **env).status == 1
    repo.write("a.js", SOUND)
    repo.git(*flags, "add", "a.js")
    assert repo.tried(*flags, "commit", "-m", "x").status == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_a_repository_that_only_this_command_trusts(guarded: Repo) -> None:
    for folder in (guarded.root, guarded.root / ".git"):
        os.chown(folder, 65534, 65534)
    trusted = ("-c", f"safe.directory={guarded.root}")
    guarded.write("a.js", BROKEN)
    assert "a.js:1:7: error" in guarded.tried(*trusted, "commit", "-am", "x").err
    guarded.write("a.js", OTHER)
    assert guarded.tried(*trusted, "commit", "-am", "x").status == 0


def test_modules_of_the_project_do_not_take_the_place_of_guards(guarded: Repo) -> None:
    guarded.write("src/guard/__init__.py", "raise SystemExit('the project')\n")
    guarded.write("a.js", OTHER)
    made = guarded.tried("commit", "-am", "x", PYTHONPATH=str(guarded.root / "src"))
    assert (made.status, "the project" in made.all) == (0, False)


def test_a_hook_whose_guard_is_gone_says_so(guarded: Repo) -> None:
    guarded.git("config", "guard.program", "/nowhere/treeguard")
    guarded.write("a.js", OTHER)
    ran = guarded.tried("commit", "-am", "x", PATH="/usr/bin:/bin")
    assert ran.status == 1
    assert "pip install treeguard" in ran.err


@pytest.fixture
def origin(guarded: Repo, tmp_path: Path) -> Repo:
    bare = Repo(tmp_path / "origin.git")
    bare.root.mkdir()
    bare.git("init", "-q", "--bare", "-b", "main")
    guarded.git("remote", "add", "origin", str(bare.root))
    guarded.git("push", "-q", "-u", "origin", "main")
    return bare


def test_a_push_of_a_broken_file_is_refused(guarded: Repo, origin: Repo) -> None:
    guarded.commit("broken", **{"c.js": BROKEN})
    guarded.commit("on top", **{"d.js": SOUND})
    refused = guarded.tried("push", "origin", "main")
    assert refused.status == 1
    assert "c.js:1:7: error:" in refused.err
    guarded.commit("mended", **{"c.js": SOUND})
    assert guarded.tried("push", "origin", "main").status == 0


@pytest.mark.parametrize(
    ("refs", "status"),
    [
        pytest.param(["HEAD:refs/heads/new"], 1, id="a new branch, judged from where it forks"),
        pytest.param(["HEAD:refs/tags/v1"], 1, id="a tag"),
        pytest.param(["origin/main:refs/heads/old"], 0, id="what the remote has is not judged"),
        pytest.param([":refs/heads/gone"], 0, id="a deletion"),
        pytest.param(["origin/main:refs/heads/x", "HEAD:refs/heads/y"], 1, id="two refs, one bad"),
    ],
)
def test_what_a_push_adds_is_judged(
    guarded: Repo, origin: Repo, refs: list[str], status: int
) -> None:
    guarded.git("push", "-q", "--no-verify", "origin", "main:refs/heads/gone")
    guarded.commit("broken", **{"c.js": BROKEN})
    assert guarded.tried("push", "origin", *refs).status == status


def test_old_sins_do_not_stop_a_push(guarded: Repo, origin: Repo) -> None:
    guarded.commit("broken", **{"c.js": BROKEN})
    guarded.git("push", "-q", "--no-verify", "origin", "main")
    guarded.commit("sound", **{"d.js": SOUND})
    assert guarded.tried("push", "origin", "main").status == 0


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param("topic", 0, id="what main brought is main's"),
        pytest.param("main", 1, id="what a branch brings into main is judged"),
    ],
)
def test_what_a_merge_brings_is_judged_where_it_is_new(
    guarded: Repo, origin: Repo, target: str, status: int
) -> None:
    other = "main" if target == "topic" else "topic"
    guarded.git("branch", "topic")
    guarded.git("checkout", "-q", other)
    guarded.commit("broken", **{"c.js": BROKEN})
    guarded.git("push", "-q", "--no-verify", "origin", other)
    guarded.git("checkout", "-q", target)
    guarded.commit("sound", **{"d.js": SOUND})
    guarded.git("merge", "-q", "-m", "merge", other)
    assert guarded.tried("push", "origin", target).status == status
    guarded.commit("broken too", **{"e.js": BROKEN})
    assert "e.js:1:7: error:" in guarded.tried("push", "origin", target).err


def test_pre_commit_with_nothing_staged_looks_at_everything(guarded: Repo) -> None:
    guarded.commit("broken", **{"c.js": BROKEN})
    ran = guarded.guard("check", "--staged", "--format", "json", PRE_COMMIT="1")
    assert [f["path"] for f in json.loads(ran.out)["findings"]] == ["c.js"]
    assert "all tracked files" in ran.err


def test_pre_commit_between_two_revisions(guarded: Repo) -> None:
    guarded.commit("broken", **{"c.js": BROKEN})
    env = {"PRE_COMMIT": "1", "PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": "HEAD"}
    assert guarded.guard("check", "--staged", **env).status == 1
    env["PRE_COMMIT_FROM_REF"] = "HEAD"
    assert guarded.guard("check", "--staged", **env).status == 0
