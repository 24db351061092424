"""Labels that nothing jumps to: most were keys of an object before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from guard.javascript.grammar import words
from guard.javascript.leftovers.finds import FUNCTIONS, NO_STATEMENT, Leftover
from guard.javascript.leftovers.members import unescaped
from guard.javascript.leftovers.statements import is_value_of_file

if TYPE_CHECKING:
    from tree_sitter import Node


def labels(statements: Iterable[Node], path: str) -> Iterator[Leftover]:
    """Labels that nothing jumps to; before an expression they were keys of an object."""
    covered = -1
    for node in sorted(statements, key=lambda node: node.start_byte):
        label, body = node.child_by_field_name("label"), node.child_by_field_name("body")
        if label is None or body is None or node.start_byte < covered:
            continue
        name = unescaped(words(label))
        # Svelte's `$:` marks reactive statements; `javascript:` opens the URL in a handler.
        if (name == "$" and path.endswith(".svelte")) or name == "javascript":
            continue
        if jumps_to(body, name):
            continue
        if was_key(body):
            covered = node.end_byte
            yield stray(node, name)
        else:
            yield Leftover(
                "unused-label",
                label,
                f"nothing jumps to the label {name!r}",
                "remove the label",
                symbol=name,
                warning=True,
            )


def in_blocks(pairs: Iterable[Node]) -> Iterator[Leftover]:
    """The first keys of what the grammar takes for objects where only blocks may stand."""
    for pair in pairs:
        key, statement = pair.child_by_field_name("key"), pair.parent and pair.parent.parent
        around = None if statement is None else statement.parent
        if key is None or statement is None or around is None or is_value_of_file(statement):
            continue
        if around.type != "labeled_statement":  # which is reported, once for all its keys
            yield stray(pair, unescaped(words(key)))


def stray(node: Node, name: str) -> Leftover:
    """The leftover that a key is which lost its object."""
    return Leftover(
        "stray-label",
        node,
        f"'{name}:' is a label here and no property: it stands outside of its object",
        "move it into the object it belongs to, or remove what is left over",
        symbol=name,
    )


def was_key(body: Node) -> bool:
    """Whether what a label stands before was the value of a key: an expression, or an object."""
    if body.type == "expression_statement":
        return True
    inner = [child for child in body.named_children if child.type not in NO_STATEMENT]
    if body.type == "labeled_statement":
        return was_key(inner[-1])
    return body.type == "statement_block" and all(
        child.type == "labeled_statement" and was_key(child) for child in inner
    )


def jumps_to(node: Node, label: str) -> bool:
    """Whether a break or continue in `node` names `label`."""
    stack = [node]
    while stack:
        at = stack.pop()
        if at.type in ("break_statement", "continue_statement"):
            named = at.child_by_field_name("label")
            if named is not None and unescaped(words(named)) == label:
                return True
        elif at.type not in FUNCTIONS and at.type != "class_body":
            stack += at.named_children
    return False
