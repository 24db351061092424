r"""What every match of a pattern must contain as text: how candidates are found without parsing.

A string in the code need not contain its text: `"ip" "v6"` and `"ip\\x766"` both say ipv6. Yet the
first piece of it stands behind an opening quote and ends in a quote or a backslash, so a file
that says it contains one of a few literals: the text, or a first piece with its two ends.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from guard.fixes.matching.nodes import AnyText, Code, Deep, Dots, One, Typed
from guard.fixes.matching.pattern import Pattern, children
from guard.fixes.seen import Need, said, telling
from guard.values import replace

RESERVED = re.compile(r"_guard_(?:1|n|dots|in|is)_[A-Z_0-9]*")


def needs(pattern: Pattern) -> tuple[Need, ...]:
    """What a file with a match contains, one alternative of each; the most telling first."""
    found = set(walked(pattern.root))
    return tuple(sorted(found, key=lambda need: (-telling(need), need)))


def walked(root: Any) -> Iterator[Need]:
    """The needs of a pattern node and of those below it."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, (One, Dots, AnyText, Typed)):
            continue
        if isinstance(node, ast.Name):
            yield from word(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from said(node.value)
        elif isinstance(node, Code):
            yield from coded(node)
        elif isinstance(node, ast.JoinedStr):
            stack += [p for p in node.values if isinstance(p, ast.FormattedValue)]
            continue
        elif isinstance(node, ast.keyword) and node.arg is not None:
            # it may also be met as the key of a dict
            yield from (Need(need.text, True, whole=True) for need in word(node.arg))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from imported(node)
            continue
        elif isinstance(node, ast.Attribute):
            yield from (replace(need, of=owner(node.value)) for need in word(node.attr))
        elif not isinstance(node, (ast.Constant, Deep)):
            for field in node._fields:
                value = getattr(node, field, None)
                if isinstance(value, str) and field != "kind":
                    yield from word(value)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "dict"
        ):
            stack += [c for c in children(node) if c is not node.func]
            continue
        stack += children(node)


def owner(node: Any) -> str:
    """The name, or last name of a chain, that an attribute is taken from; empty for others."""
    name = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node), "")
    found = list(word(getattr(node, name))) if name else []
    return found[0].text if found and found[0].text == getattr(node, name) else ""


def coded(node: Code) -> Iterator[Need]:
    """The needs of a node of another language."""
    if node.kind == "name":
        # a member may also be named by a string
        yield from (Need(need.text, True, whole=True) for need in word(node.text))
    elif node.kind == "string":
        yield from said(node.text)


def word(name: str) -> Iterator[Need]:
    """An identifier, which stands in the code as it is, or behind its import."""
    for part in RESERVED.sub("", name).split("."):
        if len(part) > 1 and part.isascii():
            yield Need(part, whole=True)


def imported(node: Any) -> Iterator[Need]:
    """The modules and names of an import."""
    if isinstance(node, ast.ImportFrom) and node.module:
        yield from word(node.module)
    for alias in node.names:
        yield from word(alias.name)
        if alias.asname:
            yield from word(alias.asname)
