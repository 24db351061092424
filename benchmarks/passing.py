"""Times what guard's shim and stand-ins for plugins add to docker commands that build nothing.

    python benchmarks/passing.py [--runs 60]

Both sides run alternately; medians of whole processes, and the difference between the fastest run
of each side, which a busy machine disturbs least. Needs the docker program, no engine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent
TOOLS = Path(os.environ.get("GUARD_TOOLS", "/opt/treeguard-tools"))

COMMANDS = {
    "docker --version": ["docker", "--version"],
    "docker compose version": ["docker", "compose", "version"],
    "docker -c default buildx version": ["docker", "-c", "default", "buildx", "version"],
    "docker compose -f FILE config -q": ["docker", "compose", "-f", "compose.yaml", "config", "-q"],
    "docker-compose --help": ["docker-compose", "--help"],
}


def took(command: list[str], env: dict[str, str], cwd: Path) -> float:
    """Milliseconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, env=env, cwd=cwd, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=60)
    runs = options.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "compose.yaml").write_text("services: {web: {image: none}}\n")
        sides = {side: home(folder / side) for side in ("direct", "guarded")}
        command = [sys.executable, "-m", "guard", "init", "--docker"]
        env = sides["guarded"] | {"PYTHONPATH": str(HERE)}
        subprocess.run(command, env=env, cwd=folder, check=True, capture_output=True)
        shims = f"{folder}/guarded/.local/share/treeguard/bin"
        sides["guarded"]["PATH"] = f"{shims}{os.pathsep}{sides['guarded']['PATH']}"
        heads = "".join(f"{head:>10}" for head in ("docker", "guarded", "added", "at best"))
        print(f"{'command':<36}{heads}   (ms, {runs} runs)")
        for title, words in COMMANDS.items():
            times: dict[str, list[float]] = {side: [] for side in sides}
            for _ in range(runs):
                for side, env in sides.items():
                    times[side].append(took(words, env, folder))
            direct, guarded = (statistics.median(times[s]) for s in ("direct", "guarded"))
            added = statistics.median(
                b - a for a, b in zip(times["direct"], times["guarded"], strict=True)
            )
            least = min(times["guarded"]) - min(times["direct"])
            print(f"{title:<36}{direct:>10.1f}{guarded:>10.1f}{added:>10.1f}{least:>10.1f}")


def home(folder: Path) -> dict[str, str]:
    """The environment of a user with docker's plugins."""
    plugins = folder / ".docker" / "cli-plugins"
    plugins.mkdir(parents=True)
    for plugin in ("docker-buildx", "docker-compose"):
        os.symlink(TOOLS / "cli-plugins" / plugin, plugins / plugin)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GUARD_", "DOCKER_"))}
    return kept | {"HOME": str(folder), "XDG_DATA_HOME": ""}


if __name__ == "__main__":
    main()
