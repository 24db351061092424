"""A rule that only forbids: what it writes instead says where the fix is."""

from __future__ import annotations

import json

from conftest import Repo

RULE = """why = "the answer is known"
forbid = "answer(41)"
replace = "answer(42)"
bad = "answer(41)"
good = "answer(42)"
"""


def traced(repo: Repo) -> list[str]:
    """The kinds of the events, oldest first."""
    ran = repo.guard("fixes", "trace", "answer", "--format", "json")
    assert ran.status in (0, 1), ran.all
    return [event["kind"] for event in json.loads(ran.out)["events"]]


def test_code_that_was_never_otherwise_is_the_fix(repo: Repo) -> None:
    repo.commit("begin", **{"a.py": "x = 1\n", ".guard/fixes/answer.toml": RULE})
    assert traced(repo) == []
    repo.commit("answer", **{"a.py": "x = answer(42)\n"})
    assert traced(repo) == ["brought"]


def test_from_then_on_it_can_get_lost(repo: Repo) -> None:
    repo.commit("begin", **{"a.py": "x = answer(42)\n", ".guard/fixes/answer.toml": RULE})
    repo.commit("botched", **{"a.py": "x = answer(41)\n"})
    repo.commit("again", **{"a.py": "x = answer(42)\n"})
    assert traced(repo) == ["brought", "taken", "brought"]
