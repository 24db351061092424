"""Which rules a change can be about: never one too few."""

from __future__ import annotations

import pytest

from guard.fixes.glance import about_code, matter, words
from guard.snapshot import Snapshot

RULE = ".guard/fixes/a.toml"


def judged(rule: str, before: dict[str, str], after: dict[str, str]) -> list[str]:
    base: dict[str, str | bytes] = {RULE: rule, **before}
    return matter(Snapshot.of({RULE: rule, **after}, base=base), [RULE])


CASES = [
    ("holds the word", "forbid = '{\"ipv6\": None}'", "x = 'ipv6'", True),
    ("does not", "forbid = '{\"ipv6\": None}'", "x = 'ipv4'", False),
    ("in pieces", "forbid = '{\"ipv6\": None}'", "x = 'ip' 'v6'", True),
    ("in escapes", "forbid = '{\"ipv6\": None}'", "x = '\\x69pv6'", True),
    ("one of two patterns", "forbid = ['{\"ipv6\": 1}', 'a.load(x)']", "load", True),
    ("a name behind a dot", "forbid = 'yaml.load($X)'", "yaml.dump(x)", False),
    ("nothing to tell", "forbid = 'f($X)'", "x = 1", True),
    ("quotes in quotes", "forbid = '''f(\"it's abc\", \"ipv6\")'''", "x = 1", True),
    ("a comment", "forbid = '''f($X)  # a.bcd'''", "x = 1", True),
    ("an expression", "language = 'text'\nforbid = '\"ipv6\"?'", "x = 1", True),
    ("an expression by its paths", "paths = ['a.sh']\nforbid = '\"ipv6\"?'", "x = 1", True),
    ("broken", "forbid = ", "x = 1", True),
]


@pytest.mark.parametrize(
    ("rule", "code", "kept"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_rule_matters_where_it_may_find_something(rule: str, code: str, kept: bool) -> None:
    assert judged(rule, {"a.py": ""}, {"a.py": code}) == ([RULE] if kept else [])


def test_what_must_stay_matters_where_its_file_is_touched() -> None:
    rule = "paths = ['b.py']\nrequire = 'f()'"
    files = {"a.py": "", "b.py": "f()"}
    assert judged(rule, files, files | {"a.py": "x"}) == []
    assert judged(rule, files, {"a.py": ""}) == [RULE]
    assert judged(rule, files, files | {"b.py": "x"}) == [RULE]


def test_a_changed_rule_matters() -> None:
    snapshot = Snapshot.of({RULE: "new"}, base={RULE: "old"})
    assert matter(snapshot, [RULE]) == [RULE]


def test_every_rule_matters_in_other_runs() -> None:
    assert matter(Snapshot.of({RULE: "forbid = 'a.bcd'"}), [RULE]) == [RULE]


def test_words_are_told_of_both_quotes() -> None:
    assert [need.text for need in words("f('abc')")] == ["abc"]
    assert [need.text for need in words('f("=~/abc/", "...", "$X")')] == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b'forbid = "a"', True, id="a rule of Python says nothing of its files"),
        pytest.param(b'paths = ["a/**/*.py", "b.js"]\n', True, id="only code"),
        pytest.param(b'paths = ["a.py", "b.yml"]\n', False, id="text among them"),
        pytest.param(b'paths = ["backend/**"]\n', False, id="anything in a folder"),
        pytest.param(b'paths = ["[ab].py"]\n', False, id="a bracket in a glob"),
        pytest.param(b'paths = [\n  "a.py",\n  "b.toml",\n]\n', False, id="over several lines"),
        pytest.param(b'"paths" = ["a.toml"]\n', False, id="a quoted key"),
        pytest.param(b'paths = ["a.py"] # and\n', False, id="a comment behind it"),
        pytest.param(b'paths = "a.yml"\n', False, id="one text"),
        pytest.param(b'language = "text"\n', False, id="a language is named"),
        pytest.param(b'require = "a"\n', False, id="something must stay"),
    ],
)
def test_about_code_is_told_only_where_it_is_plain(content: bytes, code: bool) -> None:
    assert about_code(content) is code
