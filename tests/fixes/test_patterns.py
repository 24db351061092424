"""Every construct of the pattern language, by the examples of its documentation page."""

from __future__ import annotations

from pathlib import Path

import pytest
from documented import Example, examples

from guard.fixes import pattern

PAGE = Path(__file__).parents[2] / "docs" / "fixes-patterns.md"
EXAMPLES = list(examples(PAGE))


@pytest.mark.parametrize(
    "example",
    EXAMPLES,
    ids=[f"{'' if e.expected else 'not '}{e.pattern[:40]} in {e.code[:40]}" for e in EXAMPLES],
)
def test_documented_example(example: Example) -> None:
    found = pattern.compile(example.pattern).find(pattern.read(example.code))
    assert bool(found) is example.expected
