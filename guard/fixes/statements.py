"""Matches statements of Python: definitions, imports, and what may be left out of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes import shapes
from guard.fixes.env import Env, bound
from guard.fixes.expressions import arguments
from guard.fixes.match import (
    ALSO_ASYNC,
    Handler,
    Run,
    among,
    block,
    dotted,
    fields,
    generic,
    identifier,
    match,
    prefix,
    sequence,
    stands_for_many,
    unordered,
    value,
)
from guard.fixes.nodes import Block, Dots, One, marked


def assign(p: ast.Assign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An assignment, annotated or not, by statement, `:=` or the branches of an if."""
    for assignment in shapes.assignments(n):
        yield from generic(p, assignment, env, run)


def annotated(p: ast.AnnAssign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`x: T = v`; without a value, any."""
    if isinstance(n, ast.AnnAssign):
        wanted = ["target", "annotation", *(["value"] if p.value is not None else [])]
        yield from fields(p, n, wanted, env, run)


def expression(p: ast.Expr, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A statement that is an expression; `$S` is any statement, others also look inside."""
    if isinstance(p.value, One):
        found = bound(env, p.value.name, n.value if isinstance(n, ast.Expr) else n)
        if found is not False:
            yield found
    elif isinstance(p.value, Dots):
        yield env
    elif isinstance(n, INSIDE):
        # Beside other statements, `f()` also means `x = f()` and `g(f())`.
        for node in ast.walk(n.value) if n.value is not None else ():
            yield from match(p.value, node, env, run)


INSIDE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)


def sequences(p: Block, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """Statements in a row, from the beginning of the list `n` on."""
    yield from prefix(p.body, n, env, run)


def function(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A function: decorators in any order and not all of them, parameters, body."""
    if type(n) is not type(p) and type(n) is not ALSO_ASYNC.get(type(p)):
        return
    for found in identifier(p.name, n.name, env):
        for decorated, _ in decorators(p, n, found, run):
            for after in parameters(p.args, n.args, decorated, run):
                yield from fields(p, n, ("returns", "body"), after, run)


def decorators(p: Any, n: Any, env: Env, run: Run) -> Iterator[tuple[Env, Any]]:
    """Each decorator of the pattern is one of the code's."""
    wanted = [d for d in p.decorator_list if not isinstance(d, Dots)]
    yield from unordered(wanted, n.decorator_list, env, run, True)


class Parameter(ast.AST):
    """One parameter of a function, with its default."""

    _fields = ("kind", "name", "annotation", "default")


def flattened(a: ast.arguments) -> list[Any]:
    """Parameters in order; dots among them as such."""
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
    listed = [("", arg, default) for arg, default in zip(plain, defaults, strict=True)]
    listed += [("*", a.vararg, None)] if a.vararg else []
    listed += [
        ("k", arg, default) for arg, default in zip(a.kwonlyargs, a.kw_defaults, strict=True)
    ]
    listed += [("**", a.kwarg, None)] if a.kwarg else []
    found: list[Any] = []
    for kind, arg, default in listed:
        meta = marked(arg.arg)
        if isinstance(meta, Dots):
            found.append(meta)
            continue
        made = Parameter()
        made.kind, made.name, made.annotation = kind, arg.arg, arg.annotation  # type: ignore[attr-defined]
        made.default = default  # type: ignore[attr-defined]
        found.append(made)
    return found


def parameter(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A parameter; annotation and default may be left out of the pattern."""
    if isinstance(n, Parameter) and n.kind in (p.kind, p.kind or "k"):  # type: ignore[attr-defined]
        wanted = ["name"]
        wanted += ["annotation"] if p.annotation is not None else []
        wanted += ["default"] if p.default is not None else []
        yield from fields(p, n, wanted, env, run)


def parameters(p: ast.arguments, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The parameters of a function or lambda, in order."""
    yield from sequence(flattened(p), flattened(n), env, run)


def class_(p: ast.ClassDef, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A class: without bases in the pattern any, its statements among the code's in order."""
    if not isinstance(n, ast.ClassDef):
        return
    body = [s for s in p.body if stands_for_many(s) is None]
    for found in identifier(p.name, n.name, env):
        for decorated, _ in decorators(p, n, found, run):
            based = p.bases or p.keywords
            for after in arguments(p, n, decorated, run) if based else (decorated,):
                yield from among(body, n.body, after, run)


def importing(p: ast.Import, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`import a`: any import of `a` or from it; `import a as b` and `$X` as they are written."""
    if isinstance(n, ast.Import):
        yield from each(p.names, n.names, env, run)
    for alias in p.names:
        if alias.asname is None and len(p.names) == 1:
            for module in imported_modules(n):
                parts, have = alias.name.split("."), module.split(".")
                if (len(have) > len(parts)) or (isinstance(n, ast.ImportFrom) and have):
                    yield from dotted(parts, have[: len(parts)], env)


def imported_modules(n: Any) -> Iterator[str]:
    """What a statement imports: modules, and what is taken from them."""
    if isinstance(n, ast.Import):
        yield from (alias.name for alias in n.names)
    elif isinstance(n, ast.ImportFrom) and not n.level:
        yield from (f"{n.module}.{alias.name}" for alias in n.names)


def importing_from(p: ast.ImportFrom, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`from a import b`, perhaps among other names."""
    if isinstance(n, ast.ImportFrom) and p.level == n.level:
        for found in value(p.module, n.module, env, run):
            yield from each(p.names, n.names, found, run)


def each(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Each imported name of the pattern is one of the code's."""
    wanted = [p for p in ps if not isinstance(marked(p.name), Dots)]
    for found, _ in unordered(wanted, ns, env, run, True):
        yield found


def try_(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A try statement; its handlers are among the code's in order."""
    if not isinstance(n, (ast.Try, ast.TryStar)):
        return
    handlers = [h for h in p.handlers if not is_dots_handler(h)]
    for found in fields(p, n, ("body", "orelse", "finalbody"), env, run):
        yield from among(handlers, n.handlers, found, run)


def is_dots_handler(handler: Any) -> bool:
    """Whether a handler stands for any."""
    return isinstance(handler.type, Dots)


def with_(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A with statement: the pattern's managers are among the code's in order."""
    if type(n) is not type(p) and type(n) is not ALSO_ASYNC.get(type(p)):
        return
    wanted = [i for i in p.items if not isinstance(i.context_expr, Dots) or i.optional_vars]
    for found in among(wanted, n.items, env, run):
        yield from block(p.body, n.body, found, run)


def capture(p: ast.MatchAs, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """In a case: `$X` and `...` are any pattern."""
    meta = marked(p.name) if p.name and p.pattern is None else None
    if isinstance(meta, Dots):
        yield env
    elif isinstance(meta, One):
        found = bound(env, meta.name, n)
        if found is not False:
            yield found
    else:
        yield from generic(p, n, env, run)


HANDLERS: dict[type, Handler] = {
    Block: sequences,
    Parameter: parameter,
    ast.Assign: assign,
    ast.AnnAssign: annotated,
    ast.Expr: expression,
    ast.FunctionDef: function,
    ast.AsyncFunctionDef: function,
    ast.arguments: parameters,
    ast.ClassDef: class_,
    ast.Import: importing,
    ast.ImportFrom: importing_from,
    ast.Try: try_,
    ast.With: with_,
    ast.AsyncWith: with_,
    ast.MatchAs: capture,
}
