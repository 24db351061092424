"""Leftovers that parse, beside what ESLint says of the same snippets (recorded in eslint.json)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from snippets import ANSWERS, CASES, DIFFERENT, RULES, Case, agree, by_guard

RECORDED = json.loads(ANSWERS.read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.key}" for case in CASES])
def test_guard_finds_what_eslint_finds(case: Case) -> None:
    theirs = [(rule, line, column) for rule, line, column in RECORDED[case.key]]
    ours = [one for one in by_guard(case) if one[0] == case.rule]
    assert agree(ours, theirs) == (case.key not in DIFFERENT), (ours, theirs)


def test_every_snippet_is_recorded_and_every_difference_is_a_snippet() -> None:
    keys = [case.key for case in CASES]
    assert set(RECORDED) == set(keys)
    assert set(keys) >= DIFFERENT
    assert {case.rule for case in CASES} == set(RULES)
