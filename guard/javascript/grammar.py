"""The one door to tree-sitter: bytes of JavaScript to a tree, and queries over trees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query, Tree

LOCAL = threading.local()


def parse(source: bytes, old: Tree | None = None) -> Tree:
    """The tree of UTF-8 `source`; where it is no JavaScript, a tree with ERROR nodes in it.

    `old`, a tree of an earlier text with the edits told to it, makes it quick.
    """
    parser: Parser | None = getattr(LOCAL, "parser", None)
    if parser is None:
        from tree_sitter import Parser

        parser = LOCAL.parser = Parser(language())
    return parser.parse(source) if old is None else parser.parse(source, old)


@cache
def language() -> Language:
    """The grammar of JavaScript, JSX included."""
    import tree_sitter_javascript
    from tree_sitter import Language

    return Language(tree_sitter_javascript.language())


@cache
def compiled(pattern: str) -> Query:
    """A query, compiled once in a process."""
    from tree_sitter import Query

    return Query(language(), pattern)


def captures(node: Node, pattern: str) -> dict[str, list[Node]]:
    """What the captures of a query match in and below `node`, in the order of the matches."""
    from tree_sitter import QueryCursor

    return QueryCursor(compiled(pattern)).captures(node)


def ancestors(node: Node) -> Iterator[Node]:
    """The parents of `node`, from the innermost to the program."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def words(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")
