"""Statements that no run can reach: they stand after what always leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from guard.javascript.grammar import ancestors, words
from guard.javascript.leftovers.finds import (
    DECLARED_FUNCTIONS,
    FUNCTIONS,
    NO_STATEMENT,
    Leftover,
)
from guard.javascript.leftovers.members import number_name

if TYPE_CHECKING:
    from tree_sitter import Node

JUMPS = frozenset("return_statement throw_statement break_statement continue_statement".split())
LOOPS = frozenset("while_statement do_statement for_statement for_in_statement".split())
LISTS = frozenset("statement_block program switch_case switch_default class_static_block".split())
HARMLESS = frozenset(["break_statement", "empty_statement"])

ENDERS = (
    *sorted(JUMPS),
    *(
        "if_statement switch_statement statement_block labeled_statement "
        "while_statement do_statement for_statement with_statement"
    ).split(),
)

# One pattern for all of them: to compile one for each takes thirty times as long.
QUERY = f"""
([{" ".join(f"({kind})" for kind in ENDERS)}] @ender . (_))
(try_statement) @ender
"""
"""The statements that may always leave and have something after them; `try` has its handler."""

THROWERS = frozenset(
    "identifier undefined meta_property shorthand_property_identifier call_expression "
    "new_expression member_expression subscript_expression yield_expression await_expression "
    "throw_statement class class_declaration try_statement jsx_element "
    "jsx_self_closing_element".split()
)
"""What may throw, or is not looked into for that."""


def unreachable(enders: Iterable[Node]) -> Iterator[Leftover]:
    """The statements after those of `enders` that always leave.

    A run of statements is one finding; hoisted functions and variables without a value do not
    count; what stands inside of unreachable code is not reported again.
    """
    covered: list[tuple[int, int, int]] = []
    for ender in sorted(enders, key=lambda node: (node.start_byte, -node.end_byte)):
        parent = ender.parent
        if parent is None or parent.type not in LISTS:
            continue
        around = function_of(ender)
        if any(start <= ender.start_byte < end and of == around for start, end, of in covered):
            continue
        if ends(ender) or uncaught(ender):
            for run in dead_from(ender):
                covered.append((run[0].start_byte, run[-1].end_byte, around))
                yield Leftover(
                    "unreachable",
                    run[0],
                    f"nothing reaches this: the {kind_of(ender)} before it always leaves",
                    "remove what is left over, or the statement that leaves too early",
                    last=run[-1],
                    related=ender,
                    note="leaves here",
                    warning=all(node.type in HARMLESS for node in run),
                )


def function_of(node: Node) -> int:
    """What tells the function, static block or program around a statement from others."""
    for around in ancestors(node):
        if around.type in FUNCTIONS or around.type == "class_static_block":
            return around.id
    return 0


def dead_from(ender: Node) -> list[list[Node]]:
    """The runs of statements that are dead since `ender` always leaves, its handler with them."""
    runs = list(dead_after(ender)) if ends(ender) else []
    handler = field(ender, "handler")
    if handler is not None and uncaught(ender) and (body := field(handler, "body")) is not None:
        if runs and field(ender, "finalizer") is None:
            runs[0].insert(0, body)
        else:
            runs.insert(0, [body])
    return runs


def uncaught(node: Node) -> bool:
    """Whether the handler of a `try` has nothing to do: its block leaves, and nothing in it throws.

    As in ESLint, any name, member or call may throw.
    """
    return (
        node.type == "try_statement"
        and field(node, "handler") is not None
        and ends(field(node, "body"))
        and not throws(field(node, "body"))
    )


def throws(node: Node | None) -> bool:
    """Whether anything that is reached in a statement or expression may throw."""
    if node is None or node.type in FUNCTIONS:
        return False
    if node.type in THROWERS:
        return True
    if node.type == "variable_declarator" and (name := field(node, "name")) is not None:
        return name.type != "identifier" or throws(field(node, "value"))
    for child in node.named_children:
        if throws(child):
            return True
        if node.type in LISTS and ends(child):
            return False
    return False


def kind_of(ender: Node) -> str:
    """What people call the statement."""
    word = ender.type.removesuffix("_statement")
    return "block" if word == "statement_block" else word.replace("labeled", "labelled block")


def dead_after(ender: Node) -> Iterator[list[Node]]:
    """The statements after `ender` in its list, in runs without hoisted functions between."""
    run: list[Node] = []
    node = ender.next_named_sibling
    while node is not None:
        if node.type in DECLARED_FUNCTIONS:
            if run:
                yield run
            run = []
        elif not (node.type in NO_STATEMENT or node.type == "empty_statement" or bare(node)):
            run.append(node)
        node = node.next_named_sibling
    if run:
        yield run


def bare(node: Node) -> bool:
    """Whether a statement is `var a, b;` without values: it acts wherever it stands."""
    return node.type == "variable_declaration" and all(
        child.child_by_field_name("value") is None
        for child in node.named_children
        if child.type == "variable_declarator"
    )


def ends(node: Node | None) -> bool:
    """Whether no run ever gets past the statement `node`."""
    if node is None:
        return False
    kind = node.type
    if kind in JUMPS:
        return True
    if kind in ("statement_block", "switch_case", "switch_default"):
        return any(ends(child) for child in reversed(node.named_children))
    if kind == "if_statement":
        other = node.child_by_field_name("alternative")
        return other is not None and ends(field(node, "consequence")) and ends(other)
    if kind == "else_clause":
        return ends(node.named_children[-1] if node.named_children else None)
    if kind == "labeled_statement":
        return ends(field(node, "body")) and not leaves_by(
            field(node, "body"), frozenset([label_of(node)])
        )
    if kind == "try_statement":
        return tried(node)
    if kind == "switch_statement":
        return switched(node)
    if kind == "with_statement":
        return ends(field(node, "body"))
    return kind in LOOPS and looped(node)


def tried(node: Node) -> bool:
    """`ends` for `try`: its finally leaves, or its block and its handler both do."""
    final = field(node, "finalizer")
    if final is not None and ends(field(final, "body")):
        return True
    handler = field(node, "handler")
    return ends(field(node, "body")) and (
        handler is None or ends(field(handler, "body")) or uncaught(node)
    )


def switched(node: Node) -> bool:
    """`ends` for `switch`: there is a default, the last case leaves, and nothing breaks out."""
    body = field(node, "body")
    if body is None:
        return False
    cases = [child for child in body.named_children if child.type not in NO_STATEMENT]
    has_default = any(case.type == "switch_default" for case in cases)
    return has_default and ends(cases[-1]) and not leaves_by(body, labels_of(node))


def looped(node: Node) -> bool:
    """`ends` for loops: endless without a break, or a `do` whose first round leaves."""
    body, condition = field(node, "body"), field(node, "condition")
    labels = labels_of(node)
    if leaves_by(body, labels):
        return False
    if (
        node.type == "do_statement"
        and ends(body)
        and not leaves_by(body, labels, "continue_statement")
    ):
        return True
    if node.type == "for_statement" and (condition is None or condition.type == "empty_statement"):
        return True
    return always(condition)


def always(condition: Node | None) -> bool:
    """Whether a loop's condition is a literal that counts as true."""
    while condition is not None and condition.type == "parenthesized_expression":
        inner = [child for child in condition.named_children if child.type not in NO_STATEMENT]
        condition = inner[0] if len(inner) == 1 else None
    if condition is None:
        return False
    if condition.type == "number":
        return number_name(words(condition)) != "0"
    return condition.type in ("true", "regex") or (
        condition.type == "string" and len(words(condition)) > 2
    )


def leaves_by(node: Node | None, labels: frozenset[str], kind: str = "break_statement") -> bool:
    """Whether a reachable `break` (or `continue`) in `node` means one of `labels`.

    The empty label is the loop or switch around `node`: what stands in one further in leaves
    that one instead.
    """
    if node is None or not labels:
        return False
    if node.type == kind:
        return label_of(node) in labels
    if node.type in LOOPS or (node.type == "switch_statement" and kind == "break_statement"):
        labels -= {""}
    in_list = node.type in LISTS
    for child in node.named_children:
        if child.type.endswith("_statement") or child.type in CARRIERS:
            if leaves_by(child, labels, kind):
                return True
            if in_list and ends(child):
                return False
    return False


CARRIERS = frozenset(
    "statement_block switch_body switch_case switch_default else_clause catch_clause "
    "finally_clause".split()
)
"""Nodes that hold statements and are none."""


def labels_of(node: Node) -> frozenset[str]:
    """By which labels a jump can mean the statement `node`; the empty one is none at all."""
    labels = {""}
    parent = node.parent
    while parent is not None and parent.type == "labeled_statement":
        labels.add(label_of(parent))
        parent = parent.parent
    return frozenset(labels)


def label_of(node: Node) -> str:
    """The label of a break, a continue or a labelled statement; empty where it has none."""
    label = field(node, "label")
    return "" if label is None else words(label)


def field(node: Node, name: str) -> Node | None:
    """A child by the name of its field."""
    return node.child_by_field_name(name)
