"""Times the search for lost fixes: guard beside ruff, ast-grep, semgrep, fixit and grep.

    python benchmarks/fixes.py [--rounds 5] [--slow 1] [--files 8000]
                               [--peers ruff,ast-grep,semgrep,fixit]

The tree is that many Python files of large packages from PyPI, about 130 MB, committed to a
repository in the user's cache; the peers are installed into a folder beside it, both once. Every
program looks for the incident's line, ruff for any one rule of its own; fixit, which is slow, gets
django alone. Prints medians of whole processes, of their seconds and of those of the processors,
which other work on the machine changes less, with ratios to guard's; runs that are not marked
`again` remember nothing. ast-grep, semgrep and fixit take minutes and run `--slow` times,
all others `--rounds` times in turn.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

CACHE = Path.home() / ".cache/treeguard-benchmarks"
PEERS = ["ruff", "ast-grep-cli", "semgrep", "fixit"]
PACKAGES = (
    "django sympy pandas transformers ansible-core celery twisted networkx statsmodels sqlalchemy"
    " matplotlib scikit-learn scipy plotly diffusers torch pulumi-gcp dask nltk pytorch-lightning"
    " home-assistant-frontend azure-mgmt-network google-ads ray zulip"
).split()

IPV6 = """why = "The API wants the key even when it is empty"
forbid = '"ipv6": $X if $X is not None else None'
replace = '"ipv6": $X if $X else ""'
bad = '{"ipv6": a if a is not None else None}'
good = '{"ipv6": a if a else ""}'
"""
# What a team forbids is mostly about code of its own; a few rules are about what everyone uses.
OWN = [
    ("client_{n}.fetch($X, timeout=None)", "client_{n}.fetch(a, timeout=None)"),
    ("{{..., 'option_{n}': None}}", "{{'option_{n}': None}}"),
    ("if $X.state_{n} == 'done': ...", "if a.state_{n} == 'done': pass"),
    ("'host_{n}': $X if $X is not None else None", "f(host_{n}=a if a is not None else None)"),
    ("$L = open_{n}(...)\n...\n$L.close()", "l = open_{n}(1)\nl.close()"),
    ("from module_{n} import $X", "from module_{n} import a"),
]
COMMON = [
    ("requests.post(..., verify=False, ...)", "import requests\nrequests.post(u, verify=False)"),
    ("subprocess.Popen($C, ..., shell=True)", "import subprocess\nsubprocess.Popen(c, shell=True)"),
    ("hashlib.md5(...)", "import hashlib\nhashlib.md5(a)"),
    ("yaml.load($X)", "import yaml\nyaml.load(a)"),
    ("tempfile.mktemp(...)", "import tempfile\ntempfile.mktemp()"),
    ("pickle.loads(...)", "import pickle\npickle.loads(a)"),
    ("logging.warn(...)", "import logging\nlogging.warn(a)"),
    ("datetime.datetime.utcnow()", "import datetime\ndatetime.datetime.utcnow()"),
    ("threading.Thread(..., daemon=None, ...)", "import threading\nthreading.Thread(daemon=None)"),
]
AST_GREP = """id: ipv6
language: python
rule:
  kind: pair
  has: {pattern: "$X if $X is not None else None"}
  regex: '^"ipv6"'
"""
SEMGREP = """rules:
- id: ipv6
  languages: [python]
  severity: ERROR
  message: lost
  pattern: '{..., "ipv6": $X if $X is not None else None, ...}'
"""
FIXIT = '''import fixit
import libcst.matchers as m

class IPv6(fixit.LintRule):
    """The key is wanted even when it is empty."""

    def visit_DictElement(self, node):
        if m.matches(node, m.DictElement(key=m.SimpleString('"ipv6"'), value=m.IfExp())):
            self.report(node, "lost")
'''

FIXIT_SETTINGS = '[tool.fixit]\nenable = [".ipv6_rule:IPv6"]\ndisable = ["fixit.rules"]\n'


def git(place: Path, *args: str) -> None:
    """One git command with an identity."""
    identity = ["-c", "user.name=b", "-c", "user.email=b@example.com"]
    subprocess.run(["git", *identity, *args], cwd=place, check=True, stdout=subprocess.DEVNULL)


def tree(count: int) -> Path:
    """A repository of `count` Python files with one rule, and with a hundred on a branch."""
    place = CACHE / f"fixes-{count}"
    if (place / "done").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    wheels, taken = CACHE / "wheels", 0
    for package in PACKAGES:
        if taken >= count:
            break
        if not list(wheels.glob(f"{package.replace('-', '_')}-*")):
            wanted = ["--no-deps", "--only-binary=:all:", "-d", str(wheels), package]
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", *wanted], check=False)
        for wheel in wheels.glob(f"{package.replace('-', '_')}-*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for name in sorted(archive.namelist()):
                    if name.endswith(".py") and taken < count:
                        archive.extract(name, place / "src")
                        taken += 1
    (place / ".gitignore").write_text("done\n*.yml\n*.log\n")
    rules = place / ".guard/fixes"
    rules.mkdir(parents=True)
    git(place, "init", "-q", "-b", "one")
    (rules / "ipv6.toml").write_text(IPV6)
    git(place, "add", "-A")
    git(place, "commit", "-qm", "one rule")
    git(place, "checkout", "-qb", "hundred")
    for number in range(99):
        shape = COMMON[number] if number < len(COMMON) else OWN[number % len(OWN)]
        forbid, bad = (part.format(n=number) for part in shape)
        text = f"why = 'w'\nforbid = '''{forbid}'''\nbad = '''{bad}'''\ngood = 'pass'\n"
        (rules / f"rule-{number}.toml").write_text(text)
    git(place, "add", "-A")
    git(place, "commit", "-qm", "a hundred rules")
    git(place, "checkout", "-q", "one")
    (place / "ipv6.yml").write_text(AST_GREP)
    (place / "semgrep.yml").write_text(SEMGREP)
    (place / "done").write_text("")
    return place


def programs() -> Path:
    """A folder with the peers' programs."""
    folder = CACHE / "peers-of-fixes"
    if not (folder / "bin/semgrep").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/pip", "install", "-q", *PEERS], check=True)
    return folder / "bin"


def commands(place: Path, chosen: list[str]) -> dict[str, str]:
    """What is timed."""
    guard = f"exec {Path(sys.executable).parent / 'guard'} check --select fixes"
    cold = "rm -rf .git/guard;"  # what earlier runs remember
    found = {
        "guard, one rule, a commit": f"{cold} {guard} --rev one",
        "guard, one rule, a commit, again": f"{guard} --rev one",
        "guard, a hundred rules, a commit": f"{cold} {guard} --rev hundred",
        "guard, a hundred rules, a commit, again": f"{guard} --rev hundred",
        "guard, one rule, the work tree": f"{cold} {guard} --all",
        "guard, one rule, the work tree, again": f"{guard} --all",
        "git grep --cached -l ipv6": "git grep --cached -l ipv6",
        "grep -rl ipv6": "grep -rl --include=*.py ipv6 src",
    }
    bin_ = programs() if chosen else Path()
    if "fixit" in chosen:
        (place / "src/ipv6_rule.py").write_text(FIXIT)
        (place / "src/pyproject.toml").write_text(FIXIT_SETTINGS)
        git(place, "update-index", "--refresh")
    peers = {
        "ruff": f"exec {bin_}/ruff check --no-cache --isolated --select E711 -q src",
        "ast-grep": f"exec {bin_}/ast-grep scan -r ipv6.yml src",
        "semgrep": f"exec {bin_}/semgrep scan -q --config semgrep.yml --metrics off"
        " --disable-version-check --no-git-ignore src",
        "fixit": f"cd src && exec {bin_}/fixit --quiet lint django",
    }
    return found | {TITLES.get(name, name): peers[name] for name in chosen}


TITLES = {"ruff": "ruff, one rule", "fixit": "fixit, django alone"}
SLOW = ("ast-grep", "semgrep", "fixit, django alone")


def main() -> None:
    """Runs everything in turn and prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", type=int, default=1)
    parser.add_argument("--files", type=int, default=8000)
    parser.add_argument("--peers", default="ruff,ast-grep,semgrep,fixit")
    args = parser.parse_args()
    place = tree(args.files)
    sources = [path for path in (place / "src").rglob("*.py") if path.name != "ipv6_rule.py"]
    size = sum(path.stat().st_size for path in sources)
    print(f"{len(sources)} files, {size / 1e6:.0f} MB, {args.rounds} rounds")
    timed = commands(place, [name for name in args.peers.split(",") if name])
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in timed}
    for name, command in timed.items():  # a round that only warms the disk's cache
        if name not in SLOW:
            took(command, place)
    for number in range(max(args.rounds, args.slow)):
        for name, command in timed.items():
            if number < (args.slow if name in SLOW else args.rounds):
                seconds[name].append(took(command, place))
    medians = {
        name: [statistics.median(column) for column in zip(*times, strict=True)]
        for name, times in seconds.items()
    }
    ours = medians["guard, one rule, the work tree"]
    print(f"{'':40} {'median s':>9} {'× guard':>9} {'CPU s':>9} {'× guard':>9}")
    for name, (wall, cpu) in medians.items():
        print(f"{name:40} {wall:9.2f} {wall / ours[0]:9.2f} {cpu:9.2f} {cpu / ours[1]:9.2f}")


def took(command: str, place: Path) -> tuple[float, float]:
    """Seconds that a command takes, and seconds of processors."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(f"{command} >/dev/null 2>&1", shell=True, cwd=place, check=False)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
