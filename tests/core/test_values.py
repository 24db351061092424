"""Classes declared by `guard.values` behave as those of the standard library."""

from __future__ import annotations

import ast
import dataclasses
import operator
import os
import pickle
import sys

import pytest
from conftest import CHECKOUT, Repo, execute

from guard import values


@values.dataclass(frozen=True, slots=True, order=True)
class Place:
    """A value."""

    path: str
    line: int = 1
    seen: str = values.field(default="", compare=False)
    own: list[int] = values.field(default_factory=list, repr=False, compare=False)


@values.dataclass(frozen=True)
class Other:
    """Another with the same fields."""

    path: str
    line: int = 1


@values.dataclass(frozen=True)
class Settled:
    """One that has the last word on its fields."""

    path: str
    line: int = values.field(default=0, metadata={"counted": True})

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", self.line or 7)

    @property
    def both(self) -> str:
        return f"{self.path}:{self.line}"


@dataclasses.dataclass(frozen=True)
class Theirs:
    """One of the standard library's."""

    path: str
    line: int = dataclasses.field(default=0, metadata={"counted": True})
    own: list[int] = dataclasses.field(default_factory=list)


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
    with pytest.raises(TypeError, match="path"):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unknown"):
        Place("a", unknown=1)  # type: ignore[call-arg]
    match Place("a", 2):
        case Place(path, line):
            assert (path, line) == ("a", 2)


def test_a_value_is_changed_into_another() -> None:
    assert values.replace(Place("a", 2, "x"), path="b") == Place("b", 2)
    assert values.replace(Place("a", seen="x"), line=3).seen == "x"
    assert values.replace(Theirs("a"), line=3) == Theirs("a", 3)
    assert (Settled("a").both, values.replace(Settled("a"), path="b").both) == ("a:7", "b:7")


@pytest.mark.parametrize("cls", [Settled, Theirs])
def test_fields_are_told_whoever_declared_the_class(cls) -> None:
    path, line, *_ = values.fields(cls)
    assert (path.name, path.default, path.type) == ("path", values.MISSING, "str")
    assert (line.name, line.default, dict(line.metadata)) == ("line", 0, {"counted": True})
    assert values.is_dataclass(cls)
    assert not any(values.is_dataclass(other) for other in (int, dict[str, int], "a"))
    assert [one.name for one in dataclasses.fields(cls)] == [one.name for one in values.fields(cls)]
    made = dataclasses.fields(cls)[1]
    assert (made.default, dict(made.metadata)) == (0, {"counted": True})


def test_a_module_takes_all_of_it_from_one_place() -> None:
    # To the one, what the other calls a field would be a default like any other.
    for path in (CHECKOUT / "guard").rglob("*.py"):
        text = path.read_text()
        if path.name != "values.py" and "from guard.values import" in text:
            assert "from dataclasses import" not in text, path


def test_a_commit_and_a_build_do_without_the_standard_librarys(repo: Repo) -> None:
    repo.git("init", "-q", "--bare", "../origin.git")
    repo.git("remote", "add", "origin", "../origin.git")
    repo.write("../bin/docker", "#!/bin/sh\n").chmod(0o755)
    repo.commit(Dockerfile="FROM scratch\n", **{"guard.toml": 'skip = ["compose"]\n'})
    repo.git("push", "-q", "-u", "origin", "HEAD")
    path = f"{repo.root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for words, without in (
        (["check", "--staged"], ["dataclasses", "inspect", "ast"]),
        (["docker", "build", "."], ["dataclasses", "inspect", "ast", "hashlib", "json"]),
    ):
        text = f"import sys; from guard.cli import status; status({words})\n"
        text += f"print(sorted({{*{without}}} & {{*sys.modules}}))"
        ran = execute(
            *(sys.executable, "-c", text), cwd=repo.root, PATH=path, PYTHONPATH=str(CHECKOUT)
        )
        assert (ran.status, ran.out) == (0, "[]\n"), ran.all


FROZEN = [
    pytest.param(made, id=f"{path.relative_to(CHECKOUT)}: {made.name}")
    for path in sorted((CHECKOUT / "guard").rglob("*.py"))
    for made in ast.walk(ast.parse(path.read_text()))
    if isinstance(made, ast.ClassDef)
    and any("frozen=True" in ast.unparse(one) for one in made.decorator_list)
]


@pytest.mark.parametrize("made", FROZEN)
def test_what_is_called_frozen_holds_nothing_that_grows(made: ast.ClassDef) -> None:
    types = [ast.unparse(one.annotation) for one in made.body if isinstance(one, ast.AnnAssign)]
    assert [kind for kind in types if kind.startswith(("list[", "set[", "dict["))] == []
