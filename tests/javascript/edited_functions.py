"""Edits gone wrong around a whole function: its old version, its neighbours, its place."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise

from corpus_lines import fresh, reindented
from corpus_members import indent
from edited_files import File, Part, rewritten


def tail_of_changed(file: File, rng: random.Random) -> Iterator[Part]:
    """The head replaced by a whole new version, and the old rest left."""
    m = rng.choice(file.members)
    new, names = rewritten(file, m, rng)
    start = rng.randint(m.first + 1, m.last)
    left = reindented(file.lines[start : m.last + 1], indent(file.lines[m.last]), rng)
    if not "".join(left).strip():
        return
    yield Part(m.first, m.last + 1, [*new, *left], [(len(new), len(new) + len(left))], names)


def last_lines(file: File, rng: random.Random) -> Iterator[Part]:
    """A shorter version, and the last few lines of the old one left."""
    m = rng.choice(file.members)
    new, names = rewritten(file, m, rng, most=max((m.last - m.first) // 2, 3))
    count = rng.randint(1, min(6, m.last - m.first - 1))
    left = reindented(file.lines[m.last + 1 - count : m.last + 1], indent(file.lines[m.last]), rng)
    yield Part(m.first, m.last + 1, [*new, *left], [(len(new), len(new) + len(left))], names)


def first_half(file: File, rng: random.Random) -> Iterator[Part]:
    """The old first half above the new version."""
    m = rng.choice(file.members)
    new, names = rewritten(file, m, rng)
    stop = rng.randint(m.first + 1, min(m.last, m.first + (m.last - m.first + 1) // 2 + 1))
    left = reindented(file.lines[m.first : stop], indent(file.lines[m.last]), rng)
    yield Part(m.first, m.last + 1, [*left, *new], [(0, len(left))], names)


def wrong_style(file: File, rng: random.Random) -> Iterator[Part]:
    """A helper in the style of another place, between members or statements."""
    m = rng.choice(file.members)
    pad = indent(file.lines[m.last])
    step = "\t" if pad.startswith("\t") else "  "
    name = rng.choice(["normalize", "formatValue", "isReady", "buildKey"])
    body = fresh(file.lines, m, rng)
    least = min((len(indent(line)) for line in body if line.strip()), default=0)
    body = [pad + step + line[least:] if line.strip() else line for line in body]
    if m.container == "object":
        heads = [
            (f"function {name}(value) {{", "}"),
            (f"const {name} = (value) => {{", "};"),
            (f"this.{name} = function (value) {{", "};"),
        ]
    elif m.container == "class":
        heads = [
            (f"function {name}(value) {{", "}"),
            (f"{name}: function (value) {{", "},"),
            (f"const {name} = (value) => {{", "};"),
        ]
    else:
        heads = [
            (f"{name}(value) {{", "}"),
            (f"{name}: function (value) {{", "},"),
            (f"static {name}(value) {{", "}"),
        ]
    head, end = rng.choice(heads)
    left = [pad + head, *body, pad + end]
    if rng.random() < 0.4:
        left = reindented(left, pad, rng)
    blank = [""] if rng.random() < 0.5 else []
    yield Part(
        m.last + 1,
        m.last + 1,
        [*blank, *left],
        [(len(blank), len(blank) + len(left))],
        (m.name, name),
    )


def wrong_place(file: File, rng: random.Random) -> Iterator[Part]:
    """A new member put a line or two too early or too late."""
    inside = [m for m in file.members if m.container in ("object", "class")]
    if not inside:
        return
    m = rng.choice(inside)
    pad, name = indent(file.lines[m.first]), rng.choice(["reset", "describe", "toKey"])
    end = "}" if m.container == "class" else "},"
    head = (
        f"{name}(value) {{"
        if m.container == "class" or rng.random() < 0.5
        else f"{name}: function (value) {{"
    )
    left = [pad + head, *fresh(file.lines, m, rng), pad + end]
    off = rng.choice([-2, -1, 1, 2])
    at = m.last + 1 + off
    if not m.first < at < len(file.lines):
        return
    after = next((n.name for n in file.members if n.first >= m.last), m.name)
    yield Part(at, at, left, [(0, len(left))], (m.name, name, after, *file.around(at)))


def off_by(file: File, rng: random.Random) -> Iterator[Part]:
    """A hunk that replaces lines put in one or two lines too early or too late."""
    m = rng.choice(file.members)
    first = rng.randint(m.first + 1, m.last - 1)
    last = rng.randint(first + 1, min(first + 8, m.last))
    off = rng.choice([-2, -1, 1, 2])
    made = [f"{indent(file.lines[first])}update({rng.randrange(99)});"]
    whole = file.lines[first:last]
    right = [whole[0], *made, *whole[1:]] if rng.random() < 0.5 else [*whole, *made]
    low, high = min(first, first + off), max(last, last + off)
    if low <= m.first or high > m.last:
        return
    if off > 0:
        lines = [*file.lines[first : first + off], *right]
        sound_lines = [*right, *file.lines[last:high]]
    else:
        lines = [*right, *file.lines[last + off : last]]
        sound_lines = [*file.lines[low:first], *right]
    spans = [(a, b) for a in range(len(lines)) for b in range(a + 1, len(lines) + 1)]
    yield Part(low, high, lines, spans, file.around(first), [sound_lines])


def both_versions(file: File, rng: random.Random) -> Iterator[Part]:
    """A line that opens a block in both of its versions."""
    lines = [
        i
        for m in file.members
        for i in range(m.first, m.last)
        if file.lines[i].rstrip().endswith("{")
        and "(" in file.lines[i]
        and not file.lines[i].lstrip().startswith("}")
    ]
    if not lines:
        return
    at = rng.choice(lines)
    line = file.lines[at]
    new = re.sub(
        r"\)(\s*(?:=>)?\s*\{)$",
        rng.choice([r", extra)\1", r" && ready)\1"])
        if re.match(r"\s*(?:\}?\s*else )?(?:if|while)", line) is None
        else r" && ready)\1",
        line.rstrip(),
    )
    if new == line.rstrip():
        return
    pair = [line, new] if rng.random() < 0.7 else [new, line]
    inside = [m.name for m in file.members if m.first <= at <= m.last]
    named = re.search(r"function\*? ([\w$]+)", line)
    yield Part(at, at + 1, pair, [(0, 1), (1, 2)], (*inside[-1:], *((named[1],) if named else ())))


def lost_middle(file: File, rng: random.Random) -> Iterator[Part]:
    """The end of one function and the beginning of the next one gone together."""
    pairs = [
        (a, b)
        for a, b in pairwise(file.members)
        if 0 < b.first - a.last < 8 and a.container == b.container
    ]
    if not pairs:
        return
    a, b = rng.choice(pairs)
    first, last = rng.randint(a.first + 1, a.last), rng.randint(b.first, b.last - 1)
    spans = [(-1, 0), (0, 1)]
    if last - first > 60:
        return
    gone = file.lines[first : last + 1]
    head, rest = file.lines[a.first : first], file.lines[last + 1 : b.last + 1]
    # What is left may as well be said to be too much: the one head, or the one tail.
    spans += [(0, len(head)), (len(head), len(head) + len(rest)), (0, len(head) + len(rest))]
    spans = [(s + len(head), e + len(head)) for s, e in spans[:2]] + spans[2:]
    yield Part(
        a.first,
        b.last + 1,
        [*head, *rest],
        spans,
        (a.name, b.name),
        [[*head, *gone, *rest], head, rest, []],
    )
