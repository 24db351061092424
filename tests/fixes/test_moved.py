"""What must stay and has another place: followed where it is known, an error where it is gone."""

from __future__ import annotations

from typing import Any

import pytest

from guard.checks.fixes import Options, fixes
from guard.snapshot import Snapshot

FUNCTION = """why = "w"
paths = ["a.py"]
function = "load"
require = "check($X)"
bad = "def load(x): return x"
good = "def load(x): return check(x)"
"""
METHOD = (
    """why = "w"
paths = ["a.py"]
class = "C"
function = "load"
require = "check($X)"
bad = """
    + '"""\nclass C:\n    def load(x): return x"""\ngood = """\nclass C:\n    def load(x): return check(x)"""\n'
)
BODY = "def load(x):\n    check(x)\n    y = x\n    z = y\n    return z\n"
WITHOUT = BODY.replace("    check(x)\n", "")
CLASS = "class B: pass\nclass C:\n    def load(x): check(x)\n"

MOVED = [
    ("to another file", FUNCTION, {"a.py": BODY}, {"a.py": "", "b.py": BODY}, ["warning b.py load is now in b.py"]),
    ("where another file had it too", FUNCTION, {"a.py": BODY, "b.py": BODY}, {"a.py": "", "b.py": BODY}, ["error a.py load is gone"]),
    ("to another class", METHOD, {"a.py": CLASS}, {"a.py": CLASS.replace("C", "D")}, ["warning a.py C is now called D"]),
    ("to another method", METHOD, {"a.py": CLASS}, {"a.py": CLASS.replace("load", "get")}, ["warning a.py C.load is now called get"]),
    ("the file and the function", FUNCTION, {"a.py": BODY}, {"b.py": BODY.replace("load", "get")}, ["error a.py a.py is gone"]),
    ("behind one that has it no more", FUNCTION, {"a.py": BODY}, {"a.py": BODY + WITHOUT}, ["error a.py a known fix is no longer in load"]),
    ("before one that has it no more", FUNCTION, {"a.py": BODY}, {"a.py": WITHOUT + BODY}, []),
    ("among overloads", FUNCTION, {"a.py": BODY}, {"a.py": "@overload\ndef load(x: int): ...\n" + BODY}, []),
    ("a property that can be set", FUNCTION, {"a.py": BODY}, {"a.py": "class A:\n @property\n def load(x): check(x)\n @load.setter\n def load(x, y): pass\n"}, []),
    ("in one branch", FUNCTION, {"a.py": BODY}, {"a.py": "if a:\n def load(x): check(x)\nelse:\n def load(x): pass\n"}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "before", "after", "says"), [m[1:] for m in MOVED], ids=[m[0] for m in MOVED]
)
def test_what_has_another_place(
    rule: str, before: dict[str, str], after: dict[str, str], says: list[str]
) -> None:
    known = {".guard/fixes/r.toml": rule}
    snapshot = Snapshot.of(known | after, base=known | before)
    found = [f"{f.severity} {f.at.path} {f.message}" for f in fixes(snapshot, Options())]
    assert [f.startswith(s) for f, s in zip(found, says, strict=True)] == [True] * len(says), found


def test_a_renamed_class_is_mended_in_the_rule(repo: Any) -> None:
    repo.commit(**{".guard/fixes/r.toml": METHOD, "a.py": CLASS})
    repo.commit(**{"a.py": CLASS.replace("C", "D")})
    assert repo.guard("check", "--select", "fixes", "--fix").status == 0
    assert 'class = "D"\nfunction = "load"' in (repo.root / ".guard/fixes/r.toml").read_text()


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (WITHOUT, "b.py:1:1: error: a known fix is no longer in load"),
        (WITHOUT, ":a.py > b.py\n"),
        (BODY.replace("load", "get"), "b.py:1:1: warning: load is now called get"),
        (BODY, "b.py:1:1: warning: a.py is now b.py"),
    ],
    ids=["lost", "lost, what brings it back", "renamed as well", "kept"],
)
def test_a_renamed_file(repo: Any, new: str, says: str) -> None:
    rest = "".join(f"x{n} = {n}\n" for n in range(50))
    repo.commit(**{".guard/fixes/r.toml": FUNCTION, "a.py": BODY + rest})
    repo.git("mv", "a.py", "b.py")
    repo.write("b.py", new + rest)
    repo.git("add", "-A")
    ran = repo.guard("check", "--staged", "--select", "fixes")
    assert says in ran.all
    assert ran.status == (new == WITHOUT)


@pytest.mark.parametrize("path", ["/a.py", "a.py"])
@pytest.mark.parametrize(("new", "says"), [("b.py", "/b.py"), ("x/a.py", "x/a.py")])
def test_a_renamed_file_is_mended_in_the_rule(repo: Any, path: str, new: str, says: str) -> None:
    repo.commit(**{".guard/fixes/r.toml": FUNCTION.replace("a.py", path), "a.py": BODY})
    repo.write(new, BODY)
    repo.git("rm", "-q", "a.py")
    repo.git("add", "-A")
    assert repo.guard("check", "--staged", "--select", "fixes", "--fix").status == 0
    assert f'paths = ["{says}"]' in (repo.root / ".guard/fixes/r.toml").read_text()
