"""The git hook's door: what is judged is the index, whatever git command is under way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Repo, made

SOUND = "const a = 1;\n"
OTHER = "const a = 2;\n"
LONG = "".join(f"const a{n} = {n};\n" for n in range(9))
BROKEN = "const = ;\n"


def found(repo: Repo, *args: str, **env: str) -> list[tuple[str, str]]:
    """Rule and path of what `guard check --staged` finds."""
    ran = repo.guard("check", "--staged", "--format", "json", *args, **env)
    assert ran.status in (0, 1), ran.all
    findings = json.loads(ran.out)["findings"]
    assert ran.status == bool(findings)
    return [(f["rule"], f["path"]) for f in findings]


def test_what_is_staged_is_judged_and_not_the_work_tree(repo: Repo) -> None:
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    repo.write("a.js", SOUND)
    assert found(repo) == [("javascript/syntax", "a.js")]


def test_an_unstaged_breakage_is_nobodys_business(repo: Repo) -> None:
    repo.commit("first", **{"a.js": SOUND})
    repo.write("a.js", BROKEN)
    assert found(repo) == []


def test_only_what_is_staged_is_judged(repo: Repo) -> None:
    repo.commit("old sins", **{"old.js": BROKEN})
    repo.write("new.js", SOUND)
    repo.git("add", "new.js")
    assert found(repo) == []


def test_a_deleted_file_is_not_judged(repo: Repo) -> None:
    repo.commit("first", **{"a.js": BROKEN})
    repo.git("rm", "-q", "a.js")
    assert found(repo) == []


def test_a_renamed_file_is_judged_where_it_is_now(repo: Repo) -> None:
    repo.commit("first", **{"a.js": LONG})
    repo.git("mv", "a.js", "b.js")
    repo.write("b.js", LONG + BROKEN)
    repo.git("add", "-A")
    assert found(repo) == [("javascript/syntax", "b.js")]


def test_a_symlink_to_a_broken_file_is_not_a_program(repo: Repo) -> None:
    repo.commit("first", **{"notes.txt": BROKEN})
    (repo.root / "a.js").symlink_to("notes.txt")
    repo.git("add", "a.js")
    assert found(repo) == []


def test_a_submodule_is_not_a_file(repo: Repo, tmp_path: Path) -> None:
    other = made(tmp_path / "other.js")
    other.commit("first", **{"a.js": BROKEN})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "x.js")
    assert found(repo) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"with space.js", id="a space"),
        pytest.param(b"with\nnewline.js", id="a newline"),
        pytest.param(b"with\ttab.js", id="a tab"),
        pytest.param(b"\xff\xfe.js", id="bytes that are not UTF-8"),
        pytest.param("ünïcode.js".encode(), id="letters git would quote"),
        pytest.param(b":(top)odd*[x].js", id="what git takes for a pathspec"),
        pytest.param(b"-rf.js", id="what looks like an option"),
        pytest.param(b'"quoted".js', id="quotes"),
    ],
)
def test_any_file_name(repo: Repo, name: bytes) -> None:
    with open(os.path.join(os.fsencode(repo.root), name), "wb") as file:
        file.write(BROKEN.encode())
    repo.git("add", "-A")
    ran = repo.guard("check", "--staged")
    assert ran.status == 1
    assert "[javascript/syntax]" in ran.err
    assert "1 │ const = ;" in ran.err
    assert len(found(repo)) == 1


def test_before_the_first_commit(repo: Repo) -> None:
    assert found(repo) == []
    repo.write("a.js", BROKEN)
    repo.git("add", "-A")
    assert found(repo) == [("javascript/syntax", "a.js")]


def test_a_conflict_is_no_clean_index(repo: Repo) -> None:
    repo.commit("first", **{"a.js": SOUND})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("theirs", **{"a.js": "const a = 3;\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", **{"a.js": OTHER})
    repo.git("merge", "side", ok=False)
    ran = repo.guard("check", "--staged")
    assert (ran.status, ran.out) == (2, "")
    assert "'a.js' is in conflict" in ran.err
    whole = repo.guard("check", "--all")  # what lies there are the markers
    assert (whole.status, whole.out[:5]) == (1, "a.js:")


def test_the_configuration_is_read_from_the_index(repo: Repo) -> None:
    repo.commit("first", **{"guard.toml": ""})
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    repo.write("guard.toml", 'skip = ["javascript"]')
    assert found(repo) == [("javascript/syntax", "a.js")]
    repo.git("add", "guard.toml")
    assert found(repo) == []


def test_nothing_is_moved_or_stashed(repo: Repo) -> None:
    repo.commit("first", **{"a.js": SOUND})
    repo.write("a.js", BROKEN)
    repo.git("add", "a.js")
    repo.write("a.js", OTHER)
    repo.write("untracked.txt", "x")
    before = repo.git("status", "--porcelain=v2"), (repo.root / ".git/index").read_bytes()
    repo.guard("check", "--staged")
    assert before == (repo.git("status", "--porcelain=v2"), (repo.root / ".git/index").read_bytes())
    assert (repo.root / "a.js").read_text() == OTHER
    assert repo.git("stash", "list") == ""


def test_configured_diff_options_change_nothing(repo: Repo) -> None:
    repo.commit("first", **{"b.js": LONG})
    for key, value in {
        "diff.noprefix": "true",
        "diff.renames": "copies",
        "diff.external": "false",
        "diff.ignoreSubmodules": "all",
        "color.ui": "always",
        "core.quotePath": "true",
        "status.showUntrackedFiles": "no",
    }.items():
        repo.git("config", key, value)
    repo.git("mv", "b.js", "c.js")
    repo.write("c.js", LONG + BROKEN)
    repo.git("add", "-A")
    assert found(repo) == [("javascript/syntax", "c.js")]


def test_a_path_limits_the_run(repo: Repo) -> None:
    repo.write("one/a.js", BROKEN)
    repo.write("two/a.js", BROKEN)
    repo.git("add", "-A")
    assert found(repo, "one") == [("javascript/syntax", "one/a.js")]


@pytest.mark.parametrize("relative", ["false", "true"])
def test_all_that_is_staged_is_judged_in_whatever_folder(repo: Repo, relative: str) -> None:
    repo.commit("first", **{"sub/b.js": SOUND, "guard.toml": "skip = ['conflicts']\n"})
    repo.git("config", "diff.relative", relative)
    repo.write("a.js", BROKEN)
    repo.write("sub/c.txt", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n")
    repo.git("add", "-A")
    ran = repo.guard("check", "--staged", cwd=repo.root / "sub")
    assert (ran.status, ran.err[:7]) == (1, "a.js:1:")
    assert "1 error in 2 files" in ran.err
