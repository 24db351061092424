"""All rules about leftovers over one tree: one query gathers what each of them looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from guard.javascript.grammar import captures
from guard.javascript.leftovers import functions, labels, members, reach, statements
from guard.javascript.leftovers.finds import (
    EVERY,
    FUNCTION,
    IDLE,
    LABEL,
    MEMBER,
    REASSIGNED,
    THIS,
    UNREACHABLE,
    Leftover,
)
from guard.javascript.leftovers.reach import LISTS

if TYPE_CHECKING:
    from tree_sitter import Node

QUERY = f"""
(object) @object
(class_body) @class
[(function_declaration) (generator_function_declaration)] @function
(variable_declaration (variable_declarator name: (identifier)) @variable)
[(function_expression name: (_)) (generator_function name: (_))] @expression
(assignment_expression
  left: [(identifier) (array_pattern) (object_pattern) (parenthesized_expression)] @write)
(augmented_assignment_expression left: (identifier) @write)
(update_expression argument: [(identifier) (parenthesized_expression)] @write)
(for_in_statement !kind left: [(identifier) (array_pattern) (object_pattern)] @write)
(expression_statement (_) @idle)
(expression_statement (object . (pair key: (property_identifier)) @lost))
(arrow_function body: (object . (pair key: (property_identifier)) @lost))
(labeled_statement) @label
(member_expression object: (this) @this)
{reach.QUERY}
"""


NEEDED = {
    "object": MEMBER,
    "class": MEMBER | UNREACHABLE,
    "function": FUNCTION | REASSIGNED,
    "variable": FUNCTION,
    "expression": REASSIGNED,
    "write": REASSIGNED,
    "ender": UNREACHABLE,
    "idle": IDLE,
    "label": LABEL,
    "lost": LABEL,
    "this": THIS,
}
"""Which rules look at what a capture of the query matches."""


@cache
def query(maybe: int) -> str:
    """The patterns of the query that the rules in `maybe` look at."""
    names = "|".join(name for name, bits in NEEDED.items() if bits & maybe)
    wanted = re.compile(rf"@(?:{names})\b")
    return "\n".join(p for p in re.split(r"\n(?=[(\[])", QUERY) if wanted.search(p))


def judged(root: Node, path: str, handler: bool, maybe: int = EVERY) -> Iterator[Leftover]:
    """Every leftover below `root` that the rules in `maybe` find.

    `handler` says that `this` has a meaning at top level.
    """
    found = captures(root, query(maybe))

    def of(name: str) -> list[Node]:
        return found.get(name, [])

    every = chain(
        members.duplicates(of("object"), of("class")),
        functions.duplicates(of("function"), of("variable")),
        functions.reassigned(root, of("function"), of("expression"), of("write")),
        reach.unreachable(of("ender")),
        members.fields(of("class")),
        labels.labels(of("label"), path),
        labels.in_blocks(of("lost")),
        () if handler else statements.idle(of("idle")),
        () if handler or root.has_error else statements.stray_this(root, of("this")),
    )
    if not root.has_error:
        yield from every
    else:
        # The grammar lags behind the language: around what it cannot read, it is not believed.
        yield from (one for one in every if understood(one.node))


def understood(node: Node) -> bool:
    """Whether the grammar could read a node, its siblings, and the end of the statement before."""
    parent = node.parent
    if node.has_error or (parent is not None and any(map(broken, parent.children))):
        return False
    while parent is not None and parent.type not in LISTS:
        node, parent = parent, parent.parent
    before = node.prev_sibling
    return before is None or not (broken(before) or any(map(broken, before.children[-1:])))


def broken(node: Node) -> bool:
    """Whether the grammar made a node of what it could not read, or of nothing."""
    return node.is_error or node.is_missing
