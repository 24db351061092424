"""Early errors that esprima does not report: looked for where the text could hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Cheap looks at the text, so that few trees are walked: each matches more than it means.
COVERED = re.compile(
    r"(?:\bfor\s*(?:await\s*)?|\basync\s*)\((?:[^;(){}]|\([^()]*\))*\{[^{}()]*=(?![=>])"
)
PARENTHESIZED = re.compile(
    r"[\[,:]\s*\(+\s*(?:[\[{]|[\w$.\[\]]+\s*=(?![=>]))(?:[^()]|\([^()]*\))*\)\s*[,\]})]"
)
LET = re.compile(r"\bfor\s*(?:await\s*)?\(\s*let\s*[^\s\w$\[{]")
PATTERN = re.compile(r"\bfor\s*\(\s*(?:let|var|const)\b[^;]*[\]}]\s*[;,]")
PRIVATE = re.compile(r"\((?:\s|\(|/\*.*?\*/|//[^\n]*\n)*#", re.DOTALL)

PATTERNS = ("ArrayPattern", "ObjectPattern")


def missed(tree: Any, source: str, shift: int) -> tuple[str, int] | None:
    """The first early error in a tree that esprima accepted: a message, and an offset in it."""
    if not any(look.search(source) for look in (COVERED, PARENTHESIZED, LET, PATTERN, PRIVATE)):
        return None
    found = [(at, message) for node in nodes(tree) for at, message in errors(node, source, shift)]
    if not found:
        return None
    at, message = min(found)
    return message, at


def errors(node: Any, source: str, shift: int) -> Iterator[tuple[int, str]]:
    """The early errors of one node."""
    kind = node.type
    if kind == "ObjectExpression":
        for member in node.properties:
            if getattr(getattr(member, "value", None), "type", "") == "AssignmentPattern":
                yield member.range[0], "Invalid shorthand property initializer"
    elif kind == "BinaryExpression" and node.left.type == "PrivateIdentifier":
        if getattr(node.left, "_parenthesized", False):
            yield node.left.range[0], "Unexpected private identifier"
    elif kind == "ForStatement" and getattr(node.init, "type", "") == "VariableDeclaration":
        for declarator in node.init.declarations:
            if declarator.id.type in PATTERNS and declarator.init is None:
                yield declarator.range[0], "Missing initializer in destructuring declaration"
    elif kind == "ForOfStatement" and node.left.type != "VariableDeclaration":
        start = node.left.range[0]
        if re.match(r"let(?![\w$\\])", source[start - shift : start - shift + 4]):
            yield start, "The left-hand side of a for-of loop may not start with 'let'"
    assigns = kind in ("AssignmentExpression", "ForOfStatement", "ForInStatement")
    if assigns and node.left.type in PATTERNS:
        for part in parts(node.left):
            if getattr(part, "_parenthesized", False):
                yield part.range[0], "Invalid destructuring assignment target"


def parts(pattern: Any) -> Iterator[Any]:
    """The patterns and defaults inside an assignment pattern."""
    todo = [pattern]
    while todo:
        node = todo.pop()
        if node.type == "ArrayPattern":
            inner = [element for element in node.elements if element is not None]
        elif node.type == "ObjectPattern":
            inner = [getattr(member, "value", None) for member in node.properties]
            inner = [value for value in inner if value is not None]
        elif node.type == "AssignmentPattern":
            inner = [node.left]
        else:
            continue
        for child in inner:
            if child.type in (*PATTERNS, "AssignmentPattern"):
                yield child
                todo.append(child)


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of a tree."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for name, value in vars(node).items():
            if name[0] == "_" or name == "range":
                continue
            if type(value) is list:
                todo += [child for child in value if hasattr(child, "type")]
            elif hasattr(value, "type"):
                todo.append(value)
