"""The functions and classes of a JavaScript file, with the names that they are known by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guard.fixes.matching.nodes import Code
from guard.fixes.script.script import Script

FUNCTIONS = frozenset(
    "function_declaration generator_function_declaration method_definition function_expression"
    " generator_function arrow_function".split()
)


def definitions(file: Script) -> Iterator[tuple[tuple[str, ...], str, int, int]]:
    """Functions, members and classes: names from the outermost on, what it is, and the region."""
    for kind in (*sorted(FUNCTIONS), "class_declaration"):
        for node in file.nodes.get(kind, ()):
            names: list[str] = []
            around = node
            while around is not None:
                if around.kind in FUNCTIONS or around.kind == "class_declaration":
                    names.insert(0, called(around))
                around = getattr(around, "up", None)
            yield tuple(names), "class" if "class" in kind else "function", node.start, node.end


def called(node: Any) -> str:
    """The name of a function: its own, or of what it is the value of."""
    holders = [node]
    around = getattr(node, "up", None)
    if around is not None and around.kind in ("pair", "variable_declarator", "field_definition"):
        holders.append(around)
    for holder in holders:
        for part in holder.parts:
            if isinstance(part, Code) and part.kind == "name":
                return part.text
    return ""
