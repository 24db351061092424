"""Values in Python source, found with `ast`: constants, attributes, defaults, arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from guard.contracts.formats.pythonscope import (
    EACH,
    Read,
    Scope,
    dotted_name,
    environment_read,
    literal_members,
    methods,
    parameters,
    passed,
    settings_fields,
)
from guard.contracts.formats.pythonvalue import Evaluated
from guard.contracts.values import Missing, Value, made
from guard.errors import nearest

ENVIRON = re.compile(
    r"""(?:os\.)?(?:environ|getenv)(?:\.get|\.pop)?[.\[(]\s*["']?(?P<one>\w+)["']?\s*(?:,.*)?[\])]?$"""
    r"""|env[.\s\[]+["']?(?P<two>\w+)["']?\]?$"""
)


KEYWORD = re.compile(r"^([\w.]+)\(\s*(\w+)\s*=?\s*\)$")


MEMBER = re.compile(r"""\.(\w+)|\[["']([^"']+)["']\]|\[(\d+)\]|\[(\*)\]""")


class Module(Evaluated):
    """One Python file, its constants and calls; Broken where it is no Python."""

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means; Missing with the nearest name where there is none."""
        if match := ENVIRON.match(selector):
            return self.defaults(match["one"] or match["two"])
        if match := KEYWORD.match(selector):
            return self.arguments(match[1], match[2])
        head = re.match(r"\w+", selector)
        if head is None:
            raise Missing(f"{selector!r} is no selector for Python", SYNTAX)
        longer = re.match(r"\w+(?:\.\w+)+", selector)
        if longer is not None and longer[0] in self.scope.names:
            head = longer
        members = [
            m[1] or m[2] or (EACH if m[4] else int(m[3]))
            for m in MEMBER.finditer(selector, head.end())
        ]
        return self.constant(head[0], members, selector)

    def constant(self, name: str, members: list[str | int | None], selector: str) -> list[Value]:
        """The values given to a name, a class attribute or a member of a literal."""
        scope, last = self.scope, name
        while last in scope.classes and members and isinstance(members[0], str):
            scope, last = scope.classes[last], str(members.pop(0))
        if last not in scope.names:
            known = [*self.scope.names, *self.dotted(self.scope)]
            raise Missing(
                f"nothing is called {selector!r}", nearest(selector, known) if known else ""
            )
        values = []
        for node in scope.names[last]:
            key = next((str(m) for m in reversed(members) if isinstance(m, str)), last)
            values += [self.value(inner, key) for inner in literal_members(node, members)]
        if not values:
            raise Missing(f"{last} has no {selector[len(last) :]}", SYNTAX)
        return values

    def dotted(self, scope: Scope, before: str = "") -> Iterator[str]:
        """The names in classes, written with dots."""
        for name, inner in scope.classes.items():
            yield from (f"{before}{name}.{attribute}" for attribute in inner.names)
            yield from self.dotted(inner, f"{before}{name}.")

    def defaults(self, variable: str) -> list[Value]:
        """The defaults that the code falls back to where `variable` is not set."""
        reads = list(self.reads())
        given = (d for read in reads if read.name == variable and (d := read.default) is not None)
        # A field of settings may read its own variable once more, to the same default.
        values = {(value.at.line, value.at.column): value for value in given}
        if values:
            return list(values.values())
        if any(read.name == variable for read in reads):
            raise Missing(f"the environment variable {variable} is read without a default")
        known = sorted({read.name for read in reads})
        hint = nearest(variable, known) if known else "the file reads no environment variable"
        raise Missing(f"the environment variable {variable} is not read", hint)

    def reads(self) -> Iterator[Read]:
        """Every environment variable that the code reads, with its default."""
        fallback = {
            id(n.values[0]): n.values[1]
            for n in self.nodes
            if isinstance(n, ast.BoolOp) and isinstance(n.op, ast.Or)
        }
        for node in self.nodes:
            name, default, needed = environment_read(node)
            if name is None:
                continue
            if default is None and id(node) in fallback:
                default = fallback[id(node)]
            start, end = self.offsets(node)  # type: ignore[arg-type]  # calls and subscripts
            held = None if default is None else self.value(default, name)
            yield Read(name, made(self.source, start, end, name, name), held, needed)
        yield from self.settings()

    def spoken(self) -> Iterator[str]:
        """The words that stand as a text, a keyword or an attribute: what may be looked up."""
        for node in self.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.keyword) and node.arg:
                yield node.arg
            elif isinstance(node, ast.Attribute):
                yield node.attr

    def settings(self) -> Iterator[Read]:
        """The variables that pydantic's `BaseSettings` reads for its fields."""
        for target, name, given in settings_fields(self.nodes):
            start, end = self.offsets(target)
            held = None if given is None else self.value(given, name)
            yield Read(name, made(self.source, start, end, name, name), held, True)

    def arguments(self, call: str, keyword: str) -> list[Value]:
        """What calls of `call` are given as `keyword`, or its default in the definition."""
        values, names = [], set()
        for node in self.nodes:
            if isinstance(node, ast.Call):
                name = dotted_name(node.func)
                names.add(name)
                if name == call or name.endswith(f".{call}"):
                    values += [self.value(given, keyword) for given in passed(node, keyword)]
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == call:
                values += [self.value(d, keyword) for a, d in parameters(node) if a == keyword]
            elif isinstance(node, ast.ClassDef):
                for method in methods(node, call):
                    values += [
                        self.value(d, keyword) for a, d in parameters(method) if a == keyword
                    ]
        if not values:
            known = sorted(n for n in names if n)
            raise Missing(
                f"no call of {call} gives {keyword}=",
                nearest(call, known) if call not in known and known else SYNTAX,
            )
        return values


SYNTAX = 'like: PORT, Settings.port, CONFIG["port"], os.environ.get(X), app.run(port=)'
