"""Where in a Python file a pattern may begin."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from guard.fixes.matching.names import brought
from guard.fixes.matching.nodes import AnyText, Block, Dots, Entry, Typed, marked
from guard.fixes.matching.shapes import through

KINDS: dict[type, tuple[type, ...]] = {
    ast.Compare: (ast.Compare, ast.UnaryOp),
    ast.UnaryOp: (ast.UnaryOp, ast.Compare),
    ast.Assign: (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.If),
    ast.Dict: (ast.Dict, ast.Call),
    ast.Set: (ast.Set, ast.Dict, ast.SetComp, ast.DictComp),
    ast.List: (ast.List, ast.ListComp),
    ast.Attribute: (ast.Attribute, ast.Name),
    ast.FunctionDef: (ast.FunctionDef, ast.AsyncFunctionDef),
    ast.For: (ast.For, ast.AsyncFor),
    ast.With: (ast.With, ast.AsyncWith),
    ast.Try: (ast.Try, ast.TryStar),
    ast.Import: (ast.Import, ast.ImportFrom),
    ast.ImportFrom: (ast.ImportFrom, ast.Import),
    AnyText: (ast.Constant,),
}
"""Nodes of the code that a pattern of another kind may meet."""


BOUND = (ast.Tuple, ast.Name)
TARGETS = (ast.For, ast.AsyncFor, ast.comprehension, ast.withitem)


def is_target(node: Any) -> bool:
    """Whether a name or tuple is no expression but what is bound: `for a, b in c`."""
    return node in (getattr(node.up, "target", None), getattr(node.up, "optional_vars", None))


def places(root: Any, file: Any) -> Iterator[tuple[Any, Any]]:
    """Where a pattern may begin in a file: nodes, or the rest of a block."""
    if isinstance(root, Block):
        for body in file.blocks():
            for index in range(len(body)):
                yield body[index], body[index:]
        return
    if isinstance(root, Entry):
        key = root.key.value if isinstance(root.key, ast.Constant) else None
        wanted = [file.entries.get(key, [])] if isinstance(key, str) else file.entries.values()
        for entry in (e for listed in wanted for direct in listed for e in through(direct)):
            yield entry, entry
        return
    kinds = KINDS.get(type(root), (type(root),))
    if isinstance(root, ast.Call) and isinstance(root.func, ast.Name) and root.func.id == "dict":
        kinds = (ast.Call, ast.Dict)
    chain = isinstance(root, ast.Attribute) and isinstance(marked(root.attr), Dots)
    if chain:
        kinds = (ast.Attribute, ast.Call)
    if isinstance(root, Typed):
        kinds = tuple(kind for kind in file.nodes if issubclass(kind, ast.expr))
    attr = attribute(root.func) if isinstance(root, ast.Call) else ""
    imported = brought(file.tree) if attr else {}
    for kind in kinds:
        for node in file.nodes.get(kind, ()):
            if kind in BOUND and isinstance(node.up, TARGETS) and is_target(node):
                continue
            if chain and kind is ast.Call and not isinstance(node.func, ast.Attribute):
                continue
            # Most calls are of something else, which is seen without asking the matcher.
            if attr and isinstance(node.func, ast.Attribute) and node.func.attr != attr:
                continue
            if attr and isinstance(node.func, ast.Name) and node.func.id not in imported:
                continue
            yield node, node


def attribute(node: ast.expr) -> str:
    """The last name of a chain; empty where it is a hole, or the node is no chain."""
    if isinstance(node, ast.Attribute) and not node.attr.startswith("_guard_"):
        return node.attr
    return ""
