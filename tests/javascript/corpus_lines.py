"""Lines as edits leave and write them: indented otherwise, bodies written anew, sound edits."""

from __future__ import annotations

import random
import re

from corpus_members import Member, indent


def reindented(lines: list[str], closer: str, rng: random.Random) -> list[str]:
    """Left-over lines as an editor may leave them."""
    way = rng.choice(["same", "same", "more", "less", "closer", "flat", "zero"])
    if way == "same":
        return lines
    if way == "more":
        return [f"  {line}" if line.strip() else line for line in lines]
    if way == "less":
        return [re.sub(r"^(  |\t)", "", line) for line in lines]
    if way == "closer":
        least = min((len(indent(line)) for line in lines if line.strip()), default=0)
        return [closer + line[least:] if line.strip() else line for line in lines]
    if way == "flat":
        return [closer + line.strip() if line.strip() else line for line in lines]
    return [line.strip() for line in lines]


def fresh(lines: list[str], member: Member, rng: random.Random) -> list[str]:
    """A new body for a function: some of the old, whole statements of a line, and some new."""
    body = lines[member.first + 1 : member.last]
    pad = next((indent(line) for line in body if line.strip()), "  ")
    kept = [
        line
        for line in body
        if indent(line) == pad
        and line.rstrip().endswith(";")
        and line.count("(") == line.count(")")
        and line.count("{") == line.count("}")
        and "`" not in line
        and rng.random() < 0.4
    ][:6]
    words = ["cache", "state", "result", "options", "handler", "index"]
    made = [
        rng.choice(
            [
                f"{pad}const {rng.choice(words)}{rng.randrange(99)} = prepare({rng.randrange(99)});",
                f"{pad}this.{rng.choice(words)} = {rng.randrange(99)};",
                f"{pad}if (!ready) {{\n{pad}  wait({rng.randrange(99)});\n{pad}}}",
                f"{pad}// step {rng.randrange(99)}\n{pad}update({rng.choice(words)!r});",
                f"{pad}for (const item of list{rng.randrange(99)}) {{\n{pad}  use(item);\n{pad}}}",
            ]
        )
        for _ in range(rng.randint(1, 4))
    ]
    at = rng.randint(0, len(kept))
    return [line for part in [*kept[:at], *made, *kept[at:]] for line in part.split("\n")]


def signature(line: str, rng: random.Random) -> str:
    """The first line of a function, now and then with its parameters changed."""
    if rng.random() < 0.6:
        return line
    return re.sub(
        r"\(([\w$, ]*)\)(\s*(?:=>)?\s*\{)$",
        lambda m: "(" + ", ".join([p for p in [m[1].strip()] if p] + ["extra"]) + ")" + m[2],
        line,
    )


def elsewhere(lines: list[str], known: list[Member], avoid: range, rng: random.Random) -> list[str]:
    """Sound edits away from the botched one, made from the end so that lines keep their numbers."""
    edits = []
    for m in rng.sample(known, min(len(known), rng.randint(0, 3))):
        if m.last < avoid.start - 1 or m.first > avoid.stop:
            pad = next((indent(x) for x in lines[m.first + 1 : m.last] if x.strip()), "  ")
            edits.append(
                (
                    m.first + 1,
                    rng.choice(
                        [f"{pad}// note {rng.randrange(999)}", f"{pad}trace({rng.randrange(999)});"]
                    ),
                )
            )
    for at, line in sorted(edits, reverse=True):
        lines = [*lines[:at], line, *lines[at:]]
    return lines
