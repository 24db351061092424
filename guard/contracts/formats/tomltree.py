"""TOML as a tree with places: judged by the standard library, placed by tree-sitter-toml."""

from __future__ import annotations

import tomllib
from typing import Any

from guard.contracts.formats.grammar import Tree
from guard.contracts.formats.tree import Entry, Map, Node, Seq
from guard.contracts.values import Broken, Source, made, quoted


def parse(source: Source) -> Node:
    """The tree of a TOML text; Broken where it is none."""
    try:
        tomllib.loads(source.text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (ValueError, RecursionError) as problem:  # also a number of thousands of digits
        line = getattr(problem, "lineno", 0) or position(str(problem))
        offset = source.lines.starts[min(line, len(source.lines.starts)) - 1] if line else 0
        raise Broken(source, "not valid TOML", offset) from None
    tree = Tree(source, "toml")
    root = Map(source, 0, len(source.text))
    for child in tree.root.children:
        if child.type == "pair":
            pair(tree, root, child)
        elif child.type in ("table", "table_array_element"):
            table(tree, root, child)
    return root


def position(words: str) -> int:
    """The line that an error of tomllib names; 0 where it names none."""
    _, _, rest = words.rpartition("at line ")
    number = rest.partition(",")[0]
    return int(number) if number.isdigit() else 0


def table(tree: Tree, root: Map, node: Any) -> None:
    """Puts `[a.b]` or `[[a.b]]` and its pairs into the tree."""
    named = next(c for c in node.children if c.type.endswith("key"))
    at = descend(tree, root, named, append=node.type == "table_array_element")
    for child in node.children:
        if child.type == "pair":
            pair(tree, at, child)


def pair(tree: Tree, into: Map, node: Any) -> None:
    """Puts `key = value` into a mapping; `a.b = 1` makes the mappings on the way."""
    key, _, held = (c for c in node.children if c.type != "comment")
    names = parts(tree, key)
    for name, start, end in names[:-1]:
        into = child(into, name, start, end)
    name, start, end = names[-1]
    into.entries.append(Entry(name, start, end, value(tree, held, name)))


def descend(tree: Tree, root: Map, key: Any, append: bool) -> Map:
    """The mapping that a header opens."""
    names = parts(tree, key)
    for name, start, end in names[:-1]:
        root = child(root, name, start, end)
    name, start, end = names[-1]
    if not append:
        return child(root, name, start, end)
    held = root.get(name)
    if not isinstance(held, Seq):
        held = Seq(root.source, start, end)
        root.entries.append(Entry(name, start, end, held))
    held.items.append(Map(root.source, start, end))
    return held.items[-1]  # type: ignore[return-value]  # the one just put there


def child(into: Map, name: str, start: int, end: int) -> Map:
    """The mapping under `name`, made where there is none; of a list of tables, the last."""
    held = into.get(name)
    if isinstance(held, Seq) and held.items and isinstance(held.items[-1], Map):
        return held.items[-1]
    if isinstance(held, Map):
        return held
    made_here = Map(into.source, start, end)
    into.entries.append(Entry(name, start, end, made_here))
    return made_here


def parts(tree: Tree, key: Any) -> list[tuple[str, int, int]]:
    """The names of a key, `a` or `a."b.c"`, with their places."""
    if key.type != "dotted_key":
        text = tree.text(key)
        return [(string(text) if key.type == "quoted_key" else text, *tree.span(key))]
    return [part for c in key.children if c.type.endswith("key") for part in parts(tree, c)]


def value(tree: Tree, node: Any, name: str) -> Node:
    """The tree of one value."""
    start, end = tree.span(node)
    if node.type == "array":
        seq = Seq(tree.source, start, end)
        skipped = ("[", "]", ",", "comment")
        seq.items = [value(tree, c, name) for c in node.children if c.type not in skipped]
        return seq
    if node.type == "inline_table":
        mapping = Map(tree.source, start, end)
        for c in node.children:
            if c.type == "pair":
                pair(tree, mapping, c)
        return mapping
    text = tree.text(node)
    if node.type == "string":
        return quoted(tree.source, start, end, string(text), name)
    if node.type == "integer":
        return made(tree.source, start, end, str(tomllib.loads(f"v = {text}")["v"]), name)
    return made(tree.source, start, end, text, name)


def string(text: str) -> str:
    """What a quoted string says."""
    return str(tomllib.loads(f"v = {text}".replace("\r\n", "\n"))["v"])
