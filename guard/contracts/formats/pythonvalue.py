"""What the expressions in a Python file are worth, as far as the files tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from guard import pysource
from guard.contracts.formats.arithmetic import worked_out
from guard.contracts.formats.pythonscope import Scope, dotted_name, environment_read, scoped
from guard.contracts.values import Broken, Source, Value, joined, made, quoted, unknown
from guard.finding import Location

OPERATORS: Mapping[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
}

DEEPEST = 20
"""How many names a value is followed through."""


# Each service of a stack sees the same files, with an environment of its own.
@lru_cache(maxsize=1000)
def parsed(text: str) -> tuple[ast.Module, str]:
    """The tree of a Python file without a byte-order mark, and the encoding that it declares."""
    if text.isascii():
        return ast.parse(text), "utf-8"
    content = text.encode("utf-8", "surrogateescape")
    encoding = pysource.encoding(content)
    return ast.parse(text if encoding == "utf-8" else content), encoding


@lru_cache(maxsize=1000)
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


class Evaluated:
    """One Python file whose expressions have values; Broken where it is no Python."""

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
            self.tree, self.encoding = parsed(source.text.removeprefix("\ufeff"))
        except SyntaxError as problem:
            offset = source.lines.offset(problem.lineno or 1, problem.offset or 1)
            raise Broken(source, "not valid Python", offset) from None
        except UnicodeEncodeError as problem:
            why = "it is not UTF-8 and declares no other encoding"
            raise Broken(source, f"not valid Python: {why}", problem.start) from None
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
        return start + (column if text.isascii() else pysource.before(text, column, self.encoding))

    def at(self, node: ast.expr) -> Location:
        """The location of an expression."""
        return self.source.at(*self.offsets(node))

    def value(self, node: ast.expr, name: str, stack: tuple[str, ...] = ()) -> Value:
        """What an expression is worth, as far as that can be told without running it."""
        start, end = self.offsets(node)
        if isinstance(node, ast.Constant):
            return self.literal(node, start, end, name)
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
        ):
            return made(self.source, start, end, self.source.text[start:end], name)
        if isinstance(node, ast.Name | ast.Attribute):
            return self.reference(node, name, stack)
        if isinstance(node, ast.JoinedStr):
            parts = [self.formatted(part, stack) for part in node.values]
            return joined(self.source, start, end, parts, name)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return self.combined(node, name, stack)
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

    def combined(self, node: ast.BinOp, name: str, stack: tuple[str, ...]) -> Value:
        """Numbers worked out, texts one behind the other, paths with a slash between them."""
        start, end = self.offsets(node)
        left, right = (self.value(side, name, stack) for side in (node.left, node.right))
        operator = OPERATORS[type(node.op)]
        number = worked_out(operator, left, right)
        if number is not None:
            return made(self.source, start, end, number, name)
        if operator not in ("+", "/"):
            return unknown(self.source, start, end, "only running the code tells", name)
        between = [made(self.source, start, start, "/")] if operator == "/" else []
        return joined(self.source, start, end, [left, *between, right], name)

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
