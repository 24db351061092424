"""Every construct of the pattern language, by the examples of its documentation page."""

from __future__ import annotations

from pathlib import Path

import pytest
from documented import Example, examples

from guard.fixes.language import language

PAGE = Path(__file__).parents[2] / "docs" / "fixes-patterns.md"
EXAMPLES = list(examples(PAGE))


@pytest.mark.parametrize(
    "example",
    EXAMPLES,
    ids=[f"{'' if e.expected else 'not '}{e.pattern[:40]} in {e.code[:40]}" for e in EXAMPLES],
)
def test_documented_example(example: Example) -> None:
    spoken = language(example.language)
    found = spoken.compile(example.pattern).find(spoken.read(example.code.encode()))
    assert bool(found) is example.expected
