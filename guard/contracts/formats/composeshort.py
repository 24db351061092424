"""The short syntaxes of compose, written out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from guard.contracts.formats.tree import Entry, Map, Node, Seq
from guard.contracts.values import Value, unknown

PORT = re.compile(
    r"(?:(?P<ip>\[[^\]]*\]|[^:\[\]]*):)??(?:(?P<pub>[^:]*):)?(?P<target>[^:/]+)(?:/(?P<proto>\w+))?$"
)


WINDOWS = re.compile(r"[A-Za-z]:(?:\\|/[^:]*:)")


def members(node: Node | None) -> list[Node]:
    """The members of a list; a single node is a list of one, nothing is none."""
    if node is None:
        return []
    return list(node.items) if isinstance(node, Seq) else [node]


def pairs(node: Node) -> Node:
    """`environment` and its kin as a mapping, from either spelling."""
    entries: list[Entry] = []
    if isinstance(node, Seq):
        for item in node.items:
            if isinstance(item, Value):
                key, equals, _ = item.text.partition("=")
                value = item.cut(len(key) + 1, len(item.text), key) if equals else passed(item, key)
                entries.append(Entry(key, item.start, item.end, value))
        return Map(node.source, node.start, node.end, entries)
    if isinstance(node, Map):
        for entry in node.entries:
            held = entry.node
            if isinstance(held, Value) and not held.text and bare(held):
                held = passed(held, entry.key)
            entries.append(replace(entry, node=held))
        return replace(node, entries=entries)
    return node


def bare(value: Value) -> bool:
    """Whether a value is left out, and not an empty string."""
    return value.source.text[value.start : value.end] in ("", "~", "null")


def passed(value: Value, key: str) -> Value:
    """A variable that compose passes on from the shell that starts it."""
    why = f"{key} is passed on from the shell that starts compose"
    return unknown(value.source, value.start, value.end, why, key)


def dependencies(node: Seq) -> Map:
    """The short `depends_on` as the long one."""
    entries = [
        Entry(i.text, i.start, i.end, Map(i.source, i.start, i.end))
        for i in node.items
        if isinstance(i, Value)
    ]
    return Map(node.source, node.start, node.end, entries)


def fields(value: Value, spans: Mapping[str, tuple[int, int]]) -> Map:
    """A short syntax as the mapping it stands for: each field a stretch of the text."""
    entries = [
        Entry(key, value.start, value.end, value.cut(start, end, key))
        for key, (start, end) in spans.items()
        if start >= 0 and end > start
    ]
    return Map(value.source, value.start, value.end, entries)


def port(value: Value) -> Node:
    """`[[host_ip:]published:]target[/protocol]` written out."""
    text = value.text
    match = PORT.match(text)
    if match is None:
        return value
    spans = {
        "host_ip": match.span("ip"),
        "published": match.span("pub"),
        "target": match.span("target"),
        "protocol": match.span("proto"),
    }
    return fields(value, spans)


def volume(value: Value) -> Node:
    """`[source:]target[:mode]` written out."""
    text = value.text
    first = text.find(":", 2 if WINDOWS.match(text) else 0)
    if first < 0:
        return fields(value, {"target": (0, len(text))})
    second = text.find(":", first + 1)
    stop = second if second >= 0 else len(text)
    spans = {"source": (0, first), "target": (first + 1, stop)}
    if second >= 0:
        spans["mode"] = (second + 1, len(text))
    return fields(value, spans)


LONG: Mapping[str, Callable[[Value], Node]] = {"ports": port, "volumes": volume}


PAIRS = ("environment", "labels")
