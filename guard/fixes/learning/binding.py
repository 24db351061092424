"""Which names a change takes away from the code around it, which its repair leaves as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from guard.fixes.learning.levels import Level
from guard.fixes.learning.sites import Site


def unbinding(level: Level, site: Site, tree: ast.Module) -> bool:
    """Whether the old code binds a name that the new code does not, and that other code reads.

    Other parts of the fix change that code, and may not be needed, or not known, when this one is.
    """
    gone = binds(level.old) - binds(level.new)
    if not gone:
        return False
    here = {id(node) for one in level.old for node in ast.walk(one)}
    around = [*site.old_scope[-1:]] or [tree]
    around += [step.old for step in site.chain[:1]]
    return any(
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.id in gone
        and id(node) not in here
        for one in around
        for node in ast.walk(one)
    )


def binds(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code gives to something: parameters, targets, what is imported or caught."""
    found: set[str] = set()
    for node in (inner for one in nodes for inner in ast.walk(one)):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found
