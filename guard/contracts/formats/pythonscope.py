"""What Python source gives to names, and what it reads from the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from guard.contracts.values import (
    Value,
)

STANDING = {
    "os.environ.get",
    "environ.get",
    "os.getenv",
    "getenv",
    "env",
    "config",
    "env.str",
    "env.int",
}


@dataclass(slots=True)
class Scope:
    """The assignments of a module or a class, by name, in order."""

    names: dict[str, list[ast.expr]] = field(default_factory=dict)
    """What each name is given."""

    classes: dict[str, Scope] = field(default_factory=dict)
    """The classes in it."""


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """One read of an environment variable."""

    name: str
    """The variable."""

    at: Value
    """Where it is read."""

    default: Value | None
    """What stands in where it is not set; None where nothing does."""

    required: bool
    """Whether the code fails where it is not set: `os.environ["X"]`."""


def scoped(body: list[ast.stmt]) -> Scope:
    """The assignments of a body, those under `if`, `try` and `with` included."""
    scope = Scope()
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            scope.classes[statement.name] = scoped(statement.body)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                assign(scope, target, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            assign(scope, statement.target, statement.value)
        elif isinstance(statement, ast.If | ast.Try | ast.With):
            parts = [statement.body, getattr(statement, "orelse", [])]
            parts += [h.body for h in getattr(statement, "handlers", [])]
            for part in parts:
                inner = scoped(part)
                for name, values in inner.names.items():
                    scope.names.setdefault(name, []).extend(values)
                scope.classes.update(inner.classes)
    return scope


def assign(scope: Scope, target: ast.expr, value: ast.expr) -> None:
    """Notes one assignment: to a name, an attribute, a key, or names in step with values."""
    if isinstance(target, ast.Name | ast.Attribute):
        scope.names.setdefault(dotted_name(target), []).append(value)
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        held = dotted_name(target.value)
        key = ast.Dict(keys=[target.slice], values=[value])
        scope.names.setdefault(held, []).append(key)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            assign(scope, one, other)


def alias(node: ast.expr | None) -> str:
    """The variable that `Field(alias=…)` names; empty where it names none."""
    for keyword in node.keywords if isinstance(node, ast.Call) else []:
        named = keyword.arg in ("alias", "validation_alias", "env")
        if named and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


def required(node: ast.expr) -> bool:
    """Whether a field has no default: `...`, `Field(...)`, `Field(alias="X")`."""
    if isinstance(node, ast.Constant):
        return node.value is ...
    if isinstance(node, ast.Call) and dotted_name(node.func).endswith("Field"):
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "default")]
        factory = any(k.arg == "default_factory" for k in node.keywords)
        return not factory and all(required(g) for g in given)
    return False


EACH = None
"""Stands for every member: `[*]`."""


def literal_members(node: ast.expr, members: Sequence[str | int | None]) -> list[ast.expr]:
    """What a path means in a literal: dicts, lists and their like, `dict(…)`; empty for nothing."""
    if not members:
        return [node]
    first, *rest = members
    found = every(node) if first is EACH else [*one_member(node, first)]
    return [inner for held in found for inner in literal_members(held, rest)]


def every(node: ast.expr) -> list[ast.expr]:
    """The members of a literal list, tuple, set or dict, or of a call such as `frozenset([…])`."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.Call) and len(node.args) == 1:
        named = dotted_name(node.func) in ("list", "tuple", "set", "frozenset")
        return every(node.args[0]) if named else []
    return []


def one_member(node: ast.expr, member: str | int) -> Iterator[ast.expr]:
    """The member of a literal that has this key or number; none where there is none such."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == member][:1]
    elif isinstance(node, ast.List | ast.Tuple) and isinstance(member, int):
        yield from node.elts[member : member + 1]
    elif isinstance(node, ast.Call):
        yield from [k.value for k in node.keywords if k.arg == member][:1]


def passed(node: ast.Call, which: str) -> list[ast.expr]:
    """What a call is given by a keyword, or by a number."""
    if which.isdigit():
        return node.args[int(which) : int(which) + 1]
    return [k.value for k in node.keywords if k.arg == which]


def methods(node: ast.ClassDef, called: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of a class that a dotted name means; its own name means `__init__`."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{node.name}.{inner.name}"
            if (f".{name}".endswith(f".{called}") and "." in called) or (
                called == node.name and inner.name == "__init__"
            ):
                yield inner


def dotted_name(node: ast.expr) -> str:
    """`a.b.c` for names and attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        held = dotted_name(node.value)
        return f"{held}.{node.attr}" if held else ""
    return ""


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The parameters of a function that have defaults."""
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = node.args.defaults
    for argument, default in zip(
        positional[len(positional) - len(defaults) :], defaults, strict=True
    ):
        yield argument.arg, default
    for argument, maybe in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if maybe is not None:
            yield argument.arg, maybe


def environment_read(node: ast.AST) -> tuple[str | None, ast.expr | None, bool]:
    """The variable that an expression reads from the environment; None where it reads none.

    With its default, and whether the code fails without it.
    """
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        if dotted_name(node.value) in ("os.environ", "environ") and isinstance(
            node.slice, ast.Constant
        ):
            return str(node.slice.value), None, True
        return None, None, False
    if isinstance(node, ast.Call):
        told = [k.value for k in node.keywords if k.arg == "envvar"]  # click and typer
        if told and isinstance(told[0], ast.Constant) and isinstance(told[0].value, str):
            return told[0].value, told[0], False
    if not isinstance(node, ast.Call) or not node.args:
        return None, None, False
    function = dotted_name(node.func)
    first = node.args[0]
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return None, None, False
    if function in STANDING and (function not in ("config", "env") or first.value.isupper()):
        default = node.args[1] if len(node.args) > 1 else None
        default = default or next((k.value for k in node.keywords if k.arg == "default"), None)
        return first.value, default, function in ("env", "config", "env.str", "env.int")
    return None, None, False


def settings_fields(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Name, str, ast.expr | None]]:
    """The fields of pydantic's settings: the field, its variable, its default or None."""
    for node in nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        if not any(dotted_name(base).endswith("BaseSettings") for base in node.bases):
            continue
        before = prefix(node)
        for field_ in node.body:
            if isinstance(field_, ast.AnnAssign) and isinstance(field_.target, ast.Name):
                name = alias(field_.value) or (before + field_.target.id).upper()
                needed = field_.value is None or required(field_.value)
                yield field_.target, name, None if needed else field_.value


def prefix(node: ast.ClassDef) -> str:
    """The `env_prefix` of a settings class."""
    for inner in ast.walk(node):
        held: ast.expr | None = None
        if isinstance(inner, ast.keyword) and inner.arg == "env_prefix":
            held = inner.value
        elif isinstance(inner, ast.Assign):
            names = [dotted_name(target) for target in inner.targets]
            held = inner.value if names == ["env_prefix"] else None
        if isinstance(held, ast.Constant):
            return str(held.value)
    return ""
