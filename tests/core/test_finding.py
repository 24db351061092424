"""Lines and columns: code points, whatever ends a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.finding import Lines, Location


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        pytest.param("", 0, (1, 1), id="empty"),
        pytest.param("ab", 2, (1, 3), id="the end"),
        pytest.param("a\nb", 2, (2, 1), id="LF"),
        pytest.param("a\r\nb", 3, (2, 1), id="CRLF is one end"),
        pytest.param("a\rb", 2, (2, 1), id="CR"),
        pytest.param("a\n", 2, (2, 1), id="after the last newline"),
        pytest.param("😀b", 1, (1, 2), id="a code point beyond the BMP is one column"),
        pytest.param("a\u2028b", 2, (1, 3), id="U+2028 ends no line in an editor"),
    ],
)
def test_position(text: str, offset: int, position: tuple[int, int]) -> None:
    assert Lines(text).position(offset) == position


@given(st.text(alphabet="a\r\n😀\t"))
@settings(derandomize=True)
def test_offset_is_the_inverse_of_position(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        assert lines.offset(*lines.position(offset)) == offset


@given(st.text(alphabet="ab\r\n"))
@settings(derandomize=True)
def test_lines_are_those_of_splitlines(text: str) -> None:
    lines = Lines(text)
    expected = text.splitlines()
    assert [lines.line(n + 1) for n in range(len(expected))] == expected


def test_a_location_without_an_end_is_a_point() -> None:
    assert Location("a", 3, 4) == Location("a", 3, 4, 3, 4)
