"""One file that a fix changed, and the places where it did."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from guard.fixes.learning.sites import Site, blocks, dump
from guard.fixes.matching.text import Python, Unreadable
from guard.values import dataclass


@dataclass(frozen=True, slots=True)
class Fix:
    """What is known of the commit that made a fix."""

    commit: str
    """Its id; empty for what is staged."""

    subject: str
    """The first line of its message."""

    incident: str = ""
    """A link that its message names."""


@dataclass(frozen=True)
class Sample:
    """One file that a fix changed."""

    path: str
    """Where it is after the fix."""

    before: bytes
    after: bytes
    fix: Fix

    @cached_property
    def old(self) -> Python:
        """The file before the fix, to find patterns in; Unreadable where it does not parse."""
        return Python.read(self.before)

    @cached_property
    def new(self) -> Python:
        """The file after it."""
        return Python.read(self.after)

    # Trees of their own: those of a Python file know their parents, and copying a node of one
    # would copy the file.
    @cached_property
    def old_tree(self) -> ast.Module:
        """The tree before the fix."""
        return ast.parse(self.before)

    @cached_property
    def new_tree(self) -> ast.Module:
        """The tree after it."""
        return ast.parse(self.after)

    @cached_property
    def unreadable(self) -> str:
        """Why the file cannot be parsed, before or after the fix; empty where it can."""
        try:
            _ = self.old, self.new, self.sites
        except Unreadable as problem:
            return f"line {problem.line}: {problem.why}"
        except RecursionError:
            return "it is nested too deeply"
        return ""

    @cached_property
    def sites(self) -> list[Site]:
        """The places that the fix changed."""
        return list(blocks(self.old_tree.body, self.new_tree.body, (), ()))


RELEASE = re.compile(r"__\w+__|VERSION|version")


def trivial(site: Site) -> bool:
    """Whether a change is no fix: a docstring, a version, an import that came or went."""
    nodes = (*site.old, *site.new)
    prose = all(isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in nodes)
    imports = all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in nodes)
    if prose or (imports and (site.inserted or site.removed or resized(site))):
        return True
    statement = site.chain[0].old if site.chain else site.old[0] if site.old else None
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and RELEASE.fullmatch(statement.targets[0].id) is not None
        and isinstance(statement.value, (ast.Constant, ast.Tuple))
    )


def resized(site: Site) -> bool:
    """Whether an import statement only came to import more names than before, or fewer."""
    before = {(dump(a)) for node in site.old for a in ast.walk(node) if isinstance(a, ast.alias)}
    after = {(dump(a)) for node in site.new for a in ast.walk(node) if isinstance(a, ast.alias)}
    modules = {n.module for n in (*site.old, *site.new) if isinstance(n, ast.ImportFrom)}
    return len(modules) == 1 and (before <= after or after <= before)


def pair(site: Site) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """A change as what can be compared: old code, new code, and where."""
    return tuple(map(dump, site.old)), tuple(map(dump, site.new)), site.symbol
