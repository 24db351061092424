"""Asks Semgrep's own program what each pattern of tests/fixes/referee matches, and guard beside it.

    python benchmarks/referee.py [--semgrep PROGRAM] [--record] [--show] [--cases FOLDER]

Semgrep comes from PyPI (`pip install semgrep`, best into an environment of its own) and works
without a network. Prints by construct on how many patterns the two find the same lines; `--record`
keeps Semgrep's answers beside the patterns, where the tests compare guard with them; `--show`
prints each difference. `--cases` takes the patterns from another folder.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guard.fixes.matching.pattern import PatternError

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fixes"))
from refereed import ANSWERS, HERE, Case, Lines, cases, lines

OFFLINE = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--json", "--quiet"]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--semgrep", default="semgrep", help="the program to ask")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--cases", type=Path, default=HERE)
    options = parser.parse_args()
    program = shutil.which(options.semgrep)
    if program is None:
        sys.exit(f"there is no program {options.semgrep!r}: pip install semgrep")
    every = list(cases(options.cases))
    told = referee(str(Path(program).absolute()), every)
    if options.record:
        rows = (f"{json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(told.items()))
        ANSWERS.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    ours = {case.name: found(case) for case in every}
    if options.show:
        for case in every:
            if ours[case.name] != told[case.name]:
                show(case, told[case.name], ours[case.name])
    table(every, told, ours)


def referee(program: str, every: Sequence[Case]) -> dict[str, Lines | None]:
    """Semgrep's answers by the name of the case; None where it does not take the pattern.

    One run over all cases, each pattern looking at its own code only; a second one without the
    patterns that the first refused.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for case in every:
            code = folder / f"{case.target}.py"
            code.parent.mkdir(exist_ok=True)
            code.write_text(case.code, "utf-8")
        met: dict[str, set[tuple[int, int]]] = {identifier(case): set() for case in every}
        report = scan(program, folder, every)
        while refused := {e["rule_id"] for e in report["errors"] if e.get("rule_id")}:
            met = {rule: pairs for rule, pairs in met.items() if rule not in refused}
            report = scan(program, folder, [c for c in every if identifier(c) in met])
        for error in report["errors"]:
            print(f"semgrep: {error.get('path')}: {error['message']}", file=sys.stderr)
        for result in report["results"]:
            rule = result["check_id"].rpartition(".")[2]
            met[rule].add((result["start"]["line"], result["end"]["line"]))
    return {
        case.name: [list(pair) for pair in sorted(met[identifier(case)])]
        if identifier(case) in met
        else None
        for case in every
    }


def scan(program: str, folder: Path, asked: Sequence[Case]) -> dict[str, Any]:
    """Semgrep's report on a folder in which the code of the cases lies."""
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
    command = [program, "scan", *OFFLINE, "--config", str(config), "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if not done.stdout.strip():
        sys.exit(done.stderr or f"{program} says nothing")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def identifier(case: Case) -> str:
    """The name of a case as Semgrep lets a rule be called."""
    return case.name.replace("/", "-")


def found(case: Case) -> Lines | None:
    """What guard finds; None where it does not take the pattern."""
    try:
        return lines(case)
    except PatternError:
        return None


def show(case: Case, theirs: Lines | None, ours: Lines | None) -> None:
    """One difference: what each of the two finds alone."""
    print(f"--- {case.name}\n{case.pattern}")
    if theirs is None or ours is None:
        print(f"    {'semgrep' if theirs is None else 'guard'} does not take it")
        return
    code = case.code.splitlines()
    for who, pairs, others in ("guard", ours, theirs), ("semgrep", theirs, ours):
        for first, last in pairs:
            if [first, last] not in others:
                print(f"    {who:7} alone  {first}-{last}  {code[first - 1].strip()}")


def table(
    every: Sequence[Case], told: dict[str, Lines | None], ours: dict[str, Lines | None]
) -> None:
    """Agreement by construct, over the patterns that Semgrep takes."""
    asked, same, starts = Counter[str](), Counter[str](), Counter[str]()
    for case in every:
        theirs, mine = told[case.name], ours[case.name]
        if theirs is None:
            continue
        for construct in (case.construct, "all"):
            asked[construct] += 1
            same[construct] += mine == theirs
            starts[construct] += mine is not None and beginnings(mine) == beginnings(theirs)
    print("| construct | patterns | same lines | same first lines |\n|---|---|---|---|")
    for construct in sorted(asked, key=lambda name: (name == "all", name)):
        print(f"| {construct} | {asked[construct]} | {same[construct]} | {starts[construct]} |")


def beginnings(met: Lines) -> set[int]:
    """The first line of each match."""
    return {first for first, _ in met}


if __name__ == "__main__":
    main()
