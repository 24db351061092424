"""Files that cannot be parsed and rules that explode: a finding, and the run ends."""

from __future__ import annotations

from typing import Any

import pytest
from test_fixes_check import BAD, FORBID, RULE, staged

UNREADABLE = [
    ("not python", "def f(:\n  ipv6\n"),
    ("python 2", 'print "ipv6"\n'),
    ("a null byte", "x = 'ipv6\0'\n"),
    ("unknown encoding", "# coding: klingon\nx = 'ipv6'\n"),
    ("not in its encoding", b"x = 'ipv6 \xff'\n"),
    ("nested too deeply", "x = " + "(" * 3000 + "'ipv6'" + ")" * 3000 + "\n"),
    ("nested more deeply", "x = " + "-" * 100_000 + "1\nipv6 = 1\n"),
]


@pytest.mark.parametrize("content", [u[1] for u in UNREADABLE], ids=[u[0] for u in UNREADABLE])
def test_a_file_that_cannot_be_decided_is_a_finding(repo: Any, content: str | bytes) -> None:
    repo.commit(**{RULE: FORBID})
    repo.write("a.py", content)
    assert [f[:3] for f in staged(repo)] == [("fix/undecided", "error", "a.py")]


def test_a_file_that_cannot_be_parsed_and_has_nothing_to_do_with_it(repo: Any) -> None:
    repo.commit(**{RULE: FORBID})
    repo.write("a.py", "def f(:\n")
    assert staged(repo) == []


def test_five_megabytes_and_long_chains(repo: Any) -> None:
    repo.commit(**{RULE: FORBID})
    line = "value_%d = call_%d(a, b, key=[1, 2, 3]) + other[%d]\n"
    text = "".join(line % (n, n, n) for n in range(20_000))
    text += "x = " + " + ".join(f"a{n}" for n in range(900)) + "\n" + BAD
    repo.write("a.py", text)
    assert [f[:3] for f in staged(repo)] == [("fix/tftp-ipv6", "error", "a.py")]


LONG = "f('" + "a" * 60 + "b')\n"
EXPLODES = [
    ("many dots", "forbid='f(..., $A, ..., $B, ..., $C, ..., $D, ..., $E, ..., $A, $A, $A)'\nbad='f(1, 2, 3, 4, 5, 1, 1, 1)'\n", f"f({', '.join(f'a{n}' for n in range(200))})\n"),
    ("an expression in a string", """forbid='f("=~/^(a|aa)+$/")'\nbad="f('aa')"\n""", LONG),
    ("an expression as a condition", """forbid='f($X)'\nbad="f('aa')"\nwhere.X.regex='^(a|aa)+$'\n""", LONG),
    ("an expression", "language='text'\npaths=['a.py']\nforbid='(a|aa)+$'\nbad='aa'\n", LONG),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "content"), [e[1:] for e in EXPLODES], ids=[e[0] for e in EXPLODES]
)
def test_a_rule_that_explodes_is_a_finding_and_ends(repo: Any, rule: str, content: str) -> None:
    repo.commit(**{RULE: f"why='w'\ngood='g()'\n{rule}"})
    repo.write("a.py", content)
    assert staged(repo) == [("fix/undecided", "error", "a.py", 1)]
