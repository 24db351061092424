"""Files that parse, as a reader sees them: whether they are sound, and their functions by lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from guard.javascript.outcome import Goal
from guard.javascript.verdict import parse

CLOSERS = re.compile(r"^[\s)\]};,]*$")


@dataclass(frozen=True)
class Member:
    name: str
    first: int  # 0-based line of its first character
    last: int  # 0-based line of its last
    container: str  # object, class or statements


def sound(text: str) -> bool:
    return any(parse(text, goal).sound for goal in (Goal.COMMONJS, Goal.SCRIPT, Goal.MODULE))


def tree(text: str) -> Any:
    for goal in (Goal.SCRIPT, Goal.MODULE, Goal.COMMONJS):
        outcome = parse(text, goal)
        if outcome.sound:
            return outcome.tree, outcome.shift
    raise ValueError("the file does not parse")


def called(key: Any) -> str:
    name = getattr(key, "name", None) or str(key.value)
    return f"#{name}" if key.type.startswith("Private") else name


def members(text: str) -> list[Member]:
    """Functions that begin and end on lines of their own, with the name a reader gives them."""
    program, shift = tree(text)
    starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]

    def line(offset: int) -> int:
        return bisect_right(starts, offset - shift) - 1

    found = []
    todo = [(node, "statements") for node in program.body]
    while todo:
        node, container = todo.pop()
        name, function = "", None
        if node.type in ("FunctionDeclaration",):
            name, function = node.id.name if node.id else "", node
        elif node.type in ("Property", "MethodDefinition", "PropertyDefinition"):
            value = node.value
            if value is not None and "Function" in value.type and not node.computed:
                name, function = called(node.key), value
        elif node.type == "VariableDeclaration" and len(node.declarations) == 1:
            value = node.declarations[0].init
            if value is not None and "Function" in value.type:
                name, function = getattr(node.declarations[0].id, "name", ""), value
        elif node.type == "ExpressionStatement" and node.expression.type == "AssignmentExpression":
            value, left = node.expression.right, node.expression.left
            if "Function" in value.type and left.type == "MemberExpression" and not left.computed:
                name, function = getattr(left.property, "name", ""), value
        if function is not None and name and function.body.type == "BlockStatement":
            found.append(Member(name, line(node.range[0]), line(node.range[1] - 1), container))
        inner = {"ObjectExpression": "object", "ClassBody": "class"}.get(node.type, "statements")
        for key, value in vars(node).items():
            if key.startswith("_") or key in ("range", "type", "regex"):
                continue
            for child in value if isinstance(value, list) else (value,):
                if hasattr(child, "type") and hasattr(child, "range"):
                    todo.append((child, inner))
    lines = text.splitlines()
    return sorted(
        {
            m
            for m in found
            if m.last - m.first >= 3
            and m.last - m.first < 120
            and m.last < len(lines)
            and CLOSERS.match(lines[m.last])
            and lines[m.first].rstrip().endswith("{")
        },
        key=lambda m: (m.first, m.last),
    )


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def around(known: list[Member], line: int) -> tuple[str, ...]:
    inside = [m for m in known if m.first <= line <= m.last]
    return tuple(m.name for m in sorted(inside, key=lambda m: m.first - m.last, reverse=True)[:1])
