"""Times 200 contracts over 500 files, and the compose check beside dclint, compose-lint, checkov.

Prints medians of whole processes and their ratios to guard's. The commands are run in turn,
A B C … A B C …, so that a machine that slows down slows all of them.

    python benchmarks/contracts.py [--rounds 7] [--without-checkov]

The peers are installed from npm and PyPI into a folder of the user's cache, once.
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
import venv
from pathlib import Path

CACHE = Path.home() / ".cache/treeguard-benchmarks/compose"
SERVICES = 100

COMPOSE = """\
services:
  web:
    build: ./web
    ports:
      - "{port}:80"
    environment:
      PORT: "80"
      NAME: web{n}
    volumes:
      - ./data:/data
"""
TUNNEL = """\
#!/bin/bash
PORT={port}
ssh -N -L "8080:localhost:${{PORT}}" lab@host{n}
"""
SETTINGS = 'import os\nPORT = {port}\nTOKEN = os.environ.get("TOKEN", "t{n}")\n'
FUNCTIONS = "\n\ndef f{n}(x):\n    return x + {n}\n"
APP = 'const port = {port};\nexport const config = {{ token: "t{n}" }};\n'
LINES = "function f{n}(a) {{ return a + {n}; }}\n"
CONFIG = '{{"auth_token": "t{n}", "port": {port}}}\n'
CONTRACTS = """\
[contracts.port-{n}]
why = "the tunnel ends at the port"
same = [
  "s{n}/tunnel.sh :: ssh -L remote-port",
  "s{n}/docker-compose.yml :: services.web.ports[0].published",
  "s{n}/web/settings.py :: PORT",
]

[contracts.token-{n}]
why = "the agent is let in"
same = ["s{n}/web/config.json :: auth_token", "s{n}/web/app.js :: config.token"]
"""


def repository(folder: Path) -> None:
    """500 files, 200 contracts, something unrelated staged."""
    files = {"README.md": "one\n", "guard.toml": ""}
    for n in range(SERVICES):
        values = {"n": n, "port": 20000 + n}
        files[f"s{n}/docker-compose.yml"] = COMPOSE.format(**values)
        files[f"s{n}/tunnel.sh"] = TUNNEL.format(**values)
        more = "".join(FUNCTIONS.format(n=k) for k in range(40))
        files[f"s{n}/web/settings.py"] = SETTINGS.format(**values) + more
        more = "".join(LINES.format(n=k) for k in range(40))
        files[f"s{n}/web/app.js"] = APP.format(**values) + more
        files[f"s{n}/web/config.json"] = CONFIG.format(**values)
        files["guard.toml"] += CONTRACTS.format(**values)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    (folder / "README.md").write_text("two\n")
    git(folder, "add", "-A")


def git(folder: Path, *args: str) -> None:
    """Runs git in `folder`."""
    identity = ["-c", "user.name=b", "-c", "user.email=b@example.com"]
    subprocess.run(["git", *identity, *args], cwd=folder, check=True)


def peers(*, checkov: bool) -> Path:
    """A folder with the peers' programs."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "node_modules/.bin/dclint").exists():
        install = ["npm", "install", "--ignore-scripts", "--silent", "dclint"]
        subprocess.run(install, cwd=CACHE, check=True)
    wanted = ["compose-lint", *(["checkov"] if checkov else [])]
    missing = [name for name in wanted if not (CACHE / "python/bin" / name).exists()]
    if missing:
        venv.create(CACHE / "python", with_pip=True)
        subprocess.run([CACHE / "python/bin/pip", "install", "-q", *missing], check=True)
    return CACHE


def commands(cache: Path, *, checkov: bool) -> dict[str, str]:
    """What is timed."""
    guard = Path(sys.executable).parent / "guard"
    quiet = ">/dev/null 2>&1"
    only = "--select contracts"
    timed = {
        "guard, 200 contracts, 500 files": f"{guard} check --all {only} {quiet}",
        "guard, the hook, no contract touched": f"{guard} check --staged {only} {quiet}",
        "guard, the hook without any contract": f"{guard} check --staged --skip contracts {quiet}",
        "guard, compose check, 100 compose files": f"{guard} check --all --select compose {quiet}",
        "dclint, 100 compose files": f"{cache}/node_modules/.bin/dclint -r . {quiet}",
        "compose-lint, 100 compose files": (
            f"{cache}/python/bin/compose-lint s*/docker-compose.yml {quiet}"
        ),
        "python -c pass": f"{sys.executable} -c pass",
    }
    if checkov:
        # yaml is the nearest of its frameworks: it has none for compose
        timed["checkov --framework yaml"] = (
            f"{cache}/python/bin/checkov -d . --framework yaml --compact --quiet {quiet}"
        )
    return timed


def main() -> None:
    """Runs everything in turn and prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--without-checkov", action="store_true")
    asked = parser.parse_args()
    if shutil.which("npm") is None:
        sys.exit("npm is not on PATH")
    checkov = not asked.without_checkov
    timed = commands(peers(checkov=checkov), checkov=checkov)
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    used: dict[str, list[float]] = {name: [] for name in timed}
    with tempfile.TemporaryDirectory() as folder:
        repository(Path(folder))
        for number in range(asked.rounds + 1):
            for name, command in timed.items():
                wall, cpu = timing(command, folder)
                if number:  # the first round only warms the caches
                    seconds[name].append(wall)
                    used[name].append(cpu)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ours = medians["guard, 200 contracts, 500 files"]
    print(f"{'':42} {'median ms':>9} {'CPU ms':>8} {'× 200 contracts':>16}")
    for name, median in medians.items():
        cpu = statistics.median(used[name])
        print(f"{name:42} {median * 1000:9.1f} {cpu * 1000:8.1f} {median / ours:16.2f}")


def timing(command: str, folder: str) -> tuple[float, float]:
    """Seconds that a command takes: by the clock, and of the processor (its children included)."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, shell=True, cwd=folder, check=False)
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system
    return wall, cpu - before.children_user - before.children_system


if __name__ == "__main__":
    main()
