"""What a file is read as: script, module or CommonJS, decided as runtimes decide it."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from guard.javascript.verdict import Goal, Outcome, parse
from guard.snapshot import Snapshot

BUNDLERS = re.compile(
    rb'"(?:@babel/|babel|webpack|rollup|vite|parcel|esbuild|@swc/|browserify|react-scripts|next"|'
    rb"@rspack/|@vue/cli|snowpack|metro|react-native|@parcel/|gatsby|tsup|turbopack|laravel-mix|gulp)"
)
"""Names in a package.json which say that something stands between its files and the engine."""


def judged(snapshot: Snapshot, path: str, text: str) -> Outcome:
    """The outcome for a whole file, read as its runtime would read it."""
    jsx = path.lower().endswith(".jsx")
    certain, goals = possible(snapshot, path)
    outcome = best(text, goals, jsx=jsx)
    if outcome.sound or path.lower().endswith((".mjs", ".cjs")):
        return outcome
    if certain:
        others = [goal for goal in (Goal.SCRIPT, Goal.MODULE) if goal not in goals]
        if others and (again := best(text, others, jsx=jsx)).sound:
            loaded = set(loading(snapshot, path))
            if again.goal in loaded or (again.goal is Goal.MODULE and bundled(snapshot, path)):
                return again
    if not jsx and "<" in text and bundled(snapshot, path):
        # Transpilers read JSX in .js files as well; engines do not.
        again = best(text, list(Goal)[:3], jsx=True)
        if again.sound:
            return again
    return outcome


def possible(snapshot: Snapshot, path: str) -> tuple[bool, tuple[Goal, ...]]:
    """The goals a file may have, the likeliest first, and whether package.json has decided it."""
    lower = path.lower()
    if lower.endswith(".mjs"):
        return True, (Goal.MODULE,)
    if lower.endswith(".cjs"):
        return True, (Goal.COMMONJS,)
    kind = declared(snapshot, path)
    if kind == "module":
        return True, (Goal.MODULE,)
    if kind == "commonjs":
        return True, (Goal.COMMONJS, Goal.SCRIPT)
    return False, (Goal.COMMONJS, Goal.SCRIPT, Goal.MODULE)


def best(text: str, goals: tuple[Goal, ...] | list[Goal], *, jsx: bool = False) -> Outcome:
    """The first sound reading; else the one whose parser came furthest."""
    furthest: Outcome | None = None
    for goal in goals:
        outcome = parse(text, goal, jsx=jsx)
        if outcome.problem is None:
            return outcome
        known = furthest.problem if furthest is not None else None
        if known is None or outcome.problem.offset > known.offset:
            furthest = outcome
    assert furthest is not None
    return furthest


def packages(snapshot: Snapshot, path: str) -> Iterator[bytes]:
    """The nearest package.json above `path`, or nothing."""
    folders = []
    folder = posixpath.dirname(path)
    while True:
        folders.append(posixpath.join(folder, "package.json"))
        # Node does not look above the package that a node_modules folder holds.
        if not folder or posixpath.basename(folder) == "node_modules":
            break
        folder = posixpath.dirname(folder)
    found = snapshot.find(folders)
    for name in folders:
        if name in found and found[name].is_regular:
            yield snapshot.read(found[name])
            return


def declared(snapshot: Snapshot, path: str) -> str:
    """The `type` of the nearest package.json; empty where there is none."""
    for content in packages(snapshot, path):
        try:
            kind = json.loads(content.decode("utf-8-sig", "replace"))
        except ValueError:
            return ""
        value = kind.get("type") if isinstance(kind, dict) else None
        return value if isinstance(value, str) else ""
    return ""


def bundled(snapshot: Snapshot, path: str) -> bool:
    """Whether the nearest package.json names a bundler or a transpiler."""
    return any(BUNDLERS.search(content) for content in packages(snapshot, path))


SCRIPT_TAG = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
SRC = re.compile(r"""\bsrc\s*=\s*["']?[^"'\s>]*?([^/"'\s>?#]+)(?:[?#][^"'\s>]*)?["'\s>]""", re.I)
MODULE = re.compile(r"""\btype\s*=\s*["']?module\b""", re.IGNORECASE)


def loading(snapshot: Snapshot, path: str) -> Iterator[Goal]:
    """As what the pages of the snapshot load a file of this name."""
    name = posixpath.basename(path)
    pages = snapshot.find(snapshot.containing(name, suffixes=(".html", ".htm")))
    for page in pages.values():
        for tag in SCRIPT_TAG.finditer(snapshot.text(page)):
            source = SRC.search(tag[1] + " ")
            if source is not None and source[1] == name:
                yield Goal.MODULE if MODULE.search(tag[1]) else Goal.SCRIPT
