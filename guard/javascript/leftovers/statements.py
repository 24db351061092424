"""Statements that were something else before: without an effect, or with a stray `this`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from guard.javascript.grammar import ancestors, words
from guard.javascript.leftovers.finds import FUNCTIONS, NO_STATEMENT, Leftover

if TYPE_CHECKING:
    from tree_sitter import Node

IDLE = frozenset(
    "identifier undefined string number template_string regex true false null this super array "
    "object member_expression subscript_expression binary_expression unary_expression "
    "ternary_expression arrow_function function_expression generator_function class "
    "parenthesized_expression sequence_expression meta_property".split()
)
"""The kinds of expression that may do nothing."""

ALWAYS_IDLE = IDLE - frozenset(
    "member_expression subscript_expression binary_expression unary_expression "
    "ternary_expression parenthesized_expression sequence_expression".split()
)

COMPOUND = frozenset(
    "binary_expression ternary_expression sequence_expression parenthesized_expression".split()
)
"""Expressions of which a part may act and another not."""

CONSTANTS = frozenset("null undefined true false number string".split())
"""What `condition ? act() : null` has in its idle branch."""

VALUES = frozenset("object array function_expression generator_function arrow_function".split())
"""What a file may consist of that is read for its value."""

LAYOUT = frozenset(
    "offsetWidth offsetHeight offsetTop offsetLeft clientWidth clientHeight clientTop clientLeft "
    "scrollWidth scrollHeight scrollTop scrollLeft innerText".split()
)
"""Properties that browsers compute when they are read, which is what such a statement is for."""

GLOBAL_METHODS = frozenset(
    "addEventListener removeEventListener dispatchEvent postMessage importScripts setTimeout "
    "setInterval clearTimeout clearInterval requestAnimationFrame fetch require eval alert "
    "hasOwnProperty".split()
)
"""What `this.NAME()` calls at top level where `this` is the global object."""


def idle(expressions: Iterable[Node]) -> Iterator[Leftover]:
    """Expression statements that do nothing: no call, no assignment, nothing awaited or deleted.

    `expressions` are the expressions of all statements that are nothing else.
    """
    for node in expressions:
        if node.type not in IDLE or acts(node):
            continue
        statement = node.parent
        around = None if statement is None else statement.parent
        if statement is None or around is None or around.type == "labeled_statement":
            continue
        if node.type == "object" and is_block(node):
            continue  # its label is what is reported
        if (node.type == "string" and is_directive(statement)) or is_value_of_file(statement):
            continue
        if node.type in ("member_expression", "subscript_expression") and is_meant(statement):
            continue
        yield Leftover(
            "no-effect",
            statement,
            "a part of this statement does nothing"
            if node.type in COMPOUND and acts_in_part(node)
            else "this statement does nothing",
            "remove it, or use its value: assign it, return it, or call it",
            warning=True,
        )


def is_block(node: Node) -> bool:
    """Whether what the grammar takes for an object where a statement begins has a label in it."""
    first = node.named_children[0] if node.named_children else None
    key = first.child_by_field_name("key") if first is not None and first.type == "pair" else None
    return key is not None and key.type == "property_identifier"


def acts_in_part(node: Node) -> bool:
    """Whether an operand, a branch or an element of an expression acts."""
    parts = [child for child in node.named_children if child.type not in NO_STATEMENT]
    if node.type == "ternary_expression":
        parts = parts[1:]
    return any(acts_in_part(part) if part.type in COMPOUND else acts(part) for part in parts)


def acts(node: Node | None) -> bool:
    """Whether evaluating an expression statement may be meant to do something."""
    if node is None:
        return True
    kind = node.type
    if kind in ALWAYS_IDLE:
        return False
    if kind == "parenthesized_expression" or kind == "sequence_expression":
        parts = [child for child in node.named_children if child.type not in NO_STATEMENT]
        return all(acts(part) for part in parts)
    if kind == "binary_expression":
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type not in ("&&", "||", "??"):
            return False
        return acts(node.child_by_field_name("right"))
    if kind == "ternary_expression":
        branches = [node.child_by_field_name(name) for name in ("consequence", "alternative")]
        live = [b for b in branches if b is None or b.type not in CONSTANTS]
        return bool(live) and all(acts(branch) for branch in live)
    if kind == "unary_expression":
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type in ("void", "delete"):
            return True
        return calls_a_function_literal(node.child_by_field_name("argument"))
    if kind in ("member_expression", "subscript_expression"):
        name = node.child_by_field_name("property")
        return (name is not None and words(name) in LAYOUT) or holds_call(node)
    return True


def calls_a_function_literal(node: Node | None) -> bool:
    """Whether `node` is `function () {…}()`, which `!` or `+` only makes an expression of."""
    if node is None or node.type != "call_expression":
        return False
    callee = node.child_by_field_name("function")
    while callee is not None and callee.type in ("member_expression", "parenthesized_expression"):
        callee = callee.child_by_field_name("object") or callee.named_child(0)
    return callee is not None and callee.type in ("function_expression", "arrow_function")


def holds_call(chain: Node) -> bool:
    """Whether `a().b.c` calls something on its way, as assertions like `expect(x).to.be.ok` do."""
    node: Node | None = chain
    while node is not None and node.type in ("member_expression", "subscript_expression"):
        node = node.child_by_field_name("object")
    return node is not None and node.type not in ALWAYS_IDLE


def is_directive(statement: Node) -> bool:
    """Whether a string statement stands at the head of a program or function: `"use strict"`."""
    around = statement.parent
    if around is None:
        return False
    body_of = around.parent
    if around.type != "program" and not (
        around.type == "statement_block" and body_of is not None and body_of.type in FUNCTIONS
    ):
        return False
    node = statement.prev_named_sibling
    while node is not None:
        inner = node.named_child(0) if node.type == "expression_statement" else None
        if node.type not in NO_STATEMENT and (inner is None or inner.type != "string"):
            return False
        node = node.prev_named_sibling
    return True


def is_meant(statement: Node) -> bool:
    """Whether reading a member is the point of a statement.

    Either it declares a member for its documentation (`/** @type {Map} */ this.map;`), or a
    getter is tried out in a `try`.
    """
    before = statement.prev_sibling
    if before is not None and before.type == "comment" and words(before).startswith("/**"):
        return True
    for around in ancestors(statement):
        if around.type in FUNCTIONS or around.type in ("catch_clause", "finally_clause"):
            return False
        if around.type == "try_statement":
            return around.child_by_field_name("handler") is not None
    return False


def is_value_of_file(statement: Node) -> bool:
    """Whether a file is nothing but a function, a list or an object, over several lines.

    Its reader evaluates it: data, templates, functions that a database keeps.
    """
    around, value = statement.parent, statement.named_child(0)
    while value is not None and value.type == "parenthesized_expression":
        value = value.named_child(0)
    return (
        around is not None
        and around.type == "program"
        and value is not None
        and value.type in VALUES
        and statement.start_point.row < statement.end_point.row
        and sum(child.type not in NO_STATEMENT for child in around.named_children) == 1
    )


def stray_this(root: Node, uses: Iterable[Node]) -> Iterator[Leftover]:
    """Top-level statements that call a method of `this`, which is none of their object there.

    `uses` are all `this.NAME`. In a module `this` is undefined, so assigning to a member fails as
    well. In a script it is the global object and in CommonJS the exports: to assign and read
    members is customary there, to call one that the file does not define is not.
    """
    told: set[int] = set()
    module: bool | None = None
    for node in uses:
        use = used_as(node)
        if not use or (around := top_level(node)) is None or around.id in told:
            continue
        if module is None:
            module = is_module(root)
        member = node.parent
        name = None if member is None else member.child_by_field_name("property")
        text = "" if name is None else words(name)
        if not module and (
            use != "call" or text in GLOBAL_METHODS or text[:1].isupper() or defines(root, text)
        ):
            continue
        told.add(around.id)
        yield Leftover(
            "stray-this",
            around,
            f"'this.{text}' stands outside of any function, where 'this' is not its object",
            "move the statement into the method it belongs to, or remove what is left over",
            symbol=text,
        )


def top_level(node: Node) -> Node | None:
    """The innermost statement around `node`; None where that is in a function or a class."""
    statement: Node | None = None
    for around in ancestors(node):
        if around.type in FUNCTIONS or around.type in ("class_body", "decorator"):
            return None
        if statement is None and around.type.endswith(("_statement", "_declaration")):
            statement = around
    return statement


def used_as(this: Node) -> str:
    """What happens to the chain that begins with `this.a`: `call`, `write` or nothing."""
    inner, outer = this, this.parent
    while outer is not None and outer.type in ("member_expression", "subscript_expression"):
        inner, outer = outer, outer.parent
    for kind, field, use in (
        ("call_expression", "function", "call"),
        ("assignment_expression", "left", "write"),
        ("augmented_assignment_expression", "left", "write"),
    ):
        if outer is not None and outer.type == kind:
            side = outer.child_by_field_name(field)
            return use if side is not None and side.id == inner.id else ""
    return ""


def is_module(root: Node) -> bool:
    """Whether a program imports or exports."""
    return any(child.type in ("import_statement", "export_statement") for child in root.children)


def defines(root: Node, name: str) -> bool:
    """Whether a script makes a global of that name itself."""
    text = words(root)
    return any(
        how in text
        for how in (f"this.{name} =", f"this.{name}=", f"function {name}", f"var {name}")
    )
