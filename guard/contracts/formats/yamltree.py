"""YAML as a tree with places: the C loader of PyYAML, anchors shared and merge keys followed."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from guard.contracts.formats.tree import Entry, Map, Node, Seq
from guard.contracts.values import Broken, Source, Value, made, plain, quoted

BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
DEEPEST = 200

# YAML 1.1, 5.1 "Character Set", turned round; bytes that are not UTF-8 stand as surrogates.
FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(source: Source) -> Node:
    """The first document of a YAML text, an empty mapping without one; Broken where it is none."""
    return next(iter(parsed(source)), None) or Map(source, 0, 0)


def parsed(source: Source, most: int | None = 1) -> list[Node]:
    """The first `most` documents of a YAML text that are not empty; Broken where it is none.

    An alias is the very node of its anchor, so text that would expand to gigabytes ("billion
    laughs") stays as small as it is written.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if source.text.count("[") + source.text.count("{") > 5000:
            bounded(source)
        roots = list(islice(filter(None, yaml.compose_all(source.text, Loader=loader)), most))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        offset = mark.index + marked(source.text) if mark is not None else 0
        raise Broken(source, f"not valid YAML: {said(problem)}", offset) from None
    except (yaml.YAMLError, UnicodeEncodeError):
        found = FORBIDDEN.search(source.text)
        undecoded = found is not None and "\ud800" <= found[0] <= "\udfff"
        why = "it is not UTF-8" if undecoded else "it holds a character that YAML forbids"
        offset = found.start() if found is not None else 0
        raise Broken(source, f"not valid YAML: {why}", offset) from None
    except RecursionError:
        raise Broken(source, "YAML nested too deeply") from None
    return [Builder(source).node(root, "") for root in roots]


def marked(text: str) -> int:
    """How many code points the parser does not count: a byte-order mark."""
    return int(text.startswith("\ufeff"))


def said(problem: Any) -> str:
    """What the parser found wrong, without the words it quotes from the file."""
    words: str = problem.problem or problem.context or ""
    if words.startswith(("did not find expected", "could not find expected")):
        return words.split(", but got")[0]  # quotes signs of YAML only
    words = words.split("'")[0].strip()
    return words or "it cannot be read"


def bounded(source: Source) -> None:
    """Broken where brackets nest deeper than any config does."""
    depth = 0
    for offset, char in enumerate(source.text):
        depth += (char in "[{") - (char in "]}")
        if depth > DEEPEST:
            raise Broken(source, "YAML nested too deeply", offset)


class Builder:
    """Turns composed nodes into ours, each once, however many aliases lead to it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.done: dict[int, Node] = {}
        self.mark = marked(source.text)

    def offsets(self, node: Any) -> tuple[int, int]:
        """Where a composed node stands."""
        return node.start_mark.index + self.mark, node.end_mark.index + self.mark

    def node(self, node: Any, name: str) -> Node:
        """The tree of one composed node."""
        kept = self.done.get(id(node))
        if kept is not None:
            return kept
        start, end = self.offsets(node)
        if node.id == "scalar":
            self.done[id(node)] = value = self.scalar(node, name)
            return value
        if node.id == "sequence":
            seq = self.done[id(node)] = Seq(self.source, start, end)
            seq.items = [self.node(item, name) for item in node.value]
            return seq
        mapping = self.done[id(node)] = Map(self.source, start, end)
        merged: list[Entry] = []
        for key, held in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                merged += self.inherited(held)
                continue
            text = key.value if isinstance(key.value, str) else ""
            mapping.entries.append(Entry(text, *self.offsets(key), self.node(held, text)))
        mapping.entries += merged
        return mapping

    def inherited(self, node: Any) -> list[Entry]:
        """What a merge key brings: the mapping it names, or those of a list, the first winning."""
        entries: list[Entry] = []
        for parent in node.value if node.id == "sequence" else [node]:
            built = self.node(parent, "")
            if isinstance(built, Map):
                entries += [Entry(e.key, e.start, e.end, e.node, True) for e in built.entries]
        return entries

    def scalar(self, node: Any, name: str) -> Value:
        """One scalar as text; YAML 1.1's spellings of true, false and null made one."""
        start, end = self.offsets(node)
        if node.style in ("'", '"'):
            return quoted(self.source, start, end, node.value, name)
        if not node.style and node.tag == "tag:yaml.org,2002:bool":
            low = node.value.lower()
            return made(self.source, start, end, BOOLEANS.get(low, low), name)
        if not node.style and node.tag == "tag:yaml.org,2002:null":
            return made(self.source, start, end, "", name)
        if not node.style and self.source.text[start:end] == node.value:
            return plain(self.source, start, end, name)
        return made(self.source, start, end, node.value, name)
