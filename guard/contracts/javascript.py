"""Values in JavaScript, read with tree-sitter: constants, members of objects, what it opens."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from guard.contracts.grammar import Tree, descendants
from guard.contracts.jstext import OPENS, WRITES, inner, unescaped
from guard.contracts.pythonscope import Read
from guard.contracts.values import Missing, Source, Value, joined, made, plain, quoted, unknown
from guard.errors import nearest
from guard.finding import Location

SYNTAX = "like: PORT, config.server.port, process.env.PORT, default.server.port, app.listen(0)"


ENVIRON = re.compile(
    r"""^(?:(?:process|import\.meta)\.)?env(?:\.(\w+)|\[["']?(\w+)["']?\]|[ ](\w+))$"""
)


NEGATIVE = re.compile(r"^-[\d.][\w.]*$")


CALL = re.compile(r"^([\w.]+)\(\s*(\d+|\w+)\s*[=:]?\s*\)$")


class Program:
    """One JavaScript file."""

    def __init__(self, source: Source, environment: Mapping[str, Value] | None = None) -> None:
        self.source = source
        self.environment = environment or {}
        self.tree = Tree(source, "javascript")
        self.given: dict[str, list[Any]] = {}
        self.fields: dict[str, list[Any]] = {}
        self.calls: list[Any] = []
        self.members: list[Any] = []
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
            text = re.sub(r"\s+", "", self.tree.text(name))
            if field is not None:
                self.fields.setdefault(text, []).append(value)
                of = field.parent.parent.child_by_field_name("name")
                text = f"{self.tree.text(of) if of else 'default'}.{text}"
            self.given.setdefault(text, []).append(value)
            if text == "module.exports":
                self.given.setdefault("default", []).append(value)

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means; Missing with the nearest name where there is none."""
        if match := ENVIRON.match(selector):
            return self.defaults(match[1] or match[2] or match[3])
        if match := CALL.match(selector):
            return self.arguments(match[1], match[2])
        parts = re.findall(r"""[\w$#-]+(?=["']?\]|\.|\[|$)|(?<=["'])[^"']+(?=["'])""", selector)
        if not parts:
            raise Missing(f"{selector!r} is no selector for JavaScript", SYNTAX)
        # `app.config` may be given as a whole: the longest name that is given counts.
        for count in range(len(parts), 0, -1):
            nodes = self.given.get(".".join(parts[:count]))
            if nodes:
                found = [m for node in nodes for m in self.member(node, parts[count:])]
                if found:
                    return [self.value(node, ()).named(parts[-1]) for node in found]
        found = self.fields.get(selector, []) or self.anywhere(parts)
        if found:
            return [self.value(node, ()).named(parts[-1]) for node in found]
        known = sorted({*self.given, *self.keys()})
        raise Missing(f"nothing is called {selector!r}", nearest(selector, known) if known else "")

    def member(self, node: Any, names: list[str]) -> list[Any]:
        """What stands under some names in an object; none where it has none such."""
        for name in names:
            node = inner(node)
            if node.type == "array" and name.isdigit():
                items = [c for c in node.named_children if c.type != "comment"]
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

    def anywhere(self, parts: list[str]) -> list[Any]:
        """Objects that are given to no name, `new Vue({ … })`: members by a path of two or more."""
        found = []
        for node in descendants(self.tree.root):
            if node.type == "pair" and self.key(node) == parts[0] and len(parts) > 1:
                found += self.member(node.child_by_field_name("value"), parts[1:])
        return found

    def keys(self) -> Iterator[str]:
        """The members of the objects that names are given, written with dots."""
        for name, nodes in self.given.items():
            for node in nodes:
                for pair in inner(node).named_children:
                    if pair.type == "pair":
                        yield f"{name}.{self.key(pair)}"

    def key(self, pair: Any) -> str:
        """The key of a member of an object."""
        return self.tree.text(pair.child_by_field_name("key")).strip("\"'`")

    def defaults(self, variable: str) -> list[Value]:
        """What stands in where an environment variable is not set."""
        reads = [read for read in self.reads() if read.name == variable]
        values = [read.default for read in reads if read.default is not None]
        if values:
            return values
        if reads:
            raise Missing(f"the environment variable {variable} is read without a default")
        known = sorted({read.name for read in self.reads()})
        hint = nearest(variable, known) if known else "the file reads no environment variable"
        raise Missing(f"the environment variable {variable} is not read", hint)

    def reads(self) -> Iterator[Read]:
        """Every environment variable that the code reads, with its default."""
        for node in self.members:
            name = self.variable(node)
            if not name or (
                node.parent.type == "assignment_expression"
                and node.parent.child_by_field_name("left") == node
            ):
                continue
            start, end = self.tree.span(node)
            default = self.fallback(node)
            held = None if default is None else self.value(default, ()).named(name)
            yield Read(name, made(self.source, start, end, name, name), held, False)

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

    def fallback(self, node: Any) -> Any:
        """The other side of `… || default` and `… ?? default`, parentheses and calls aside."""
        parent = node.parent
        while parent is not None and parent.type in (
            "parenthesized_expression",
            "arguments",
            "call_expression",
        ):
            node, parent = parent, parent.parent
        if parent is None or parent.type != "binary_expression":
            return None
        operator = self.tree.text(parent.child_by_field_name("operator"))
        right = parent.child_by_field_name("right")
        return right if operator in ("||", "??") and right != node else None

    def arguments(self, name: str, which: str) -> list[Value]:
        """What calls of `name` are given: by number, or as a member of an object."""
        values, known = [], set()
        for call in self.calls:
            called = re.sub(r"\s+", "", self.tree.text(call.child_by_field_name("function")))[:80]
            known.add(called)
            given = call.child_by_field_name("arguments")
            if called != name or given is None:
                continue
            items = [c for c in given.named_children if c.type != "comment"]
            if which.isdigit():
                values += [self.value(node, ()) for node in items[int(which) : int(which) + 1]]
            else:
                held = [
                    m
                    for node in items
                    if inner(node).type == "object"
                    for m in self.member(node, [which])
                ]
                values += [self.value(node, ()).named(which) for node in held]
        if not values:
            hint = nearest(name, sorted(known)) if known and name not in known else SYNTAX
            raise Missing(f"no call of {name} gives {which}", hint)
        return values

    def opens(self) -> Iterator[tuple[Value, Location, bool]]:
        """The paths that the code opens: the path, where, and whether it makes the file."""
        for call in self.calls:
            name = re.sub(r"\s+", "", self.tree.text(call.child_by_field_name("function")))[-80:]
            given = call.child_by_field_name("arguments")
            if not OPENS.search(name) or given is None:
                continue
            at = self.source.at(*self.tree.span(call))
            if name.endswith((".join", ".resolve")):
                if not re.search(r"path\w*\.(?:posix\.)?(?:join|resolve)$", name):
                    continue
                yield self.value(call, ()), at, False
                continue
            for node in given.named_children[:1]:
                yield self.value(node, ()), at, bool(WRITES.search(name))

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
        """`a + b`, `a || b`, `a ?? b`."""
        operator = self.tree.text(node.child_by_field_name("operator"))
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator == "+":
            return joined(
                self.source, start, end, [self.value(left, stack), self.value(right, stack)]
            )
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
