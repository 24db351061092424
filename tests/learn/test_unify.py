"""What several examples have in common, and nothing more general than that."""

from __future__ import annotations

import ast

import pytest

from guard.fixes.learning.pattern import written
from guard.fixes.learning.unify import Unlike, unified


def parsed(text: str) -> tuple[ast.AST, ...]:
    """The code, an expression alone without the statement around it."""
    return tuple(n.value if isinstance(n, ast.Expr) else n for n in ast.parse(text).body)


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        pytest.param("f(a)", "f(b)", "f($V1)", id="a name"),
        pytest.param("f(a, a)", "f(b, b)", "f($V1, $V1)", id="the same twice"),
        pytest.param("f(a, b)", "f(b, b)", "f($V1, b)", id="the same only in one"),
        pytest.param("f(a, a)", "f(b, c)", "f($V1, $V2)", id="not the same in both"),
        pytest.param("f(g(1))", "f(h + 2)", "f($V1)", id="unlike expressions"),
        pytest.param("f(1, 2)", "f(1)", "f(1, $...V1)", id="as many arguments as you like"),
        pytest.param("f(a=1, b=2)", "f(b=2, a=3)", "f(a=$V1, b=2)", id="keywords in any order"),
        pytest.param("x.get(1)", "x.pop(1)", "x.$V1(1)", id="a method's name"),
        pytest.param("a + 1", "a + 2", "a + $V1", id="an operand"),
        pytest.param("x = f(1)", "y = f(1)", "$V1 = f(1)", id="a target"),
    ],
)
def test_common_code(one: str, other: str, common: str) -> None:
    old, _ = unified((parsed(one), ()), (parsed(other), ()))
    assert written(old) == common


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("f(a)", "a + b", id="different kinds"),
        pytest.param("a + b", "a - b", id="different operators"),
        pytest.param("f(a)\nf(b)", "f(a)", id="different numbers of statements"),
        pytest.param("f(a=1)", "f(b=1)", id="different keywords"),
    ],
)
def test_what_has_nothing_in_common(one: str, other: str) -> None:
    with pytest.raises(Unlike):
        unified((parsed(one), ()), (parsed(other), ()))


def test_the_repair_carries_over_what_varies() -> None:
    one = (parsed("get(u, False)"), parsed("get(u, True)"))
    other = (parsed("get(v.w, False)"), parsed("get(v.w, True)"))
    old, new = unified(one, other)
    assert new is not None
    assert (written(old), written(new)) == ("get($V1, False)", "get($V1, True)")


def test_a_repair_that_does_not_follow_from_the_old_code_is_none() -> None:
    one = (parsed("get(u)"), parsed("get(u, 1)"))
    other = (parsed("get(v)"), parsed("get(v, 2)"))
    _, new = unified(one, other)
    assert new is None
