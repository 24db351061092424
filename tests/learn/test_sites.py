"""What a commit changed: the smallest pairs of old and new code, each in its place."""

from __future__ import annotations

import ast

import pytest

from guard.fixes.learning.sites import Site, blocks

CASES = [
    pytest.param("x = f(a)", "x = f(b)", ["a -> b in "], id="one argument"),
    pytest.param("x = f(a)\n", "x = f( a )  # c\n", [], id="layout and comments are no change"),
    pytest.param(
        "d = {'a': f(1), 'b': 2}", "d = {'a': f(2), 'b': 3}", ["1 -> 2 in ", "2 -> 3 in "],
        id="two entries of a dict are two places",
    ),
    pytest.param(
        "u = [p('a', 1), p('b', 2), q]", "u = [p('c', 1), p('d', 2), q]",
        ["'a' -> 'c' in ", "'b' -> 'd' in "],
        id="two calls in a list are two places",
    ),
    pytest.param(
        "u = [a, b, c]", "u = [b, a, c]", ["[a, b, c] -> [b, a, c] in "],
        id="names in a list are one change",
    ),
    pytest.param(
        "f(1, 2)", "f(2, 1)", ["f(1, 2) -> f(2, 1) in "], id="two arguments are one change"
    ),
    pytest.param(
        "class A:\n    def f(self):\n        a()\n        b()",
        "class A:\n    def f(self):\n        a()\n        c()\n        b()",
        ["+ c() in A.f"],
        id="an inserted statement, with its place",
    ),
    pytest.param("a()\nb()\nc()", "a()\nc()", ["- b() in "], id="a removed statement"),
    pytest.param(
        "go(1)", "if x:\n    go(1)", ["wrapped go(1) in "], id="a statement put into an if"
    ),
    pytest.param(
        "if a:\n    go(1)\n    stay()", "if b:\n    go(2)\n    stay()",
        ["a -> b in ", "1 -> 2 in "],
        id="head and block are told apart",
    ),
    pytest.param(
        "try:\n    a()\nexcept A:\n    pass", "try:\n    a()\nexcept (A, B):\n    pass",
        ["A -> (A, B) in "],
        id="what is caught",
    ),
    pytest.param(
        "def f(a):\n    pass", "def f(a, b=1):\n    pass", ["a -> a, b=1 in "],
        id="a parameter came",
    ),
    pytest.param(
        "x = 1\ny = 2\nz = 3", "x = 1\nz = 3\ny = 2", ["+ z = 3 in ", "- z = 3 in "],
        id="a statement that moved",
    ),
]  # fmt: skip


def told(site: Site) -> str:
    def code(nodes: tuple[ast.AST, ...]) -> str:
        return "; ".join(ast.unparse(n) for n in nodes)

    if site.inserted:
        return f"+ {code(site.new)} in {site.symbol}"
    if site.removed:
        return f"- {code(site.old)} in {site.symbol}"
    if site.wrapped:
        return f"wrapped {code(site.old)} in {site.symbol}"
    return f"{code(site.old)} -> {code(site.new)} in {site.symbol}"


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_the_places_that_differ(old: str, new: str, expected: list[str]) -> None:
    found = blocks(ast.parse(old).body, ast.parse(new).body, (), ())
    assert [told(site) for site in found] == expected


def test_what_is_pasted_together_again_is_the_new_code() -> None:
    """Every difference is in some site: without sites the trees are equal."""
    text = "def f(a):\n    for x in a:\n        if x:\n            yield x\n"
    assert list(blocks(ast.parse(text).body, ast.parse(text + "\n# c\n").body, (), ())) == []
