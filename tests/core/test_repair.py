"""Repairs: whole or not at all, on the text that was judged and no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guard.errors import GuardError
from guard.finding import Edit, Finding, Location
from guard.repair import apply, choose, edited


def edit(start: int, end: int, text: str, path: str = "a") -> Edit:
    return Edit(Location(path, 1, start, 1, end), text)


def finding(*edits: Edit) -> Finding:
    return Finding("x/y", "m", Location("a"), edits=edits)


@pytest.mark.parametrize(
    ("text", "edits", "result"),
    [
        pytest.param("abc", [edit(2, 3, "X")], "aXc", id="replace"),
        pytest.param("abc", [edit(2, 2, "X")], "aXbc", id="insert"),
        pytest.param("abc", [edit(1, 4, "")], "", id="delete"),
        pytest.param("abc", [edit(1, 2, "XX"), edit(3, 4, "Y")], "XXbY", id="two, in any order"),
        pytest.param("a\r\nb", [Edit(Location("a", 2, 1, 2, 2), "c")], "a\r\nc", id="CRLF stays"),
        pytest.param("a\udcffb", [edit(3, 4, "c")], "a\udcffc", id="undecodable bytes stay"),
    ],
)
def test_edited(text: str, edits: list[Edit], result: str) -> None:
    assert edited(text, edits) == result


def test_overlapping_repairs_the_first_wins() -> None:
    first, second, third = finding(edit(1, 3, "")), finding(edit(2, 4, "")), finding(edit(4, 5, ""))
    assert choose([first, second, third], lambda path: True) == [first, third]


def test_two_findings_may_share_a_repair() -> None:
    both = [finding(edit(1, 3, "")), finding(edit(1, 3, ""))]
    assert choose(both, lambda path: True) == both


def test_a_repair_of_two_files_needs_both_unchanged() -> None:
    both = finding(edit(1, 2, "x", "a"), edit(1, 2, "x", "b"))
    assert choose([both], lambda path: path == "a") == []


def test_applied_with_mode_and_link_kept(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("abc")
    (tmp_path / "real").chmod(0o751)
    (tmp_path / "a").symlink_to("real")
    assert apply(str(tmp_path), [finding(edit(2, 3, "X"))]) == ["a"]
    assert (tmp_path / "real").read_text() == "aXc"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o751
    assert (tmp_path / "a").is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["a", "real"]


def test_a_failure_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a"
    place.write_text("old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guard.repair.os.fsync", full)
    with pytest.raises(GuardError, match="cannot mend 'a', which stays as it was: No space left"):
        apply(str(tmp_path), [finding(edit(1, 2, "new"))])
    assert place.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]
