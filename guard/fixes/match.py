"""Matches a pattern's tree against a file's: every way it can, one after another, with bindings.

Generators that backtrack: each yields a chain of bindings (see env.py) for each way in which the
pattern meets the code. The work is counted, so that no pattern can run away with a file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from guard.fixes import names, shapes
from guard.fixes.env import Content, Env, Ident, bound, same
from guard.fixes.nodes import AnyText, Block, Code, Deep, Dots, One, Typed, marked


class TooMuchWork(Exception):
    """The pattern has more ways to meet this code than are worth trying."""


@dataclass(slots=True)
class Run:
    """One pattern on one file."""

    left: int
    """How many more comparisons of two nodes are allowed."""


Handler = Callable[[Any, Any, Env, Run], Iterator[Env]]

OPTIONAL = frozenset(
    {
        (ast.FunctionDef, "returns"),
        (ast.AsyncFunctionDef, "returns"),
        (ast.If, "orelse"),
        (ast.For, "orelse"),
        (ast.AsyncFor, "orelse"),
        (ast.While, "orelse"),
        (ast.Raise, "cause"),
        (ast.Assert, "msg"),
        (ast.withitem, "optional_vars"),
        (ast.ExceptHandler, "name"),
        (ast.alias, "asname"),
        (ast.Try, "orelse"),
        (ast.Try, "finalbody"),
        (ast.FormattedValue, "conversion"),
        (ast.FormattedValue, "format_spec"),
    }
)
"""What a pattern may leave out and still meet code that has it."""

# What is written without `async` meets both.
ALSO_ASYNC: dict[type, type] = {
    ast.FunctionDef: ast.AsyncFunctionDef,
    ast.For: ast.AsyncFor,
    ast.With: ast.AsyncWith,
    ast.Try: ast.TryStar,
}


def match(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The ways in which the node `n` is what the pattern node `p` describes."""
    run.left -= 1
    if run.left < 0:
        raise TooMuchWork
    handler = HANDLERS.get(type(p), generic)
    for found in handler(p, n, env, run):
        yield (p, n, found)


def generic(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """Same kind of node, field by field."""
    kind = type(p)
    if type(n) is not kind and type(n) is not ALSO_ASYNC.get(kind):
        return
    yield from fields(p, n, [f for f in p._fields if f not in UNIMPORTANT], env, run)


UNIMPORTANT = frozenset({"ctx", "kind", "type_comment", "simple", "type_ignores"})


def fields(p: Any, n: Any, left: Sequence[str], env: Env, run: Run) -> Iterator[Env]:
    """The fields named in `left`, one after another."""
    if not left:
        yield env
        return
    name = left[0]
    mine, theirs = getattr(p, name, None), getattr(n, name, None)
    absent = mine is None or mine == [] or (name == "conversion" and mine == -1)
    if absent and (type(p), name) in OPTIONAL:
        yield from fields(p, n, left[1:], env, run)
        return
    for found in value(mine, theirs, env, run):
        yield from fields(p, n, left[1:], found, run)


def value(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A field: a node, a list of them, a name, a constant, or nothing."""
    if isinstance(p, ast.AST):
        if n is None:
            if type(p) is Dots:
                yield env
        elif isinstance(n, ast.AST):
            yield from match(p, n, env, run)
    elif isinstance(p, list):
        if isinstance(n, list):
            statements = bool(p) and isinstance(p[0], ast.stmt)
            yield from block(p, n, env, run) if statements else sequence(p, n, env, run)
    elif isinstance(p, str):
        yield from identifier(p, n, env)
    elif type(p) is type(n) and p == n:
        yield env


def identifier(p: str, n: Any, env: Env) -> Iterator[Env]:
    """A name that is no expression; dotted where modules have names."""
    meta = marked(p) if p.startswith("_guard_") and "." not in p else None
    if meta is None:
        if p == n:
            yield env
        elif isinstance(n, str) and "_guard_" in p and "." in p:
            yield from dotted(p.split("."), n.split("."), env)
    elif isinstance(meta, Dots):
        yield env
    elif isinstance(n, str) and (found := bound(env, meta.name, Ident(n))) is not False:
        yield found


def dotted(ps: Sequence[str], ns: Sequence[str], env: Env) -> Iterator[Env]:
    """A dotted name with metavariables among its parts."""
    if len(ps) == len(ns):
        chains = [env]
        for p, n in zip(ps, ns, strict=True):
            chains = [found for chain in chains for found in identifier(p, n, chain)]
        yield from chains


def sequence(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Elements in order; dots take any number of them."""
    if not ps:
        if not ns:
            yield env
        return
    first, rest = ps[0], ps[1:]
    if isinstance(first, Dots):
        least = sum(not isinstance(p, Dots) for p in rest)
        for taken in range(len(ns) - least + 1) if rest else (len(ns),):
            found = captured(first, ns[:taken], env)
            if found is not False:
                yield from sequence(rest, ns[taken:], found, run)
    elif ns:
        for found in value(first, ns[0], env, run):
            yield from sequence(rest, ns[1:], found, run)


def captured(dots: Dots, taken: Sequence[Any], env: Env) -> Env | bool:
    """The chain with what dots stand for, which a repair may need."""
    if dots.name:
        env = bound(env, dots.name, list(taken))
    return env if env is False else (dots, list(taken), env)


def one(p: One, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A metavariable."""
    found = bound(env, p.name, n)
    if found is not False:
        yield found


def dots(p: Dots, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`...` where one expression stands."""
    found = captured(p, [n], env)
    if found is not False:
        yield found


def deep(p: Deep, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The node itself, or any below it."""
    stack = [n]
    while stack:
        node = stack.pop()
        yield from match(p.inner, node, env, run)
        stack.extend(reversed(list(ast.iter_child_nodes(node))))


def typed(p: Typed, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An expression with a known type."""
    for known in names.types(n):
        for found in match(p.hint, known, env, run):
            after = bound(found, p.name, n)
            if after is not False:
                yield after
            return


def any_text(p: AnyText, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A string literal by its content."""
    text = n.value if isinstance(n, ast.Constant) else None
    if isinstance(n, Code) and n.kind == "string":
        text = n.text
    if not isinstance(text, str) or (p.regex and not re.search(p.regex, text)):
        return
    found = bound(env, p.name, Content(text, n)) if p.name else env
    if found is not False:
        yield found


def constant(p: ast.Constant, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A literal: of the same type and value, however it is written."""
    if isinstance(n, ast.Constant) and type(n.value) is type(p.value) and n.value == p.value:
        yield env


def name(p: ast.Name, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A name, as it is written or as an import explains it."""
    if isinstance(n, ast.Name) and (
        n.id == p.id or any(isinstance(q, ast.Name) and q.id == p.id for q in names.written_out(n))
    ):
        yield env


def attribute(p: ast.Attribute, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`a.b`, also where `b` was imported from `a`; dots are any number of links of a chain."""
    if isinstance(marked(p.attr), Dots):
        current = n
        while current is not None:
            yield from match(p.value, current, env, run)
            current = getattr(current, "func", None) or getattr(current, "value", None)
            if not isinstance(current, ast.AST):
                return
    elif isinstance(n, ast.Attribute):
        for found in identifier(p.attr, n.attr, env):
            yield from match(p.value, n.value, found, run)
    elif isinstance(n, ast.Name):
        for chain in names.written_out(n):
            if isinstance(chain, ast.Attribute):
                yield from attribute(p, chain, env, run)


def call(p: ast.Call, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A call: positional arguments in order, keyword arguments in any."""
    if isinstance(n, ast.Call):
        for found in match(p.func, n.func, env, run):
            yield from arguments(p, n, found, run)
    elif isinstance(n, ast.Dict) and (literal := shapes.as_dict(p)) is not None:
        yield from dictionary(literal, n, env, run)


def arguments(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """The arguments of a call, or the bases of a class."""
    mine = p.bases if isinstance(p, ast.ClassDef) else p.args
    theirs = n.bases if isinstance(n, ast.ClassDef) else n.args
    named = [k for k in p.keywords if not isinstance(k.value, Dots) or k.arg is not None]
    more = [k.value for k in p.keywords if isinstance(k.value, Dots) and k.arg is None]
    spare = [a for a in (*mine, *more) if isinstance(a, Dots)]
    for found in unordered(named, n.keywords, env, run, bool(spare)):
        env_, rest = found
        positional = [*mine, *more] if more and not any(isinstance(a, Dots) for a in mine) else mine
        many = next((d for d in spare if d.name), None)
        if many is not None and rest:
            # `$...ARGS` takes the keyword arguments that nothing else wants with it.
            yield from sequence(positional, [*theirs, *rest], env_, run)
        else:
            yield from sequence(positional, theirs, env_, run)


def unordered(
    ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run, spare: bool
) -> Iterator[tuple[Env, Sequence[Any]]]:
    """Each of `ps` meets one of `ns`, in any order; yields what is left with each chain."""
    if not ps:
        if spare or not ns:
            yield env, ns
        return
    if len(ps) > len(ns):
        return
    for index, n in enumerate(ns):
        for found in match(ps[0], n, env, run):
            yield from unordered(ps[1:], [*ns[:index], *ns[index + 1 :]], found, run, spare)


class Pair(ast.AST):
    """One entry of a dict literal."""

    _fields = ("key", "value")


def pair(key: Any, value: Any) -> Pair:
    """An entry as one node; `**mapping` has no key."""
    made = Pair()
    made.key, made.value = key, value  # type: ignore[attr-defined]
    return made


def dictionary(p: ast.Dict, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A dict literal, or `dict(…)`: entries in any order."""
    literal = n if isinstance(n, ast.Dict) else shapes.as_dict(n)
    if literal is None:
        return
    mine = [pair(k, v) for k, v in zip(p.keys, p.values, strict=True) if not isinstance(v, Dots)]
    theirs = [pair(k, v) for k, v in zip(literal.keys, literal.values, strict=True)]
    spare = [v for v in p.values if isinstance(v, Dots)]
    mine.sort(key=lambda entry: isinstance(entry.key, One))  # type: ignore[attr-defined]
    for found, rest in unordered(mine, theirs, env, run, bool(spare)):
        after = captured(spare[0], rest, found) if len(spare) == 1 else found
        if after is not False:
            yield after


def braces(p: ast.Set, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A set, its elements in any order; `{...}` is any set or dict."""
    plain = [e for e in p.elts if not isinstance(e, Dots)]
    if isinstance(n, ast.Set):
        for found, _ in unordered(plain, n.elts, env, run, len(plain) < len(p.elts)):
            yield found
    elif isinstance(n, ast.Dict) and not plain:
        yield env


def compare(p: ast.Compare, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A comparison in any of the forms that say the same."""
    mine, theirs = shapes.comparison(p), shapes.comparison(n)
    if mine is None or theirs is None:
        yield from generic(p, n, env, run)
        return
    left, operator, right = theirs
    wanted = mine[1]
    # `is None` also means `== None`; who writes `== None` means just that.
    none = shapes.is_none(left) or shapes.is_none(right)
    sides = []
    if wanted is operator or (none and shapes.IDENTITY.get(operator) is wanted):
        sides.append((left, right))
    flipped = shapes.FLIPPED.get(operator)
    if flipped is not None and (
        wanted is flipped or (none and shapes.IDENTITY.get(flipped) is wanted)
    ):
        sides.append((right, left))
    for one_side, other_side in sides:
        for found in match(mine[0], one_side, env, run):
            yield from match(mine[2], other_side, found, run)


def unary(p: ast.UnaryOp, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`not a is b` is a comparison; the rest is what it says."""
    if shapes.comparison(p) is not None and shapes.comparison(n) is not None:
        yield from compare(p, n, env, run)  # type: ignore[arg-type]
    else:
        yield from generic(p, n, env, run)


def conditional(p: ast.IfExp, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`a if c else b`, and `b if not c else a`."""
    if not isinstance(n, ast.IfExp):
        return
    yield from generic(p, n, env, run)
    if shapes.comparison(n.test) is not None or isinstance(n.test, ast.UnaryOp):
        swapped = ast.IfExp(shapes.negated(n.test), n.orelse, n.body)
        for found in generic(p, swapped, env, run):
            yield (SWAPPED, p, found)


SWAPPED = ast.AST()
"""Key of the cells that name conditionals met the other way round: no repair in their parts."""

CHAINS = (ast.BitAnd, ast.BitOr)


def operands(node: Any) -> list[Any]:
    """The operands of a chain of one operator, nested as it may be."""
    if isinstance(node, ast.BoolOp):
        kind, parts = type(node.op), node.values
        return [
            o
            for part in parts
            for o in (
                operands(part) if isinstance(part, ast.BoolOp) and type(part.op) is kind else [part]
            )
        ]
    operator, stack, found = type(node.op), [node], []
    while stack:
        current = stack.pop()
        if isinstance(current, ast.BinOp) and type(current.op) is operator:
            stack += [current.right, current.left]
        else:
            found.append(current)
    return found


def chain(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`and`, `or`, `&` and `|`: a part of a longer chain is enough, in any order."""
    if type(p) is not type(n) or type(p.op) is not type(n.op):
        return
    if isinstance(p, ast.BinOp) and not isinstance(p.op, CHAINS):
        wanted = operands(p) if isinstance(p.op, (ast.Add, ast.Mult)) else []
        if any(isinstance(o, Dots) for o in wanted):
            yield from sequence(wanted, operands(n), env, run)
        else:
            yield from generic(p, n, env, run)
        return
    if part_of_chain(n):
        return
    wanted = [o for o in operands(p) if not isinstance(o, Dots)]
    for found, rest in unordered(wanted, operands(n), env, run, True):
        yield (PARTIAL, (p, n, rest), found) if rest else found


PARTIAL = ast.AST()
"""Key of the cells that say which operands of a chain were not met."""


def part_of_chain(n: Any) -> bool:
    """Whether a node is only the first part of a longer chain, which is asked for itself."""
    above = names.parent(n)
    return type(above) is type(n) and type(above.op) is type(n.op)  # type: ignore[union-attr]


def assign(p: ast.Assign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An assignment, annotated or not, by statement, `:=` or the branches of an if."""
    for assignment in shapes.assignments(n):
        yield from generic(p, assignment, env, run)


def annotated(p: ast.AnnAssign, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`x: T = v`; without a value, any."""
    if isinstance(n, ast.AnnAssign):
        wanted = ["target", "annotation", *(["value"] if p.value is not None else [])]
        yield from fields(p, n, wanted, env, run)


def joined(p: ast.JoinedStr, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """An f-string: its text letter by letter, `...` in it any text and any expressions."""
    if isinstance(n, ast.JoinedStr):
        yield from pieces(exploded(p, True), exploded(n, False), env, run)


def exploded(node: ast.JoinedStr, pattern: bool) -> list[Any]:
    """The letters and expressions of an f-string."""
    found: list[Any] = []
    for part in node.values:
        if not isinstance(part, ast.Constant):
            found.append(part)
            continue
        text = str(part.value)
        for index, piece in enumerate(text.split("...") if pattern else [text]):
            found += [Dots(name="")] if index else []
            found += piece
    return found


def pieces(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Letters and expressions in order; runs of letters without recursion."""
    at = 0
    while at < len(ps) and isinstance(ps[at], str):
        if at >= len(ns) or ps[at] != ns[at]:
            return
        at += 1
    ps, ns = ps[at:], ns[at:]
    if not ps:
        if not ns:
            yield env
    elif isinstance(ps[0], Dots):
        run.left -= len(ns)
        if run.left < 0:
            raise TooMuchWork
        for taken in range(len(ns) + 1) if len(ps) > 1 else (len(ns),):
            yield from pieces(ps[1:], ns[taken:], env, run)
    elif ns and not isinstance(ns[0], str):
        for found in match(ps[0], ns[0], env, run):
            yield from pieces(ps[1:], ns[1:], found, run)


def block(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """The statements of a block, all of them; `...` stands for any, and looks into nested ones."""
    if not ps:
        if not ns:
            yield env
        return
    yield from prefix(ps, ns, env, run, whole=True)


def prefix(
    ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run, whole: bool = False
) -> Iterator[Env]:
    """Statements from the first of `ns` on; with `whole`, up to the last of them."""
    if not ps:
        if not ns or not whole:
            yield env
        return
    first, rest = ps[0], ps[1:]
    dots = stands_for_many(first)
    if dots is not None:
        if not rest:
            found = captured(dots, ns, env)
            if found is not False:
                yield found
            return
        for taken in range(len(ns) + 1):
            found = captured(dots, ns[:taken], env)
            if found is False:
                continue
            yield from prefix(rest, ns[taken:], found, run, whole)
            if taken < len(ns) and not dots.name:
                for inner in nested(ns[taken]):
                    yield from prefix([first, *rest], inner, env, run)
    elif ns:
        for found in match(first, ns[0], env, run):
            yield from prefix(rest, ns[1:], found, run, whole)


def stands_for_many(p: Any) -> Dots | None:
    """The dots that a pattern statement consists of; None for any other."""
    return p.value if isinstance(p, ast.Expr) and isinstance(p.value, Dots) else None


def nested(n: Any) -> Iterator[list[Any]]:
    """The blocks of a compound statement that run in the same scope."""
    if isinstance(n, Code):
        yield from blocks_in(n)
        return
    if isinstance(n, (*names.FUNCTIONS, ast.ClassDef)):
        return
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(n, field, None)
        if isinstance(inner, list) and inner:
            yield inner
    for handler in getattr(n, "handlers", None) or getattr(n, "cases", None) or ():
        yield handler.body


def blocks_in(n: Code) -> Iterator[list[Any]]:
    """The blocks of a statement of another language."""
    for part in n.parts:
        if isinstance(part, Code) and part.kind == "statement_block":
            yield part.parts
        elif isinstance(part, Code) and part.kind.endswith("_clause"):
            yield from blocks_in(part)


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


def among(ps: Sequence[Any], ns: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Each of `ps` meets one of `ns`, in order, others may stand between."""
    if not ps:
        yield env
        return
    for index, n in enumerate(ns):
        for found in match(ps[0], n, env, run):
            yield from among(ps[1:], ns[index + 1 :], found, run)


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


BLOCKS = frozenset({"program", "statement_block", "switch_body"})
EITHER_WAY = frozenset({"==", "===", "!=", "!=="})
ANY_PART = frozenset({"&&", "||", "&", "|", "??"})


def code(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A node of another language: same kind, same text, same parts."""
    if not isinstance(n, Code) or p.kind != n.kind or p.text != n.text:
        if p.kind == "member_expression" and isinstance(p.parts[-1], Dots):
            yield from links(p, n, env, run)
        return
    mine, theirs = p.parts, n.parts
    if p.kind in BLOCKS:
        yield from block(mine, theirs, env, run)
    elif p.kind == "class_body":
        yield from among([s for s in mine if stands_for_many(s) is None], theirs, env, run)
    elif p.kind == "object":
        wanted = [part for part in mine if not isinstance(part, Dots)]
        for found, rest in unordered(wanted, theirs, env, run, len(wanted) < len(mine)):
            spare = next((part for part in mine if isinstance(part, Dots)), None)
            after = found if spare is None else captured(spare, rest, found)
            if after is not False:
                yield after
    elif p.kind == "member_expression" and isinstance(mine[-1], Dots):
        yield from links(p, n, env, run)
    elif p.kind == "binary_expression" and len(mine) == len(theirs) == 3:
        yield from binary(mine, theirs, env, run)
    elif p.kind == "import_clause" and [type(part) for part in mine] == [One]:
        # the default import: a name, and not what stands in braces
        if theirs[0].kind == "name":
            yield from match(mine[0], theirs[0], env, run)
    elif p.kind == "template_string":
        yield from pieces(letters(mine, True), letters(theirs, False), env, run)
    else:
        yield from sequence(mine, fitting(mine, theirs), env, run)


def links(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`$X. ...`: any number of links of a chain."""
    while isinstance(n, Code):
        yield from match(p.parts[0], n, env, run)
        if n.kind not in ("member_expression", "call_expression", "subscript_expression"):
            return
        n = n.parts[0]


def binary(mine: Sequence[Any], theirs: Sequence[Any], env: Env, run: Run) -> Iterator[Env]:
    """Two operands and what is between them."""
    operator = mine[1].text
    if operator != theirs[1].text:
        return
    yield from sequence(mine, theirs, env, run)
    if operator in EITHER_WAY or operator in ANY_PART:
        yield from sequence(mine, theirs[::-1], env, run)


def fitting(mine: Sequence[Any], theirs: Sequence[Any]) -> Sequence[Any]:
    """The parts of the code without those that a pattern may leave out."""
    kinds = {getattr(part, "kind", "") for part in mine}
    return [
        part
        for part in theirs
        if not (
            part.kind in ("async", "else_clause", "finally_clause", "catch_clause")
            and part.kind not in kinds
        )
    ]


def letters(parts: Sequence[Any], pattern: bool) -> list[Any]:
    """The letters and expressions of a template string."""
    found: list[Any] = []
    for part in parts:
        if part.kind == "template_substitution":
            found.append(part)
            continue
        for index, piece in enumerate(part.text.split("...") if pattern else [part.text]):
            found += [Dots(name="")] if index else []
            found += piece
    return found


HANDLERS: dict[type, Handler] = {
    Code: code,
    One: one,
    Dots: dots,
    Deep: deep,
    Typed: typed,
    AnyText: any_text,
    Block: sequences,
    Parameter: parameter,
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Call: call,
    ast.Dict: dictionary,
    ast.Set: braces,
    ast.Compare: compare,
    ast.UnaryOp: unary,
    ast.IfExp: conditional,
    ast.BoolOp: chain,
    ast.BinOp: chain,
    ast.Assign: assign,
    ast.AnnAssign: annotated,
    ast.JoinedStr: joined,
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
__all__ = ["Run", "TooMuchWork", "match", "same"]
