"""Functions declared twice in one scope, and names of functions that are assigned to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from guard.javascript.grammar import ancestors, captures, words
from guard.javascript.leftovers.finds import DECLARED_FUNCTIONS, FUNCTIONS, Leftover

if TYPE_CHECKING:
    from tree_sitter import Node

NAMES = "[(identifier) (shorthand_property_identifier_pattern)] @name"

PATTERNS = frozenset(
    "object_pattern array_pattern pair_pattern rest_pattern assignment_pattern "
    "object_assignment_pattern".split()
)
"""Nodes that a name may stand in between the declaration or assignment and itself."""

BLOCKS = frozenset("program statement_block switch_body class_static_block".split())
"""Nodes that `let`, `const`, `class` and, inside of functions, `function` are local to."""


def duplicates(functions: Iterable[Node]) -> Iterator[Leftover]:
    """The second and later function of one name in one scope.

    `functions` are declarations, and `var` declarators whose value is a function.
    """
    seen: dict[tuple[int, str], Node] = {}
    for node in sorted(functions, key=lambda node: node.start_byte):
        name = node.child_by_field_name("name")
        if name is None or name.type != "identifier":
            continue
        statement = node if node.type in DECLARED_FUNCTIONS else node.parent
        scope = None if statement is None else statement.parent
        while scope is not None and scope.type in (
            "export_statement labeled_statement switch_case switch_default".split()
        ):
            scope = scope.parent
        if scope is None or scope.type not in BLOCKS:
            continue  # the branch of an if is a scope of its own
        text = words(name)
        first = seen.setdefault((scope.id, text), node)
        if first is not node:
            yield Leftover(
                "duplicate-function",
                node,
                f"the function {text!r} stands twice in this scope, and only one of them is "
                "ever called",
                "remove the one that is left over, or give it a name of its own",
                symbol=text,
                related=first,
                note=f"the other {text!r}",
            )


def reassigned(
    root: Node, functions: Iterable[Node], expressions: Iterable[Node], writes: Iterable[Node]
) -> Iterator[Leftover]:
    """Assignments to the name of a function declaration or of a named function expression."""
    named = {
        words(name)
        for node in (*functions, *expressions)
        if (name := node.child_by_field_name("name")) is not None and name.type == "identifier"
    }
    written = [name for node in writes for name in targets(node) if words(name) in named]
    if not written:
        return
    wanted = {words(name) for name in written}
    scopes: dict[tuple[int, str], list[str]] = {}
    for name in captures(root, NAMES).get("name", ()):
        text = words(name)
        if text in wanted:
            for scope, kind in declared(name):
                scopes.setdefault((scope.id, text), []).append(kind)
    for name in sorted(written, key=lambda node: node.start_byte):
        text = words(name)
        for scope in ancestors(name):
            kinds = scopes.get((scope.id, text), ())
            inner = [kind for kind in kinds if kind != "own name"]
            if inner and set(inner) != {"function"}:
                break
            if kinds and not (text.startswith("_") and replaces_itself(name, text)):
                yield Leftover(
                    "reassigned-function",
                    name,
                    f"this overwrites the function {text!r}",
                    "assign to a variable of another name, or remove what is left over",
                    symbol=text,
                    warning=True,
                )
                break


def replaces_itself(write: Node, name: str) -> bool:
    """Whether an assignment to a function stands in that very function.

    Babel's helpers do so at their first call, and begin with an underscore.
    """
    return any(
        around.type in FUNCTIONS
        and (own := around.child_by_field_name("name")) is not None
        and words(own) == name
        for around in ancestors(write)
    )


def targets(node: Node) -> Iterator[Node]:
    """The names that an assignment to `node` writes; none where it writes a member."""
    kind = node.type
    if kind in ("identifier", "shorthand_property_identifier_pattern"):
        yield node
    elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
        for child in node.named_children:
            yield from targets(child)
    elif kind == "pair_pattern":
        value = node.child_by_field_name("value")
        if value is not None:
            yield from targets(value)
    elif kind in ("assignment_pattern", "object_assignment_pattern"):
        left = node.child_by_field_name("left")
        if left is not None:
            yield from targets(left)


def declared(name: Node) -> Iterator[tuple[Node, str]]:
    """The scope that `name` declares something in, and what; nothing where it is only used."""
    node, parent = name, name.parent
    while parent is not None and parent.type in PATTERNS:
        value = parent.child_by_field_name("right") or parent.child_by_field_name("key")
        if value is not None and value.id == node.id:
            return  # a default value or a key, and no name of its own
        node, parent = parent, parent.parent
    if parent is None:
        return
    kind = parent.type
    if kind == "variable_declarator" and is_field(parent, "name", node):
        var = parent.parent is not None and parent.parent.type == "variable_declaration"
        yield from within(parent, FUNCTIONS | {"program"} if var else None, "variable")
    elif kind == "for_in_statement" and is_field(parent, "left", node):
        how = parent.child_by_field_name("kind")
        if how is not None:
            var = words(how) == "var"
            yield from (
                within(parent, FUNCTIONS | {"program"}, "variable")
                if var
                else [(parent, "variable")]
            )
    elif kind == "formal_parameters":
        if parent.parent is not None:
            yield parent.parent, "parameter"
    elif kind in ("arrow_function", "catch_clause") and is_field(parent, "parameter", node):
        yield parent, "parameter"
    elif kind in DECLARED_FUNCTIONS and is_field(parent, "name", node):
        yield from within(parent, None, "function")
    elif kind in ("function_expression", "generator_function") and is_field(parent, "name", node):
        yield parent, "own name"
    elif kind == "class_declaration" and is_field(parent, "name", node):
        yield from within(parent, None, "class")
    elif kind == "class" and is_field(parent, "name", node):
        yield parent, "class"
    elif kind in ("import_specifier", "import_clause", "namespace_import"):
        yield from within(parent, frozenset(["program"]), "import")


def within(node: Node, kinds: frozenset[str] | None, what: str) -> Iterator[tuple[Node, str]]:
    """The nearest scope around `node` of one of `kinds`, or the nearest block, as what it holds."""
    for scope in ancestors(node):
        if scope.type in (kinds or BLOCKS) or (
            kinds is None and scope.type in ("for_statement", "for_in_statement")
        ):
            yield scope, what
            return


def is_field(parent: Node, field: str, node: Node) -> bool:
    """Whether `node` is that field of `parent`."""
    child = parent.child_by_field_name(field)
    return child is not None and child.id == node.id
