"""Values of variables in Makefiles; no library reads these without running make."""

from __future__ import annotations

import re

from guard.contracts.values import HOLE, Missing, Source, Value, joined, made, plain, unknown
from guard.errors import nearest

ASSIGNED = re.compile(
    r"^\ufeff?(?!\t)[ ]*(?:export[ ]+|override[ ]+)*(?P<name>[\w.-]+)[ \t]*"
    r"(?P<op>::?:?=|\?=|\+=|!=|=)[ \t]*"
    r"(?P<value>(?:[^\\\n#]|\\\r?\n|\\.)*)",
    re.MULTILINE,
)
LONG = re.compile(r"[ \t]*\\\r?\n[ \t]*")
USED = re.compile(r"\$(?:\((\w[\w.-]*)\)|\{(\w[\w.-]*)\})|\$\$|\$[({]")


class Makefile:
    """One Makefile."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.given: dict[str, list[tuple[str, Value]]] = {}
        for match in ASSIGNED.finditer(source.text):
            start = match.start("value")
            end = start + len(match["value"].rstrip())
            value = plain(source, start, end, match["name"])
            self.given.setdefault(match["name"], []).append((match["op"], value))

    def select(self, selector: str) -> list[Value]:
        """The values given to a variable; Missing with the nearest name where it is not set."""
        name = re.sub(r"^\$?[({]?|[)}]$", "", selector)
        if name not in self.given:
            known = sorted(self.given)
            raise Missing(f"no variable {name!r} is set", nearest(name, known) if known else "")
        return [self.resolved(op, value, (name,)) for op, value in self.given[name]]

    def resolved(self, op: str, value: Value, stack: tuple[str, ...]) -> Value:
        """A value with the variables in it put in."""
        if op in ("!=", "+="):
            why = "the output of a command" if op == "!=" else "it is put together with +="
            return unknown(self.source, value.start, value.end, why, value.name)
        if LONG.search(value.text):  # goes on in the next line, which make reads as one blank
            text = LONG.sub(" ", value.text)
            value = made(value.source, value.start, value.end, text, value.name)
        text, parts, at = value.text, [], 0
        for match in USED.finditer(text):
            parts.append(value.cut(at, match.start()))
            at = match.end()
            parts.append(self.used(value, match, stack))
        parts.append(value.cut(at, len(text)))
        return joined(self.source, value.start, value.end, parts, value.name)

    def used(self, value: Value, match: re.Match[str], stack: tuple[str, ...]) -> Value:
        """What `$(X)` stands for."""
        name = match[1] or match[2]
        start, end = value.start + match.start(), value.start + match.end()
        if match[0] == "$$":
            return value.cut(match.start(), match.start() + 1)
        if not name:
            return unknown(self.source, start, end, "a function of make")
        if name in stack:
            way = " → ".join((*stack[stack.index(name) :], name))
            return unknown(self.source, start, end, f"the variables lead in a circle: {way}")
        given = self.given.get(name, [])
        if not given:
            return unknown(self.source, start, end, f"{name} is set outside of the Makefile")
        values = [self.resolved(op, held, (*stack, name)) for op, held in given]
        if len({v.text for v in values}) > 1 and HOLE not in "".join(v.text for v in values):
            return unknown(self.source, start, end, f"{name} is set to several values")
        return values[-1]
