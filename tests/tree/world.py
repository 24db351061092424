"""A work tree with a remote, copied from a template, and what the tree check says of `app/`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import CLEAN_ENV, Repo, execute, made

from guard.checks.tree import tree
from guard.finding import Severity
from guard.git import Repository
from guard.snapshot import Snapshot
from guard.state.gather import of
from guard.state.scope import Scope
from guard.tree.rules import Options

OF_THE_FILES = (
    "dirty untracked ignored nested pointers filtered sparse unwatched replaced in_progress"
).split()
KEPT_OUT = "app/skip/"


class World:
    """`origin.git`, cloned to `work`; builds are of `work/app` without `app/skip`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = Repo(folder / "work")

    def __getattr__(self, name: str):  # the work tree's own verbs: git, write, commit
        return getattr(self.work, name)

    def place(self, path: str) -> Path:
        return self.work.root / path

    def push(self, *args: str) -> None:
        self.git("push", "-q", *(args or ("origin", "HEAD")))

    def colleague(self) -> Repo:
        """Someone else's clone of the same remote."""
        other = Repo(self.folder / "colleague")
        if not other.root.exists():
            execute("git", "clone", "-q", "origin.git", "colleague", cwd=self.folder)
        return other

    def bare(self, name: str) -> Path:
        place = self.folder / name
        execute("git", "init", "-q", "--bare", "-b", "main", str(place), cwd=self.folder)
        return place

    def submodule(self, path: str = "app/lib") -> Repo:
        """A submodule with one file, `util.py`, committed and pushed."""
        bare = self.bare("library.git")
        seed = made(self.folder / "seed")
        seed.commit("library", **{"util.py": "x = 1\n"})
        seed.git("push", "-q", str(bare), "HEAD:main")
        self.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(bare), path)
        self.commit("a submodule")
        self.push()
        return Repo(self.place(path))

    def state(self, *, live: float | None = 10.0, root: Path | None = None):
        def enters(path: str) -> bool:
            return path.startswith("app/") and not path.startswith(KEPT_OUT)

        def reaches(path: str) -> bool:
            below = path == "app" or path.startswith("app/")
            return path == "." or (below and not f"{path}/".startswith(KEPT_OUT))

        repository = Repository.find(root or self.work.root)
        found = of(repository, Scope(("app",), enters, reaches), live=live)
        # The whole work tree is asked about by other questions than a part of it, and the second
        # time the index is remembered.
        for _ in range(2):
            whole = of(repository, Scope((".",), enters, reaches), live=None)
            assert [getattr(whole, name) for name in OF_THE_FILES] == [
                getattr(found, name) for name in OF_THE_FILES
            ]
        return found

    def says(self, options: Options | None = None, **how) -> set[str]:
        """The findings as `rule path`, warnings with a `~` in front."""
        known = self.state(**how)
        found = tree(Snapshot.of({}, state=known), options or Options())
        return {("~" * (f.severity is Severity.WARNING)) + f"{f.rule} {f.at.path}" for f in found}


def template(folder: Path) -> Path:
    """The folder that every world is a copy of."""
    execute("git", "init", "-q", "--bare", "-b", "main", "origin.git", cwd=folder)
    execute("git", "clone", "-q", "origin.git", "work", cwd=folder)
    work = Repo(folder / "work")
    work.git("switch", "-q", "-C", "main")
    # Relative, so that a copy of both has its own remote.
    work.git("remote", "set-url", "origin", "../origin.git")
    work.write("app/run.sh", "#!/bin/sh\n").chmod(0o755)
    work.write(".gitignore", "node_modules/\n.env\n*.pem\nbuild/\n*.token\n")
    work.commit(
        "first", **{"app/main.py": "old = 1\n", "app/util/names.py": "", "docs/a.md": "# A\n"}
    )
    work.commit("second", **{"app/main.py": "print(1)\n", "app/skip/x.py": ""})
    work.git("push", "-q", "-u", "origin", "main")
    return folder


def copied(original: Path, folder: Path) -> World:
    for name in ("origin.git", "work"):
        shutil.copytree(original / name, folder / name, symlinks=True)
    world = World(folder)
    world.git("update-index", "--refresh")  # the index knows the files of the original
    return world


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def world(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A clean, pushed work tree; git in this process sees no one's configuration either."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_AUTHOR_NAME"):
        monkeypatch.setenv(name, CLEAN_ENV[name])
    return copied(original, tmp_path)
