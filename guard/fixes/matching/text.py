"""A Python file as it is stored: its syntax tree, and where in the text each node stands."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guard import pysource
from guard.finding import Lines
from guard.fixes.matching.nodes import Entry


class Unreadable(Exception):
    """A file that cannot be parsed; says why, in the parser's words, and where."""

    def __init__(self, why: str, line: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def parsed(content: bytes) -> ast.Module:
    """The tree of a file in whatever encoding it declares; Unreadable where there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except SyntaxError as problem:
        raise Unreadable(problem.msg or "invalid syntax", problem.lineno or 1) from None
    except (ValueError, LookupError) as problem:
        raise Unreadable(str(problem)) from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply") from None


@dataclass
class Python:
    """One file, parsed."""

    content: bytes
    """What is stored."""

    tree: ast.Module
    """Its syntax tree; every node has the one around it as `up`."""

    nodes: dict[type, list[Any]]
    """The nodes by type, in reading order."""

    count: int
    """How many nodes there are."""

    @classmethod
    def read(cls, content: bytes) -> Python:
        """Parses `content`; Unreadable where that cannot be done."""
        tree = parsed(content)
        nodes, count = indexed(tree)
        tree.nodes = nodes  # type: ignore[attr-defined]  # for what names mean
        return cls(content, tree, nodes, count)

    @cached_property
    def text(self) -> str:
        """The file as the rest of guard sees it: UTF-8, other bytes as surrogates, the BOM kept."""
        return self.content.decode("utf-8", "surrogateescape")

    @cached_property
    def lines(self) -> Lines:
        """Lines of the text."""
        return Lines(self.text)

    @cached_property
    def encoding(self) -> str:
        """The encoding the file declares."""
        return pysource.encoding(self.content)

    def offset(self, line: int, column: int) -> int:
        """Where in `text` a node begins: ast counts columns in bytes of UTF-8, without a BOM."""
        start = self.lines.starts[line - 1] if line <= len(self.lines.starts) else len(self.text)
        first = line == 1 and self.text.startswith("\ufeff")
        if self.content.isascii():
            return min(start + column, len(self.text))
        start += first
        stop = self.lines.starts[line] if line < len(self.lines.starts) else len(self.text)
        return start + pysource.before(self.text[start:stop], column, self.encoding)

    def span(self, node: Any) -> tuple[int, int]:
        """The offsets in `text` of a node's first character and of the one after its last."""
        end = self.offset(node.end_lineno, node.end_col_offset)
        for decorator in getattr(node, "decorator_list", ()):
            start = self.offset(decorator.lineno, decorator.col_offset)
            return self.text.rindex("@", 0, start), end
        return self.offset(node.lineno, node.col_offset), end

    def source(self, node: Any) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def stored(self, text: str) -> str | None:
        """`text` as it must stand in this file's encoding; None where that has no such letters."""
        if text.isascii() or self.encoding == "utf-8":
            return text
        try:
            return text.encode(self.encoding).decode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return None

    @cached_property
    def comments(self) -> int:
        """How many comments there are; a large number where they cannot be counted."""
        try:
            tokens = tokenize.generate_tokens(io.StringIO(self.text.lstrip("\ufeff")).readline)
            return sum(token.type == tokenize.COMMENT for token in tokens)
        except (tokenize.TokenError, SyntaxError):
            return 1 << 30

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Every list of statements."""
        for kinds in self.nodes.values():
            if kinds and hasattr(kinds[0], "body") and isinstance(kinds[0].body, list):
                for node in kinds:
                    for field in ("body", "orelse", "finalbody"):
                        block = getattr(node, field, None)
                        if block:
                            yield block

    def places(self, root: Any) -> Iterator[tuple[Any, Any]]:
        """Where a pattern may begin: nodes, or the rest of a block."""
        from guard.fixes.matching.places import places

        return places(root, self)

    @cached_property
    def overshadowed(self) -> frozenset[tuple[int, int]]:
        """The regions of functions that another of the same name takes the place of at once."""
        found = []
        for body in self.blocks():
            later: set[str] = set()
            for node in reversed(body):
                if isinstance(node, FUNCTIONS) and not node.decorator_list:
                    found += [self.span(node)] if node.name in later else []
                    later.add(node.name)
        return frozenset(found)

    @cached_property
    def entries(self) -> dict[object, list[Entry]]:
        """What can be read as `key: value`, by the keys that are strings; the others under None."""
        from guard.fixes.matching.shapes import entries

        found: dict[object, list[Entry]] = {}
        for entry in entries(self.nodes):
            key = entry.key.value if isinstance(entry.key, ast.Constant) else None
            found.setdefault(key if isinstance(key, str) else None, []).append(entry)
        return found


def indexed(tree: ast.Module) -> tuple[dict[type, list[Any]], int]:
    """Nodes by type in reading order, and their number; sets `up` on each."""
    found: dict[type, list[Any]] = {}
    count = 0
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        count += 1
        kind = type(node)
        if kind in found:
            found[kind].append(node)
        else:
            found[kind] = [node]
        first = len(stack)
        fields = INNER.get(kind)
        for field in inner(kind) if fields is None else fields:
            value = getattr(node, field, None)
            if type(value) is list:
                for child in value:
                    if isinstance(child, ast.AST):
                        child.up = node  # type: ignore[attr-defined]
                        stack.append(child)
            elif isinstance(value, ast.AST):
                value.up = node  # type: ignore[attr-defined]
                stack.append(value)
        stack[first:] = stack[first:][::-1]
    return found, count


INNER: dict[type, tuple[str, ...]] = {}
"""By kind of node, the fields in which there may be others."""

LEAVES = frozenset({"ctx", "id", "attr", "arg", "kind", "type_comment", "asname", "level"})
"""Fields that never hold a node worth finding."""


def inner(kind: type) -> tuple[str, ...]:
    """The fields of a kind of node in which there may be others; also kept in INNER."""
    fields: tuple[str, ...] = () if kind is ast.Constant else kind._fields  # type: ignore[attr-defined]
    INNER[kind] = tuple(field for field in fields if field not in LEAVES)
    return INNER[kind]


def comments(file: Python) -> int:
    """How many comments a file has; a large number where they cannot be counted."""
    return file.comments


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

DEFINITIONS = {ast.FunctionDef: "function", ast.AsyncFunctionDef: "function", ast.ClassDef: "class"}


def definitions(file: Python) -> Iterator[tuple[tuple[str, ...], str, int, int]]:
    """Functions and classes: names from the outermost on, what it is, and the region."""
    for kind, called in DEFINITIONS.items():
        for node in file.nodes.get(kind, ()):
            names: list[str] = []
            around = node
            while around is not None:
                if type(around) in DEFINITIONS:
                    names.insert(0, around.name)
                around = getattr(around, "up", None)
            yield (tuple(names), called, *file.span(node))
