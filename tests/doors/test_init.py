"""Hooks beside those that were there: `guard init --git-hooks` respects them, and can be undone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Repo, made

SOUND = "const a = 1;\n"
BROKEN = "const = ;\n"


@pytest.fixture
def guarded(repo: Repo) -> Repo:
    assert repo.guard("init", "--git-hooks").status == 0
    return repo


def test_an_existing_hook_runs_first_and_comes_back(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho mine >> ran\n")
    hook.chmod(0o755)
    assert "runs first" in repo.guard("init", "--git-hooks").out
    repo.guard("init", "--git-hooks")  # a second time changes nothing
    repo.write("a.js", SOUND)
    repo.git("add", "a.js")
    assert repo.tried("commit", "-m", "x").status == 0
    assert (repo.root / "ran").read_text() == "mine\n"
    assert "back in its place" in repo.guard("init", "--git-hooks", "--undo").out
    assert hook.read_text() == "#!/bin/sh\necho mine >> ran\n"
    assert sorted(p.name for p in hook.parent.iterdir() if p.suffix != ".sample") == ["pre-commit"]
    assert repo.tried("config", "guard.program").status == 1


def test_an_existing_hook_that_refuses_still_refuses(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 7\n")
    hook.chmod(0o755)
    repo.guard("init", "--git-hooks")
    repo.write("a.js", SOUND)
    repo.git("add", "a.js")
    assert repo.tried("commit", "-m", "x").status != 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param('#!/bin/sh\nset -e\necho "${0##*/} $1 $(cat)" >ran\n', "pre-push", id="sh"),
        pytest.param(
            '#!/usr/bin/env bash\nset -eu -o pipefail\nargs=("$@")\n'
            'echo "${0##*/} ${args[0]} $(cat)" >ran\n',
            "pre-push",
            id="bash",
        ),
        pytest.param(
            "#!/usr/bin/env python3\nimport os, sys\nprint(os.path.basename(sys.argv[0]), "
            'sys.argv[1], sys.stdin.read().strip(), file=open("ran", "w"))\n',
            "pre-push.before-guard",
            id="another language",
        ),
    ],
)
def test_an_existing_hook_gets_its_name_its_words_and_its_input(
    repo: Repo, tmp_path: Path, text: str, name: str
) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "origin.git"))
    hook = repo.root / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(text)
    hook.chmod(0o755)
    repo.guard("init", "--git-hooks")
    repo.commit("first", **{"a.js": SOUND})
    repo.git("push", "-q", str(tmp_path / "origin.git"), "HEAD:refs/heads/x")
    head = repo.git("rev-parse", "HEAD").strip()
    pushed = f"HEAD {head} refs/heads/x {'0' * 40}"
    assert (repo.root / "ran").read_text() == f"{name} {tmp_path}/origin.git {pushed}\n"


def test_an_existing_hook_that_fails_half_way_refuses(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nset -e\nfalse\ntrue\n")
    hook.chmod(0o755)
    repo.guard("init", "--git-hooks")
    repo.write("a.js", SOUND)
    repo.git("add", "a.js")
    assert repo.tried("commit", "-m", "x").status != 0


def test_a_hook_that_pre_commit_put_aside_is_taken_out(guarded: Repo) -> None:
    hooks = guarded.root / ".git/hooks"
    (hooks / "pre-commit").rename(hooks / "pre-commit.legacy")
    (hooks / "pre-commit").write_text("#!/bin/sh\n# of pre-commit\n")
    assert "pre-commit.legacy: removed" in guarded.guard("init", "--git-hooks", "--undo").out
    names = sorted(p.name for p in hooks.iterdir() if p.suffix != ".sample")
    assert names == ["pre-commit"]


def test_husky_finds_the_hook_of_the_project(repo: Repo) -> None:
    stub = '#!/usr/bin/env sh\n. "$(dirname "$0")/h"'
    runner = (
        '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n'
        '[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\nexit $?\n'
    )
    files = {".husky/_/pre-commit": stub, ".husky/_/h": runner}
    for path, text in (files | {".husky/pre-commit": "echo husky >ran\n"}).items():
        repo.write(path, text)
        (repo.root / path).chmod(0o755)
    repo.git("config", "core.hooksPath", ".husky/_")
    repo.guard("init", "--git-hooks")
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    assert repo.tried("commit", "-m", "x").status == 1
    assert (repo.root / "ran").read_text() == "husky\n"


def test_a_hooks_path_inside_the_repository_is_used(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", ".githooks")
    assert repo.guard("init", "--git-hooks").status == 0
    assert (repo.root / ".githooks/pre-commit").is_file()
    assert not (repo.root / ".git/hooks/pre-commit").exists()
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    assert repo.tried("commit", "-m", "x").status == 1


def test_a_hooks_path_that_others_share_is_left_alone(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "core.hooksPath", str(tmp_path / "shared"))
    ran = repo.guard("init", "--git-hooks")
    assert ran.status == 2
    assert "guard check --staged" in ran.err
    assert not (tmp_path / "shared").exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("", "core.hooksPath is empty, so git runs no hooks", id="none at all"),
        pytest.param(os.devnull, "/dev/null is no folder, so git runs no hooks", id="nowhere"),
        pytest.param("a.txt", "a.txt is no folder, so git runs no hooks", id="a file"),
    ],
)
def test_a_hooks_path_where_git_runs_none_is_told(repo: Repo, path: str, message: str) -> None:
    repo.write("a.txt", "")
    repo.git("config", "core.hooksPath", path)
    ran = repo.guard("init", "--git-hooks")
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert "git config --show-origin core.hooksPath" in ran.err


def test_hooks_from_before_the_hooks_path_was_set_are_taken_out(
    guarded: Repo, tmp_path: Path
) -> None:
    guarded.git("config", "core.hooksPath", str(tmp_path / "shared"))
    assert guarded.guard("init", "--git-hooks", "--undo").out.count(": removed\n") == 4
    again = guarded.guard("init", "--git-hooks", "--undo")
    assert again.status == 2
    assert "take guard's lines out" in again.err


@pytest.mark.parametrize("kind", ["a file that is not executable", "a folder", "a dead symlink"])
def test_what_git_could_not_execute_is_kept_and_not_run(repo: Repo, kind: str) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    if kind == "a folder":
        hook.mkdir()
    elif kind == "a dead symlink":
        hook.symlink_to("nowhere")
    else:
        hook.write_text("exit 1\n")
    assert "pre-commit.before-guard, and does not run" in repo.guard("init", "--git-hooks").out
    assert repo.tried("commit", "--allow-empty", "-m", "x").status == 0
    assert repo.guard("init", "--git-hooks", "--undo").status == 0
    assert os.path.lexists(hook)


def test_hooks_that_cannot_be_written_are_told(repo: Repo) -> None:
    repo.write("a.txt", "")
    repo.git("config", "core.hooksPath", "a.txt/hooks")
    ran = repo.guard("init", "--git-hooks")
    assert (ran.status, ran.out) == (2, "")
    assert "cannot change the hooks in" in ran.err


@pytest.fixture
def home(tmp_path: Path) -> Repo:
    """A home folder whose files are kept in a bare repository, with a project in it."""
    made(tmp_path / "home/project")
    repo = made(tmp_path / "home/.dotfiles", "--bare")
    return Repo(repo.root.parent)


def hooks(home: Repo) -> list[str]:
    """The folders in which a hook of guard's stands."""
    found = home.root.rglob("hooks/pre-commit")
    return [str(path.parent.parent.relative_to(home.root)) for path in found]


@pytest.mark.parametrize(
    ("git_dir", "work_tree", "folder", "said"),
    [
        pytest.param(".dotfiles", ".", ".", "", id="in the home folder"),
        pytest.param(".dotfiles", ".", "sub", "", id="in a folder of it"),
        pytest.param(".dotfiles", ".", "project", "which is meant?", id="in another repository"),
        pytest.param(
            ".dotfiles", "", ".", "no repository with a work tree", id="with no work tree"
        ),
        pytest.param("gone", ".", "project", "no repository with a work tree", id="that is gone"),
    ],
)
def test_a_repository_that_only_git_dir_names(
    home: Repo, git_dir: str, work_tree: str, folder: str, said: str
) -> None:
    (home.root / "sub").mkdir()
    env = {"GIT_DIR": str(home.root / git_dir)}
    env |= {"GIT_WORK_TREE": str(home.root / work_tree)} if work_tree else {}
    ran = home.guard("init", "--git-hooks", cwd=home.root / folder, **env)
    assert (ran.status, said in ran.err) == (2 if said else 0, True), ran.all
    assert hooks(home) == ([] if said else [".dotfiles"])
    if not said:
        home.write("a.js", BROKEN)
        home.git("add", "a.js", **env)
        assert home.tried("commit", "-m", "x", **env).status == 1
        assert "judged by" in home.guard("doctor", **env).out
        home.guard("init", "--git-hooks", "--undo", cwd=home.root / folder, **env)
        assert hooks(home) == []


def test_git_dir_may_name_the_repository_around(home: Repo) -> None:
    work = home.root / "project"
    assert home.guard("init", "--git-hooks", cwd=work, GIT_DIR=".git").status == 0
    assert hooks(home) == ["project/.git"]
