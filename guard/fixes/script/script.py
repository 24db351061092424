"""JavaScript for fixes: files, and patterns in a notation of their own, as tree-sitter reads them.

The rooms of the JavaScript check and of fixes know nothing of each other, so this module has a
parser of its own, imported when the first rule about JavaScript has a file to look at.
"""

from __future__ import annotations

import ast
import re
import textwrap
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from guard.finding import Lines
from guard.fixes.matching.nodes import (
    AnyText,
    Block,
    Code,
    Deep,
    Dots,
    Entry,
    One,
    marked,
    text_pattern,
)
from guard.fixes.matching.notation import DEEP
from guard.fixes.matching.text import Unreadable
from guard.fixes.script.scriptliterals import number, said


@cache
def parser() -> Any:
    """The parser, made once."""
    import tree_sitter
    import tree_sitter_javascript

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


NAMES = frozenset(
    "identifier property_identifier shorthand_property_identifier statement_identifier"
    " shorthand_property_identifier_pattern private_property_identifier".split()
)
SILENT = frozenset("( ) [ ] { } , ; : . = => ${ ` \" '".split())
"""Tokens that the kind of the node around them already tells."""
BODIES = frozenset(
    "if_statement else_clause for_statement for_in_statement while_statement do_statement"
    " with_statement".split()
)
BLOCKS = {
    "class_body": 0,
    "program": 0,
    "statement_block": 0,
    "switch_case": 2,
    "switch_default": 1,
}
"""Kinds of nodes that hold statements, and how many parts come before those."""

ALSO = {
    "assignment_expression": ["variable_declarator"],
    "for_statement": ["for_in_statement"],
    "function_declaration": ["generator_function_declaration", "method_definition", "pair"],
    "template_string": ["string"],
    "variable_declaration": ["lexical_declaration"],
}
"""By the kind of a pattern's node the other kinds that it may meet."""


@dataclass
class Script:
    """One JavaScript file, parsed; with errors where it has some."""

    content: bytes
    """What is stored."""

    pattern: bool = False
    """Whether reserved names stand for pattern nodes."""

    nodes: dict[str, list[Any]] = field(default_factory=dict)
    """The nodes by kind, in reading order."""

    broken: list[tuple[int, int]] = field(default_factory=list)
    """The regions that are no JavaScript."""

    count: int = 0
    """How many nodes there are."""

    def __post_init__(self) -> None:
        self.raw = self.text.encode("utf-8", "replace")
        self.tree = self.converted(parser().parse(self.raw).root_node)

    @cached_property
    def text(self) -> str:
        """The file as the rest of guard sees it."""
        return self.content.decode("utf-8", "surrogateescape")

    @cached_property
    def lines(self) -> Lines:
        """Lines of the text."""
        return Lines(self.text)

    @cached_property
    def continued(self) -> list[int]:
        """Offsets of the bytes that continue a letter."""
        return [m.start() for m in re.finditer(rb"[\x80-\xbf]", self.raw)]

    def offset(self, byte: int) -> int:
        """The offset in code points of a byte."""
        return byte if self.raw.isascii() else byte - bisect_left(self.continued, byte)

    def span(self, node: Any) -> tuple[int, int]:
        """The region of a node."""
        return node.start, node.end

    def source(self, node: Any) -> str:
        """The text of a node."""
        return self.text[node.start : node.end]

    def stored(self, text: str) -> str:
        """New text as it stands in the file, which is UTF-8."""
        return text

    def converted(self, node: Any) -> Any:
        """A node of tree-sitter, without its punctuation, in the one form that says the same."""
        if node.type == "parenthesized_expression":
            inner = [c for c in node.named_children if c.type != "comment"]
            if len(inner) == 1:
                return self.converted(inner[0])
        if node.is_error or node.is_missing:
            self.broken.append((self.offset(node.start_byte), self.offset(node.end_byte)))
        made = self.special(node)
        made.start, made.end = self.offset(node.start_byte), self.offset(node.end_byte)
        self.count += 1
        if isinstance(made, Code):
            self.nodes.setdefault(made.kind, []).append(made)
            for part in made.parts:
                part.up = made
        return made

    def special(self, node: Any) -> Any:
        """The node for one of tree-sitter's that has a meaning of its own, or the plain one."""
        kind, text = node.type, node.text.decode("utf-8", "replace")
        if kind in NAMES:
            meta = marked(text) if self.pattern else None
            if meta is not None:
                return meta
            name = Code("name", text, [])
            return self.pair(node, name) if kind == "shorthand_property_identifier" else name
        if kind == "string" or (kind == "template_string" and not node.named_children[1:]):
            content = said(text[1:-1])
            if self.pattern and kind == "template_string" and "..." in content:
                return Code(kind, "", self.parts(node))
            found = text_pattern(content) if self.pattern else None
            return found or Code("string", content, [])
        if kind == "number":
            return Code("number", number(text), [])
        if not node.child_count:
            return Code(kind, text, [])
        parts = self.parts(node)
        if self.pattern and kind == "call_expression" and is_deep(parts):
            return Deep(inner=parts[1].parts[0])
        if self.pattern and kind == "expression_statement" and isinstance(parts[0], (One, Dots)):
            return ast.Expr(value=parts[0])
        if kind == "subscript_expression" and is_string(parts[-1]):
            parts[-1] = self.like(Code("name", parts[-1].text, []), parts[-1])
            return Code("member_expression", "", parts)
        if kind == "pair" and is_string(parts[0]):
            parts[0] = self.like(Code("name", parts[0].text, []), parts[0])
        return Code(kind, "", parts)

    def parts(self, node: Any) -> list[Any]:
        """What a node consists of."""
        found = []
        for index, child in enumerate(node.children):
            if child.type in SILENT or child.type in ("comment", "empty_statement"):
                continue
            part = self.converted(child)
            label = node.field_name_for_child(index)
            if label == "parameter" and node.type == "arrow_function":
                part = self.like(Code("formal_parameters", "", [part]), part)
            elif node.type in BODIES and child.is_named and is_statement(child.type):
                part = self.like(Code("statement_block", "", [part]), part)
            found.append(part)
        return found

    def like(self, new: Any, old: Any) -> Any:
        """A node that stands where another does."""
        new.start, new.end = old.start, old.end
        for part in new.parts:
            part.up = new
        return new

    def pair(self, node: Any, name: Any) -> Any:
        """`{a}` as `{a: a}`."""
        name.start, name.end = self.offset(node.start_byte), self.offset(node.end_byte)
        return Code("pair", "", [name, self.like(Code("name", name.text, []), name)])

    def blocks(self) -> Iterator[list[Any]]:
        """Every list of statements."""
        for kind, head in BLOCKS.items():
            for node in self.nodes.get(kind, ()):
                yield node.parts[head:]

    def places(self, root: Any) -> Iterator[tuple[Any, Any]]:
        """Where a pattern may begin."""
        if isinstance(root, Block):
            for body in self.blocks():
                for index in range(len(body)):
                    yield body[index], body[index:]
        elif isinstance(root, Entry):
            for entry in self.entries:
                yield entry, entry
        else:
            kind = "string" if isinstance(root, AnyText) else getattr(root, "kind", "")
            for also in (kind, *ALSO.get(kind, ())):
                for node in self.nodes.get(also, ()):
                    yield node, node

    @cached_property
    def entries(self) -> list[Entry]:
        """Members of objects and assignments to a member, as `key: value`."""
        found = []
        for node in self.nodes.get("pair", ()):
            found.append(self.entry(node.parts[0], node.parts[1], node))
        for node in self.nodes.get("assignment_expression", ()):
            target = node.parts[0]
            if isinstance(target, Code) and target.kind == "member_expression":
                found.append(self.entry(target.parts[-1], node.parts[1], node))
        return found

    def entry(self, key: Any, value: Any, place: Any) -> Entry:
        """One entry."""
        name = self.like(Code("string", key.text, []), key) if isinstance(key, Code) else key
        made = Entry(key=name, value=value)
        made.start, made.end = place.start, place.end  # type: ignore[attr-defined]
        return made


def is_statement(kind: str) -> bool:
    """Whether a part of a compound statement is a statement that has no block around it."""
    return kind.endswith("_statement") and kind != "if_statement"


def is_string(node: Any) -> bool:
    """Whether a node is a string."""
    return isinstance(node, Code) and node.kind == "string"


def is_deep(parts: list[Any]) -> bool:
    """Whether a call stands for `<... P ...>`."""
    return isinstance(parts[0], Code) and parts[0].text == DEEP and len(parts[1].parts) == 1


def read(content: bytes | str) -> Script:
    """A file to find patterns in; Unreadable where it is nested too deeply."""
    try:
        return Script(
            content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        )
    except RecursionError:
        raise Unreadable("nested too deeply") from None


def comments(file: Script) -> int:
    """How many comments a file has."""
    stack, found = [parser().parse(file.raw).root_node], 0
    while stack:
        node = stack.pop()
        found += node.type == "comment"
        stack += node.children
    return found


def example(text: str) -> Script:
    """An example of a rule file; a member alone is read as if in an object."""
    text = textwrap.dedent(text).strip("\n") + "\n"
    for attempt in (text, "({" + text + "})", "function f() {" + text + "}"):
        found = read(attempt)
        if not found.broken:
            return found
    raise Unreadable("invalid syntax")


def equal(one: str, other: str) -> bool:
    """Whether two texts are the same code."""
    return ast.dump(read(one).tree) == ast.dump(read(other).tree)
