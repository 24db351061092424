"""Paths are matched as pathspec matches them, whether it has to be imported for that or not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from guard.errors import ConfigError
from guard.globs import matcher, plain

LETTERS = st.lists(
    st.sampled_from([*"ab.*?/! #é-", "**", "/**", "**/", "[ab]", "[!a]", "\\"]), max_size=6
)
PATHS = st.lists(st.sampled_from([*"ab.!#é- ", "ab"]), min_size=1, max_size=3).map("".join)


@given(
    st.lists(LETTERS.map("".join), max_size=3),
    st.lists(st.lists(PATHS, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8),
)
def test_what_is_matched_is_what_pathspec_matches(globs: list[str], paths: list[str]) -> None:
    matches = matcher(globs)
    try:
        spec = GitIgnoreSpec.from_lines(globs)
    except ValueError:  # a glob that is none
        with pytest.raises(ConfigError, match="is wrong"):
            [*map(matches, paths), matcher(["\\x", *globs])("x")]
        return
    assert [path for path in paths if matches(path)] == [*filter(spec.match_file, paths)]


CASES = [
    ("vendor/**", ["vendor"]),
    ("*.min.js", [".min.js"]),
    ("**/a/?b", ["a", "b"]),
    ("/top", ["top"]),
    (" ends ", ["ends"]),
    ("**", []),
    ("a[bc]", []),
    ("a\\*", []),
]


@pytest.mark.parametrize(("glob", "parts"), CASES, ids=[case[0] for case in CASES])
def test_a_path_must_hold_the_plain_parts_of_a_glob(glob: str, parts: list[str]) -> None:
    assert plain(glob) == parts


@pytest.mark.parametrize("glob", ["[z-a]", "src/[b-a]*.py", "x\\", "!"])
def test_a_glob_that_is_none_is_an_error(glob: str) -> None:
    with pytest.raises(ConfigError) as caught:
        matcher(["[x]", glob])("src/x")
    assert repr(glob) in caught.value.message
    assert "is wrong" in caught.value.message


def test_brackets_that_python_may_read_otherwise_one_day_are_no_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    assert matcher(["[[:alpha:]]x", "a[[]b"])("a[b")
    assert not [*recwarn]


def test_pathspec_is_imported_only_for_a_path_that_may_be_matched() -> None:
    text = (
        "import sys; from guard.globs import matcher; m = matcher(['vendor/**', '!vendor/own']);"
        "print(m('README'), 'pathspec' in sys.modules, m('vendor/a'), 'pathspec' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False", "True", "True"]
