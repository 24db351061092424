"""What a name in a Python file means: the import behind it, the type that is written beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parent(node: ast.AST) -> ast.AST | None:
    """The node around `node`; None at the top, and for nodes that stand in no file."""
    return getattr(node, "up", None)


def scopes(node: ast.AST) -> Iterator[ast.AST]:
    """The scopes whose names `node` sees, inner first; classes only from directly inside."""
    current: ast.AST | None = parent(node)
    first = True
    while current is not None:
        if isinstance(current, SCOPES):
            if first or not isinstance(current, ast.ClassDef):
                yield current
            first = False
        current = parent(current)


def bindings(scope: Any) -> dict[str, list[Any]]:
    """For each name bound in a scope itself: qualified names of imports, else binding nodes.

    Computed once per scope and kept on it.
    """
    known: dict[str, list[Any]] | None = getattr(scope, "names", None)
    if known is not None:
        return known
    found: dict[str, list[Any]] = {}
    scope.names = found
    if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
        a = scope.args
        for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg):
            if arg is not None:
                found.setdefault(arg.arg, []).append(arg)
    stack: list[Any] = [scope.body] if isinstance(scope, ast.Lambda) else list(scope.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.setdefault(node.name, []).append(node)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, qualified in imported(node):
                found.setdefault(name, []).append(qualified)
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.setdefault(node.id, []).append(node)
        if not isinstance(node, ast.Lambda):
            stack.extend(ast.iter_child_nodes(node))
    return found


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names an import binds, each with what it qualifies."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            if alias.asname:
                yield alias.asname, alias.name
            else:
                first = alias.name.partition(".")[0]
                yield first, first
        elif alias.name != "*":
            module = "." * node.level + (node.module or "")
            dot = "" if not module or module.endswith(".") else "."
            yield alias.asname or alias.name, f"{module}{dot}{alias.name}"


def qualified(node: ast.Name) -> tuple[str, ...]:
    """The qualified names that imports give a name; several where imports compete for it."""
    top: ast.AST = node
    while (above := parent(top)) is not None:
        top = above
    by_scope = brought(top).get(node.id)
    if by_scope is None:
        return ()
    for scope in scopes(node):
        if id(scope) in by_scope:
            return tuple(b for b in by_scope[id(scope)] if b and b != node.id)
    return ()


def brought(module: Any) -> dict[str, dict[int, list[str]]]:
    """For each name that an import in a module binds, the ids of all scopes that bind it.

    With them the qualified names; an empty one for a binding by something else. The same as
    `bindings` says, for a few names only and without a walk; kept on the module.
    """
    known: dict[str, dict[int, list[str]]] | None = getattr(module, "brought", None)
    if known is not None:
        return known
    nodes = getattr(module, "nodes", {})
    found: dict[str, dict[int, list[str]]] = {}
    imports = [*nodes.get(ast.Import, ()), *nodes.get(ast.ImportFrom, ())]
    for node in sorted(imports, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        for name, meant in imported(node):
            found.setdefault(name, {}).setdefault(id(binder(node)), []).append(meant)
    others = [(n, n.id) for n in nodes.get(ast.Name, ()) if n.id in found]
    others = [(n, name) for n, name in others if not isinstance(n.ctx, ast.Load)]
    for kind in (*FUNCTIONS, ast.ClassDef):
        others += [(n, n.name) for n in nodes.get(kind, ()) if n.name in found]
    for node, name in others:
        found[name].setdefault(id(binder(node)), []).append("")
    for arg in nodes.get(ast.arg, ()):
        if arg.arg in found:  # in `arguments`, in the function
            found[arg.arg].setdefault(id(arg.up.up), []).append("")
    module.brought = found
    return found


def binder(node: Any) -> Any:
    """The scope in whose body a binding stands; None for one in a decorator, base or default."""
    child, around = node, parent(node)
    while around is not None and not isinstance(around, SCOPES):
        child, around = around, parent(around)
    if isinstance(around, ast.Lambda):
        return around if child is around.body else None
    return around if around is not None and any(child is s for s in around.body) else None


def written_out(node: ast.Name) -> tuple[ast.expr, ...]:
    """A name that an import abbreviates, as the attribute chains it stands for."""
    known: tuple[ast.expr, ...] | None = getattr(node, "long", None)
    if known is None:
        chains = []
        for name in qualified(node):
            level = len(name) - len(name.lstrip("."))
            first, *rest = name[level:].split(".")
            chain: ast.expr = ast.copy_location(ast.Name(name[:level] + first, ast.Load()), node)
            for part in rest:
                chain = ast.copy_location(ast.Attribute(chain, part, ast.Load()), node)
            chains.append(chain)
        known = tuple(chains)
        node.long = known  # type: ignore[attr-defined]  # kept on the node, for the next pattern
    return known


LITERALS: dict[type, str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.JoinedStr: "str",
}


def types(node: ast.AST) -> Iterator[ast.expr]:
    """Type expressions that are known of an expression: its literal kind, its annotations."""
    if isinstance(node, ast.Constant):
        yield ast.Name(type(node.value).__name__, ast.Load())
    elif type(node) in LITERALS:
        yield ast.Name(LITERALS[type(node)], ast.Load())
    elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
        yield node.func
    elif isinstance(node, ast.Name):
        for scope in scopes(node):
            here = bindings(scope).get(node.id)
            if here is not None:
                for binding in here:
                    yield from declared(binding)
                return


def declared(binding: Any) -> Iterator[ast.expr]:
    """The type that the place says where a name is bound."""
    annotation: ast.expr | None = None
    above = parent(binding) if isinstance(binding, ast.AST) else None
    if isinstance(binding, ast.arg):
        annotation = binding.annotation
    elif isinstance(above, ast.AnnAssign) and above.target is binding:
        annotation = above.annotation
    elif isinstance(above, ast.Assign) and above.targets == [binding]:
        yield from () if isinstance(above.value, ast.Name) else types(above.value)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError):
            return
    if annotation is not None:
        yield annotation
