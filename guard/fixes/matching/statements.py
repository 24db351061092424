"""Matches statements of Python: definitions, imports, and what may be left out of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.matching import shapes
from guard.fixes.matching.env import Env, bound
from guard.fixes.matching.expressions import arguments
from guard.fixes.matching.flat import INSIDE, expressions
from guard.fixes.matching.match import (
    ALSO_ASYNC,
    Handler,
    Run,
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
from guard.fixes.matching.nodes import Block, Dots, One, marked


def assign(p: ast.Assign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An assignment, annotated or not, by statement, `:=` or the branches of an if."""
    for assignment in shapes.assignments(n):
        yield from generic(p, assignment, env, run)


def annotated(p: ast.AnnAssign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`x: T = v`, or `x: T` alone."""
    if isinstance(n, ast.AnnAssign) and (p.value is None) is (n.value is None):
        yield from fields(p, n, ("target", "annotation", "value"), env, run)


def expression(p: ast.Expr, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A statement that is an expression; `$S` is any statement, others also look inside."""
    if isinstance(p.value, One):
        found = bound(env, p.value.name, n.value if isinstance(n, ast.Expr) else n)
        if found is not False:
            yield found
    elif isinstance(p.value, Dots):
        yield env
    elif type(n) in INSIDE and n.value is not None:
        # Beside other statements, `f()` also means `x = f()` and `g(f())`.
        for node in expressions(n, p.value):
            yield from match(p.value, node, env, run)


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
    yield from unordered(wanted, n.decorator_list, env, run, True, decorated)


def decorated(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A decorator: `@d`, `@d()` and, for `...`, any arguments say the same; `@$D` has none."""
    if isinstance(n, ast.Call) and not isinstance(p, ast.Call):
        if not n.args and not n.keywords:
            yield from match(p, n.func, env, run)
    elif isinstance(p, ast.Call) and not isinstance(n, ast.Call):
        if not p.keywords and all(isinstance(a, Dots) for a in p.args):
            yield from match(p.func, n, env, run)
    else:
        yield from match(p, n, env, run)


class Parameter(ast.AST):
    """One parameter of a function, with its default."""

    _fields = ("kind", "name", "annotation", "default")


def flattened(a: ast.arguments) -> list[Any]:
    """Parameters in order, `/` and a `*` alone between them; dots among them as such."""
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
    listed = [("", arg, default) for arg, default in zip(plain, defaults, strict=True)]
    if a.posonlyargs:
        listed.insert(len(a.posonlyargs), ("mark", ast.arg("/"), None))
    if a.vararg or a.kwonlyargs:
        listed.append(("*", a.vararg, None) if a.vararg else ("mark", ast.arg("*"), None))
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
    """A class: without bases in the pattern any, its statements among the code's in any order."""
    if not isinstance(n, ast.ClassDef):
        return
    body = [s for s in p.body if stands_for_many(s) is None]
    for found in identifier(p.name, n.name, env):
        for decorated, _ in decorators(p, n, found, run):
            for after in bases(p, n, decorated, run):
                for inside, _ in unordered(body, n.body, after, run, True):
                    yield inside


def bases(p: ast.ClassDef, n: ast.ClassDef, env: Env, run: Run) -> Iterator[Env]:
    """The bases of a class: the first ones are enough, also behind `...`."""
    if p.keywords or any(isinstance(b, Dots) for b in p.bases):
        yield from arguments(p, n, env, run, more=not p.keywords)
    else:
        yield from sequence(p.bases, n.bases[: len(p.bases)], env, run)


def importing(p: ast.Import, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`import a`: any import of `a` or from it; `import a as b` as it is written."""
    if isinstance(n, ast.Import):
        yield from each(p.names, n.names, env, run)
    if len(p.names) == 1 and p.names[0].asname is None:
        wanted = p.names[0].name.split(".")
        for have in imported(n):
            if have[0].startswith("."):
                have = ["".join(have[:2]), *have[2:]]
            yield from dotted(wanted, have[: len(wanted)], env)


def importing_from(p: ast.ImportFrom, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`from a import b`, perhaps among other names; `import a.b`, and imports from `a.b`."""
    if isinstance(n, ast.ImportFrom) and p.level == n.level:
        for found in value(p.module, n.module, env, run):
            yield from each(p.names, n.names, found, run)
    if len(p.names) == 1 and p.names[0].asname is None and p.names[0].name != "*":
        wanted = next(iter(imported(p)))
        for have in imported(n):
            yield from dotted(wanted, have[: len(wanted)], env)


def imported(n: Any) -> Iterator[list[str]]:
    """What a statement imports, each as the parts of its name; dots of a relative one first."""
    if isinstance(n, ast.Import):
        yield from (alias.name.split(".") for alias in n.names)
    elif isinstance(n, ast.ImportFrom):
        start = ["." * n.level] if n.level else []
        start += n.module.split(".") if n.module else []
        yield from ([*start, *([alias.name] if alias.name != "*" else [])] for alias in n.names)


def each(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Each imported name of the pattern is one of the code's."""
    wanted = [p for p in ps if not isinstance(marked(p.name), Dots)]
    if not any(p.name == "*" for p in wanted):
        ns = [n for n in ns if n.name != "*"]
    for found, _ in unordered(wanted, ns, env, run, True):
        yield found


def assertion(p: ast.Assert, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An assertion; `assert ...` also with a message."""
    if isinstance(n, ast.Assert):
        either = isinstance(p.test, Dots) and p.msg is None
        yield from fields(p, n, ("test",) if either else ("test", "msg"), env, run)


def declaration(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`global a`, perhaps among other names."""
    if type(n) is type(p):
        yield from listed(p.names, n.names, env)


def listed(ps: Sequence[str], ns: Sequence[str], env: Env) -> Iterator[Env]:
    """Each name of `ps` is one of `ns`, in order."""
    if not ps:
        yield env
        return
    for index, n in enumerate(ns):
        for found in identifier(ps[0], n, env):
            yield from listed(ps[1:], ns[index + 1 :], found)


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
    ast.Assert: assertion,
    ast.Global: declaration,
    ast.Nonlocal: declaration,
}
