"""Orphans: named, placed and mended, on botched edits made by a generator."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import KINDS, Case, cases
from corpus_members import sound

from guard.check import discover
from guard.finding import Finding
from guard.repair import edited
from guard.snapshot import Snapshot

DATA = Path(__file__).parent.parent / "data" / "javascript"
TEXTS = {path.name: path.read_text() for path in sorted(DATA.iterdir())}
MADE = [case for _, case in cases(TEXTS, seed=11, each=5)]


def findings(case: Case, *, history: bool = True) -> list[Finding]:
    check = discover()["javascript"]
    base = {"a.js": case.old} if history else None
    return list(check.run(Snapshot.of({"a.js": case.new}, base=base), check.options()))


def plain(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_generated(kind: str) -> None:
    made = [case for case in MADE if case.kind == kind]
    assert made
    wrong = []
    for case in made:
        first, *_ = findings(case)
        assert first.rule == "javascript/orphan"
        mended = edited(case.new, first.edits) if first.edits else case.new
        assert sound(mended) or kind == "conflict markers"
        last = first.at.end_line if first.at.end_column > 1 else first.at.end_line - 1
        exact = (first.at.line, last) == (case.first, case.last)
        near = case.missing and abs(first.at.line - case.first) <= 1
        if not (exact or near or plain(mended) == plain(case.sound)):
            wrong.append((case.first, case.last, first.at))
        if first.symbol not in case.symbols:
            wrong.append((case.symbols, first.symbol, first.at))
    assert len(wrong) <= len(made) // 10


@pytest.mark.parametrize("kind", KINDS)
def test_generated_without_a_last_version(kind: str) -> None:
    for case in [case for case in MADE if case.kind == kind][:2]:
        first, *_ = findings(case, history=False)
        assert first.rule in ("javascript/orphan", "javascript/syntax")
        if first.edits:
            assert sound(edited(case.new, first.edits))
