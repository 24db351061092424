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

VAR_SCOPES = FUNCTIONS | {"program", "class_static_block"}
"""Nodes that `var` is local to."""

BLOCKS = frozenset("program statement_block switch_body class_static_block".split())
"""Nodes that `let`, `const`, `class` and, inside of functions, `function` are local to."""


def duplicates(functions: Iterable[Node], variables: Iterable[Node]) -> Iterator[Leftover]:
    """The second and later declaration of one name in one scope, where a function is among them.

    `functions` are declarations, `variables` all declarators of `var`.
    """
    groups: dict[tuple[int, str], list[Node]] = {}
    hoisted: dict[tuple[int, str], Node] = {}
    for node in functions:
        scope, text = scope_of(node), name_of(node)
        if scope is None or not text:
            continue
        groups.setdefault((scope.id, text), []).append(node)
        if hoists(scope):
            hoisted[scope.id, text] = node
    parameters(hoisted, groups)
    names = {text for _, text in hoisted}
    for node in variables:
        text = name_of(node)
        valued = is_function(node.child_by_field_name("value"))
        if not text or not (valued or text in names):
            continue
        scope = next((around for around in ancestors(node) if hoists(around)), None)
        if scope is not None and (scope.id, text) in hoisted:
            groups[scope.id, text].append(node)
        elif valued and (scope := scope_of(node)) is not None:
            groups.setdefault((scope.id, text), []).append(node)
    for (_, text), group in groups.items():
        if len(group) > 1:
            yield from doubled(text, sorted(group, key=lambda node: node.start_byte))


def doubled(name: str, group: list[Node]) -> Iterator[Leftover]:
    """The findings for declarations of one name in one scope, in reading order."""
    first = group[0]
    for node in group[1:]:
        both = all(
            one.type in DECLARED_FUNCTIONS or is_function(one.child_by_field_name("value"))
            for one in (first, node)
        )
        yield Leftover(
            "duplicate-function",
            node,
            f"the function {name!r} stands twice in this scope, and only one of them is ever called"
            if both
            else f"a function and a variable of this scope are both {name!r}, so they are one",
            "remove the one that is left over, or give it a name of its own",
            symbol=name,
            related=first,
            note=f"the other {name!r}",
            warning=not both,
        )


def parameters(
    hoisted: dict[tuple[int, str], Node], groups: dict[tuple[int, str], list[Node]]
) -> None:
    """Adds to `groups` the parameters that a function in the body takes the name from."""
    for key, node in hoisted.items():
        scope = scope_of(node)
        around = None if scope is None else scope.parent
        if around is None or around.type not in FUNCTIONS:
            continue
        given = around.child_by_field_name("parameters") or around.child_by_field_name("parameter")
        if given is None:
            continue
        children = given.named_children if given.type == "formal_parameters" else [given]
        for name in (name for child in children for name in targets(child)):
            if words(name) == key[1]:
                groups[key].append(name)


def scope_of(node: Node) -> Node | None:
    """The list of statements that a function or a declarator stands in; None for a branch."""
    statement = node if node.type in DECLARED_FUNCTIONS else node.parent
    scope = None if statement is None else statement.parent
    while scope is not None and scope.type in (
        "export_statement labeled_statement switch_case switch_default".split()
    ):
        scope = scope.parent
    return scope if scope is not None and scope.type in BLOCKS else None


def hoists(scope: Node) -> bool:
    """Whether a list of statements is the body of a function or the program: where `var` lives."""
    return scope.type == "program" or is_body(scope)


def is_body(block: Node) -> bool:
    """Whether a block is all of a function or of a static block."""
    around = block.parent
    return (
        block.type == "statement_block"
        and around is not None
        and around.type in VAR_SCOPES
        and around.type != "program"
    )


def is_function(value: Node | None) -> bool:
    """Whether an expression is a function."""
    return value is not None and value.type in FUNCTIONS


def name_of(node: Node) -> str:
    """The plain name that a declaration declares; empty for a pattern."""
    name = node.child_by_field_name("name")
    return words(name) if name is not None and name.type == "identifier" else ""


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
    names = captures(root, NAMES).get("name", ())
    for name in sorted(names, key=lambda node: node.start_byte):
        text = words(name)
        if text in wanted:
            for scope, kind in declared(name):
                scopes.setdefault((scope.id, text), []).append(kind)
    for name in sorted(written, key=lambda node: node.start_byte):
        text = words(name)
        for scope in ancestors(name):
            kinds = scopes.get((scope.id, text), ())
            inner = [kind for kind in kinds if kind != "own name"]
            if inner and inner[0] != "function":
                break  # of several declarations of one name the first says what it is
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
    elif kind in ("object_pattern", "array_pattern", "rest_pattern", "parenthesized_expression"):
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
        yield from within(parent, VAR_SCOPES if var else None, "variable")
    elif kind == "for_in_statement" and is_field(parent, "left", node):
        how = parent.child_by_field_name("kind")
        if how is not None:
            var = words(how) == "var"
            yield from (within(parent, VAR_SCOPES, "variable") if var else [(parent, "variable")])
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
    """The nearest scope around `node` of one of `kinds`, or the nearest block, as what it holds.

    A function and the block that is its body are one scope, and stand for it as the function.
    """
    for scope in ancestors(node):
        if scope.type in (kinds or BLOCKS) or (
            kinds is None and scope.type in ("for_statement", "for_in_statement")
        ):
            around = scope.parent
            yield scope if around is None or not is_body(scope) else around, what
            return


def is_field(parent: Node, field: str, node: Node) -> bool:
    """Whether `node` is that field of `parent`."""
    child = parent.child_by_field_name(field)
    return child is not None and child.id == node.id
