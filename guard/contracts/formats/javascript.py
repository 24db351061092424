"""Values in JavaScript, read with tree-sitter: constants, members of objects, what it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from guard.contracts.formats.grammar import descendants
from guard.contracts.formats.jstext import OPENS, WRITES, inner
from guard.contracts.formats.jsvalue import Evaluated
from guard.contracts.formats.pythonscope import Read
from guard.contracts.values import Missing, Value, made
from guard.errors import nearest
from guard.finding import Location

SYNTAX = "like: PORT, config.server.port, process.env.PORT, default.server.port, app.listen(0)"


ENVIRON = re.compile(
    r"""^(?:(?:process|import\.meta)\.)?env(?:\.(\w+)|\[["']?(\w+)["']?\]|[ ](\w+))$"""
)


SPOKEN = frozenset(
    "string_fragment property_identifier shorthand_property_identifier "
    "shorthand_property_identifier_pattern".split()
)


CALL = re.compile(r"^([\w.]+)\(\s*(\d+|\w+)\s*[=:]?\s*\)$")


class Program(Evaluated):
    """One JavaScript file, its constants, calls and reads of the environment."""

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means; Missing with the nearest name where there is none."""
        if match := ENVIRON.match(selector):
            return self.defaults(match[1] or match[2] or match[3])
        if match := CALL.match(selector):
            return self.arguments(match[1], match[2])
        parts = re.findall(
            r"""[\w$#-]+(?=["']?\]|\.|\[|$)|(?<=["'])[^"']+(?=["'])|(?<=\[)\*(?=\])""", selector
        )
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
        yield from self.taken()

    def taken(self) -> Iterator[Read]:
        """The variables that `const { PORT = 3000 } = process.env` takes."""
        for node in self.patterns:
            for taken in node.named_children:
                default = None
                if taken.type == "object_assignment_pattern":
                    default = taken.child_by_field_name("right")
                    taken = taken.child_by_field_name("left")
                elif taken.type == "pair_pattern":
                    held = taken.child_by_field_name("value")
                    if held is not None and held.type == "assignment_pattern":
                        default = held.child_by_field_name("right")
                    taken = taken.child_by_field_name("key")
                if taken is None or "identifier" not in taken.type:
                    continue
                start, end = self.tree.span(taken)
                name = self.tree.text(taken)
                value = None if default is None else self.value(default, ()).named(name)
                yield Read(name, made(self.source, start, end, name, name), value, False)

    def spoken(self) -> Iterator[str]:
        """The words that stand as a text, a key or a member: names that may be looked up."""
        for node in descendants(self.tree.root):
            if node.type in SPOKEN:
                yield self.tree.text(node)

    def fallback(self, node: Any) -> Any:
        """The other side of `… || default` and `… ?? default`, parentheses and calls aside."""
        parent = node.parent
        while parent is not None and parent.type in (
            "parenthesized_expression",
            "arguments",
            "call_expression",
            "unary_expression",
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
