"""Examples for a learned rule: the smallest pieces of the commit's own code that can prove it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache

from guard.fixes.learning.levels import head, prose
from guard.fixes.learning.sites import DEFINITIONS, Site
from guard.fixes.matching.nodes import copied

MOST_LINES = 30
"""A longer piece of code is passed over for another."""

SHORT = 8
"""A longer statement is better shown without what is in its blocks."""


def examples(before: bytes, after: bytes, site: Site) -> Iterator[tuple[str, str]]:
    """Pairs of code before and after the fix, the shortest first; the second may be empty."""
    old, new = read(before), read(after)
    for bad, good in pieces(old, new, site):
        if bad.strip() and max(bad.count("\n"), good.count("\n")) < MOST_LINES:
            yield bad, good
            needed = (*old.imports, *new.imports)
            lines = [line for line in dict.fromkeys(needed) if mentioned(line, bad + good)]
            if lines:
                header = "\n".join(lines) + "\n"
                yield header + bad, header + good if good else ""


class Text:
    """One version of the file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.text = content.decode("utf-8", "replace").replace("\r\n", "\n")
        tree = ast.parse(content)
        self.imports = [
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
        ]

    def source(self, node: ast.AST) -> str:
        """The lines of a node, flush left."""
        decorators: Sequence[ast.AST] = getattr(node, "decorator_list", ())
        return self.all([*decorators[:1], node])

    def all(self, nodes: Sequence[ast.AST]) -> str:
        """The lines from the first to the last of some nodes."""
        if not nodes:
            return ""
        lines = self.text.split("\n")
        first, last = getattr(nodes[0], "lineno", 1), getattr(nodes[-1], "end_lineno", 1)
        return textwrap.dedent("\n".join(lines[first - 1 : last]).expandtabs() + "\n")


@lru_cache(maxsize=2)
def read(content: bytes) -> Text:
    """One version of the file; every candidate asks for examples from the same two."""
    return Text(content)


def mentioned(line: str, code: str) -> bool:
    """Whether code uses what an import statement brings."""
    node = ast.parse(line).body[0]
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    names = [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return any(name in code for name in names)


def pieces(old: Text, new: Text, site: Site) -> Iterator[tuple[str, str]]:
    """Code before and after, from the changed statements outward."""
    if site.inserted:
        yield from insertions(old, new, site)
        return
    if site.chain:
        whole = old.source(site.chain[0].old), new.source(site.chain[0].new)
        short = bare(site.chain[0].old), bare(site.chain[0].new)
        yield from (whole, short) if whole[0].count("\n") <= SHORT else (short, whole)
    elif isinstance(site.old[0], ast.stmt):
        yield old.all(site.old), new.all(site.new)
        yield "".join(map(bare, site.old)), "".join(map(bare, site.new))
    inner = scope_of(site)
    if inner is not None:
        yield old.source(inner[0]), new.source(inner[1])
        yield shortened(inner[0], site.old), shortened(inner[1], site.new)
    if site.removed:
        yield old.all(site.old), "pass\n"


def insertions(old: Text, new: Text, site: Site) -> Iterator[tuple[str, str]]:
    """Code without and with what was inserted."""
    inner = scope_of(site)
    if inner is not None:
        yield old.source(inner[0]), new.source(inner[1])
        yield empty(inner[0]), shortened(inner[1], site.new)
    if site.holder is not None and isinstance(site.holder.new, ast.stmt):
        yield old.source(site.holder.old), new.source(site.holder.new)
    yield "pass\n", new.all(site.new)


def scope_of(site: Site) -> tuple[ast.AST, ast.AST] | None:
    """The innermost function or class around a site, before and after."""
    if site.old_scope and site.new_scope:
        return site.old_scope[-1], site.new_scope[-1]
    return None


def bare(node: ast.AST) -> str:
    """A statement without what stands in its blocks."""
    from guard.fixes.learning.pattern import MANY

    class Emptied(ast.NodeTransformer):
        def visit_Expr(self, found: ast.Expr) -> ast.stmt:
            dots = isinstance(found.value, ast.Name) and found.value.id.startswith(MANY)
            return ast.Pass() if dots else found

    short = Emptied().visit(copied(head(node)))
    return ast.unparse(ast.fix_missing_locations(short)) + "\n"


def shortened(scope: ast.AST, nodes: Sequence[ast.AST]) -> str:
    """A function or class that has nothing in it but `nodes`."""
    import copy

    short = copy.copy(scope)
    assert isinstance(short, DEFINITIONS)
    short.decorator_list = []
    body = [copied(n) for n in nodes if isinstance(n, ast.stmt) and not prose(n)]
    short.body = body or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(short)) + "\n"


def empty(scope: ast.AST) -> str:
    """A function or class with nothing in it."""
    return shortened(scope, ())
