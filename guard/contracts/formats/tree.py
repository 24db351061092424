"""Trees of mappings, lists and values as config files hold them, and paths that select in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from guard.contracts.values import Missing, Source, Value
from guard.errors import nearest

MOST = 10_000
"""A selector that means more values than this is a mistake, or an attack with anchors."""


@dataclass(slots=True, repr=False)
class Map:
    """A mapping; a key may stand twice, which a selector then refuses."""

    source: Source
    """The file."""

    start: int
    """Offset of its first character."""

    end: int
    """Offset behind its last."""

    entries: list[Entry] = field(default_factory=list)
    """In the order of the file; merged ones last."""

    def get(self, key: str) -> Node | None:
        """What stands under `key`; the last where it stands twice."""
        return next(
            (e.node for e in reversed(self.entries) if e.key == key and not e.merged), None
        ) or next((e.node for e in self.entries if e.key == key), None)

    def items(self) -> Iterator[tuple[str, Entry]]:
        """Each key once, with the entry that counts."""
        seen: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.key not in seen or not entry.merged:
                seen[entry.key] = entry
        yield from seen.items()


@dataclass(slots=True, repr=False)
class Entry:
    """One key of a mapping."""

    key: str
    """The key as text."""

    start: int
    """Offset of the key in the file of its mapping."""

    end: int
    """Offset behind the key."""

    node: Node
    """What it holds."""

    merged: bool = False
    """Whether it came through a merge key (`<<`), so that an own key wins over it."""


@dataclass(slots=True, repr=False)
class Seq:
    """A list."""

    source: Source
    """The file."""

    start: int
    """Offset of its first character."""

    end: int
    """Offset behind its last."""

    items: list[Node] = field(default_factory=list)
    """Its members."""


Node = Map | Seq | Value

STEP = re.compile(
    r"""\.?(?:
        \[(?P<index>-?\d+)\]
      | \[(?P<all>\*)\]
      | \[(?P<key>[\w./-]+)=(?P<value>[^\]]*)\]
      | "(?P<quoted>[^"]*)" | \["(?P<bracketed>[^"]*)"\] | \['(?P<single>[^']*)'\]
      | (?P<name>[^.\[\]"\s][^.\[\]]*)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    kind: str
    """`key`, `index`, `all` or `filter`."""

    key: str = ""
    """The key to go to, or the one that a filter looks at."""

    value: str = ""
    """What a filter wants there."""

    def __str__(self) -> str:
        if self.kind == "filter":
            return f"[{self.key}={self.value}]"
        if self.kind == "all":
            return "[*]"
        return f"[{self.key}]" if self.kind == "index" else self.key


def steps(path: str) -> list[Step]:
    """The steps of `a.b[0].c`, `a[*]`, `a.*`, `list[name=web].port`, `a."dotted.key"`."""
    found, offset = [], 0
    path = path.strip().removeprefix("$")
    while offset < len(path):
        match = STEP.match(path, offset)
        if match is None:
            raise Missing(
                f"{path!r} is no path: {path[offset:]!r} cannot be read",
                'like: services.web.ports[0].published, list[name=web].port, a."dotted.key"',
            )
        offset = match.end()
        if match["index"] is not None:
            found.append(Step("index", match["index"]))
        elif match["all"] or match["name"] == "*":
            found.append(Step("all"))
        elif match["key"] is not None:
            found.append(Step("filter", match["key"], match["value"].strip("\"'")))
        else:
            named = ("quoted", "bracketed", "single", "name")
            found.append(Step("key", next(match[g] for g in named if match[g] is not None)))
    return found


def several(path: str) -> bool:
    """Whether a path may mean more than one thing."""
    return any(step.kind == "all" for step in steps(path))


def joined_path(parts: Sequence[Step]) -> str:
    """The path that the steps are."""
    text = ""
    for step in parts:
        part = str(step)
        text += part if part.startswith("[") or not text else f".{part}"
    return text


def select(root: Node, path: str) -> list[tuple[str, Node]]:
    """The nodes that `path` means, each with the name it stands under.

    Missing where a step leads nowhere, naming the nearest key that there is.
    """
    found: list[tuple[str, Node]] = [("", root)]
    parts = steps(path)
    for number, step in enumerate(parts):
        after = [pair for name, node in found for pair in stepped(name, node, step)]
        if not after:
            raise nothing([node for _, node in found], parts, number)
        if len(after) > MOST:
            raise Missing(f"{path!r} means more than {MOST} values", "name fewer")
        found = after
    return found


def stepped(name: str, node: Node, step: Step) -> Iterator[tuple[str, Node]]:
    """Where one step leads from one node."""
    if step.kind == "key" and isinstance(node, Map):
        own = [e for e in node.entries if e.key == step.key and not e.merged]
        if len(own) > 1:
            lines = " and ".join(str(node.source.at(e.start, e.end).line) for e in own)
            raise Missing(
                f"the key {step.key!r} stands twice in {node.source.path} (lines {lines}), "
                "so which value counts depends on who reads it",
                "remove one of them",
            )
        found = node.get(step.key)
        if found is not None:
            yield step.key, found
    elif step.kind == "index" and isinstance(node, Seq):
        index = int(step.key)
        if -len(node.items) <= index < len(node.items):
            yield name, node.items[index]
    elif step.kind == "all" and isinstance(node, Seq):
        yield from ((name, item) for item in node.items)
    elif step.kind == "all" and isinstance(node, Map):
        yield from ((key, entry.node) for key, entry in node.items())
    elif step.kind == "filter" and isinstance(node, Seq):
        yield from ((name, item) for item in node.items if matches(item, step))


def matches(node: Node, step: Step) -> bool:
    """Whether a filter takes this member of a list."""
    if not isinstance(node, Map):
        return False
    held = node.get(step.key)
    return isinstance(held, Value) and held.text == step.value


def nothing(nodes: Sequence[Node], parts: Sequence[Step], number: int) -> Missing:
    """The error for a path whose step `number` leads nowhere."""
    step, before = parts[number], joined_path(parts[:number])
    where = f"{before} has" if before else "the file has"
    first = nodes[0]
    if isinstance(first, Map) and step.kind == "key":
        known = [key for node in nodes if isinstance(node, Map) for key, _ in node.items()]
        hint = nearest(step.key, known) if known else "it is empty"
        return Missing(f"{where} no key {step.key!r}", hint)
    if isinstance(first, Seq):
        count = len(first.items)
        return Missing(f"{where} no {step}: it is a list of {count}", elements(first, step))
    what = "a mapping" if isinstance(first, Map) else "a value"
    return Missing(f"{where} no {step}: it is {what}")


def elements(node: Seq, step: Step) -> str:
    """What could have been meant in a list."""
    if step.kind == "filter":
        held = [m.get(step.key) for m in node.items if isinstance(m, Map)]
        known = [v.text for v in held if isinstance(v, Value) and not v.secret]
        return nearest(step.value, known) if known else f"no member has a key {step.key!r}"
    return f"from [0] to [{len(node.items) - 1}], or [*] for all" if node.items else "it is empty"


def leaves(found: Sequence[tuple[str, Node]], path: str) -> list[Value]:
    """The nodes of a selection as values; Missing where one is a mapping or a list."""
    values = []
    for name, node in found:
        if isinstance(node, Value):
            values.append(node.named(name) if name else node)
            continue
        if isinstance(node, Seq):
            hint = f"{path}[*] means all of its members, {path}[0] the first"
            raise Missing(f"{path} is a list of {len(node.items)}, not one value", hint)
        keys = ", ".join(key for key, _ in node.items())
        raise Missing(f"{path} is a mapping, not a value", f"its keys: {keys}")
    return values


def walk(node: Node, visit: Callable[[Node], None]) -> None:
    """Calls `visit` once for each node, however often anchors share it."""
    seen: set[int] = set()
    pending = [node]
    while pending:
        at = pending.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        visit(at)
        if isinstance(at, Map):
            pending += [entry.node for entry in reversed(at.entries)]
        elif isinstance(at, Seq):
            pending += reversed(at.items)
