"""Work divided over processes: all of it is done once, and what goes wrong is told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest

from guard.errors import GuardError
from guard.fixes.divided import FORKS, divided

pytestmark = pytest.mark.skipif(not FORKS, reason="processes cannot be forked here")
PARENT = os.getpid()


@pytest.fixture(autouse=True, params=[1, 3], ids=["one processor", "three"])
def processors(request: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("guard.fixes.divided.processors", lambda: request.param)
    return int(request.param)


@pytest.mark.parametrize("count", [0, 1, 8, 9, 1000, 20_000])
def test_each_piece_is_done_once(count: int) -> None:
    assert sorted(divided(range(count), list)) == list(range(count))


def refuse(some: Sequence[Any]) -> list[Any]:
    raise GuardError("no", "do this")


def test_an_error_of_the_user_keeps_its_hint() -> None:
    with pytest.raises(GuardError) as caught:
        divided(range(100), refuse)
    assert (caught.value.message, caught.value.hint) == ("no", "do this")


def elsewhere(what: str, some: Sequence[Any]) -> list[Any]:
    """Goes wrong in a child only; the parent waits until one has begun."""
    if os.getpid() == PARENT:
        import time

        time.sleep(0.05)
        return list(some)
    if what == "bug":
        raise ZeroDivisionError("in a child")
    os._exit(9)


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("bug", RuntimeError, "ZeroDivisionError: in a child"),
        ("killed", GuardError, "was killed"),
    ],
)
def test_what_goes_wrong_in_a_child_is_told(
    processors: int, what: str, error: type[Exception], words: str
) -> None:
    if processors == 1:
        assert len(divided(range(40), lambda some: elsewhere(what, some))) == 40
        return
    with pytest.raises(error, match=words):
        divided(range(40), lambda some: elsewhere(what, some))
