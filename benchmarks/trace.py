"""Times `guard fixes trace` over a generated history beside git's own searches of it.

    python benchmarks/trace.py [--commits 10000] [--runs 5]

The history has 300 files of 200 lines and four branches that are merged now and then; one file
holds the fix, which is made, lost in a merge and made again. The peers find less (commits that
change how often a text occurs) and are run in turn with guard. Medians of whole processes.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent
FILES, LINES, BRANCHES = 300, 200, 4
BAD = "{'ipv6': x if x is not None else None}"
GOOD = "{'ipv6': x if x else ''}"
RULE = """why = "the API wants ipv6 even when it is empty"
forbid = '"ipv6": $X if $X is not None else None'
bad = 'f(ipv6=x if x is not None else None)'
good = 'f(ipv6=x if x else "")'
"""


def text(number: int, version: int, body: str) -> bytes:
    """One version of one file: `body` is what the functions return, in every file another."""
    lines = [f"# file {number}, version {version}"]
    lines += [f"def f{line}(x):\n    return x + {number * line + version}" for line in range(LINES)]
    return ("\n".join(lines) + f"\n\ndef body(x):\n    return {body}\n").encode()


def history(commits: int) -> bytes:
    """What `git fast-import` makes the repository of."""
    out = bytearray()
    tips: dict[int, int] = {}
    for number in range(commits):
        branch = number % BRANCHES
        file = 0 if number % 50 == 0 else number % FILES
        third = number * 3 // commits
        body = (BAD if third == 1 or number < 20 else GOOD) if file == 0 else f"x * {file}"
        content = text(file, number, body)
        mark = number + 1
        message = f"commit {number}".encode()
        out += b"commit refs/heads/b%d\nmark :%d\n" % (branch, mark)
        out += b"committer A <a@example.org> %d +0000\n" % (1_700_000_000 + number * 60)
        out += b"data %d\n%s\n" % (len(message), message)
        if branch in tips:
            out += b"from :%d\n" % tips[branch]
        elif tips:
            out += b"from :%d\n" % tips[0]
        other = (branch + 1) % BRANCHES
        if number % 101 == 100 and other in tips:
            out += b"merge :%d\n" % tips[other]
        out += b"M 100644 inline p%d/f%d.py\ndata %d\n%s\n" % (
            file % 10,
            file,
            len(content),
            content,
        )
        tips[branch] = mark
    return bytes(out)


def timed(command: list[str], cwd: Path, env: dict[str, str]) -> tuple[float, float]:
    """Seconds that a command takes, by the clock and of the processors."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, check=False)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, processor


def main() -> None:
    """Builds the history, runs everything in turn and prints the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        env |= {"PYTHONPATH": str(HERE), "GIT_CONFIG_GLOBAL": os.devnull}
        env["DOCKER_HOST"] = "unix:///nowhere"  # what images there are is another question
        subprocess.run(["git", "init", "-q", "-b", "b0", "."], cwd=work, env=env, check=True)
        importing = ["git", "fast-import", "--quiet"]
        made = history(options.commits)
        subprocess.run(importing, cwd=work, env=env, input=made, check=True)
        subprocess.run(["git", "reset", "-q", "--hard"], cwd=work, env=env, check=True)
        rules = work / ".guard/fixes"
        rules.mkdir(parents=True)
        (rules / "ipv6.toml").write_text(RULE)
        guard = [sys.executable, "-m", "guard", "fixes", "trace", "ipv6"]
        searches = {
            "guard fixes trace, cold": guard,
            "guard fixes trace, warm": guard,
            "git log -S": ["git", "log", "--all", "--oneline", "-Sis not None else None"],
            "git log -G": ["git", "log", "--all", "--oneline", "-Gis not None else None"],
        }
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in searches}
        for _ in range(options.runs):
            shutil.rmtree(work / ".git/guard", ignore_errors=True)
            for name, command in searches.items():
                seconds[name].append(timed(command, work, env))
    print(f"{options.commits} commits, {options.runs} runs: median seconds, of the processors,")
    print("each with its ratio to guard without what it remembers")
    medians = {
        name: [statistics.median(one) for one in zip(*taken, strict=True)]
        for name, taken in seconds.items()
    }
    cold = medians["guard fixes trace, cold"]
    for name, taken in medians.items():
        columns = (f"{one:7.2f} {one / base:5.2f}" for one, base in zip(taken, cold, strict=True))
        print(f"{name:26} {'  '.join(columns)}")


if __name__ == "__main__":
    main()
