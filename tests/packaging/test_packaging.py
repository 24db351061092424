"""What users install: a wheel with the hooks in it, and hooks for the pre-commit program."""

from __future__ import annotations

import shutil
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import CHECKOUT, Repo, execute, made

BROKEN = "const = ;\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository that holds this work tree as it is now, committed."""
    repo = made(tmp_path_factory.mktemp("source") / "treeguard")
    listed = execute("git", "ls-files", "-zco", "--exclude-standard", cwd=CHECKOUT).out
    for path in filter(None, listed.split("\0")):
        if (CHECKOUT / path).is_file():
            target = repo.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / path, target)
    repo.commit("all of it")
    return repo


@pytest.fixture(scope="module")
def wheel(source: Repo) -> Path:
    built = source.root / "dist"
    command = ["-m", "pip", "wheel", "-q", "--no-deps", "-w", str(built), str(source.root)]
    ran = execute(sys.executable, *command, cwd=source.root)
    assert ran.status == 0, ran.all
    return next(built.glob("treeguard-*.whl"))


def test_the_wheel_carries_the_hooks_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    hooks = {p.name for p in (CHECKOUT / "hooks").iterdir()}
    assert {f"guard/hooks/{hook}" for hook in hooks} <= set(names)
    data = {str(p.relative_to(CHECKOUT)) for p in (CHECKOUT / "guard").rglob("*.cjs")}
    assert data
    assert data <= set(names)
    assert {n.split("/")[0].split("-")[0] for n in names} == {"guard", "treeguard"}


def test_a_wheel_in_an_empty_environment_guards_a_repository(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    ran = execute(str(python), "-m", "pip", "install", "-q", str(wheel), cwd=tmp_path)
    assert ran.status == 0, ran.all
    repo = made(tmp_path / "repo")
    for program in ("guard", "treeguard"):
        ran = execute(str(tmp_path / "env/bin" / program), "--version", cwd=repo.root)
        assert ran.out.startswith("guard, version "), ran.all
    ran = execute(str(python), "-m", "guard", "init", "--git-hooks", cwd=repo.root)
    assert ran.status == 0, ran.all
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    refused = repo.tried("commit", "-m", "x", PATH="/usr/bin:/bin")
    assert refused.status == 1
    assert "a.js:1:7: error:" in refused.err


def test_the_pre_commit_program_refuses_a_real_commit(
    source: Repo, repo: Repo, tmp_path: Path
) -> None:
    repo.write(
        ".pre-commit-config.yaml",
        f"default_install_hook_types: [pre-commit, pre-push]\n"
        f"repos:\n"
        f"  - repo: {source.root}\n"
        f"    rev: {source.git('rev-parse', 'HEAD').strip()}\n"
        f"    hooks: [{{id: guard}}, {{id: guard-push}}, {{id: guard-all}}]\n",
    )
    repo.commit("first", **{"a.js": "const a = 1;\n"})
    env = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    run = [sys.executable, "-m", "pre_commit"]
    assert execute(*run, "install", cwd=repo.root, **env).status == 0
    repo.write("b.js", BROKEN)
    repo.git("add", "b.js")
    refused = repo.tried("commit", "-m", "x", **env)
    assert refused.status == 1
    assert "b.js:1:7: error:" in refused.all, refused.all
    ran = execute(*run, "run", "guard", cwd=repo.root, **env)
    assert ran.status == 1
    assert "b.js:1:7: error:" in ran.all
    repo.write("b.js", "const b = 1;\n")
    repo.git("add", "b.js")
    assert repo.tried("commit", "-m", "x", **env).status == 0
    everything = ["run", "guard-all", "--hook-stage", "manual", "--all-files"]
    assert execute(*run, *everything, cwd=repo.root, **env).status == 0
    repo.commit("broken, not looked at", **{"c.js": BROKEN})
    assert execute(*run, *everything, cwd=repo.root, **env).status == 1
    assert execute(*run, "run", "guard", "--all-files", cwd=repo.root, **env).status == 1
    pushed = Repo(tmp_path / "origin.git")
    execute("git", "init", "-q", "--bare", str(pushed.root), cwd=tmp_path)
    refused = repo.tried("push", str(pushed.root), "main", **env)
    assert refused.status == 1
    assert "c.js:1:7: error:" in refused.all, refused.all
