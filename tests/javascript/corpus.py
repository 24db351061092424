"""Botched edits made in real files: what a person or a model leaves behind, and the truth of it.

A case is an old text that parses, a sound new one, and the sound one with one left-over in it.
Nothing here knows how guard looks for them: functions come from the syntax tree of the old text,
the left-overs from lines picked by chance.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from corpus_lines import elsewhere, fresh, reindented, signature
from corpus_members import CLOSERS, Member, around, indent, members, sound


@dataclass(frozen=True)
class Case:
    kind: str
    old: str
    new: str
    sound: str
    first: int  # 1-based lines of the left-over; of the place for what is missing
    last: int
    symbols: tuple[str, ...]  # names that a reader would accept

    @property
    def regions(self) -> tuple[tuple[int, int], ...]:
        """Lines, any of which is right."""
        return ((self.first, self.last),)

    @property
    def mended(self) -> tuple[str, ...]:
        """Sound texts, any of which is right."""
        return (self.sound,)

    @property
    def missing(self) -> bool:
        """Whether something is gone, and nothing left behind."""
        return self.kind.startswith("dropped")


def tail(lines: list[str], known: list[Member], rng: random.Random) -> Iterator[Part]:
    m = rng.choice(known)
    head = [signature(lines[m.first], rng), *fresh(lines, m, rng), lines[m.last]]
    start = rng.randint(m.first + 1, m.last)
    left = reindented(lines[start : m.last + 1], indent(lines[m.last]), rng)
    yield m.first, m.last + 1, head, left, [], (m.name,)


def head(lines: list[str], known: list[Member], rng: random.Random) -> Iterator[Part]:
    m = rng.choice(known)
    whole = [signature(lines[m.first], rng), *fresh(lines, m, rng), lines[m.last]]
    stop = rng.randint(m.first + 1, m.last)
    left = reindented(lines[m.first : stop], indent(lines[m.last]), rng)
    yield m.first, m.last + 1, [], left, whole, (m.name,)


def doubled(lines: list[str], known: list[Member], rng: random.Random) -> Iterator[Part]:
    m = rng.choice(known)
    closers = [i for i in range(m.first, m.last + 1) if lines[i].strip().startswith("}")]
    closers = [i for i in closers if CLOSERS.match(lines[i])]
    at = rng.choice(closers)
    left = reindented([lines[at]], indent(lines[m.last]), rng)
    yield at, at + 1, [lines[at]], left, [], around(known, at)


def pasted(lines: list[str], known: list[Member], rng: random.Random) -> Iterator[Part]:
    inside = [m for m in known if m.container in ("object", "class")]
    if not inside:
        return
    m, other = rng.choice(inside), rng.choice(known)
    start = rng.randint(other.first + 1, other.last - 1)
    stop = rng.randint(start + 1, min(start + 6, other.last))
    left = reindented(lines[start:stop], indent(lines[m.last]), rng)
    if not any(line.strip() for line in left):
        return
    yield m.last + 1, m.last + 1, [], left, [], (m.name, other.name)


Part = tuple[int, int, list[str], list[str], list[str], tuple[str, ...]]
"""Lines first to last go; lines before, the left-over and lines after come; and the names."""


LEFT: dict[str, Callable[[list[str], list[Member], random.Random], Iterator[Part]]] = {
    "tail left behind": tail,
    "head left behind": head,
    "doubled closing brace": doubled,
    "fragment between members": pasted,
}


def without(kind: str, lines: list[str], known: list[Member], rng: random.Random) -> Any:
    """One line changed so that something is missing: (line, what it becomes or None, names)."""
    m = rng.choice(known)
    if kind == "dropped closing brace":
        closers = [i for i in range(m.first + 1, m.last + 1) if CLOSERS.match(lines[i])]
        closers = [i for i in closers if "}" in lines[i]]
        at = rng.choice(closers)
        whole = rng.random() < 0.6 or lines[at].strip() == "}"
        return at, None if whole else lines[at].replace("}", "", 1), around(known, at)
    if kind == "dropped comma":
        ends = [
            m
            for m in known
            if m.container == "object" and lines[m.last].rstrip() == indent(lines[m.last]) + "},"
        ]
        if not ends:
            return None
        m = rng.choice(ends)
        return m.last, lines[m.last].rstrip()[:-1], (m.name,)
    quote = "`" if kind == "half a template" else "'\""
    spots = [
        (i, c.start())
        for i in range(m.first + 1, m.last)
        for c in re.finditer(f"[{quote}]", lines[i])
        if not lines[i].lstrip().startswith(("//", "*", "/*"))
    ]
    if not spots:
        return None
    at, column = rng.choice(spots)
    return at, lines[at][:column] + lines[at][column + 1 :], around(known, at)


MISSING = ("dropped closing brace", "dropped comma", "half a string", "half a template")
KINDS = (*LEFT, *MISSING, "duplicated member", "conflict markers")


def case(kind: str, text: str, known: list[Member], rng: random.Random) -> Case | None:
    """One case of `kind` made from a file; None where chance gave none that is broken."""
    lines = text.split("\n")
    if kind in LEFT:
        part = next(LEFT[kind](lines, known, rng), None)
        if part is None:
            return None
        first, last, ahead, left, behind, names = part
    elif kind == "duplicated member":
        inside = [m for m in known if m.container == "object"]
        if not inside:
            return None
        m = rng.choice(inside)
        first, last, ahead = m.first, m.last + 1, []
        behind, names = lines[m.first : m.last + 1], (m.name,)
        left = [*behind[:-1], behind[-1].rstrip().rstrip(",")]
    elif kind == "conflict markers":
        m = rng.choice(known)
        first = rng.randint(m.first + 1, m.last - 1)
        last = rng.randint(first + 1, m.last)
        theirs = fresh(lines, m, rng)
        left = ["<<<<<<< HEAD", *lines[first:last], "=======", *theirs, ">>>>>>> topic"]
        ahead, behind, names = [], [], (m.name,)
    else:
        made = without(kind, lines, known, rng)
        if made is None:
            return None
        at, becomes, names = made
        first, last, ahead, behind = at, at + 1, [], []
        left = [] if becomes is None else [becomes]
    changed = range(first, last + 1)
    before = elsewhere(lines[:first], [m for m in known if m.last < first], changed, rng)
    after = lines[last:]
    if kind in LEFT:
        mended = [*before, *ahead, *behind, *after]
    elif kind == "duplicated member":
        mended = [*before, *lines[first:last], *after]
    else:
        mended = [*before, *lines[first:last], *after]
    broken = [*before, *ahead, *left, *behind, *after]
    start = len(before) + len(ahead)
    while left and not left[0].strip():
        left, start = left[1:], start + 1
    while left and not left[-1].strip():
        left = left[:-1]
    result = Case(
        kind,
        text,
        "\n".join(broken),
        "\n".join(mended),
        start + 1,
        start + max(len(left), 1),
        names,
    )
    if not names or not sound(result.sound) or sound(result.new):
        return None
    return result


def cases(texts: dict[str, str], seed: int, each: int) -> Iterator[tuple[str, Case]]:
    """Up to `each` cases of each kind, over the files in turn."""
    rng = random.Random(seed)
    known = {path: members(text) for path, text in texts.items()}
    paths = sorted(path for path in known if len(known[path]) >= 3)
    for kind in KINDS:
        made = 0
        for _ in range(each * 12):
            if made >= each:
                break
            path = rng.choice(paths)
            found = case(kind, texts[path], known[path], rng)
            if found is not None:
                made += 1
                yield path, found
