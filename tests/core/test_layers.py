"""The rooms of the house: imports point downward, and rooms on one floor ignore each other."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CHECKOUT

# From the top. A module belongs to the longest name that it begins with.
FLOORS = [
    ["guard.__main__"],
    ["guard.cli"],
    ["guard.commands"],
    ["guard.docker"],
    ["guard.docker.builders"],
    ["guard.docker.context"],
    ["guard.docker.front", "guard.docker.labels", "guard.docker.line"],
    ["guard.docker.standing"],
    ["guard.again", "guard.lessons", "guard.merged", "guard.whereabouts"],
    [
        "guard.githooks",
        "guard.history",
        "guard.images",
        "guard.look",
        "guard.rescue",
        "guard.sources",
    ],
    ["guard.origins", "guard.state"],
    ["guard.trees"],
    ["guard.blobs"],
    ["guard.git", "guard.config", "guard.report"],
    ["guard.pipeline", "guard.program", "guard.repair"],
    ["guard.pieces"],
    ["guard.cache", "guard.engine", "guard.suppress"],
    ["guard.checks", "guard.quoted"],
    ["guard.javascript", "guard.fixes", "guard.contracts", "guard.tree"],
    ["guard.contracts.formats", "guard.fixes.mending"],
    ["guard.contracts.place", "guard.fixes.script"],
    ["guard.contracts.parts"],
    ["guard.contracts.values", "guard.fixes.matching"],
    ["guard.check"],
    ["guard.snapshot", "guard.cache.spelled", "guard.cache.store", "guard.cache.version"],
    ["guard.inmemory", "guard.treestate"],
    ["guard.entries", "guard.globs", "guard.workers"],
    [
        "guard.anyof",
        "guard.ends",
        "guard.finding",
        "guard.folders",
        "guard.errors",
        "guard.pysource",
    ],
    ["guard.values"],
    ["guard"],
]

# Each parser library is imported in one room only; git and processes are for the top.
ONLY_IN = {
    "click": ["guard.cli", "guard.commands"],
    "rich": ["guard.commands", "guard.report"],
    "_quickjs": ["guard.javascript"],
    "esprima": ["guard.javascript"],
    "libcst": ["guard.fixes", "guard.contracts"],
    "tree_sitter": ["guard.javascript", "guard.fixes", "guard.contracts", "guard.tree"],
    "pathspec": ["guard.globs"],
}

NEVER_IN_CHECKS = {"git", "click", "subprocess", "socket", "urllib"}

MODULES = sorted((CHECKOUT / "guard").rglob("*.py"))


def name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor(module: str) -> int:
    rooms = [(len(r), n) for n, rooms in enumerate(FLOORS) for r in rooms if within(module, r)]
    assert rooms, f"{module} stands on no floor"
    return max(rooms)[1]


def room(module: str) -> str:
    return max((r for rooms in FLOORS for r in rooms if within(module, r)), key=len)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def imports(path: Path) -> Iterator[str]:
    """The absolute names of everything that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                place = CHECKOUT / full.replace(".", "/")
                is_module = place.with_suffix(".py").exists() or (place / "__init__.py").exists()
                yield full if is_module else str(node.module)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_downward(path: Path) -> None:
    here = name(path)
    for imported in imports(path):
        if not within(imported, "guard") or room(imported) == room(here) or imported == "guard":
            continue
        assert floor(imported) > floor(here), f"{here} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    here = name(path)
    for imported in imports(path):
        rooms = ONLY_IN.get(imported.partition(".")[0])
        assert rooms is None or any(within(here, r) for r in rooms), f"{here} imports {imported}"
        thinks = ("guard.checks", "guard.javascript", "guard.fixes", "guard.contracts")
        if here.startswith(thinks):
            assert imported.partition(".")[0] not in NEVER_IN_CHECKS, f"{here} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if name(path).startswith(("guard.cli", "guard.commands", "guard.__main__")):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "os._exit" and name(path) in ("guard.docker.front.child", "guard.workers"):
                continue  # a forked process that could not become another program, or is alone
            assert called not in ("print", "sys.exit", "exit", "os._exit"), f"{path}: {called}"


PROGRAMS = {"pre-commit"}
"""Dependencies that are run and not imported."""

IMPORTED_AS = {
    "esprima-fork": "esprima",
    "gitpython": "git",
    "python-dotenv": "dotenv",
    "pyyaml": "yaml",
    "quickjs-ng": "_quickjs",
}


def test_every_dependency_is_used() -> None:
    """GitPython walks history (learn, trace), remotes and kept states; libcst rewrites Python."""
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in declared} - PROGRAMS
    used = {imported.partition(".")[0] for path in MODULES for imported in imports(path)}
    assert [n for n in sorted(names) if IMPORTED_AS.get(n, n.replace("-", "_")) not in used] == []
