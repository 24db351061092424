"""Classes declared by `guard.values` behave as those of the standard library."""

from __future__ import annotations

import dataclasses
import operator
import pickle
from dataclasses import field

import pytest

from guard import values


@values.dataclass(frozen=True, slots=True, order=True)
class Place:
    """A value."""

    path: str
    line: int = 1
    seen: str = field(default="", compare=False)
    own: list[int] = field(default_factory=list, repr=False, compare=False)


@values.dataclass(frozen=True)
class Other:
    """Another with the same fields."""

    path: str
    line: int = 1


@values.dataclass(frozen=True)
class Nothing:
    """None at all."""


def test_equal_fields_make_equal_values() -> None:
    assert Place("a") == Place("a", 1, seen="x", own=[1])
    assert hash(Place("a")) == hash(Place("a", 1, seen="x"))
    assert Place("a") != Place("b")
    assert Place("a") != Other("a")
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1


@pytest.mark.parametrize("how", [operator.lt, operator.le, operator.gt, operator.ge])
def test_order_is_that_of_the_fields(how) -> None:
    pairs = [("a", 1), ("a", 2), ("b", 1)]
    for one in pairs:
        for other in pairs:
            assert how(Place(*one), Place(*other)) == how(one, other)
    with pytest.raises(TypeError):
        how(Place("a"), Other("a"))


def test_the_standard_library_takes_them_for_its_own() -> None:
    assert repr(Place("a", own=[1])) == "Place(path='a', line=1, seen='')"
    assert dataclasses.replace(Place("a"), line=3) == Place("a", 3)
    assert dataclasses.asdict(Other("a")) == {"path": "a", "line": 1}
    assert Place("a").own is not Place("a").own
    assert pickle.loads(pickle.dumps(Place("a", 2, "x", [1]))).own == [1]
    assert not hasattr(Place("a"), "__dict__")
