"""A rule that a change takes away is named: from then on nothing holds the fix."""

from __future__ import annotations

import pytest

from guard.check import discover
from guard.finding import Severity
from guard.snapshot import Snapshot

RULE = """why = "the answer is known"
forbid = "answer(41)"
replace = "answer(42)"
bad = "answer(41)"
good = "answer(42)"
"""
PLACE = ".guard/fixes/answer.toml"


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        pytest.param({PLACE: RULE}, {}, True, id="deleted"),
        pytest.param({PLACE: RULE}, {PLACE: RULE + "# more\n"}, False, id="changed"),
        pytest.param({}, {PLACE: RULE}, False, id="added"),
        pytest.param({"notes.toml": "a = 1"}, {}, False, id="another file"),
    ],
)
def test_removed(before: dict[str, str], after: dict[str, str], named: bool) -> None:
    check = discover()["fixes"]
    found = list(check.run(Snapshot.of(after, base=before), check.options()))
    assert [f.rule for f in found] == ["fix/removed"] * named
    assert all(f.severity is Severity.WARNING and "answer" in f.message for f in found)


def test_a_run_over_everything_knows_of_no_change() -> None:
    check = discover()["fixes"]
    assert list(check.run(Snapshot.of({}), check.options())) == []
