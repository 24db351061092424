"""A rule file is read without the library for TOML only where both read the same."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.fixes.draft import quoted
from guard.fixes.simple import read

READ = [
    (
        "strings",
        'why = "it\'s so"\nforbid = \'"a": \\d\'\n',
        {"why": "it's so", "forbid": '"a": \\d'},
    ),
    ("lists", "paths = [ 'a', \"b\", ]\nnone = []", {"paths": ["a", "b"], "none": []}),
    ("several lines", "bad = '''\nif a:\n  b''\n'''\n", {"bad": "if a:\n  b''\n"}),
    ("comments, blanks", "# a = 'b\n\n \t\nnot-inside\t= ''  \n", {"not-inside": ""}),
    ("a byte-order mark", "\ufeffa = 'b'", {"a": "b"}),
    ("nothing", "", {}),
]


@pytest.mark.parametrize(("text", "table"), [r[1:] for r in READ], ids=[r[0] for r in READ])
def test_what_is_plain_is_read(text: str, table: dict[str, str | list[str]]) -> None:
    assert read(text.encode()) == table == tomllib.loads(text.removeprefix("\ufeff"))


LEFT = [
    ("an escape", 'a = "\\n"'),
    ("a comment behind", "a = 'b' # it's 'b'"),
    ("a comma in a list", "a = ['b, c']"),
    ("a table", "[a]\nb = 'c'"),
    ("a name in a table", "a.b = 'c'"),
    ("a date", "expires = 2030-12-31"),
    ("a key twice", "a = 'b'\na = 'c'"),
    ("no value", "a ="),
    ("no key", "= 'a'"),
    ("no sign", "a"),
    ("no end", "a = '''\nb"),
    ("more behind the end", "a = '''\nb''''"),
    ("text behind the opening", "a = '''b'''"),
    ("a carriage return", "a = 'b'\r\n"),
    ("a control character", "a = 'b\x01'"),
    ("lines that hold escapes", 'a = """\nb"""'),
    ("two values", "a = 'b' 'c'"),
]


@pytest.mark.parametrize("text", [case[1] for case in LEFT], ids=[case[0] for case in LEFT])
def test_what_is_not_plain_is_left_to_the_library(text: str) -> None:
    assert read(text.encode()) is None


def test_what_is_no_text_is_left_to_the_library() -> None:
    assert read(b"a = '\xff'") is None


PIECES = st.sampled_from(
    "a|forbid|a-b|1| |\t|=|'|\"|'''|\"\"\"|\\|\n|[|]|,|#|é|\u2028|\x0b|\x7f|\r|a = 'x'\n|k = [|"
    "c = ['p', \"q\"]\n|d = '''\n|'''\n|true|{|}|.".split("|")
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_is_read_as_the_library_does_not(text: str) -> None:
    table = read(text.encode())
    assert table is None or table == tomllib.loads(text)


@given(st.one_of(st.text(), st.lists(st.text(max_size=5), max_size=3)))
def test_what_guard_writes_is_read_as_it_was_meant(value: str | list[str]) -> None:
    assert read(f"bad = {quoted(value)}\n".encode()) in (None, {"bad": value})
