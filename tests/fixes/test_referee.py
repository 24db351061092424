"""What patterns match, beside what Semgrep's own program said of them: see benchmarks/referee.py."""

from __future__ import annotations

import tomllib

import pytest
from refereed import HERE, Case, Lines, answers, cases, lines

from guard.fixes.matching.pattern import PatternError

CASES = list(cases())
ANSWERS = answers()
OTHERWISE: dict[str, Lines] = {}
"""By the name of a case what guard finds where it differs on purpose."""
for group in tomllib.loads((HERE / "differences.toml").read_text("utf-8"))["difference"]:
    OTHERWISE.update(group["found"])


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_same_lines_as_semgrep(case: Case) -> None:
    told = ANSWERS[case.name]
    wanted = OTHERWISE.get(case.name, told)
    if wanted is None:
        with pytest.raises(PatternError):
            lines(case)
    else:
        assert lines(case) == wanted


def test_each_case_has_a_name_of_its_own_and_an_answer() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert {case.name for case in CASES} == set(ANSWERS)


def test_a_difference_is_one() -> None:
    assert set(OTHERWISE) <= set(ANSWERS)
    assert not [name for name, found in OTHERWISE.items() if ANSWERS[name] == found]
