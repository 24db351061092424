"""Asks Semgrep's own program what each pattern of tests/fixes/referee matches, and guard beside it.

    python benchmarks/referee.py [--semgrep PROGRAM] [--record] [--show]

Semgrep comes from PyPI (`pip install semgrep`, best into an environment of its own) and works
without a network. Prints by construct on how many patterns the two find the same lines; `--record`
keeps Semgrep's answers beside the patterns, where the tests compare guard with them; `--show`
prints each disagreement.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fixes"))
from refereed import ANSWERS, HERE, Case, Lines, cases, lines

OFFLINE = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--json", "--quiet"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--semgrep", default="semgrep", help="the program to ask")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--cases", type=Path, default=HERE)
    options = parser.parse_args()
    every = list(cases(options.cases))
    told = referee(str(Path(shutil.which(options.semgrep) or options.semgrep).absolute()), every)
    if options.record:
        rows = (f"{json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(told.items()))
        ANSWERS.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    table(every, told, options.show)


def referee(program: str, every: list[Case]) -> dict[str, Lines | None]:
    """One run over all cases, each pattern looking at its own code only."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for case in every:
            code = folder / f"{case.target}.py"
            code.parent.mkdir(exist_ok=True)
            code.write_text(case.code, "utf-8")
        found: dict[str, set[tuple[int, int]] | None] = {case.name: set() for case in every}
        left = every
        while left:
            report = scan(program, folder, left)
            refused = {error["rule_id"] for error in report["errors"] if error.get("rule_id")}
            names = {identifier(case): case.name for case in left}
            if not refused:
                break
            found.update({names[rule]: None for rule in refused})
            left = [case for case in left if identifier(case) not in refused]
        for error in report["errors"]:
            print(f"semgrep: {error.get('path')}: {error['message'][:300]}", file=sys.stderr)
        for result in report["results"]:
            name = names[result["check_id"].rpartition(".")[2]]
            found[name].add((result["start"]["line"], result["end"]["line"]))  # type: ignore[union-attr]
    return {
        name: None if pairs is None else [list(pair) for pair in sorted(pairs)]
        for name, pairs in found.items()
    }


def scan(program: str, folder: Path, asked: Iterable[Case]) -> dict:  # type: ignore[type-arg]
    rules = [
        {
            "id": identifier(case),
            "languages": ["python"],
            "severity": "ERROR",
            "message": "-",
            "pattern": case.pattern + "\n",
            "paths": {"include": [f"{case.target}.py"]},
        }
        for case in asked
    ]
    config = folder / "rules.json"
    config.write_text(json.dumps({"rules": rules}), "utf-8")
    done = subprocess.run(
        [program, "scan", *OFFLINE, "--config", config, "."],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if not done.stdout.strip():
        sys.exit(done.stderr or f"{program} says nothing")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def identifier(case: Case) -> str:
    return case.name.replace("/", "-")


def table(every: list[Case], told: dict[str, Lines | None], show: bool) -> None:
    asked, same, starts = Counter[str](), Counter[str](), Counter[str]()
    for case in every:
        theirs = told[case.name]
        try:
            ours = lines(case)
        except Exception as error:
            ours, problem = None, f"{type(error).__name__}: {error}"
        else:
            problem = ""
        if theirs is None and ours is None:
            continue
        asked[case.construct] += 1
        same[case.construct] += ours == theirs
        starts[case.construct] += ours is not None and theirs is not None and begins(ours) == begins(theirs)
        if show and ours != theirs:
            print(f"--- {case.name}\n{case.pattern}")
            print(f"    semgrep {theirs if theirs is not None else 'refuses'}")
            print(f"    guard   {ours if ours is not None else problem}")
            if ours is not None and theirs is not None:
                code = case.code.splitlines()
                for sign, pairs in ("+", [p for p in ours if p not in theirs]), ("-", [p for p in theirs if p not in ours]):
                    for first, last in pairs:
                        print(f"      {sign} {first}-{last}: {code[first - 1]}")
    print(f"{'construct':16} patterns  same lines  same first lines")
    for construct in sorted(asked):
        print(f"{construct:16} {asked[construct]:8} {same[construct]:11} {starts[construct]:17}")
    total = sum(asked.values())
    print(f"{'all':16} {total:8} {sum(same.values()):11} {sum(starts.values()):17}")


def begins(found: Lines) -> set[int]:
    return {first for first, _ in found}


if __name__ == "__main__":
    main()
