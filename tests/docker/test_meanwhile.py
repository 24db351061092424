"""What is done to the files while docker builds is found, whoever looks after them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from conftest import Repo, made

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


def repository(folder: Path, name: str, files: dict[str, str]) -> Repo:
    made(folder / f"{name}.git", "--bare")
    repo = made(folder / name)
    repo.git("remote", "add", "origin", f"../{name}.git")
    repo.commit("one", **files)
    repo.git("push", "-q", "-u", "origin", "HEAD")
    return repo


@pytest.fixture(scope="module")
def work(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Repo:
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
        work.write(path, "x\n")
    if request.param:
        work.git(
            "-c", "protocol.file.allow=always", "submodule", "add", "-q", "../inner.git", "sub"
        )
        work.commit("two")
        work.git("push", "-q")
    work.git("update-index", "--assume-unchanged", "app/hidden.py")
    work.git("update-index", "--skip-worktree", "app/skipped.py")
    return work


@pytest.mark.parametrize("settled", [True, False], ids=["index of before", "fresh index"])
@pytest.mark.parametrize(("work", "does", "named"), CASES, indirect=["work"])
def test_what_is_touched_meanwhile_is_named(
    work: Repo, tmp_path: Path, does: str, named: str, settled: bool
) -> None:
    work.git("checkout", "-q", "-f", "HEAD", "--", ".")
    work.git("clean", "-q", "-f")
    work.git("update-index", "-q", "--refresh")
    indexes = [work.root / ".git/index"]
    if (work.root / "sub").exists():
        Repo(work.root / "sub").git("update-index", "-q", "--refresh")
        indexes.append(work.root / ".git/modules/sub/index")
    if settled:  # the index is older than the second that the build begins in
        for place in indexes:
            begun = int(place.stat().st_ctime) + 1.02
            time.sleep(max(0.0, begun - time.time()))
        assert stirred(Repository.find(str(work.root)), (), time.time()) is not None
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER.format(root=work.root, does=does))
    docker.chmod(0o755)
    done = work.guard(
        "docker", "build", ".", PATH=f"{docker.parent}{os.pathsep}{os.environ['PATH']}"
    )
    said = [line for line in done.err.splitlines() if "changed while the image" in line]
    assert done.status == (1 if named else 0), done.err
    assert [line.partition("built: ")[2] for line in said] == ([named] if named else [])
