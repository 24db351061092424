"""guard's hooks and those of the real pre-commit program, put in and taken out in every order."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Repo, execute

from guard import githooks
from guard.git import Repository

CONFIG = """\
repos:
- repo: local
  hooks:
  - {id: x, name: x, language: system, entry: sh -c 'echo x >>ran', always_run: true}
"""

OWN = "#!/bin/sh\necho own >>ran\n"

COMMANDS = {
    "own": ("sh", "-c", "cat >$0 && chmod +x $0", ".git/hooks/pre-commit"),
    "init": ("guard", "init", "--git-hooks"),
    "undo": ("guard", "init", "--git-hooks", "--undo"),
    "install": ("pre-commit", "install"),
    "force": ("pre-commit", "install", "-f"),
    "uninstall": ("pre-commit", "uninstall"),
}

# What is done, what a commit then runs besides git, and whether the doctor finds it in order.
ORDERS = [
    ("install init", ["x", "guard"], True),
    ("install init uninstall", ["x", "guard"], True),
    ("install init undo", ["x"], True),
    ("install init undo uninstall", [], True),
    ("init install", ["guard", "x"], True),
    ("init install uninstall", ["guard"], True),
    ("init install uninstall undo", [], True),
    ("init install undo", ["x"], True),
    ("init install undo uninstall", [], True),
    ("init install init", ["guard", "x"], True),
    ("init install init install", ["guard", "x"], True),
    ("install init install", ["guard", "x"], True),
    ("install init install init undo uninstall", [], True),
    ("own init", ["own", "guard"], True),
    ("own init install", ["own", "guard", "x"], True),
    ("own init install uninstall", ["own", "guard"], True),
    ("own init install undo", ["own", "x"], True),
    ("own init install undo uninstall", ["own"], True),
    ("own install init", ["own", "x", "guard"], True),
    ("init force", ["x"], False),
    ("init force init", ["x", "guard"], True),
    ("install init force", ["x"], False),
    ("own init force", ["x"], False),
    ("own init force init", ["x", "guard"], True),
]


def do(repo: Repo, step: str) -> str:
    ran = execute(*COMMANDS[step], cwd=repo.root, stdin=OWN)
    assert ran.status == 0, ran.all
    return ran.out


@pytest.fixture
def configured(repo: Repo) -> Repo:
    repo.commit("first", **{"a.js": "const a = 1;\n", ".pre-commit-config.yaml": CONFIG})
    (repo.root / ".git/info/exclude").write_text("ran\n")
    (repo.root / ".git/hooks").mkdir(exist_ok=True)
    return repo


@pytest.mark.parametrize(("steps", "called", "sound"), ORDERS, ids=[o[0] for o in ORDERS])
def test_both_are_called_and_guard_knows(
    configured: Repo, steps: str, called: list[str], sound: bool
) -> None:
    for step in steps.split():
        do(configured, step)
    configured.write("a.js", "const = ;\n")
    refused = configured.tried("commit", "-am", "x")
    guards = refused.err.count("a.js:1:7: error:") + refused.out.count("a.js:1:7: error:")
    assert guards == called.count("guard"), refused.all
    assert refused.status == ("guard" in called)
    configured.write("a.js", "const b = 1;\n")
    (configured.root / "ran").unlink(missing_ok=True)
    assert configured.tried("commit", "--amend", "-am", "x").status == 0
    ran = configured.root / "ran"
    assert (ran.read_text().split() if ran.exists() else []) == [c for c in called if c != "guard"]
    told = githooks.standing(Repository.find(str(configured.root)))
    assert all(hook.called for hook in told) == sound
    assert any("git pre-commit: judged by" in h.text for h in told) == ("guard" in called)


def test_a_hook_of_ones_own_is_never_written_over(configured: Repo) -> None:
    hooks = configured.root / ".git/hooks"
    for step in ("own", "init", "force"):
        do(configured, step)
    assert "pre-commit.before-guard.1: your own of before" in do(configured, "init")
    assert (hooks / "pre-commit.before-guard.1").read_text() == OWN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("rm .git/hooks/pre-commit", "pre-commit is not there"),
        ("chmod -x .git/hooks/pre-commit", "pre-commit is not executable"),
        ("git config core.hooksPath .husky", ".husky/pre-commit is not there"),
        ("git config core.hooksPath /elsewhere", "core.hooksPath is /elsewhere"),
        ("echo '#!/bin/sh' >.git/hooks/pre-commit", "is a hook that is not guard's"),
    ],
)
def test_the_doctor_sees_that_git_does_not_get_to_guard(
    configured: Repo, change: str, said: str
) -> None:
    do(configured, "init")
    assert execute("sh", "-c", change, cwd=configured.root).status == 0
    ran = configured.guard("doctor")
    assert (ran.status, said in ran.out) == (1, True), ran.out


def test_the_doctor_says_nothing_of_hooks_that_nobody_installed(
    configured: Repo, tmp_path: Path
) -> None:
    do(configured, "install")
    for folder in (configured.root, configured.root / ".git", tmp_path):
        assert "pre-commit" not in configured.guard("doctor", cwd=folder).out
