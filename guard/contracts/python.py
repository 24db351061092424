"""Values in Python source, found with `ast`: constants, attributes, defaults, arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache

from guard.contracts.pythonscope import (
    Read,
    Scope,
    dotted_name,
    environment_read,
    literal_member,
    parameters,
    scoped,
    settings_fields,
)
from guard.contracts.values import (
    Broken,
    Missing,
    Source,
    Value,
    joined,
    made,
    quoted,
    unknown,
)
from guard.errors import nearest
from guard.finding import Location

ENVIRON = re.compile(
    r"""(?:os\.)?(?:environ|getenv)(?:\.get|\.pop)?[.\[(]\s*["']?(?P<one>\w+)["']?\s*(?:,.*)?[\])]?$"""
    r"""|env[.\s\[]+["']?(?P<two>\w+)["']?\]?$"""
)


KEYWORD = re.compile(r"^([\w.]+)\(\s*(\w+)\s*=?\s*\)$")


MEMBER = re.compile(r"""\.(\w+)|\[["']([^"']+)["']\]|\[(\d+)\]""")


DEEPEST = 20
"""How many names a value is followed through."""


# Each service of a stack sees the same files, with an environment of its own.
@lru_cache(maxsize=1000)
def parsed(text: str) -> ast.Module:
    """The tree of a Python file."""
    return ast.parse(text)


@lru_cache(maxsize=1000)
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


@lru_cache(maxsize=1000)
def joined_or_called(tree: ast.Module) -> tuple[ast.BinOp | ast.Call, ...]:
    """The calls and the divisions (of paths) in a tree."""
    return tuple(
        node
        for node in walked(tree)
        if isinstance(node, ast.Call)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    )


class Module:
    """One Python file, its constants and calls; Broken where it is no Python."""

    def __init__(
        self,
        source: Source,
        elsewhere: Callable[[str, str, str], Value | None] | None = None,
        environment: Mapping[str, Value] | None = None,
    ) -> None:
        self.source = source
        self.elsewhere = elsewhere
        self.environment = environment or {}
        try:
            self.tree = parsed(source.text.removeprefix("\ufeff"))
        except SyntaxError as problem:
            offset = source.lines.offset(problem.lineno or 1, problem.offset or 1)
            raise Broken(source, "not valid Python", offset) from None
        except (ValueError, RecursionError, MemoryError):
            raise Broken(source, "not valid Python") from None
        # ast counts lines as the tokenizer does: form feeds and the like end none.
        self.starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", source.text))]
        self.bom = int(source.text.startswith("\ufeff"))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the module."""
        return walked(self.tree)

    @cached_property
    def scope(self) -> Scope:
        """The names of the module."""
        return scoped(self.tree.body)

    @cached_property
    def imports(self) -> Mapping[str, tuple[str, str]]:
        """By local name, the module and the name there that `from x import y` brought."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.split(".")[0]] = (alias.name, "")
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = (
                        "." * node.level + (node.module or ""),
                        alias.name,
                    )
        return found

    def offsets(self, node: ast.expr) -> tuple[int, int]:
        """Where an expression stands, in code points."""
        return self.offset(node.lineno, node.col_offset), self.offset(
            node.end_lineno or node.lineno, node.end_col_offset or 0
        )

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column in UTF-8 bytes, as `ast` counts."""
        start = self.starts[line - 1] + (self.bom if line == 1 else 0)
        stop = self.starts[line] if line < len(self.starts) else len(self.source.text)
        text = self.source.text[start:stop]
        if text.isascii():
            return start + column
        return start + len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def at(self, node: ast.expr) -> Location:
        """The location of an expression."""
        return self.source.at(*self.offsets(node))

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
        members = [m[1] or m[2] or int(m[3]) for m in MEMBER.finditer(selector, head.end())]
        return self.constant(head[0], members, selector)

    def constant(self, name: str, members: list[str | int], selector: str) -> list[Value]:
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
            inner = literal_member(node, members)
            if inner is not None:
                key = next((str(m) for m in reversed(members) if isinstance(m, str)), last)
                values.append(self.value(inner, key))
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
        values = [d for read in reads if read.name == variable and (d := read.default) is not None]
        if values:
            return values
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
                    values += [
                        self.value(k.value, keyword) for k in node.keywords if k.arg == keyword
                    ]
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == call:
                values += [self.value(d, keyword) for a, d in parameters(node) if a == keyword]
        if not values:
            known = sorted(n for n in names if n)
            raise Missing(
                f"no call of {call} gives {keyword}=",
                nearest(call, known) if call not in known and known else SYNTAX,
            )
        return values

    def value(self, node: ast.expr, name: str, stack: tuple[str, ...] = ()) -> Value:
        """What an expression is worth, as far as that can be told without running it."""
        start, end = self.offsets(node)
        if isinstance(node, ast.Constant):
            return self.literal(node, start, end, name)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return made(self.source, start, end, self.source.text[start:end], name)
        if isinstance(node, ast.Name | ast.Attribute):
            return self.reference(node, name, stack)
        if isinstance(node, ast.JoinedStr):
            parts = [self.formatted(part, stack) for part in node.values]
            return joined(self.source, start, end, parts, name)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
            left, right = (self.value(side, name, stack) for side in (node.left, node.right))
            between = [made(self.source, start, start, "/")] if isinstance(node.op, ast.Div) else []
            return joined(self.source, start, end, [left, *between, right], name)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return self.value(node.values[-1], name, stack)
        if isinstance(node, ast.Call):
            return self.called(node, name, stack)
        variable, _, _ = environment_read(node)
        if variable is not None:
            if variable in self.environment:
                return self.environment[variable].named(name)
            why = f"{variable} is set outside of the code"
            return unknown(self.source, start, end, why, name)
        return unknown(self.source, start, end, "only running the code tells", name)

    def literal(self, node: ast.Constant, start: int, end: int, name: str) -> Value:
        """A literal."""
        held = node.value
        if isinstance(held, bool):
            return made(self.source, start, end, str(held).lower(), name)
        if held is None:
            return made(self.source, start, end, "", name)
        if isinstance(held, str):
            return quoted(self.source, start, end, held, name)
        if isinstance(held, bytes):
            return made(self.source, start, end, held.decode("utf-8", "replace"), name)
        return made(self.source, start, end, str(held), name)

    def formatted(self, part: ast.expr, stack: tuple[str, ...]) -> Value:
        """One part of an f-string."""
        if isinstance(part, ast.FormattedValue):
            return self.value(part.value, "", stack)
        start, end = self.offsets(part)
        text = part.value if isinstance(part, ast.Constant) else ""
        return made(self.source, start, end, str(text))

    def reference(self, node: ast.Name | ast.Attribute, name: str, stack: tuple[str, ...]) -> Value:
        """What a name stands for: one assignment in this file, or in the file it comes from."""
        start, end = self.offsets(node)
        called = dotted_name(node)
        if called in stack:
            way = " → ".join((*stack, called))
            return unknown(self.source, start, end, f"the names lead in a circle: {way}", name)
        given = self.given(called)
        if len(given) == 1:
            last = called.rpartition(".")[2]
            return self.value(given[0], last, (*stack, called)).named(name)
        scope, *rest = called.split(".")
        if not given and self.elsewhere is not None and len(stack) < DEEPEST:
            module, original = self.imports.get(scope, ("", ""))
            wanted = ".".join([original, *rest]).strip(".")
            found = self.elsewhere(self.source.path, module, wanted) if module else None
            if found is not None:
                return found.named(name)
        why = "given several values" if given else "not given a value here"
        return unknown(self.source, start, end, f"{called} is {why}", name)

    def given(self, called: str) -> list[ast.expr]:
        """What a dotted name is given: in the module, a class or its instance, else locally."""
        if called in self.scope.names:
            return self.scope.names[called]
        head, _, attribute = called.rpartition(".")
        if not head:
            return self.local.get(called, [])
        scope = self.scope.classes.get(head)
        instance = self.scope.names.get(head, [])
        if scope is None and len(instance) == 1 and isinstance(instance[0], ast.Call):
            scope = self.scope.classes.get(dotted_name(instance[0].func))
        if scope is not None:
            return scope.names.get(attribute, [])
        if head in ("self", "cls"):
            inner = [v for c in self.scope.classes.values() for v in c.names.get(attribute, [])]
            return [*inner, *self.local.get(called, [])]
        return self.local.get(called, [])

    def lookup(self, called: str, name: str) -> Value | None:
        """The value of a dotted name of this module; None where it has not exactly one."""
        given = self.given(called)
        if len(given) == 1:
            return self.value(given[0], name, (called,))
        module, original = self.imports.get(called.split(".")[0], ("", ""))
        if not given and module and self.elsewhere is not None:
            wanted = ".".join([original, *called.split(".")[1:]]).strip(".")
            return self.elsewhere(self.source.path, module, wanted)
        return None

    @cached_property
    def local(self) -> Mapping[str, list[ast.expr]]:
        """What names and attributes are given inside of functions."""
        scope = Scope()
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for name, values in scoped(node.body).names.items():
                    scope.names.setdefault(name, []).extend(values)
        return scope.names

    def called(self, node: ast.Call, name: str, stack: tuple[str, ...]) -> Value:
        """What a call gives, for those that a config is made of."""
        start, end = self.offsets(node)
        function = dotted_name(node.func)
        short = function.rpartition(".")[2]
        variable, default, _ = environment_read(node)
        if variable is not None:
            if variable in self.environment:
                return self.environment[variable].named(name)
            if default is None:
                why = f"{variable} is set outside of the code"
                return unknown(self.source, start, end, why, name)
            return self.value(default, name, stack)
        if short in ("Field", "field", "Option", "Query"):
            held = next((k.value for k in node.keywords if k.arg == "default"), None)
            held = held or (node.args[0] if node.args and short == "Field" else None)
            if held is not None:
                return self.value(held, name, stack)
        elif (
            function in ("os.path.join", "path.join", "join", "Path", "pathlib.Path", "PurePath")
            and node.args
        ):
            parts: list[Value] = []
            for argument in node.args:
                value = self.value(argument, name, stack)
                if value.text.startswith("/"):
                    parts = []
                parts += [made(self.source, start, start, "/"), value] if parts else [value]
            return joined(self.source, start, end, parts, name)
        elif (
            short
            in (
                "int",
                "str",
                "float",
                "SecretStr",
                "Path",
                "abspath",
                "expanduser",
                "bool",
                "HttpUrl",
            )
            and len(node.args) == 1
        ):
            return self.value(node.args[0], name, stack)
        return unknown(self.source, start, end, "only running the code tells", name)


SYNTAX = 'like: PORT, Settings.port, CONFIG["port"], os.environ.get(X), app.run(port=)'
