"""How compose merges one file over another."""

from __future__ import annotations

from dataclasses import replace

from guard.contracts.formats.composeshort import PAIRS, dependencies, pairs, volume
from guard.contracts.formats.tree import Map, Node, Seq
from guard.contracts.values import Value

APPENDED = {
    "expose",
    "dns",
    "dns_search",
    "tmpfs",
    "external_links",
    "security_opt",
    "cap_add",
    "env_file",
}


REPLACED = {"command", "entrypoint", "test"}


def merged(base: Map, over: Map, way: tuple[str, ...]) -> Map:
    """Two mappings as compose merges files: the later wins, lists by their keys."""
    entries = {key: replace(entry, merged=False) for key, entry in base.items()}
    for key, entry in over.items():
        held = entries.get(key)
        node = entry.node
        if held is not None:
            node = together(key, held.node, node, (*way, key))
        entries[key] = replace(entry, node=node, merged=False)
    twice = [
        e for e in over.entries if sum(o.key == e.key and not o.merged for o in over.entries) > 1
    ]
    return replace(
        over, entries=[*entries.values(), *(e for e in twice if e is not entries[e.key])]
    )


def together(key: str, base: Node, over: Node, way: tuple[str, ...]) -> Node:
    """Two nodes under one key as compose merges them."""
    if key in PAIRS or key == "args":
        base, over = pairs(base), pairs(over)
    if key == "depends_on":
        base = dependencies(base) if isinstance(base, Seq) else base
        over = dependencies(over) if isinstance(over, Seq) else over
    if isinstance(base, Map) and isinstance(over, Map):
        return merged(base, over, way)
    if isinstance(base, Seq) and isinstance(over, Seq) and key not in REPLACED:
        if key == "volumes":
            items = {target(item): item for item in [*base.items, *over.items]}
            return replace(over, items=list(items.values()))
        if key == "ports" or key in APPENDED:
            texts = {item.text for item in over.items if isinstance(item, Value)}
            kept = [i for i in base.items if not (isinstance(i, Value) and i.text in texts)]
            return replace(over, items=[*kept, *over.items])
    return over


def target(node: Node) -> str:
    """Where a volume entry is mounted."""
    long = volume(node) if isinstance(node, Value) else node
    held = long.get("target") if isinstance(long, Map) else None
    return held.text if isinstance(held, Value) else str(id(node))
