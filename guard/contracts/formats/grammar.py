"""The tree-sitter grammars, each loaded when the first file needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from guard.contracts.values import Source

UNDECODED = re.compile("[\ud800-\udfff]")
"""What stands in a text for a byte that is not UTF-8: no grammar would take it for a character."""


@cache
def parser(language: str) -> Any:
    """The parser of `bash`, `javascript` or `toml`."""
    from tree_sitter import Language, Parser

    if language == "bash":
        import tree_sitter_bash

        grammar = tree_sitter_bash.language()
    elif language == "javascript":
        import tree_sitter_javascript

        grammar = tree_sitter_javascript.language()
    else:
        import tree_sitter_toml

        grammar = tree_sitter_toml.language()
    return Parser(Language(grammar))


class Tree:
    """The syntax tree of one text, with offsets in code points."""

    def __init__(self, source: Source, language: str) -> None:
        self.source = source
        text = UNDECODED.sub("\ufffd", source.text)
        self.bytes, self.same = text.encode(), text == source.text
        self.plain = len(self.bytes) == len(source.text)
        self.root = parser(language).parse(self.bytes).root_node

    def span(self, node: Any) -> tuple[int, int]:
        """The offsets of a node."""
        return self.offset(node.start_byte), self.offset(node.end_byte)

    def offset(self, place: int) -> int:
        """The offset in code points of an offset in bytes."""
        return place if self.plain else len(self.bytes[:place].decode())

    def text(self, node: Any) -> str:
        """The text of a node."""
        if self.same:
            return self.bytes[node.start_byte : node.end_byte].decode()
        start, end = self.span(node)
        return self.source.text[start:end]


def descendants(node: Any) -> Iterator[Any]:
    """A named node and all named ones below it, in the order of the text."""
    pending = [node]
    while pending:
        at = pending.pop()
        yield at
        pending += reversed(at.named_children)
