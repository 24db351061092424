"""Edits gone wrong in statements with several parts: one part is gone, another left."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from corpus_lines import reindented
from corpus_members import indent
from edited_files import File, Part


def half_if(file: File, rng: random.Random) -> Iterator[Part]:
    """An if gone up to its else: `} else {` and what follows are left."""
    for node, first, last in file.pick(rng, "IfStatement"):
        if (
            node.alternate is None
            or node.alternate.type != "BlockStatement"
            or node.consequent.type != "BlockStatement"
        ):
            continue
        split = next(
            (
                i
                for i in range(first + 1, last)
                if re.match(r"\s*\}\s*else\s*\{\s*$", file.lines[i])
                and indent(file.lines[i]) == indent(file.lines[first])
            ),
            None,
        )
        if split is None or not file.lines[first].lstrip().startswith("if"):
            continue
        left = file.lines[split : last + 1]
        names = file.around(first)
        yield Part(
            first,
            last + 1,
            left,
            [(0, len(left))],
            names,
            [left[1:-1], file.lines[first : last + 1]],
        )
        return


def unwrapped(file: File, rng: random.Random) -> Iterator[Part]:
    """A block unwrapped: its first line gone, the body one level out, its closer left."""
    for node, first, last in file.pick(
        rng,
        "IfStatement",
        "ForStatement",
        "WhileStatement",
        "ForOfStatement",
        "ForInStatement",
        "TryStatement",
    ):
        closer = file.lines[last].strip()
        if (
            closer != "}"
            or not file.lines[first].rstrip().endswith("{")
            or getattr(node, "alternate", None)
            or node.type == "TryStatement"
        ):
            continue
        if not file.lines[first].lstrip().startswith(("if", "for", "while")) or last - first > 30:
            continue
        body = file.lines[first + 1 : last]
        outer, inner = indent(file.lines[first]), next((indent(x) for x in body if x.strip()), "")
        lines = [*body, file.lines[last]]
        spans = [(len(body), len(lines))]
        if rng.random() < 0.5:
            body = [outer + x[len(inner) :] if x.startswith(inner) else x for x in body]
            lines = [*body, file.lines[last]]
        else:
            spans += [(0, len(lines)), (0, 1)]  # or its first line is missing
        yield Part(
            first, last + 1, lines, spans, file.around(first), [file.lines[first : last + 1], []]
        )
        return


def try_alone(file: File, rng: random.Random) -> Iterator[Part]:
    """A catch clause deleted with everything in it, its try kept; or the try line, its catch kept."""
    for node, first, last in file.pick(rng, "TryStatement"):
        if node.handler is None or node.finalizer is not None:
            continue
        split = next(
            (
                i
                for i in range(first + 1, last)
                if re.match(r"\s*\}\s*catch\b.*\{\s*$", file.lines[i])
                and indent(file.lines[i]) == indent(file.lines[first])
            ),
            None,
        )
        if split is None or file.lines[first].strip() != "try {" or file.lines[last].strip() != "}":
            continue
        whole = file.lines[first : last + 1]
        if rng.random() < 0.5:
            body = file.lines[first + 1 : split]
            lines = [file.lines[first], *body, indent(file.lines[split]) + "}"]
            end = len(lines)
            spans = [(0, end), (0, 1), (end - 1, end), (end, end + 1), (end - 1, end + 1)]
            yield Part(first, last + 1, lines, spans, file.around(first), [whole, body, []])
        else:
            lines = file.lines[first + 1 : last + 1]
            at = split - first - 1
            spans = [(at, len(lines)), (0, at), (0, 1), (0, len(lines))]
            yield Part(first, last + 1, lines, spans, file.around(first), [whole, lines[:at], []])
        return


def old_case(file: File, rng: random.Random) -> Iterator[Part]:
    """A switch written anew, and cases of the old one left behind its end."""
    for node, first, last in file.pick(rng, "SwitchStatement"):
        cases = [(a, b) for n, a, b in file.nodes if n.type == "SwitchCase" and n in node.cases]
        if len(cases) < 3 or file.lines[last].strip() != "}":
            continue
        cut = rng.randrange(2, len(cases))
        keep = rng.randrange(1, cut)
        ahead = [*file.lines[first : cases[keep - 1][1] + 1], file.lines[last]]
        left = file.lines[cases[cut][0] : cases[-1][1] + 1]
        if rng.random() < 0.5:
            left = [*left, file.lines[last]]
        left = reindented(left, indent(file.lines[last]), rng)
        yield Part(
            first,
            last + 1,
            [*ahead, *left],
            [(len(ahead), len(ahead) + len(left))],
            file.around(first),
        )
        return


def between_else(file: File, rng: random.Random) -> Iterator[Part]:
    """An if deleted above its `else if` or `else`, on a line of its own; or a line put between."""
    for node, first, last in file.pick(rng, "IfStatement"):
        if node.alternate is None or not file.lines[first].lstrip().startswith("if"):
            continue
        split = next(
            (
                i
                for i in range(first + 1, last)
                if re.match(r"\s*else\b", file.lines[i])
                and indent(file.lines[i]) == indent(file.lines[first])
            ),
            None,
        )
        merged = next(
            (
                i
                for i in range(first + 1, last)
                if re.match(r"\s*\}\s*else\b.*\{$", file.lines[i])
                and indent(file.lines[i]) == indent(file.lines[first])
            ),
            None,
        )
        pad = indent(file.lines[first])
        whole = file.lines[first : last + 1]
        if split is not None:
            left = file.lines[split : last + 1]
            yield Part(first, last + 1, left, [(0, len(left)), (0, 1)], file.around(first), [whole])
            return
        if merged is not None:
            rest = file.lines[merged].strip()[1:].strip()
            put = [f"{pad}update({rng.randrange(99)});"]
            ahead = [*file.lines[first:merged], pad + "}"]
            left = [pad + rest, *file.lines[merged + 1 : last + 1]]
            lines = [*ahead, *put, *left]
            a = len(ahead)
            yield Part(
                first,
                last + 1,
                lines,
                [(a, a + 1), (a + 1, len(lines)), (a + 1, a + 2)],
                file.around(first),
                [whole],
            )
            return
