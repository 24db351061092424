"""Matches the nodes of a language that has no classes of nodes, which is JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from guard.fixes.matching.env import Env
from guard.fixes.matching.expressions import SWAPPED, pieces
from guard.fixes.matching.match import (
    Handler,
    Run,
    among,
    block,
    captured,
    match,
    prefix,
    sequence,
    stands_for_many,
    unordered,
)
from guard.fixes.matching.nodes import Code, Dots, One

EITHER_WAY = frozenset({"==", "===", "!=", "!=="})
ANY_PART = frozenset({"&&", "||", "&", "|", "??"})
WORDS = frozenset({"async", "function", "get", "set", "static", "*"})
"""What stands before the name of a function or a method."""

FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
LOOPS = frozenset({"for_statement", "for_in_statement"})


def code(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """A node of another language: same kind, same text, same parts, or a form that says the same.

    Classes, `switch`, imports and destructuring may say more than the pattern does.
    """
    if not isinstance(n, Code):
        return
    if (form := FORMS.get(p.kind)) is not None:
        yield from form(p, n, env, run)
    elif p.kind == n.kind and p.text == n.text:
        yield from sequence(p.parts, fitting(p.parts, n.parts), env, run)


def suite(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """The statements of a block."""
    if p.kind == n.kind:
        yield from block(p.parts, n.parts, env, run)


def some(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """The members of a class, the cases of a `switch`: others may stand between."""
    if p.kind == n.kind:
        yield from among([part for part in p.parts if not is_dots(part)], n.parts, env, run)


def is_dots(part: Any) -> bool:
    """Whether a statement, a member or a case is `...`."""
    case = isinstance(part, Code) and part.kind in ("switch_case", "field_definition")
    last = part.parts[-1] if case and part.parts else None
    return isinstance(last, Dots) or stands_for_many(part) is not None


def case(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """A `case` or `default`, and the statements behind it."""
    if p.kind != n.kind:
        return
    head = 2 if p.kind == "switch_case" else 1
    for found in sequence(p.parts[:head], n.parts[:head], env, run):
        yield from prefix(p.parts[head:], n.parts[head:], found, run, whole=True)


def members(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """An object: its members in any order, others where the pattern has `...`."""
    if p.kind != n.kind:
        return
    wanted = [part for part in p.parts if not isinstance(part, Dots)]
    for found, rest in unordered(wanted, n.parts, env, run, len(wanted) < len(p.parts)):
        spare = next((part for part in p.parts if isinstance(part, Dots)), None)
        after = found if spare is None else captured(spare, rest, found)
        if after is not False:
            yield after


def taken(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """What is imported or taken out of an object: others may be taken as well."""
    if p.kind != n.kind:
        return
    wanted = [part for part in p.parts if not isinstance(part, Dots)]
    for found, rest in unordered(wanted, n.parts, env, run, True, names):
        around: Any = p
        while rest and (around := getattr(around, "up", None)) is not None:
            found = (SWAPPED, around, found)  # a repair of another part would be one for the rest
        yield found


def names(p: Any, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """One name that is taken, and not what stands in braces beside it."""
    if not isinstance(p, One) or n.kind not in ("named_imports", "namespace_import"):
        yield from match(p, n, env, run)


def specifier(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """A name in the braces of an import, whatever it is called here."""
    if p.kind == n.kind:
        yield from sequence(p.parts, n.parts[:1] if len(p.parts) == 1 else n.parts, env, run)


def member(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """`a.b`; behind it `...` stands for any number of links of a chain."""
    if isinstance(p.parts[-1], Dots):
        yield from links(p, n, env, run)
    elif p.kind == n.kind:
        yield from sequence(p.parts, n.parts, env, run)


def links(p: Code, n: Any, env: Env, run: Run) -> Iterator[Env]:
    """`$X. ...`: any number of links of a chain."""
    while isinstance(n, Code):
        yield from match(p.parts[0], n, env, run)
        if n.kind not in ("member_expression", "call_expression", "subscript_expression"):
            return
        n = n.parts[0]


def binary(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """Two operands and what is between them; `...` is any number of a sum's or product's."""
    if p.kind != n.kind or p.parts[1].text != n.parts[1].text:
        return
    operator = p.parts[1].text
    wanted = operands(p, operator) if operator in ("+", "*") else []
    if any(isinstance(part, Dots) for part in wanted):
        yield from sequence(wanted, operands(n, operator), env, run)
        return
    yield from sequence(p.parts, n.parts, env, run)
    if operator in EITHER_WAY or operator in ANY_PART:
        yield from sequence(p.parts, n.parts[::-1], env, run)


def operands(node: Any, operator: str) -> list[Any]:
    """The operands of a sum or a product."""
    found: list[Any] = []
    while isinstance(node, Code) and node.kind == "binary_expression":
        if node.parts[1].text != operator:
            break
        found.append(node.parts[2])
        node = node.parts[0]
    return [node, *found[::-1]]


def template(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """A template string, letter by letter; a string is one without expressions."""
    if n.kind in (p.kind, "string"):
        theirs = list(n.text) if n.kind == "string" else letters(n.parts, False)
        yield from pieces(letters(p.parts, True), theirs, env, run)


def assignment(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """`a = b`, also where `a` is declared with it."""
    if p.kind == n.kind or (n.kind == "variable_declarator" and len(n.parts) == 2):
        yield from sequence(p.parts, n.parts, env, run)


def statement(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """An expression as a statement; an assignment may be a declaration."""
    if n.kind in ("lexical_declaration", "variable_declaration"):
        for part in n.parts[1:]:
            if isinstance(p.parts[0], Code) and p.parts[0].kind == "assignment_expression":
                yield from match(p.parts[0], part, env, run)
    elif p.kind == n.kind:
        yield from sequence(p.parts, n.parts, env, run)


def declaration(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """`const`, `let`, or `var` for any of them; other names may be declared beside."""
    if p.kind == n.kind or (p.kind == "variable_declaration" and n.kind == "lexical_declaration"):
        for found in match(p.parts[0], n.parts[0], env, run) if p.kind == n.kind else (env,):
            for after, _ in unordered(p.parts[1:], n.parts[1:], found, run, True):
                yield after


def function(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """A function with a name: declared, as a method, or as a member of an object."""
    words = words_of(p) - {"function"}
    if n.kind == "pair" and len(n.parts) == 2 and isinstance(n.parts[1], Code):
        value = n.parts[1]
        if value.kind in ("function_expression", "generator_function") and words <= words_of(value):
            theirs = [n.parts[0], *behind_words(value)]
            yield from sequence(behind_words(p), theirs, env, run)
    elif (n.kind in FUNCTIONS or n.kind == "method_definition") and words <= words_of(n):
        yield from sequence(behind_words(p), behind_words(n), env, run)


def words_of(n: Code) -> set[str]:
    """What stands before the name of a function."""
    return {part.kind for part in n.parts if isinstance(part, Code)} & WORDS


def behind_words(n: Code) -> list[Any]:
    """Name, parameters and body of a function."""
    return [part for part in n.parts if not (isinstance(part, Code) and part.kind in WORDS)]


def loop(p: Code, n: Code, env: Env, run: Run) -> Iterator[Env]:
    """A `for`; with `(...)` of any sort, without `await` also one that awaits."""
    if isinstance(p.parts[1], Dots):
        if n.kind in LOOPS:
            yield from match(p.parts[-1], n.parts[-1], env, run)
    elif p.kind == n.kind:
        yield from sequence(p.parts, fitting(p.parts, n.parts), env, run)


def fitting(mine: Sequence[Any], theirs: Sequence[Any]) -> Sequence[Any]:
    """The parts of the code without those that a pattern may leave out."""
    kinds = {getattr(part, "kind", "") for part in mine}
    optional = {"async", "await", "else_clause", "class_heritage", "catch_clause"}
    if "catch_clause" not in kinds:  # who says what is caught says also what is done at last
        optional.add("finally_clause")
    return [part for part in theirs if part.kind not in optional - kinds]


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


FORMS: Mapping[str, Callable[[Code, Code, Env, Run], Iterator[Env]]] = {
    "program": suite,
    "statement_block": suite,
    "class_body": some,
    "switch_body": some,
    "switch_case": case,
    "switch_default": case,
    "object": members,
    "object_pattern": taken,
    "named_imports": taken,
    "import_clause": taken,
    "import_specifier": specifier,
    "member_expression": member,
    "binary_expression": binary,
    "template_string": template,
    "assignment_expression": assignment,
    "expression_statement": statement,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "for_statement": loop,
    "for_in_statement": loop,
} | dict.fromkeys(FUNCTIONS, function)
"""By the kind of a pattern's node what it meets, where that is more than its own kind."""

HANDLERS: dict[type, Handler] = {
    Code: code,
}
