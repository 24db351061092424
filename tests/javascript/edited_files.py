"""Files that parse, read for breaking: their functions, statements, and functions written anew."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_lines import fresh
from corpus_members import Member, indent, members, tree


@dataclass
class Part:
    """Old lines first to last, the last not with, become `lines`."""

    first: int
    last: int
    lines: list[str]
    spans: list[tuple[int, int]]  # of `lines`: what is left over, or where something is missing
    names: Sequence[str]
    rights: list[list[str]] = field(default_factory=list)  # what `lines` should have been


@dataclass
class File:
    """A file that parses."""

    text: str
    lines: list[str]
    members: list[Member]
    nodes: list[tuple[Any, int, int]]  # every node over several lines: itself, first and last line

    def around(self, line: int) -> tuple[str, ...]:
        """The innermost function around a 0-based line, as a reader calls it."""
        found = [m for m in self.members if m.first <= line <= m.last]
        return tuple(m.name for m in sorted(found, key=lambda m: m.first - m.last)[-1:])

    def alone(self, first: int, last: int) -> bool:
        """Whether brackets are whole on lines, and none of them is shared: a cheap look."""
        return 0 <= first <= last < len(self.lines)

    def pick(self, rng: random.Random, *types: str) -> Iterator[tuple[Any, int, int]]:
        """Nodes of these types inside of named functions, by chance."""
        found = [n for n in self.nodes if n[0].type in types and self.around(n[1])]
        rng.shuffle(found)
        yield from found


def read(text: str) -> File:
    program, shift = tree(text)
    starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]
    nodes = []
    todo = [program]
    while todo:
        node = todo.pop()
        for key, value in vars(node).items():
            if key.startswith("_") or key in ("range", "type", "regex"):
                continue
            todo += [
                child
                for child in (value if isinstance(value, list) else (value,))
                if hasattr(child, "type") and getattr(child, "range", None)
            ]
        if node is program or not node.range:
            continue
        first = bisect_right(starts, node.range[0] - shift) - 1
        last = bisect_right(starts, node.range[1] - 1 - shift) - 1
        if first < last:
            nodes.append((node, first, last))
    nodes.sort(key=lambda n: (n[1], -n[2], n[0].type))
    return File(text, text.split("\n"), members(text), nodes)


def signed(line: str, name: str, rng: random.Random) -> tuple[str, str]:
    """The first line of a function changed, and its name then."""
    way = rng.choice(["same", "parameter", "fewer", "async", "renamed", "renamed"])
    if way == "parameter":
        line = re.sub(
            r"\(([\w$, ]*)\)(?=\s*(?:=>)?\s*\{$)",
            lambda m: f"({m[1]}{', ' * bool(m[1].strip())}options)",
            line,
        )
    elif way == "fewer":
        line = re.sub(r"\(([\w$]+)(?:, [\w$]+)+\)(?=\s*(?:=>)?\s*\{$)", r"(\1)", line)
    elif way == "async" and "async" not in line:
        line = re.sub(r"\bfunction\b(?! ?\*)", "async function", line, count=1)
    elif way == "renamed" and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", line):
        new = rng.choice(["do", "handle", "run"]) + name[:1].upper() + name[1:]
        return re.sub(rf"(?<![\w$]){re.escape(name)}(?![\w$])", lambda m: new, line, count=1), new
    return line, name


def rewritten(
    file: File, m: Member, rng: random.Random, most: int = 99
) -> tuple[list[str], tuple[str, ...]]:
    """A new version of a function, and the names that it and its left-over may go by."""
    head, name = signed(file.lines[m.first], m.name, rng)
    body = fresh(file.lines, m, rng) if rng.random() < 0.5 else kept(file, m, rng)
    if len(body) > most:
        body = fresh(file.lines, m, rng)
    return [head, *body, file.lines[m.last]], (m.name, name)


def kept(file: File, m: Member, rng: random.Random) -> list[str]:
    """Whole statements of the old body, some of them changed, and new ones."""
    body = next(
        (
            n
            for n, first, last in file.nodes
            if n.type == "BlockStatement" and first == m.first and last == m.last
        ),
        None,
    )
    pad = next((indent(line) for line in file.lines[m.first + 1 : m.last] if line.strip()), "  ")
    if body is None:
        return [f"{pad}return null;"]
    found = sorted(
        (a, b)
        for n, a, b in file.nodes
        if n.type.endswith(("Statement", "Declaration")) and n in body.body
    )
    covered = {line for a, b in found for line in range(a, b + 1)}
    single = [
        (i, i)
        for i in range(m.first + 1, m.last)
        if i not in covered and file.lines[i].rstrip().endswith(";")
    ]
    made = []
    for first, last in sorted([*found, *single]):
        chance = rng.random()
        if chance < 0.55:
            part = file.lines[first : last + 1]
            if rng.random() < 0.3:
                words = re.findall(r"\b[a-z][a-zA-Z]{3,}\b", " ".join(part))
                words = [w for w in words if w not in KEYWORDS]
                if words:
                    word = rng.choice(words)
                    part = [re.sub(rf"\b{word}\b", f"{word}2", line) for line in part]
            made += part
        elif chance < 0.75:
            made.append(f"{pad}log.debug({rng.randrange(99)});")
    return made or [f"{pad}return null;"]


KEYWORDS = set(
    "break case catch class const continue debugger default delete else export extends false finally "
    "for function import instanceof null return static super switch this throw true typeof undefined "
    "void while with yield async await".split()
)
