"""The nodes a pattern has beside those of Python's own syntax tree."""

from __future__ import annotations

import ast
import re
from typing import Any, cast

from guard.fixes.matching.notation import DEEP, DOTS, MANY, ONE, TYPED


class One(ast.expr):
    """`$X`: one expression, statement or name; `$_` for any, not remembered."""

    name: str
    _fields = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Dots(ast.expr):
    """`...` or `$...XS`: any number of arguments, elements, statements; also none."""

    name: str
    """Empty for a plain `...`."""
    _fields = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Deep(ast.expr):
    """`<... P ...>`: an expression that has `P` somewhere in it."""

    inner: ast.expr
    _fields = ("inner",)

    def __init__(self, inner: ast.expr) -> None:
        super().__init__()
        self.inner = inner


class Typed(ast.expr):
    """`($X: T)`: an expression whose type is known, from a literal or an annotation."""

    name: str
    hint: ast.expr
    _fields = ("name", "hint")

    def __init__(self, name: str, hint: ast.expr) -> None:
        super().__init__()
        self.name, self.hint = name, hint


class AnyText(ast.expr):
    """`"..."`: any string literal; with a name, `"$X"`, its content is remembered."""

    name: str
    regex: str
    """`"=~/…/"`: the content must match; empty where anything does."""
    binary: bool
    """`b"..."`: bytes, not text."""
    _fields = ("name", "regex", "binary")

    def __init__(self, name: str, regex: str, binary: bool = False) -> None:
        super().__init__()
        self.name, self.regex, self.binary = name, regex, binary


class Entry(ast.expr):
    """`"key": value` standing alone: a dict entry in any of the shapes Python has for one."""

    key: ast.expr
    value: ast.expr
    _fields = ("key", "value")

    def __init__(self, key: ast.expr, value: ast.expr) -> None:
        super().__init__()
        self.key, self.value = key, value


class Block(ast.AST):
    """Statements one after another, somewhere in the same block."""

    body: list[ast.stmt]
    _fields = ("body",)

    def __init__(self, body: list[ast.stmt]) -> None:
        super().__init__()
        self.body = body


class Code(ast.AST):
    """A node of a language whose parser knows no classes of nodes: a kind, a text, parts."""

    kind: str
    text: str
    """What a node without parts says."""
    parts: list[Any]
    start: int
    """Offset of its first character in the text of its file, or pattern."""
    end: int
    lineno = 1
    """Says that the node stands in a text, as Python's own do."""
    _fields = ("kind", "text", "parts")

    def __init__(self, kind: str, text: str, parts: list[Any]) -> None:
        super().__init__()
        self.kind, self.text, self.parts = kind, text, parts


class Pair(ast.AST):
    """One entry of a dict literal."""

    _fields = ("key", "value")


def pair(key: Any, value: Any) -> Pair:
    """An entry as one node; `**mapping` has no key."""
    made = Pair()
    made.key, made.value = key, value  # type: ignore[attr-defined]
    return made


def marked(name: str) -> One | Dots | None:
    """The node that a reserved identifier stands for; None for an ordinary name."""
    if name.startswith(ONE):
        return One(name=name.removeprefix(ONE))
    if name.startswith(MANY):
        return Dots(name=name.removeprefix(MANY))
    return Dots(name="") if name == DOTS else None


REGEX_STRING = re.compile(r"=~/(.*)/([imsx]*)\Z", re.DOTALL)
VARIABLE_STRING = re.compile(r"\$([A-Z_][A-Z_0-9]*)\Z")


def text_pattern(content: str) -> AnyText | None:
    """The node for a string of a pattern that is a pattern itself; None for plain text."""
    if content == "...":
        return AnyText(name="", regex="")
    if found := VARIABLE_STRING.match(content):
        return AnyText(name=found[1], regex="")
    found = REGEX_STRING.match(content)
    if found is None:
        return None
    return AnyText(name="", regex=f"(?{found[2]}){found[1]}" if found[2] else found[1])


class Rebuild(ast.NodeTransformer):
    """Puts pattern nodes where the notation's reserved identifiers stand."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A metavariable, or `...`."""
        found = marked(node.id)
        return node if found is None else ast.copy_location(found, node)

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        """`*` before a stand-in for `...` belongs to the stand-in, before `$X` to the code."""
        self.generic_visit(node)
        return ast.copy_location(node.value, node) if isinstance(node.value, Dots) else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Strings that are patterns themselves."""
        found = text_pattern(node.value) if isinstance(node.value, str) else None
        if node.value == b"...":
            found = AnyText(name="", regex="", binary=True)
        return node if found is None else ast.copy_location(found, node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """The constant pieces of an f-string stay text: `...` in them is read when matching."""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = cast(ast.expr, self.visit(part.value))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The calls that stand for `<... P ...>` and `($X: T)`."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == DEEP and len(node.args) == 1:
            return ast.copy_location(Deep(inner=node.args[0]), node)
        if isinstance(node.func, ast.Name) and node.func.id == TYPED:
            name = cast(One, node.args[0]).name
            return ast.copy_location(Typed(name=name, hint=node.args[1]), node)
        return node


def rebuilt(tree: Any) -> Any:
    """The tree of a pattern's text with pattern nodes in it."""
    return Rebuild().visit(tree)


def copied(node: Any) -> Any:
    """A tree of its own, which may be changed; without what the index of a file knows of it.

    `copy.deepcopy` would follow a node to the one around it, and so copy the whole file.
    """
    made = type(node)()
    for name in (*node._fields, *node._attributes):
        if not hasattr(node, name):
            continue
        value = getattr(node, name)
        if isinstance(value, list):
            value = [copied(one) if isinstance(one, ast.AST) else one for one in value]
        elif isinstance(value, ast.AST):
            value = copied(value)
        setattr(made, name, value)
    return made
