"""What QuickJS would compile for minutes is read by another, with the same verdict."""

from __future__ import annotations

import pytest

from guard.javascript.engines import quick
from guard.javascript.engines.answers import REFUSED, Question
from guard.javascript.engines.crowds import MANY, crowded
from guard.javascript.outcome import Goal
from guard.javascript.verdict import parse


def many(unit: str, head: str = "", tail: str = "", count: int = MANY) -> str:
    return head + "".join(unit.replace("N", str(n)) for n in range(count)) + tail


SOUND = [
    ("names of a function", many("let aN;", "function f(){", "}"), True),
    ("without semicolons", many("const aN=1\n", "(()=>{", "})()"), True),
    ("variables", many("var aN;"), True),
    ("classes", many("class aN{}"), True),
    ("in one declaration", many(",aN", "function f(){var a", "}"), True),
    ("with values", many(",aN=N", "function f(){let a", "}"), True),
    ("taken apart", many("aN,", "function f(){let [", "b]=x}"), True),
    ("fields", many("#aN;", "class A{", "}"), True),
    ("methods nobody else sees", many("#aN(){}", "class A{", "}"), True),
    ("a name less", many("let aN;", "function f(){", "}", MANY - 1), False),
    ("a block each", many("{let aN;}", "function f(){", "}"), False),
    ("a function each", many("function fN(a,b){const c=a,d=b}"), False),
    ("numbers", many("N,", "x=[", "]"), False),
    ("members", many("aN:N,", "x={", "}"), False),
    ("calls", many("f(N,'aN');"), False),
]


@pytest.mark.parametrize(("text", "is_one"), [row[1:] for row in SOUND], ids=[r[0] for r in SOUND])
def test_names_beside_each_other_are_a_crowd(text: str, is_one: bool) -> None:
    assert crowded(text.encode()) is is_one


@pytest.mark.parametrize(
    "text", ["}" * MANY, "{" * MANY, "#" * MANY, "," * 9 * MANY], ids=["ends", "begins", "#", ","]
)
def test_what_is_no_code_is_looked_at_as_well(text: str) -> None:
    assert not crowded(text.encode())


def test_a_crowd_is_left_to_others() -> None:
    text = many("let aN;", "function f(){", "}").encode()
    assert quick.answer(Question(text, (Goal.SCRIPT,))) == REFUSED


@pytest.mark.parametrize(("count", "deep"), [(20, False), (3000, True)])
def test_more_labels_than_engines_read_are_too_deep(count: int, deep: bool) -> None:
    assert parse(many("aN:", tail=";", count=count), Goal.SCRIPT).too_deep is deep
