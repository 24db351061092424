"""Edits gone wrong as people make them: what guard says of each kind, on a small sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import sound
from edits import KINDS, Edit, edits

from guard.check import discover
from guard.finding import Finding
from guard.repair import edited
from guard.snapshot import Snapshot

DATA = Path(__file__).parent.parent / "data" / "javascript"
TEXTS = {path.name: path.read_text() for path in sorted(DATA.iterdir())}
MADE = [edit for _, edit in edits(TEXTS, seed=5, each=2)]


def finding(edit: Edit, *, history: bool) -> Finding:
    check = discover()["javascript"]
    base = {"a.js": edit.old} if history else None
    first, *_ = check.run(Snapshot.of({"a.js": edit.new}, base=base), check.options())
    return first


def plain(text: str) -> str:
    return "".join(text.split())


def right(edit: Edit, found: Finding) -> bool:
    """Whether the region is one of those that are right, or what comes out of the repair is."""
    last = found.at.end_line if found.at.end_column > 1 else found.at.end_line - 1
    if edit.missing and any(abs(found.at.line - first) <= 1 for first, _ in edit.regions):
        return True
    mended = edited(edit.new, found.edits) if found.edits else edit.new
    return (found.at.line, last) in edit.regions or plain(mended) in map(plain, edit.mended)


@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_most_are_named_and_every_repair_parses(history: bool) -> None:
    assert len({edit.kind for edit in MADE}) >= len(KINDS) - 4
    named = placed = 0
    for edit in MADE:
        found = finding(edit, history=history)
        assert found.rule in ("javascript/orphan", "javascript/syntax")
        if found.edits:
            assert sound(edited(edit.new, found.edits)), (edit.kind, found)
        placed += right(edit, found)
        named += found.symbol in edit.symbols
    assert placed >= 0.9 * len(MADE)
    assert named >= 0.95 * len(MADE)
