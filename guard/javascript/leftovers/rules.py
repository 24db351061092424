"""All rules about leftovers over one tree: one query gathers what each of them looks at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from guard.javascript.grammar import captures
from guard.javascript.leftovers import functions, members, reach, statements
from guard.javascript.leftovers.finds import Leftover

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
(labeled_statement) @label
(member_expression object: (this) @this)
{reach.QUERY}
"""


def judged(root: Node, path: str, handler: bool) -> Iterator[Leftover]:
    """Every leftover below `root`; `handler` where `this` has a meaning at top level."""
    found = captures(root, QUERY)

    def of(name: str) -> list[Node]:
        return found.get(name, [])

    every = chain(
        members.duplicates(of("object"), of("class")),
        functions.duplicates(of("function"), of("variable")),
        functions.reassigned(root, of("function"), of("expression"), of("write")),
        reach.unreachable(of("ender")),
        reach.fields(of("class")),
        statements.labels(of("label"), path),
        () if handler else statements.idle(of("idle")),
        () if handler or root.has_error else statements.stray_this(root, of("this")),
    )
    if not root.has_error:
        yield from every
    else:
        # The grammar lags behind the language: around what it cannot read, it is not believed.
        yield from (one for one in every if understood(one.node))


def understood(node: Node) -> bool:
    """Whether the grammar could read a node and all its siblings."""
    parent = node.parent
    return not node.has_error and (
        parent is None or not any(child.is_error or child.is_missing for child in parent.children)
    )
