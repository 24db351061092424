"""Botched edits in real files: how often guard names the region and the function, beside parsers.

    python benchmarks/orphans.py --seed 2026 --each 20 [--edits] [--without-history]
                                 [--packages FOLDER]

Fetches a few npm packages (or takes those in FOLDER/node_modules), breaks their files with the
generator of tests/javascript/corpus.py, with --edits that of edits.py, and prints, by kind of edit,
in percent: region exact, function right, offered repairs that parse; and how often the line at
which `node --check`, acorn, oxc-parser and esbuild give up lies in the region.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "javascript")]

import corpus  # noqa: E402
import edits  # noqa: E402
from corpus_members import sound  # noqa: E402

from guard.check import discover  # noqa: E402
from guard.repair import edited  # noqa: E402
from guard.snapshot import Snapshot  # noqa: E402

PACKAGES = (
    "lodash vue react-dom element-ui express chart.js jquery backbone underscore axios moment "
    "marked handlebars leaflet socket.io-client mocha commander async three@0.150 codemirror@5 "
    "bootstrap sortablejs dayjs knex sequelize webpack ws"
).split()
Case = corpus.Case | edits.Edit
PEERS = ("acorn", "oxc-parser", "esbuild")

REFEREE = """
const fs = require('fs'), vm = require('vm');
const acorn = require('acorn'), oxc = require('oxc-parser'), esbuild = require('esbuild');
const out = [];
const names = fs.readdirSync(process.argv[2]);
names.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
for (const name of names) {
  const text = fs.readFileSync(process.argv[2] + '/' + name, 'utf8');
  const module = /^\\s*(import|export)\\b/m.test(text), row = {};
  const line = offset => text.slice(0, offset).split('\\n').length;
  try { acorn.parse(text, {ecmaVersion: 'latest', sourceType: module ? 'module' : 'script',
                           allowReturnOutsideFunction: true}); }
  catch (e) { row.acorn = e.loc && e.loc.line; }
  const found = oxc.parseSync(module ? 'a.mjs' : 'a.cjs', text).errors;
  if (found.length && found[0].labels.length) {
    row['oxc-parser'] = line(found[0].labels[0].start);
  }
  try { esbuild.transformSync(text, {loader: 'js', logLevel: 'silent'}); }
  catch (e) { row.esbuild = e.errors[0] && e.errors[0].location && e.errors[0].location.line; }
  out.push(row);
}
console.log(JSON.stringify(out));
"""


def main() -> None:
    """Reads the arguments, makes the cases, prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=2026)
    options.add_argument("--each", type=int, default=20)
    options.add_argument("--edits", action="store_true")
    options.add_argument("--without-history", action="store_true")
    options.add_argument("--packages", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.packages or installed(Path(folder))
        texts = sources(place / "node_modules", given.seed)
        make = edits.edits if given.edits else corpus.cases
        made = [case for _, case in make(texts, given.seed, given.each)]
        table(made, peers(made, place), history=not given.without_history)


def installed(folder: Path) -> Path:
    """The packages and the peers, fetched by name; nothing of them is run."""
    command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit"]
    command += ["--no-fund", "--legacy-peer-deps", "--silent", *PACKAGES, *PEERS]
    subprocess.run(command, check=True)
    return folder


def sources(folder: Path, seed: int) -> dict[str, str]:
    """Sixty files of a readable size, at most four of one package."""
    found = [
        path
        for path in sorted(folder.rglob("*.*js"))
        if ".min." not in path.name and path.suffix in (".js", ".mjs", ".cjs") and path.is_file()
        if 2_000 < path.stat().st_size < 60_000
    ]
    random.Random(seed).shuffle(found)
    count: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for path in found:
        package = path.relative_to(folder).parts[0]
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if count[package] < 4 and sound(text):
            count[package] += 1
            texts[str(path.relative_to(folder))] = text
        if len(texts) == 60:
            break
    return texts


def peers(made: list[Case], place: Path) -> list[dict[str, int]]:
    """The lines at which the other parsers give up."""
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(made):
            module = re.search(r"^\s*(?:import|export)\b", case.new, re.MULTILINE)
            name = f"{number}.{'mjs' if module else 'cjs'}"
            Path(folder, name).write_text(case.new, "utf-8")
        script = place / "referee.cjs"
        script.write_text(REFEREE)
        answer = subprocess.run(
            ["node", str(script), folder], capture_output=True, text=True, check=True, cwd=place
        )
        rows: list[dict[str, int]] = json.loads(answer.stdout)
        names = sorted(os.listdir(folder), key=lambda name: int(name.split(".")[0]))
        for name, row in zip(names, rows, strict=True):
            told = subprocess.run(
                ["node", "--check", str(Path(folder, name))], capture_output=True, text=True
            )
            if (line := re.search(r"\.[cm]js:(\d+)\s", told.stderr)) is not None:
                row["node"] = int(line[1])
    return rows


def judged(case: Case, *, history: bool) -> Iterator[str]:
    """What guard gets right of one case."""
    check = discover()["javascript"]
    base = {"a.js": case.old} if history else None
    found = list(check.run(Snapshot.of({"a.js": case.new}, base=base), check.options()))
    if not found:
        return
    yield "refused"
    at = found[0].at
    last = at.end_line if at.end_column > 1 else at.end_line - 1
    mended = edited(case.new, found[0].edits) if found[0].edits else None
    if case.missing:
        exact = any(abs(at.line - first) <= 1 for first, _ in case.regions)
    else:
        exact = (at.line, last) in case.regions
    # Where two lines read the same, taking out the one or the other is the same repair.
    if exact or (mended is not None and plain(mended) in map(plain, case.mended)):
        yield "region"
    if found[0].symbol in case.symbols:
        yield "function"
    if mended is not None:
        yield "offered"
        if sound(mended):
            yield "parses"


def plain(text: str) -> list[str]:
    """The lines that are not blank, without white space."""
    return [line for line in re.sub(r"[ \t]+", "", text).split("\n") if line]


def table(made: list[Case], rows: list[dict[str, int]], *, history: bool) -> None:
    """Prints the figures, one line for each kind, and all kinds together."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case, row in zip(made, rows, strict=True):
        got = Counter(judged(case, history=history))
        got["n"] = 1
        for peer in ("node", *PEERS):
            line = row.get(peer, -9)
            got[peer] = any(a - case.missing <= line <= b + case.missing for a, b in case.regions)
        for kind in (case.kind, "all"):
            counts[kind].update(got)
    counts["all"] = counts.pop("all")
    print("| kind | n | region exact | function right | repairs offered | of these parse |", end="")
    print(" node --check in region | acorn | oxc-parser | esbuild |")
    print("|---|--:" + "|--:" * 8 + "|")
    for kind, got in counts.items():
        shares = [got["region"], got["function"], got["offered"]]
        cells = [f"{100 * share / got['n']:.0f} %" for share in shares]
        cells.append(f"{100 * got['parses'] / got['offered']:.0f} %" if got["offered"] else "-")
        cells += [f"{100 * got[peer] / got['n']:.0f} %" for peer in ("node", *PEERS)]
        print(f"| {kind} | {got['n']} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
