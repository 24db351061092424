"""What a file is read as: script, module or CommonJS, decided as runtimes decide it."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from guard.folders import above
from guard.javascript.outcome import Goal, Outcome
from guard.javascript.verdict import parse
from guard.snapshot import Snapshot

BUNDLERS = re.compile(
    rb'"(?:@babel/|babel|webpack|rollup|vite|parcel|esbuild|@swc/|browserify|react-scripts|next"|'
    rb"@rspack/|@vue/cli|snowpack|metro|react-native|@parcel/|gatsby|tsup|turbopack|laravel-mix|gulp)"
)
"""Names in a package.json which say that something stands between its files and the engine."""


COMPILED = re.compile(
    rb'"(?:(?:react|react-dom|preact|solid-js|expo|nuxt|astro|ember-source|ember-cli)"|'
    rb"@docusaurus/|@storybook/|@wordpress/scripts|@remix-run/)"
)
"""Names in it whose users write what a compiler has to read first."""

EXCHANGE = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)
EXCHANGES = ("Import", "Export")
"""How the names of the statements begin that only modules have."""


FIXED = (".mjs", ".cjs")
"""The ends of names that say what a file is."""


def judged(snapshot: Snapshot, path: str, text: str) -> Outcome:
    """The outcome for a whole file, read as its runtime would read it."""
    lower = path.lower()
    jsx = lower.endswith(".jsx")
    certain, goals = possible(snapshot, path)
    outcome = best(text, goals, jsx=jsx)
    if outcome.sound or outcome.too_deep:
        return outcome
    if certain and not lower.endswith(FIXED):
        others = besides(path, goals)
        again = best(text, others, jsx=jsx) if others else outcome
        if again.sound and excused(snapshot, path, again.goal):
            return again
    readable = compiled(snapshot, path, text, goals if lower.endswith(FIXED) else list(Goal)[:3])
    return readable or outcome


def compiled(snapshot: Snapshot, path: str, text: str, goals: Sequence[Goal]) -> Outcome | None:
    """The outcome for a file that a compiler makes sound: engines read no JSX and no decorators."""
    if ("<" in text or "@" in text) and transpiled(snapshot, path):
        again = best(text, [*goals], jsx=True)
        if not again.sound and "@" in text:
            from guard.javascript.compiled import undecorated

            again = best(undecorated(text), [*goals], jsx=True)
        if again.sound:
            return again
    if "import" in text and Goal.MODULE in goals and meteoric(snapshot, path):
        from guard.javascript.compiled import unnested

        again = unnested(text)
        if again.sound:
            return again
    return None


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


def besides(path: str, goals: Sequence[Goal]) -> list[Goal]:
    """The goals that a file may have against its package.json, which had decided on `goals`."""
    if path.lower().endswith(FIXED):
        return []
    return [goal for goal in (Goal.SCRIPT, Goal.MODULE) if goal not in goals]


def excused(snapshot: Snapshot, path: str, goal: Goal) -> bool:
    """Whether a file is read as `goal` by something that does not ask its package.json."""
    return goal in set(loading(snapshot, path)) or (goal is Goal.MODULE and bundled(snapshot, path))


def best(text: str, goals: tuple[Goal, ...] | list[Goal], *, jsx: bool = False) -> Outcome:
    """The first sound reading; else the one whose parser came furthest."""
    furthest: Outcome | None = None
    as_module: Outcome | None = None
    if Goal.MODULE in goals[1:] and EXCHANGE.search(text):
        # What imports or exports is nothing else, and need not be read up to there as that first.
        as_module = parse(text, Goal.MODULE, jsx=jsx)
        if as_module.too_deep:
            return as_module
        if as_module.sound and any(s.type.startswith(EXCHANGES) for s in as_module.tree.body):
            return as_module
    for goal in goals:
        known_module = as_module if goal is Goal.MODULE else None
        outcome = known_module or parse(text, goal, jsx=jsx)
        if outcome.problem is None or outcome.too_deep:
            return outcome
        known = furthest.problem if furthest is not None else None
        if known is None or outcome.problem.offset > known.offset:
            furthest = outcome
    assert furthest is not None
    return furthest


def packages(snapshot: Snapshot, path: str) -> Iterator[bytes]:
    """The nearest package.json above `path`, or nothing."""
    yield from islice(every_package(snapshot, path), 1)


def every_package(snapshot: Snapshot, path: str) -> Iterator[bytes]:
    """Each package.json above `path`, the nearest first."""
    names = manifests(posixpath.dirname(path))
    found = snapshot.find(names)
    for name in names:
        if name in found and found[name].is_regular:
            yield snapshot.read(found[name])


@lru_cache
def manifests(folder: str) -> tuple[str, ...]:
    """Where a package.json for the files of a folder may be, the nearest first."""
    names = []
    for place in (*above(posixpath.join(folder, "package.json")), ""):
        names.append(posixpath.join(place, "package.json"))
        # Node does not look above the package that a node_modules folder holds.
        if posixpath.basename(place) == "node_modules":
            break
    return tuple(names)


def declared(snapshot: Snapshot, path: str) -> str:
    """The `type` of the nearest package.json; empty where there is none."""
    return next((kind_in(content) for content in packages(snapshot, path)), "")


@lru_cache
def kind_in(content: bytes) -> str:
    """The `type` in a package.json; empty where there is none."""
    try:
        package = json.loads(content.decode("utf-8-sig", "replace"))
    except ValueError:
        return ""
    value = package.get("type") if isinstance(package, dict) else None
    return value if isinstance(value, str) else ""


def bundled(snapshot: Snapshot, path: str) -> bool:
    """Whether the nearest package.json names a bundler or a transpiler."""
    return any(BUNDLERS.search(content) for content in packages(snapshot, path))


def meteoric(snapshot: Snapshot, path: str) -> bool:
    """Whether the nearest package.json is that of a program for Meteor."""
    return any(b'"meteor' in content for content in packages(snapshot, path))


def transpiled(snapshot: Snapshot, path: str) -> bool:
    """Whether any package.json above names a compiler, or what is never used without one."""
    return any(
        BUNDLERS.search(content) or COMPILED.search(content)
        for content in every_package(snapshot, path)
    )


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
