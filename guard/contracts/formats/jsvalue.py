"""What the expressions in a JavaScript file are worth, as far as the file tells."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from guard.contracts.formats.arithmetic import worked_out
from guard.contracts.formats.grammar import Tree, descendants
from guard.contracts.formats.jstext import inner, unescaped
from guard.contracts.values import Source, Value, joined, made, plain, quoted, unknown

ENVIRONMENT = re.compile(r"(?:process|import\.meta)\.env")


NEGATIVE = re.compile(r"^-[\d.][\w.]*$")


class Evaluated:
    """One JavaScript file whose expressions have values."""

    def __init__(self, source: Source, environment: Mapping[str, Value] | None = None) -> None:
        self.source = source
        self.environment = environment or {}
        self.tree = Tree(source, "javascript")
        self.given: dict[str, list[Any]] = {}
        self.fields: dict[str, list[Any]] = {}
        self.calls: list[Any] = []
        self.members: list[Any] = []
        self.patterns: list[Any] = []
        """What is taken out of the environment: `{ PORT }`."""
        for node in descendants(self.tree.root):
            self.note(node)

    def note(self, node: Any) -> None:
        """Notes what is given to a name, each call and each read of the environment."""
        kind = node.type
        if kind == "variable_declarator":
            self.give(node.child_by_field_name("name"), node.child_by_field_name("value"))
        elif kind == "assignment_expression":
            self.give(node.child_by_field_name("left"), node.child_by_field_name("right"))
        elif kind in ("field_definition", "public_field_definition"):
            self.give(node.child_by_field_name("property"), node.child_by_field_name("value"), node)
        elif kind == "export_statement":
            held = node.child_by_field_name("value")
            if held is not None:
                self.given.setdefault("default", []).append(held)
        elif kind == "call_expression":
            self.calls.append(node)
        elif kind in ("member_expression", "subscript_expression"):
            self.members.append(node)

    def give(self, name: Any, value: Any, field: Any = None) -> None:
        """Notes one assignment; of a field of a class with the name of the class."""
        if name is not None and value is not None:
            if name.type == "object_pattern" and ENVIRONMENT.fullmatch(self.tree.text(value)):
                self.patterns.append(name)
            text = re.sub(r"\s+", "", self.tree.text(name))
            if field is not None:
                self.fields.setdefault(text, []).append(value)
                owner = field.parent.parent
                if owner is None:  # the grammar lost its way, as it does in TypeScript
                    return
                of = owner.child_by_field_name("name")
                text = f"{self.tree.text(of) if of else 'default'}.{text}"
            self.given.setdefault(text, []).append(value)
            if text == "module.exports":
                self.given.setdefault("default", []).append(value)

    def member(self, node: Any, names: list[str]) -> list[Any]:
        """What stands under some names in an object; none where it has none such."""
        for depth, name in enumerate(names):
            node = inner(node)
            items = [c for c in node.named_children if c.type != "comment"]
            if name == "*":
                held = items if node.type == "array" else []
                return [m for item in held for m in self.member(item, names[depth + 1 :])]
            if node.type == "array" and name.isdigit():
                if int(name) >= len(items):
                    return []
                node = items[int(name)]
                continue
            pairs = [p for p in node.named_children if p.type == "pair"]
            held = [p for p in pairs if self.key(p) == name]
            if len(held) != 1:
                return [p.child_by_field_name("value") for p in held] if name == names[-1] else []
            node = held[0].child_by_field_name("value")
        return [node]

    def key(self, pair: Any) -> str:
        """The key of a member of an object."""
        return self.tree.text(pair.child_by_field_name("key")).strip("\"'`")

    def variable(self, node: Any) -> str:
        """The environment variable that an expression reads; empty where it reads none."""
        text = (
            re.sub(r"\s+", "", self.tree.text(node))
            if node.end_byte - node.start_byte < 200
            else ""
        )
        match = re.fullmatch(
            r"""(?:process|import\.meta)\??\.env(?:\??\.(\w+)|(?:\?\.)?\[["'](\w+)["']\])""", text
        )
        return (match[1] or match[2]) if match else ""

    def value(self, node: Any, stack: tuple[str, ...]) -> Value:
        """What an expression is worth, as far as that can be told without running it."""
        node = inner(node)
        start, end = self.tree.span(node)
        text = self.tree.text(node)
        kind = node.type
        if kind == "string":
            return quoted(self.source, start, end, unescaped(text[1:-1]))
        if kind in ("number", "true", "false") or (
            kind == "unary_expression" and NEGATIVE.match(text)
        ):
            return made(self.source, start, end, text.replace("_", ""))
        if kind in ("null", "undefined"):
            return made(self.source, start, end, "")
        if kind == "template_string":
            return self.template(node, start, end, stack)
        if kind in ("identifier", "member_expression", "subscript_expression"):
            return self.reference(node, start, end, stack)
        if kind == "binary_expression":
            return self.binary(node, start, end, stack)
        if kind == "call_expression":
            return self.called(node, start, end, stack)
        return unknown(self.source, start, end, "only running the code tells")

    def template(self, node: Any, start: int, end: int, stack: tuple[str, ...]) -> Value:
        """A template string."""
        parts, at = [], start + 1
        for child in node.named_children:
            low, high = self.tree.span(child)
            if child.type != "template_substitution":
                continue
            parts.append(plain(self.source, at, low))
            parts.append(self.value(child.named_children[0], stack))
            at = high
        parts.append(plain(self.source, at, end - 1))
        return joined(self.source, start, end, parts)

    def reference(self, node: Any, start: int, end: int, stack: tuple[str, ...]) -> Value:
        """What a name stands for."""
        variable = self.variable(node)
        if variable:
            if variable in self.environment:
                return self.environment[variable]
            return unknown(self.source, start, end, f"{variable} is set outside of the code")
        text = re.sub(r"\s+", "", self.tree.text(node))
        if text in stack:
            way = " → ".join((*stack, text))
            return unknown(self.source, start, end, f"the names lead in a circle: {way}")
        parts = text.split(".")
        for count in range(len(parts), 0, -1):
            nodes = self.given.get(".".join(parts[:count]), [])
            if len(nodes) == 1:
                found = self.member(nodes[0], parts[count:])
                if len(found) == 1:
                    return self.value(found[0], (*stack, text)).named(parts[-1])
            if len(nodes) > 1:
                return unknown(self.source, start, end, f"{text} is given several values")
        return unknown(self.source, start, end, f"{text} is not given a value here")

    def binary(self, node: Any, start: int, end: int, stack: tuple[str, ...]) -> Value:
        """`a + b`, `a * b`, `a || b`, `a ?? b`."""
        operator = self.tree.text(node.child_by_field_name("operator"))
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator in ("+", "-", "*", "/"):
            sides = self.value(left, stack), self.value(right, stack)
            number = worked_out(operator, *sides)
            if number is not None:
                return made(self.source, start, end, number)
            if operator == "+":
                return joined(self.source, start, end, sides)
        if operator in ("||", "??"):
            first = self.value(left, stack)
            return self.value(right, stack) if first.unresolved or not first.text else first
        return unknown(self.source, start, end, "only running the code tells")

    def called(self, node: Any, start: int, end: int, stack: tuple[str, ...]) -> Value:
        """`Number(x)`, `path.join(a, b)`."""
        name = re.sub(r"\s+", "", self.tree.text(node.child_by_field_name("function")))[-80:]
        given = node.child_by_field_name("arguments")
        items = (
            [c for c in given.named_children if c.type != "comment"] if given is not None else []
        )
        if name in ("Number", "String", "parseInt", "parseFloat", "Number.parseInt") and items:
            return self.value(items[0], stack)
        if (
            posixpath.basename(name).endswith((".join", ".resolve"))
            and name.startswith("path")
            and items
        ):
            parts: list[Value] = []
            for item in items:
                value = self.value(item, stack)
                parts += [made(self.source, start, start, "/"), value] if parts else [value]
            return joined(self.source, start, end, parts)
        return unknown(self.source, start, end, "only running the code tells")
