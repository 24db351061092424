"""Leftovers that parse: guard's rules beside ESLint's, on snippets and on programs made by chance.

    python benchmarks/leftovers.py [--record] [--fuzz 2000 --seed 7] [--packages FOLDER] [--show]

Asks ESLint (fetched from npm, or in FOLDER/node_modules) what it says of the snippets in
tests/data/leftovers/snippets.txt and compares finding by finding: rule, line and column. --record
writes the answers down for the tests. --fuzz puts together so many programs more from pieces of
the snippets and asks of them too.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "leftovers")]

from snippets import (  # noqa: E402
    ANSWERS,
    CASES,
    DIFFERENT,
    RULES,
    Case,
    Found,
    Region,
    agree,
    by_guard,
    sound,
)

ESLINT = "eslint@9"

REFEREE = """
const {Linter} = require('eslint'), linter = new Linter();
const [cases, rules] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(({text, goal, jsx, rule}) => linter.verify(text, {
  languageOptions: {ecmaVersion: 'latest', sourceType: goal,
                    parserOptions: {ecmaFeatures: {jsx: jsx}}},
  linterOptions: {reportUnusedDisableDirectives: 'off'},
  rules: rule ? {[rule]: rules[rule]} : rules,
}).map(m => [m.ruleId, m.line, m.column]))));
"""


def main() -> None:
    """Reads the arguments, asks ESLint, prints how often it and guard agree."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--record", action="store_true")
    options.add_argument("--fuzz", type=int, default=0)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--packages", type=Path)
    options.add_argument("--show", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.packages or installed(Path(folder))
        answers = asked(CASES, place)
        if given.record:
            kept = {case.key: found for case, found in zip(CASES, answers, strict=True)}
            lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in kept.items())
            ANSWERS.write_text(f"{{\n{lines}\n}}\n", "utf-8")
        compare("snippets", CASES, answers, show=given.show)
        if given.fuzz:
            made = programs(given.fuzz, given.seed)
            compare(f"programs, seed {given.seed}", made, asked(made, place), show=given.show)


def installed(folder: Path) -> Path:
    """ESLint, fetched by name; nothing of it is run at installation."""
    command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit"]
    subprocess.run([*command, "--no-fund", "--silent", ESLINT], check=True)
    return folder


def asked(cases: Sequence[Case], place: Path) -> list[list[Found]]:
    """What ESLint finds in each case: rule, line, column."""
    script = place / "leftovers.cjs"
    script.write_text(REFEREE)
    rows = [
        {"text": c.text, "goal": c.goal, "jsx": c.path.endswith("x"), "rule": c.rule} for c in cases
    ]
    answer = subprocess.run(
        ["node", str(script)], input=json.dumps([rows, RULES]), capture_output=True,
        text=True, check=True, cwd=place,
    )  # fmt: skip
    return [[tuple(one) for one in found] for found in json.loads(answer.stdout)]


def compare(
    what: str, cases: Sequence[Case], answers: Sequence[Sequence[Found]], *, show: bool
) -> None:
    """Prints by rule in how many cases both say the same, and the others where asked for."""
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in (*RULES, "all rules")}
    for case, answer in zip(cases, answers, strict=True):
        if any(rule is None for rule, _, _ in answer):
            counts["all rules"]["do not parse"] += 1
            continue
        said = by_guard(case)
        for rule in [case.rule] if case.rule else RULES:
            theirs = [one for one in answer if one[0] == rule]
            ours = [one for one in said if one[0] == rule]
            same = agree(ours, theirs)
            for name in (rule, "all rules"):
                counts[name]["cases"] += 1
                counts[name]["same"] += same
                counts[name]["explained"] += case.key in DIFFERENT and not same
            if show and not same and case.key not in DIFFERENT:
                print(f"{rule}: {case.key or case.text!r}")
                print(f"    guard {spots(ours)}  ESLint {spots(theirs)}")
    print(f"\n{what}:")
    for name, count in counts.items():
        if count["cases"]:
            print(
                f"  {name}: {count['same']} of {count['cases']} the same "
                f"({100 * count['same'] / count['cases']:.1f} %), "
                f"{count['explained']} differ on purpose"
            )
    if count := counts["all rules"]["do not parse"]:
        print(f"  {count} do not parse and are left out")


def spots(found: Iterable[Found | Region]) -> str:
    """Places as `line:column`."""
    return " ".join(f"{one[1]}:{one[2]}" for one in found) or "nothing"


FRAMES = (
    "@", "@⏎@", "function f() {{ @ @ }}", "if (a) {{ @ }} else {{ @ }}", "for (;;) {{ @ @ }}",
    "while (a) {{ @ }}", "switch (a) {{ case 1: @ case 2: @ default: @ }}", "L: for (;;) {{ @ }}",
    "L: {{ @ @ }}", "try {{ @ }} catch (e) {{ @ }}", "try {{ @ }} finally {{ @ }}",
    "do {{ @ }} while (a);",
    "class A {{ m() {{ @ }} static {{ @ }} }}", "o = {{ f() {{ @ }}, g: () => {{ @ }} }};",
    "(function f() {{ @ }})();", "a(() => {{ @ @ }});", "while (true) {{ @ }}", "{{ @ }}",
    "for (const x of y) {{ @ @ }}", "async function* f() {{ @ @ }}",
)  # fmt: skip
"""Statements with gaps for others."""

ATOMS = (
    "a();", "return;", "return a;", "throw a;", "break;", "continue;", "break L;", "continue L;",
    "if (a) return;", "if (a) break;", "if (a) continue;", "if (a) return; else throw b;", "f = 1;",
    "function f() {}", "var f = function () {};", "var f;", "let b = 1;", "g++;", "function g() {}",
    "a;", "a && b;", "a && b();", "a.b;", "'use strict';", "`a`;", "K: a();",
    "K: for (;;) { break K; }",
    "o = { a: 1, b() {}, a: 2 };", "o = { get a() {}, set a(v) {}, 'a': 1 };", "[f] = a;",
    "class B { a() {} static a() {} a = 1; }", "(a, b());", "!a();", "debugger;", ";",
    "var c#, d#;",
    "class C { [a]() {} [a]() {} 'b'() {} b() {} }", "h = (f) => { f = 1; };", "delete a.b;",
    "if (a) break L;", "try { a(); } catch (f) { f = 1; }", "for (f of a) { b(); }",
    "do { break; } while (a);",
)  # fmt: skip
"""Statements that fill the gaps at the end."""


def programs(count: int, seed: int) -> list[Case]:
    """Programs of nested frames, filled with atoms and snippets; the same ones for one seed."""
    rng = random.Random(seed)
    plain = [case for case in CASES if case.path == "a.js" and case.key not in DIFFERENT]
    pieces = [case.text for case in plain]
    pieces = [text for text in pieces if "#" not in text and "use strict" not in text]

    def statement(depth: int) -> str:
        if depth <= 0 or rng.random() < 0.25:
            piece = rng.choice(pieces) + "\n;" if rng.random() < 0.15 else rng.choice(ATOMS)
            piece = piece.replace("#", str(rng.randrange(10**6)))
            return piece if rng.random() < 0.6 else f"{piece}\n{rng.choice(ATOMS)}"
        frame = rng.choice(FRAMES).replace("{{", "{").replace("}}", "}").replace("⏎", "\n")
        first, *rest = frame.split("@")
        return first + "".join(f"\n{statement(depth - 1)}\n{part}" for part in rest)

    made: list[Case] = []
    while len(made) < count:
        text = "\n".join(statement(rng.randint(0, 3)) for _ in range(rng.randint(1, 3)))
        if sound(text):
            made.append(Case("", text, "script"))
    return made


if __name__ == "__main__":
    main()
