"""Different shapes of the same code: what a pattern written one way must find written another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from guard.fixes.matching import names
from guard.fixes.matching.env import same
from guard.fixes.matching.nodes import AnyText, Dots, Entry, marked

NEGATED: dict[type, type] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
FLIPPED: dict[type, type] = {
    ast.Is: ast.Is,
    ast.IsNot: ast.IsNot,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
}
IDENTITY: dict[type, type] = {ast.Eq: ast.Is, ast.NotEq: ast.IsNot}


def comparison(node: Any) -> tuple[Any, type, Any] | None:
    """`a OP b`, or `not a OP b` with the opposite operator, as (left, operator, right)."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return node.left, type(node.ops[0]), node.comparators[0]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = comparison(node.operand)
        if inner is not None and inner[1] in NEGATED:
            return inner[0], NEGATED[inner[1]], inner[2]
    return None


def negated(node: Any) -> ast.expr:
    """The test that is true where `node` is not."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    found = comparison(node)
    if found is not None and found[1] in NEGATED:
        new: ast.expr = ast.Compare(found[0], [NEGATED[found[1]]()], [found[2]])
    else:
        new = ast.UnaryOp(ast.Not(), node)
    return ast.copy_location(new, node)


def is_none(node: Any) -> bool:
    """Whether a node is the constant None."""
    return isinstance(node, ast.Constant) and node.value is None


def as_dict(node: Any) -> ast.Dict | None:
    """`dict(a=1, **b)` as the literal it equals."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "dict"
        and all(isinstance(a, Dots) for a in node.args)
        and node.keywords
    ):
        keys: list[ast.expr | None] = [None for _ in node.args]
        keys += [keyed(k) if k.arg is not None else None for k in node.keywords]
        values = [*node.args, *(k.value for k in node.keywords)]
        return ast.copy_location(ast.Dict(keys, values), node)
    return None


def keyed(keyword: ast.keyword) -> ast.expr:
    """The name of a keyword argument as the string that is its key."""
    meta = marked(keyword.arg or "")
    if meta is not None:
        return AnyText(name=meta.name, regex="")
    key = ast.Constant(keyword.arg)
    key.lineno = key.end_lineno = keyword.lineno
    key.col_offset = keyword.col_offset
    key.end_col_offset = keyword.col_offset + len((keyword.arg or "").encode())
    key.bare = True  # type: ignore[attr-defined]  # no string in the text: a repair must know
    return key


def as_choice(node: Any) -> ast.Assign | None:
    """An if/else statement whose branches assign to the same place, as one assignment."""
    if not isinstance(node, ast.If) or len(node.body) != 1 or len(node.orelse) != 1:
        return None
    yes, no = node.body[0], node.orelse[0]
    if not isinstance(yes, ast.Assign) or not isinstance(no, ast.Assign):
        return None
    if not same(yes.targets, no.targets):
        return None
    choice = ast.copy_location(ast.IfExp(node.test, yes.value, no.value), node)
    # A repair of the whole expression is one of the whole statement.
    choice.instead = yes  # type: ignore[attr-defined]
    return ast.copy_location(ast.Assign(yes.targets, choice), node)


def assignments(node: Any) -> Iterator[ast.Assign]:
    """A statement, or `:=`, as the assignments `target = value` that it makes."""
    if isinstance(node, ast.Assign):
        yield node
        if len(node.targets) > 1:
            for target in node.targets:
                yield ast.copy_location(ast.Assign([target], node.value), node)
        for target, value in pairs(node):
            yield ast.copy_location(ast.Assign([target], value), node)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield ast.copy_location(ast.Assign([node.target], node.value), node)
    elif (choice := as_choice(node)) is not None:
        yield choice


def pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The targets and values of `a, b = c, d`."""
    value = node.value
    for target in node.targets:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            each = [*target.elts, *value.elts]
            if len(target.elts) == len(value.elts) and not any(
                isinstance(e, (ast.Starred, Dots)) for e in each
            ):
                yield from zip(target.elts, value.elts, strict=True)


def local(name: ast.Name) -> ast.Assign | None:
    """The one assignment that gives a name its value in its scope; None where there are others."""
    scope = next(names.scopes(name), None)
    found = names.bindings(scope).get(name.id, ()) if scope is not None else ()
    above = [names.parent(n) for n in found if isinstance(n, ast.Name)]
    if len(above) != len(found) or not above:
        return None
    if len(above) == 1:
        made = list(assignments(above[0]))
        return made[0] if len(made) == 1 else None
    choice = as_choice(names.parent(above[0])) if above[0] is not None else None
    both = len(above) == 2 and names.parent(above[0]) is names.parent(above[1])  # type: ignore[arg-type]
    return choice if both else None


def through(found: Entry) -> Iterator[Entry]:
    """An entry; where its value is a name that is assigned once, also with what is assigned."""
    yield found
    if isinstance(found.value, ast.Name) and (assigned := local(found.value)) is not None:
        yield entry(found.key, assigned.value, assigned, assigned)


def entries(nodes: dict[type, list[Any]]) -> Iterator[Entry]:
    """Dict entries, keyword arguments, and assignments to a key, as `key: value`."""
    for literal in nodes.get(ast.Dict, ()):
        for key, value in zip(literal.keys, literal.values, strict=True):
            if key is not None:
                yield entry(key, value, key)
    for keyword in nodes.get(ast.keyword, ()):
        if keyword.arg is not None:
            yield entry(keyed(keyword), keyword.value, keyword)
    for call in nodes.get(ast.Call, ()):
        if method(call) in SETTERS and len(call.args) == 2 and not call.keywords:
            yield entry(call.args[0], call.args[1], call.args[0])
    for pair in nodes.get(ast.Tuple, ()):
        if len(pair.elts) == 2 and makes_dict(pair):
            yield entry(pair.elts[0], pair.elts[1], pair.elts[0])
    for kind in (ast.Assign, ast.AnnAssign, ast.If):
        for node in nodes.get(kind, ()):
            for assignment in (*assignments(node), *longer_choice(node)):
                target = assignment.targets[0]
                if len(assignment.targets) == 1 and isinstance(target, ast.Subscript):
                    yield entry(target.slice, assignment.value, node, node)


SETTERS = frozenset({"setdefault", "__setitem__"})
"""Methods that are called with a key and its value."""


def method(call: ast.Call) -> str:
    """The name of the method, or function, that is called; empty where it has none."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def makes_dict(pair: ast.Tuple) -> bool:
    """Whether two elements are key and value: `dict([("a", 1)])`, `d.update([("a", 1)])`."""
    listed = names.parent(pair)
    call = names.parent(listed) if isinstance(listed, (ast.List, ast.Tuple)) else None
    return isinstance(call, ast.Call) and method(call) in ("dict", "OrderedDict", "update")


def longer_choice(node: Any) -> Iterator[ast.Assign]:
    """As `as_choice`, where the branches do more than to assign to a key: it has no repair."""
    if not isinstance(node, ast.If) or not node.orelse or as_choice(node) is not None:
        return
    others = {key: statement for statement in node.orelse for key in keys_set(statement)}
    for yes in node.body if others else ():
        for key in keys_set(yes):
            if key in others:
                single = ast.copy_location(ast.If(node.test, [yes], [others[key]]), node)
                if (choice := as_choice(single)) is not None:
                    choice.value.instead = None  # type: ignore[attr-defined]
                    yield choice


def keys_set(statement: ast.stmt) -> Iterator[Any]:
    """The literal keys that an assignment sets."""
    for target in statement.targets if isinstance(statement, ast.Assign) else ():
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            yield target.slice.value


def entry(key: Any, value: Any, start: Any, end: Any = None) -> Entry:
    """An entry that stands from where `start` begins to where `end`, or its value, ends."""
    made = Entry(key=plain(key), value=value)
    end = end or value
    made.lineno, made.col_offset = start.lineno, start.col_offset
    made.end_lineno, made.end_col_offset = end.end_lineno, end.end_col_offset
    made.up = getattr(start, "up", None)  # type: ignore[attr-defined]
    return made


def plain(key: Any) -> Any:
    """An f-string in which nothing is put in, as the string that it is."""
    if isinstance(key, ast.JoinedStr) and all(isinstance(v, ast.Constant) for v in key.values):
        text = "".join(str(v.value) for v in key.values if isinstance(v, ast.Constant))
        return ast.copy_location(ast.Constant(text), key)
    return key
