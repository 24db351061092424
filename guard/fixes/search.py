"""Finds in one file what a rule forbids, with all of the rule's conditions, and how to mend it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from guard.fixes.matching.env import MISSING, Content, Ident, lookup
from guard.fixes.matching.limited import contains
from guard.fixes.matching.pattern import Match
from guard.fixes.rule import Condition, Rule

KINDS: dict[str, tuple[type, ...]] = {
    "name": (ast.Name,),
    "attribute": (ast.Attribute,),
    "call": (ast.Call,),
    "list": (ast.List, ast.ListComp),
    "dict": (ast.Dict, ast.DictComp),
    "set": (ast.Set, ast.SetComp),
    "tuple": (ast.Tuple,),
    "lambda": (ast.Lambda,),
    "fstring": (ast.JoinedStr,),
}
CONSTANTS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "bytes": (bytes,),
    "number": (int, float, complex),
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
    "none": (type(None),),
    "literal": (str, bytes, int, float, complex, bool, type(None)),
}


def forbidden(rule: Rule, file: Any) -> list[tuple[Any, Match]]:
    """Every match in `file` of what the rule forbids, with the pattern that found it."""
    found: dict[tuple[int, int], tuple[Any, Match]] = {}
    for pattern in rule.forbid:
        for match in pattern.find(file):
            if holds(rule, match, file):
                found.setdefault((match.start, match.end), (pattern, match))
    return [found[span] for span in sorted(found)]


def holds(rule: Rule, match: Match, file: Any) -> bool:
    """Whether a match meets the rule's conditions."""
    return (
        all(satisfied(condition, name, match) for name, condition in rule.where.items())
        and not any(within(match, p, file, same=True) for p in rule.unless)
        and (not rule.inside or any(within(match, p, file) for p in rule.inside))
        and not any(within(match, p, file) for p in rule.not_inside)
    )


def within(match: Match, pattern: Any, file: Any, same: bool = False) -> bool:
    """Whether a match lies in one of `pattern` whose metavariables agree with it."""
    return any(
        outer.start <= match.start and match.end <= outer.end
        for outer in pattern.find(file, match.env)
        if not same or outer.start == match.start
    )


def satisfied(condition: Condition, name: str, match: Match) -> bool:
    """Whether the code that a metavariable stands for is as the condition says."""
    value = lookup(match.env, name)
    text = match.bindings.get(name)
    if text is None:
        return False
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        text = value.value
    if condition.regex and not contains(condition.regex, text):
        return False
    if condition.not_regex and contains(condition.not_regex, text):
        return False
    return not condition.kind or of_kind(value, condition.kind)


def of_kind(value: Any, kind: str) -> bool:
    """Whether a value is of a kind of code."""
    if value is MISSING:
        return False
    if isinstance(value, Content):
        value = value.node
    if isinstance(value, Ident):
        return kind == "name"
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    if isinstance(value, ast.Constant) and kind in CONSTANTS:
        exact = kind in ("number", "int", "float") and isinstance(value.value, bool)
        return isinstance(value.value, CONSTANTS[kind]) and not exact
    return isinstance(value, KINDS.get(kind, ()))


def scopes(rule: Rule, file: Any) -> list[tuple[int, int]] | None:
    """The regions of the function and class a rule is about; None where it is about all."""
    if not rule.function and not rule.class_:
        return None
    return [
        (start, end)
        for names, kind, start, end in rule.language.definitions(file)
        if meant(rule, names, kind)
    ]


def meant(rule: Rule, names: Sequence[str], kind: str) -> bool:
    """Whether a definition is the function or class that a rule names."""
    wanted = [n for name in (rule.class_, rule.function) if name for n in name.split(".")]
    return list(names[-len(wanted) :]) == wanted and (bool(rule.function) or kind == "class")


def lies_in(match: Match, places: Sequence[tuple[int, int]] | None) -> bool:
    """Whether a match lies in one of the regions."""
    return places is None or any(a <= match.start and match.end <= b for a, b in places)
