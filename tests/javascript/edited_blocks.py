"""Edits gone wrong within a function: half a list or chain, a sign lost or doubled."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from corpus_lines import reindented
from corpus_members import indent
from edited_files import File, Part


def doubled_end(file: File, rng: random.Random) -> Iterator[Part]:
    """The `});` of a callback twice."""
    ends = [i for i, line in enumerate(file.lines) if re.match(r"\s*\}\)+[;,]?\s*$", line)]
    if not ends:
        return
    at = rng.choice(ends)
    line = file.lines[at]
    again = rng.choice(
        [line, line, indent(line)[:-2] + line.strip(), indent(line) + line.strip().rstrip(",")]
    )
    inside = [m.name for m in file.members if m.first <= at <= m.last]
    yield Part(at, at + 1, [line, again], [(0, 1), (1, 2)], file.around(at) or tuple(inside))


def dropped_parenthesis(file: File, rng: random.Random) -> Iterator[Part]:
    """A `)` of a call gone within a line."""
    m = rng.choice(file.members)
    spots = [
        (i, c.start())
        for i in range(m.first + 1, m.last)
        for c in re.finditer(r"\)", file.lines[i])
        if not re.match(r"\s*(?://|\*|/\*)", file.lines[i])
    ]
    if not spots:
        return
    at, column = rng.choice(spots)
    line = file.lines[at]
    yield Part(
        at, at + 1, [line[:column] + line[column + 1 :]], [(0, 1)], file.around(at), [[line]]
    )


def swapped(file: File, rng: random.Random) -> Iterator[Part]:
    """Two closing lines in the wrong order."""
    pairs = [
        i
        for i in range(len(file.lines) - 1)
        if re.match(r"\s*[\])}]+[;,]?\s*$", file.lines[i])
        and re.match(r"\s*[\])}]+[;,]?\s*$", file.lines[i + 1])
        and file.lines[i].strip() != file.lines[i + 1].strip()
        and file.around(i)
    ]
    if not pairs:
        return
    at = rng.choice(pairs)
    a, b = file.lines[at], file.lines[at + 1]
    swap = [b, a] if rng.random() < 0.5 else [indent(a) + b.strip(), indent(b) + a.strip()]
    names = {*file.around(at), *file.around(at + 1)}
    yield Part(at, at + 2, swap, [(0, 2), (0, 1), (1, 2)], tuple(names), [[a, b]])


def cut_list(file: File, rng: random.Random) -> Iterator[Part]:
    """An object or array written anew and shorter, the rest of the old one behind it."""
    for _, first, last in file.pick(rng, "ObjectExpression", "ArrayExpression"):
        whole = file.lines[first : last + 1]
        if (
            not 4 <= len(whole) <= 40
            or not re.match(r"\s*[\]}]\)*[;,]?\s*$", whole[-1])
            or whole[0].rstrip()[-1:] not in "{["
        ):
            continue
        entries = [
            i
            for i in range(1, len(whole) - 1)
            if indent(whole[i]) == indent(whole[1]) and whole[i].rstrip().endswith(",")
        ]
        if len(entries) < 2:
            continue
        cut = rng.choice(entries[:-1])
        added = "'extra'" if whole[0].rstrip().endswith("[") else f"limit: {rng.randrange(99)}"
        start = rng.choice([1, *(i + 1 for i in entries if i < cut)])
        ahead = [whole[0], *whole[start : cut + 1], indent(whole[1]) + added, whole[-1]]
        left = reindented(whole[cut + 1 :], indent(whole[-1]), rng)
        declared = re.search(
            r"(?:const|let|var)\s+([\w$]+)\s*=|([\w$]+)\s*[:=]\s*[\[{]$", whole[0].rstrip()
        )
        names = (*file.around(first), *((declared[1] or declared[2],) if declared else ()))
        yield Part(first, last + 1, [*ahead, *left], [(len(ahead), len(ahead) + len(left))], names)
        return


def chain(file: File, rng: random.Random) -> Iterator[Part]:
    """The rest of a chain of calls behind a statement that ends before it."""
    heads = [
        i
        for m in file.members
        for i in range(m.first + 2, m.last)
        if re.match(r"\s*\.[\w$]+\(", file.lines[i])
    ]
    rng.shuffle(heads)
    for at in heads:
        found = [
            n
            for n in file.nodes
            if n[0].type in ("ExpressionStatement", "ReturnStatement", "VariableDeclaration")
            and n[1] < at <= n[2]
        ]
        if not found:
            continue
        _, first, last = found[-1]
        pad = indent(file.lines[first])
        new = rng.choice(
            [f"{pad}const result = await load(id);", f"{pad}return this.load(id);", f"{pad}done();"]
        )
        left = file.lines[at : last + 1]
        yield Part(first, last + 1, [new, *left], [(1, 1 + len(left))], file.around(at))
        return
    calls = [n for n in file.pick(rng, "ExpressionStatement") if file.lines[n[2]].strip() == "});"]
    if calls:
        _, first, last = calls[0]
        pad = indent(file.lines[last])
        left = rng.choice(
            [
                [f"{pad}.then(function (result) {{", f"{pad}  done(result);", f"{pad}}});"],
                [f"{pad}.catch((err) => {{", f"{pad}  log(err);", f"{pad}}});"],
                [f"{pad}.then(done);"],
            ]
        )
        left = reindented(left, pad, rng)
        end = file.lines[last]
        lines = [end, *left]
        yield Part(
            last,
            last + 1,
            lines,
            [(1, len(lines)), (0, 1)],
            file.around(last),
            [[end.rstrip()[:-1], *left]],
        )


def comment(file: File, rng: random.Random) -> Iterator[Part]:
    """The opener of a comment gone."""
    starts = [i for i, line in enumerate(file.lines[:-2]) if re.match(r"\s*/\*\*?\s*$", line)]
    if not starts:
        return
    at = rng.choice(starts)
    end = next((i for i in range(at, len(file.lines)) if "*/" in file.lines[i]), None)
    if end is None or file.lines[end].strip() != "*/":
        return
    left = file.lines[at + 1 : end + 1]
    near = sorted(file.members, key=lambda m: abs(m.first - end))[:1]
    above = sorted((m for m in file.members if m.last < at), key=lambda m: at - m.last)[:1]
    names = (*(m.name for m in [*near, *above]), *file.around(at))
    if not near or not 0 < near[0].first - end < 3:
        names = (*names, "")
    spans = [(0, len(left)), (0, 1), (-1, 0)]
    yield Part(at, end + 1, left, spans, names, [file.lines[at : end + 1], []])


def template(file: File, rng: random.Random) -> Iterator[Part]:
    """A literal over several lines written anew, the rest of the old one behind it."""
    spots = [
        (first, last)
        for node, first, last in file.nodes
        if node.type == "TemplateLiteral" and last - first >= 2
    ]
    if not spots:
        return
    first, last = rng.choice(spots)
    end = file.lines[last]
    if not re.match(r"[^`]*`[\s)\];,}]*$", end):
        return
    cut = rng.randint(first + 1, last)
    close = end[end.index("`") :]
    ahead = [*file.lines[first : cut - 1], file.lines[cut - 1] + close]
    left = file.lines[cut : last + 1]
    yield Part(
        first, last + 1, [*ahead, *left], [(len(ahead), len(ahead) + len(left))], file.around(first)
    )
