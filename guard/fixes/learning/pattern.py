"""Turns changed code into patterns: locals to metavariables, imports to qualified names.

Patterns are built as syntax trees in which reserved names stand for the notation's own signs, and
written out at the end; what Python's own `ast.unparse` writes is therefore what is learned.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from guard.fixes.learning.sites import DEFINITIONS, Scope
from guard.fixes.matching.nodes import copied
from guard.values import dataclass

ONE, MANY, DOTS = "_learn_1_", "_learn_n_", "_learn_dots_"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

SPECIAL = re.compile(r"\.\.\.|\$[A-Z_][A-Z_0-9]*|=~/.*/", re.DOTALL)
"""What a whole string literal must not be: as a pattern it would mean something else."""

LONGEST_TEXT = 300
"""A longer string is documentation, and no rule."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names at one place of a file stand for."""

    local: frozenset[str]
    """Parameters and variables of the functions around it."""

    imported: Mapping[str, str]
    """Name to the qualified name it was imported from; relative imports are left out."""

    module: frozenset[str] = frozenset()
    """What the module defines, assigns or imports."""

    kept: frozenset[str] = frozenset({"self", "cls"})
    """Locals that everyone calls the same, and that stay."""

    def knows(self, name: str) -> bool:
        """Whether a name means something at this place."""
        return name in self.local or name in self.module or name in builtin_names()

    def metavariable(self, name: str) -> str | None:
        """The metavariable for a local; None for any other name."""
        if name not in self.local or name in self.kept or name in self.imported:
            return None
        made = re.sub(r"[^A-Z0-9_]", "", name.upper())
        return made if re.fullmatch(r"[A-Z][A-Z0-9_]*", made) else "X" + made.strip("_")


def names(tree: ast.Module, scope: Scope) -> Names:
    """What names mean inside the classes and functions `scope` of a module."""
    local: set[str] = set()
    for function in scope:
        if isinstance(function, FUNCTIONS):
            local |= bound(function)
    return Names(frozenset(local), imported(tree, scope), frozenset(defined(tree)))


def defined(tree: ast.Module) -> Iterator[str]:
    """The names that a module defines, assigns or imports at its top, in any branch."""
    for node in own(tree):
        if isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)


def used(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code reads, those that it binds itself left out."""
    names = [n for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)]
    bound_here = {n.id for n in names if not isinstance(n.ctx, ast.Load)}
    return {n.id for n in names if not n.id.startswith((ONE, MANY, DOTS))} - bound_here


def bound(function: ast.AST) -> set[str]:
    """The parameters of a function and what it assigns, nested functions left out."""
    found: set[str] = set()
    free: set[str] = set()
    for node in own(function):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            free |= {*node.names}
    return found - free


def own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions and classes defined in it."""
    waiting = [*ast.iter_child_nodes(function)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, DEFINITIONS):
            waiting += ast.iter_child_nodes(node)


def imported(tree: ast.Module, scope: Scope) -> dict[str, str]:
    """Name to qualified name for what the module, and the functions around a place, import."""
    found: dict[str, set[str]] = {}
    inside = [*own(tree), *(node for function in scope for node in own(function))]
    for node in inside:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found.setdefault(name, set()).add(alias.name if alias.asname else name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                origin = f"{node.module}.{alias.name}" if not node.level else ""
                found.setdefault(alias.asname or alias.name, set()).add(origin)
    # A name with two origins (try one, except ImportError the other) has no single meaning.
    return {
        name: next(iter(origins))
        for name, origins in found.items()
        if len(origins) == 1 and "" not in origins
    }


class Abstract(ast.NodeTransformer):
    """Puts reserved names in the place of locals, and qualified names in that of imported ones."""

    def __init__(self, known: Mapping[str, str], imports: Mapping[str, str]) -> None:
        self._known = known
        self._imports = imports

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A local, an imported name, or any other, which stays."""
        if node.id in self._known:
            return ast.Name(ONE + self._known[node.id], node.ctx)
        if node.id in self._imports:
            return dotted(self._imports[node.id])
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """The parameter of a lambda; those of a function are its interface and stay."""
        self.generic_visit(node)
        node.arg = ONE + self._known[node.arg] if node.arg in self._known else node.arg
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """The name that an exception is caught under."""
        self.generic_visit(node)
        if node.name is not None and node.name in self._known:
            node.name = ONE + self._known[node.name]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A function is kept by its parameters' names."""
        given = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        inner = Abstract({k: v for k, v in self._known.items() if k not in given}, self._imports)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                setattr(node, name, inner.visit(value))
            elif isinstance(value, list):
                setattr(
                    node, name, [inner.visit(v) if isinstance(v, ast.AST) else v for v in value]
                )
        return node


def dotted(name: str) -> ast.expr:
    """The expression for a qualified name."""
    first, *rest = name.split(".")
    found: ast.expr = ast.Name(first, ast.Load())
    for part in rest:
        found = ast.Attribute(found, part, ast.Load())
    return found


def chosen(nodes: Iterable[ast.AST], known: Names) -> dict[str, str]:
    """Local name to metavariable for the locals in `nodes`, each metavariable used once."""
    found: dict[str, str] = {}
    for node in nodes:
        for inner in ast.walk(node):
            name = (
                inner.id if isinstance(inner, ast.Name)
                else inner.arg if isinstance(inner, ast.arg)
                else inner.name if isinstance(inner, ast.ExceptHandler) and inner.name
                else ""
            )  # fmt: skip
            if name in found or (made := known.metavariable(name)) is None:
                continue
            while made in found.values():
                made += "_"
            found[name] = made
    return found


def pattern(
    nodes: Sequence[ast.AST], metavariables: Mapping[str, str], imports: Mapping[str, str]
) -> str | None:
    """The code `nodes` as a pattern; None where the notation has no way to say it."""
    if any(unspeakable(inner) for node in nodes for inner in ast.walk(node)):
        return None
    return written(abstracted(nodes, metavariables, imports))


def abstracted(
    nodes: Sequence[ast.AST], metavariables: Mapping[str, str], imports: Mapping[str, str]
) -> list[ast.AST]:
    """The code `nodes` with reserved names for what is variable, and qualified ones."""
    visitor = Abstract(metavariables, imports)
    return [visitor.visit(copied(node)) for node in nodes]


def unspeakable(node: ast.AST) -> bool:
    """Whether a literal would be read as one of the notation's signs, or is a text of its own."""
    if long_text(node):
        return True
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and SPECIAL.fullmatch(text) is not None


def long_text(node: ast.AST) -> bool:
    """Whether a node is a string that is longer than code has them."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, (str, bytes)) and len(text) > LONGEST_TEXT


def written(nodes: Sequence[ast.AST]) -> str:
    """Trees with reserved names in them, as text in the notation."""
    # One by one: the first of several strings would be written as a docstring.
    text = "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in nodes)
    return text.replace(DOTS, "...").replace(MANY, "$...").replace(ONE, "$")


@cache
def builtin_names() -> frozenset[str]:
    """The names that every module has."""
    return frozenset(dir(builtins))


def anchors(nodes: Iterable[ast.AST], known: Names, metavariables: Mapping[str, str]) -> float:
    """How much in a piece of code is its own.

    Strings and global names weigh most, names of attributes and keywords less, and least what
    is in every program: builtins, numbers, the standard library.
    """
    found: dict[str, float] = {}
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute):
                found["." + inner.attr] = 0.25 if standard(inner, known) else 1
            elif isinstance(inner, ast.keyword) and inner.arg:
                found[inner.arg + "="] = 1
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, (str, bytes)):
                found[repr(inner.value)] = 1.5 if len(inner.value) > 2 else 0.25
            elif isinstance(inner, ast.Constant):
                found[repr(inner.value)] = 0.25
            elif isinstance(inner, ast.Name) and inner.id not in metavariables:
                found[inner.id] = telling(inner, known)
            elif isinstance(inner, DEFINITIONS):
                found["def " + inner.name] = 1
            elif isinstance(inner, ast.alias):
                found["import " + inner.name] = 1
    # Reserved names stand for anything.
    return sum(weight for text, weight in found.items() if "_learn_" not in text)


def telling(name: ast.Name, known: Names) -> float:
    """How much a name says: least what is everywhere, little what is a local or assigned here."""
    if name.id in builtin_names() or name.id in known.kept or len(name.id) < 3:
        return 0.75 if standard(name, known) else 0.25
    if name.id in known.local and name.id not in known.imported:
        return 0.5
    if standard(name, known):
        return 0.75
    return 1.5 if isinstance(name.ctx, ast.Load) else 1


def standard(node: ast.AST, known: Names) -> bool:
    """Whether an expression names something of the standard library, as any program may."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    origin = known.imported.get(node.id, "").partition(".")[0]
    return origin in sys.stdlib_module_names


ROOTS = (
    ast.Call, ast.Compare, ast.IfExp, ast.BoolOp, ast.BinOp, ast.Subscript, ast.Await, ast.Yield,
    ast.YieldFrom, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr,
    ast.Lambda, ast.NamedExpr, ast.Dict, ast.stmt,
)  # fmt: skip
"""What may stand alone as a rule: never a bare name, constant or attribute."""
