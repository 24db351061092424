"""Times git beside no kept state and beside ten thousand, and guard's own use of them.

    python benchmarks/rescue.py [--states 10000] [--runs 5]

Two repositories that differ in nothing but the kept states; the commands run alternately, and the
numbers are medians over whole processes.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gate import environment, git

KEEP = """
import pathlib, time
from guard import rescue
from guard.git import Repository
pathlib.Path("new.txt").write_text(str(time.time_ns()))
rescue.keep(Repository.find("."), "a benchmark")
"""


def repository(root: Path, states: int) -> Path:
    """A repository of a thousand files with so many kept states, the way `guard rescue` keeps."""
    root.mkdir()
    git("init", "-q", "-b", "main", cwd=root)
    for number in range(1000):
        place = root / f"m{number // 50}/f{number}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"value = {number}\n")
    git("add", "-A", cwd=root)
    git("commit", "-q", "-m", "all", cwd=root)
    if states:
        kept(root, git("rev-parse", "HEAD", cwd=root).strip(), states)
    git("repack", "-a", "-d", "-q", cwd=root)
    return root


def kept(root: Path, head: str, states: int) -> None:
    """The states in bulk: the commits by fast-import, the log of the ref line by line."""
    now = int(time.time()) - states
    marks = root / ".git/marks"
    stream = "".join(
        f"commit refs/guard/kept\nmark :{n}\ncommitter guard <guard@localhost> {now + n} +0000\n"
        f"data 4\nkeptfrom {head}\nM 100644 inline kept.txt\ndata {len(str(n))}\n{n}\n\n"
        for n in range(1, states + 1)
    )
    command = ["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"]
    subprocess.run(command, cwd=root, check=True, input=stream.encode(), env=environment())
    pairs = (line.split() for line in marks.read_text().splitlines())
    commits = [oid for _, oid in sorted((int(mark[1:]), oid) for mark, oid in pairs)]
    lines = [
        f"{old} {new} guard <guard@localhost> {now + n} +0000\ta build was refused\n"
        for n, (old, new) in enumerate(zip(["0" * 40, *commits], commits, strict=False))
    ]
    log = root / ".git/logs/refs/guard/kept"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(lines))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    commands = {
        "git status": ["git", "status"],
        "git log --all --oneline": ["git", "log", "--all", "--oneline"],
        "git for-each-ref": ["git", "for-each-ref"],
        "git commit --allow-empty": ["git", "commit", "-q", "--allow-empty", "-m", "x"],
        "guard keeps one more": [sys.executable, "-c", KEEP],
        "guard rescue list": [sys.executable, "-m", "guard", "rescue", "list"],
    }
    with tempfile.TemporaryDirectory(prefix="guard-bench-") as name:
        folders = [repository(Path(name, str(n)), n) for n in (0, asked.states)]
        git("log", "--oneline", "-1", "refs/guard/kept", cwd=folders[1])
        env = environment()
        times: dict[tuple[str, Path], list[float]] = {}
        for number in range(asked.runs + 1):
            for what, command in commands.items():
                for folder in folders:
                    before = time.perf_counter()
                    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True)
                    took = time.perf_counter() - before
                    assert ran.returncode == 0, f"{what}: {ran.stderr!r}"
                    if number:
                        times.setdefault((what, folder), []).append(took)
    print(f"{'':28} no state  {asked.states:6} states   ratio")
    for what in commands:
        none, many = (statistics.median(times[what, folder]) * 1000 for folder in folders)
        print(f"{what:28} {none:5.0f} ms {many:11.0f} ms {many / none:7.2f}")


if __name__ == "__main__":
    main()
