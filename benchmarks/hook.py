"""Times the git hook: guard against python, git, node, ast-grep, fixit and semgrep, in one run.

Prints medians of whole processes and their ratios to guard's first look at both files; `again` is
the same with the findings that guard keeps from run to run. The commands are run in turn,
A B C … A B C …, so that a machine that slows down slows all of them.

    python benchmarks/hook.py [--rounds 15]

The peers are installed from PyPI into a folder of the user's cache, once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

CACHE = Path.home() / ".cache/treeguard-benchmarks"
PEERS = ["ast-grep-cli", "fixit", "semgrep"]

PYTHON_LINES = '''
def measure_{n}(client, address, attempts={n}):
    """One of many functions like it."""
    payload = {{"host": address, "attempts": attempts, "name": "measure_{n}"}}
    return client.post("/measure", json=payload)
'''
JS_LINES = """
export function measure{n}(client, address, attempts = {n}) {{
  const payload = {{ host: address, attempts, name: 'measure{n}' }};
  return client?.post('/measure', {{ ...payload }}).then((reply) => reply.samples ?? []);
}}
"""
FIX = """why = "The API wants the key even when it is empty."
forbid = '"ipv6": $X if $X is not None else None'
replace = '"ipv6": $X if $X else ""'
bad = '{"ipv6": a if a is not None else None}'
good = '{"ipv6": a if a else ""}'
"""
AST_GREP = """id: ipv6
language: python
rule: {pattern: "$X if $X is not None else None"}
"""
SEMGREP = """rules:
- id: ipv6
  languages: [python]
  severity: ERROR
  message: lost
  pattern: '{"ipv6": $X if $X is not None else None}'
"""


def filled(lines: str, size: int) -> str:
    """Source of about `size` bytes."""
    text, n = "", 0
    while len(text) < size:
        text += lines.format(n=n)
        n += 1
    return text


def peers() -> Path:
    """A folder with the peers' programs."""
    folder = CACHE / "peers"
    if not (folder / "bin/semgrep").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/pip", "install", "-q", *PEERS], check=True)
    return folder / "bin"


def repository(folder: Path, *, relevant: bool) -> None:
    """A repository with something staged."""

    def git(*args: str) -> None:
        identity = ["-c", "user.name=b", "-c", "user.email=b@example.com"]
        subprocess.run(["git", *identity, *args], cwd=folder, check=True)

    git("init", "-q")
    (folder / ".guard/fixes").mkdir(parents=True)
    (folder / ".guard/fixes/ipv6.toml").write_text(FIX)
    (folder / "README").write_text("one\n")
    git("add", "-A")
    git("commit", "-qm", "first")
    (folder / "README").write_text("two\n")
    (folder / "rule.yml").write_text(AST_GREP)
    (folder / "semgrep.yml").write_text(SEMGREP)
    if relevant:
        (folder / "app.js").write_text(filled(JS_LINES, 30_000))
        (folder / "app.mjs").write_text(filled(JS_LINES, 30_000))
        (folder / "client.py").write_text(filled(PYTHON_LINES, 10_000))
        git("add", "app.js", "client.py")
    git("add", "README")


def commands(bin_: Path) -> dict[str, tuple[bool, str]]:
    """What is timed: whether in the repository with relevant files, and the command."""
    guard = Path(sys.executable).parent / "guard"
    quiet = ">/dev/null 2>&1"
    return {
        "guard check --staged, nothing relevant": (False, f"exec {guard} check --staged {quiet}"),
        "guard check --staged, both files": (
            True,
            f"rm -rf .git/guard; exec {guard} check --staged {quiet}",
        ),
        "guard check --staged, both files, again": (True, f"exec {guard} check --staged {quiet}"),
        "(a) python -c pass": (True, f"exec {sys.executable} -c pass"),
        "(b) git diff --cached --name-only": (True, f"git diff --cached --name-only {quiet}"),
        "(c) node --check, ast-grep scan": (
            True,
            f"node --check app.mjs {quiet}; {bin_}/ast-grep scan -r rule.yml client.py {quiet}",
        ),
        "(d) node --check, fixit lint": (
            True,
            f"node --check app.mjs {quiet}; {bin_}/fixit lint client.py {quiet}",
        ),
        "(e) node --check, semgrep": (
            True,
            f"node --check app.mjs {quiet}; {bin_}/semgrep scan --config semgrep.yml "
            f"--metrics off --disable-version-check client.py {quiet}",
        ),
    }


def main() -> None:
    """Runs everything in turn and prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    if shutil.which("node") is None:
        sys.exit("node is not on PATH")
    timed = commands(peers())
    with tempfile.TemporaryDirectory() as folder:
        places = {False: Path(folder, "idle"), True: Path(folder, "busy")}
        for relevant, place in places.items():
            place.mkdir()
            repository(place, relevant=relevant)
        seconds: dict[str, list[float]] = {name: [] for name in timed}
        for number in range(rounds + 1):
            for name, (relevant, command) in timed.items():
                start = time.perf_counter()
                subprocess.run(command, shell=True, cwd=places[relevant], check=False)
                if number:  # the first round only warms the caches
                    seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ours = medians["guard check --staged, both files"]
    print(f"{'':42} {'median ms':>9} {'× guard, both files':>20}")
    for name, median in medians.items():
        print(f"{name:42} {median * 1000:9.1f} {median / ours:20.2f}")


if __name__ == "__main__":
    main()
