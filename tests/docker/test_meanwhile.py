"""What is done to the files while docker builds is found, whoever looks after them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CHECKOUT, CLEAN_ENV

from guard.git import Repository
from guard.state.stirred import stirred

BACK = "cp -p {0} ../kept; echo x >> {0}; cp -p ../kept {0}"
"""Changed and changed back: git sees the same content, and the same modification time."""

# What is done during the build, the files that are named, and why.
ROWS = [
    pytest.param("true", "", id="nothing"),
    pytest.param("touch node_modules/a/b.js", "node_modules/a/b.js", id="ignored by git"),
    pytest.param("touch kept-out/x", "", id="kept out of the image"),
    pytest.param("touch kept-out.txt", "", id="tracked and kept out of the image"),
    pytest.param("echo x > app/new.py", "app/new.py", id="new"),
    pytest.param("rm app/a.py", "app/a.py", id="gone"),
    pytest.param("echo x > app/a.py", "app/a.py", id="changed"),
    pytest.param(BACK.format("app/a.py"), "app/a.py", id="changed back"),
    pytest.param("touch app/a.py; git update-index --refresh", "app/a.py", id="index refreshed"),
    pytest.param(BACK.format("app/a.py") + "; git status", "app/a.py", id="back, git status"),
    pytest.param(BACK.format("app/hidden.py"), "app/hidden.py", id="assume-unchanged"),
    pytest.param(BACK.format("app/skipped.py"), "app/skipped.py", id="skip-worktree"),
    pytest.param(BACK.format("sub/s.py"), "sub/s.py", id="in a submodule"),
    pytest.param("echo x >> .dockerignore", ".dockerignore", id="the ignore file"),
    pytest.param("chmod +x app/a.py; chmod -x app/a.py", "app/a.py", id="mode, and back"),
]

CASES = [  # whether there is a submodule, then the row
    pytest.param(submodule, *row.values, id=f"{'submodule' if submodule else 'none'}-{row.id}")
    for submodule in (True, False)
    for row in ROWS
    if submodule or "sub/" not in str(row.values)
]

DOCKER = """#!/bin/sh
if [ "$1" = build ]; then sleep 0.02; cd {root}; {{ {does}; }} >/dev/null; fi
"""


def git(*args: str, cwd: Path) -> None:
    done = subprocess.run(["git", "-c", "protocol.file.allow=always", *args], cwd=cwd,
                          env=CLEAN_ENV, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def repository(folder: Path, name: str, files: dict[str, str]) -> Path:
    git("init", "-q", "--bare", f"{name}.git", cwd=folder)
    git("clone", "-q", f"{name}.git", name, cwd=folder)
    for path, text in files.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text)
    git("add", "-A", cwd=folder / name)
    git("commit", "-q", "-m", "one", cwd=folder / name)
    git("push", "-q", "-u", "origin", "HEAD", cwd=folder / name)
    return folder / name


@pytest.fixture(scope="module")
def work(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("meanwhile")
    repository(folder, "inner", {"s.py": "1\n"})
    work = repository(
        folder,
        "work",
        {
            "Dockerfile": "FROM scratch\nCOPY . /\n",
            ".gitignore": "node_modules/\nkept-out/\n",
            ".dockerignore": "kept-out\nkept-out.txt\n",
            "kept-out.txt": "x\n",
            **{f"app/{name}.py": "1\n" for name in ("a", "hidden", "skipped")},
        },
    )
    for path in ("node_modules/a/a.js", "node_modules/a/b.js", "kept-out/x"):
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text("x\n")
    if request.param:
        git("submodule", "add", "-q", "../inner.git", "sub", cwd=work)
        git("commit", "-q", "-m", "two", cwd=work)
        git("push", "-q", cwd=work)
    git("update-index", "--assume-unchanged", "app/hidden.py", cwd=work)
    git("update-index", "--skip-worktree", "app/skipped.py", cwd=work)
    return work


@pytest.mark.parametrize("settled", [True, False], ids=["index of before", "fresh index"])
@pytest.mark.parametrize(("work", "does", "named"), CASES, indirect=["work"])
def test_what_is_touched_meanwhile_is_named(
    work: Path, tmp_path: Path, does: str, named: str, settled: bool
) -> None:
    git("checkout", "-q", "-f", "HEAD", "--", ".", cwd=work)
    git("clean", "-q", "-f", cwd=work)
    git("update-index", "-q", "--refresh", cwd=work)
    indexes = [work / ".git/index"]
    if (work / "sub").exists():
        git("update-index", "-q", "--refresh", cwd=work / "sub")
        indexes.append(work / ".git/modules/sub/index")
    if settled:  # the index is older than the second that the build begins in
        for place in indexes:
            begun = int(place.stat().st_ctime) + 1.02
            time.sleep(max(0.0, begun - time.time()))
        assert stirred(Repository.find(str(work)), (), time.time()) is not None
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER.format(root=work, does=does))
    docker.chmod(0o755)
    env = CLEAN_ENV | {
        "PATH": f"{docker.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
    }
    done = subprocess.run([sys.executable, "-m", "guard", "docker", "build", "."], cwd=work,
                          env=env, capture_output=True, text=True)  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "changed while the image" in line]
    assert done.returncode == (1 if named else 0), done.stderr
    assert [line.partition("built: ")[2] for line in said] == ([named] if named else [])
