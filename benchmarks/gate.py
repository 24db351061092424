"""Times the build gate on a generated repository against one git status and against GitPython.

    python benchmarks/gate.py [--files 50000] [--runs 7]

The repository has a remote (a bare one beside it), folders of ten files, an ignored `node_modules`
and a `.dockerignore` that keeps it out. Every number is the median over whole processes that ran
alternately. docker itself is a script that only writes down when it was called: of the builds, what
counts is how long guard takes until then. What it looks at after a build is told apart.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent


def git(*args: str, cwd: Path) -> str:
    """What git prints, with nobody's configuration."""
    return subprocess.run(
        ["git", *args], cwd=cwd, check=True, capture_output=True, text=True, env=environment()
    ).stdout


def environment() -> dict[str, str]:
    """The environment of everything that is run."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GUARD_"))}
    names = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    who = {f"GIT_{name}": "a@example.org" for name in names}
    return kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "PYTHONPATH": str(HERE)}


def generated(folder: Path, files: int) -> Path:
    """A repository of so many files, committed and pushed."""
    work = folder / "work"
    git("init", "-q", "--bare", "-b", "main", "origin.git", cwd=folder)
    git("init", "-q", "-b", "main", "work", cwd=folder)
    git("config", "core.fsync", "none", cwd=work)  # it is thrown away
    git("config", "gc.auto", "0", cwd=work)
    for number in range(files):
        place = work / f"app/p{number // 1000}/m{number // 10 % 100}/f{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"value = {number}\n")
    for number in range(2000):
        place = work / f"node_modules/p{number // 20}/f{number}.js"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x\n")
    (work / ".gitignore").write_text("node_modules/\n*.pyc\n.env\n")
    (work / ".dockerignore").write_text("node_modules\n**/*.pyc\n.git\n")
    (work / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    git("add", "-A", cwd=work)
    git("commit", "-q", "-m", "all", cwd=work)
    git("repack", "-a", "-d", "-q", cwd=work)
    git("remote", "add", "origin", "../origin.git", cwd=work)
    git("push", "-q", "-u", "origin", "main", cwd=work)
    time.sleep(1.1)  # so that no file is as young as the index
    git("update-index", "--refresh", cwd=work)
    return work


def fake_docker(folder: Path) -> str:
    """A PATH on which docker says when it was called, and does nothing."""
    place = folder / "bin/docker"
    place.parent.mkdir()
    place.write_text(f"#!/bin/sh\ndate +%s%N > '{folder}/called'\n")
    place.chmod(0o755)
    return f"{place.parent}{os.pathsep}{os.environ['PATH']}"


FIRST = "guard docker build ., the first of a commit"
DIRTY = "import git, sys; sys.exit(git.Repo('.').is_dirty(untracked_files=True))"
STATE = """
from guard.git import Repository
from guard.state.gather import of
of(Repository.find("."), live=5.0)
"""


def commands(work: Path) -> dict[str, tuple[list[str], Path]]:
    """What is timed: a name, the command, and where it runs."""
    python, guard = sys.executable, [sys.executable, "-m", "guard"]
    return {
        "git status --porcelain": (["git", "status", "--porcelain"], work),
        "GitPython is_dirty(untracked_files=True)": ([python, "-c", DIRTY], work),
        "python -c pass": ([python, "-c", "pass"], work),
        "guard.state.of, remote asked": ([python, "-c", STATE], work),
        "guard docker build .": ([*guard, "docker", "build", "."], work),
        FIRST: ([*guard, "docker", "build", "."], work),
        "guard docker build app/p0 (1000 files)": ([*guard, "docker", "build", "app/p0"], work),
    }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guard-bench-") as name:
        folder = Path(name)
        work = generated(folder, asked.files)
        shutil.copy(work / "Dockerfile", work / "app/p0/Dockerfile")
        git("add", "-A", cwd=work)
        git("commit", "-q", "-m", "a Dockerfile below", cwd=work)
        git("push", "-q", cwd=work)
        env = environment() | {"PATH": fake_docker(folder)}
        times = timed(commands(work), env, folder / "called", asked.runs)
    base = statistics.median(times["git status --porcelain"])
    print(f"{asked.files} files, median of {asked.runs} runs, whole processes")
    for what, found in times.items():
        median = statistics.median(found)
        print(f"{what:54} {median * 1000:7.0f} ms {median / base:6.2f} × git status")


def timed(
    commands: dict[str, tuple[list[str], Path]], env: dict[str, str], called: Path, runs: int
) -> dict[str, list[float]]:
    """The times of each command, run alternately; the first round only warms the caches."""
    times: dict[str, list[float]] = {}
    for number in range(runs + 1):
        for what, (command, cwd) in commands.items():
            called.unlink(missing_ok=True)
            passed = cwd / ".git/guard/passed"
            known = passed.read_bytes() if what == FIRST and passed.exists() else None
            if known is not None:  # what of the commit has passed is forgotten for a while
                passed.unlink()
            before = time.time()
            ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
            after = time.time()
            assert ran.returncode == 0, f"{what}: {ran.stdout}{ran.stderr}"
            if known is not None:
                passed.write_bytes(known)
            if not number:
                continue
            if called.exists():
                start = int(called.read_text()) / 1e9
                times.setdefault(what, []).append(start - before)
                times.setdefault(f"  and after docker ended: {what[13:]}", []).append(after - start)
            else:
                times.setdefault(what, []).append(after - before)
    return times


if __name__ == "__main__":
    main()
