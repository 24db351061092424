"""Repairs through libcst: the statements that are touched, and not a byte of the others."""

from __future__ import annotations

import pytest

from guard.fixes.mending.concrete import rewritten
from guard.fixes.mending.patch import Patch

CASES = [
    pytest.param(
        "# a\n\nx = 1  # b\n\n\ndef f():\n    return 2\n# c\n", "1", "(3)", id="comments around"
    ),
    pytest.param("x = 1", "1", "2", id="no newline at the end"),
    pytest.param("x = 1\n\n\n# foot\n", "1", "2", id="a comment behind everything"),
    pytest.param("# only\r\nx = 1\r\ny = 2\r\n", "2", "3", id="CRLF"),
    pytest.param(
        "def f(a):\n\tif a:\n\t\treturn 1\n\nclass A:\n    x = 1\n    # tail\n",
        "x = 1",
        "x = 2",
        id="tabs in one block, spaces in another",
    ),
    pytest.param('"""doc"""\nx = 1; y = 2\n', "y = 2", "y = 3", id="two statements on a line"),
    pytest.param("\ufeffx = 1\n", "1", "2", id="a byte-order mark"),
    pytest.param("x = '\udcff'; y = 1\n", "1", "2", id="bytes that are not UTF-8"),
    pytest.param("x = 1\n\x0c\ny = 2\n", "2", "3", id="a form feed"),
    pytest.param("f(a,\n  b,  # why\n  c=1)\n", "1", "g( 2 )", id="inside a call over lines"),
    pytest.param("x = 1\\\n  + 2\n", "2", "3", id="a continued line"),
]


@pytest.mark.parametrize(("text", "old", "new"), CASES)
def test_only_what_is_patched_changes(text: str, old: str, new: str) -> None:
    start = text.index(old)
    expected = text[:start] + new + text[start + len(old) :]
    assert rewritten(text, [Patch(start, start + len(old), new)]) == expected


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param("x = 1\n", "1", "(", id="the repair does not parse"),
        pytest.param("x = (\n", "x", "y", id="the file does not parse"),
        pytest.param("x = 1\n# a\n", "# a", "# b", id="outside every statement"),
    ],
)
def test_what_cannot_be_rewritten(text: str, old: str, new: str) -> None:
    start = text.index(old)
    assert rewritten(text, [Patch(start, start + len(old), new)]) is None


def test_two_patches_in_two_statements() -> None:
    patches = [Patch(4, 5, "10"), Patch(16, 17, "30")]
    assert rewritten("x = 1\ny = 2\nz = 3\n", patches) == "x = 10\ny = 2\nz = 30\n"
