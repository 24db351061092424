"""dotenv files as named values with places: python-dotenv reads, this adds where and `${X}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guard.contracts.values import Broken, Source, Value, joined, made, quoted, unknown

VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<op>:?[-?+])?)"
)


def parse(source: Source) -> dict[str, Value]:
    """The variables of a dotenv text, the last of a name counting; Broken at a line that is none.

    `${OTHER}` and `${OTHER:-default}` are put in, from the file itself.
    """
    from io import StringIO

    from dotenv.parser import parse_stream

    found: dict[str, Value] = {}
    literal: set[str] = set()
    offset = 0
    for binding in parse_stream(StringIO(source.text, newline="")):
        start, offset = offset, offset + len(binding.original.string)
        if binding.error:
            raise Broken(source, "not a line of a dotenv file", start)
        if binding.key is None:
            continue
        written = source.text[start:offset]
        equals = written.find("=")
        if equals < 0 or binding.value is None:
            found[binding.key] = unknown(source, start, offset, "no value is given", binding.key)
            continue
        raw = written[equals + 1 :]
        at = start + equals + 1 + len(raw) - len(raw.lstrip(" \t"))
        found[binding.key] = placed(source, at, offset, binding.value, binding.key)
        (literal.add if source.text[at : at + 1] == "'" else literal.discard)(binding.key)
    return {
        key: value if key in literal else substituted(value, found, (key,))
        for key, value in found.items()
    }


def placed(source: Source, start: int, end: int, text: str, name: str) -> Value:
    """The value that begins at `start`, without its quotes."""
    if source.text[start : start + 1] in ("'", '"'):
        return quoted(source, start, start + len(text) + 2, text, name)
    if source.text[start : start + len(text)] == text:
        end = start + len(text)
    return made(source, start, end, text, name)


def substituted(value: Value, env: Mapping[str, Value], stack: tuple[str, ...] = ()) -> Value:
    """`value` with `$X`, `${X}`, `${X:-default}` and their kin put in from `env`.

    What `env` does not hold and has no default is a stretch that cannot be known; so is a
    variable that leads back to itself.
    """
    text = value.text
    if "$" not in text or value.unresolved:
        return value
    parts: list[Value] = []
    offset = 0
    while match := VARIABLE.search(text, offset):
        parts.append(value.cut(offset, match.start()))
        if match["escaped"]:
            parts.append(value.cut(match.start(), match.start() + 1))
            offset = match.end()
            continue
        end = match.end()
        if match["name"]:
            end = closing(text, match.end())
        parts.append(one(value, match, end, env, stack))
        offset = end
    parts.append(value.cut(offset, len(text)))
    return joined(value.source, value.start, value.end, parts, value.name)


def filled(value: Value, env: Mapping[str, Value]) -> Value:
    """`value` with what `env` holds put in; other variables stay as they are written."""
    parts, offset = [], 0
    for match in re.finditer(r"\$(?:\{(\w+)\}|(\w+))", value.text if env else ""):
        held = env.get(match[1] or match[2])
        if held is not None:
            parts += [value.cut(offset, match.start()), held]
            offset = match.end()
    parts.append(value.cut(offset, len(value.text)))
    return joined(value.source, value.start, value.end, parts, value.name) if offset else value


def closing(text: str, offset: int) -> int:
    """The offset behind the brace that ends what was opened before `offset`."""
    depth = 1
    while offset < len(text):
        depth += text.startswith("${", offset) - (text[offset] == "}")
        offset += 1
        if not depth:
            return offset
    return len(text)


def one(
    value: Value, match: re.Match[str], end: int, env: Mapping[str, Value], stack: tuple[str, ...]
) -> Value:
    """What stands for one variable in `value`."""
    name = match["bare"] or match["name"]
    op = match["op"] or ""
    whole = value.cut(match.start(), end)
    piece = whole.pieces[0]
    start, stop = piece.start, whole.pieces[-1].end
    held = env.get(name)
    if held is not None and name in stack:
        way = " → ".join((*stack[stack.index(name) :], name))
        return unknown(piece.source, start, stop, f"the variables lead in a circle: {way}")
    if held is not None:
        held = substituted(held, env, (*stack, name)) if held.source is value.source else held
        if held.unresolved and op.endswith("-"):
            held = None
    if op.endswith("+"):
        rest = value.cut(match.end(), end - 1)
        return substituted(rest, env, stack) if held is not None else value.cut(0, 0)
    if held is not None and (held.text or not op.startswith(":")):
        return held
    if op.endswith("-"):
        return substituted(value.cut(match.end(), end - 1), env, stack)
    return unknown(piece.source, start, stop, f"{name} is set outside of these files")
