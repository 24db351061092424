"""The hooks after a merge, a pull and a rebase: a fix that was lost on the way is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import execute, made
from team import BAD, GOOD, PATH, RULE, Team

FILE = ".guard/fixes/ipv6.toml"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """`main` has the fix and its rule, `lab` parted before it; the hooks are in place."""
    team = Team(made(tmp_path / "repo"), tmp_path / "up.git")
    team.commit("start", **{PATH: BAD, "other.py": "a = 1\n"})
    team.repo.git("checkout", "-q", "-b", "lab")
    team.commit("lab work", **{"lab.py": "b = 1\n"})
    team.repo.git("checkout", "-q", "main")
    fix = team.commit("send ipv6 always", **{PATH: GOOD})
    team.commit("the rule", **{FILE: RULE.replace("{commit}", fix)})
    assert team.repo.guard("init", "--git-hooks").status == 0
    return team


def test_a_merge_that_drops_fix_and_rule_is_told(team: Team) -> None:
    team.repo.git("checkout", "-q", "lab")
    merged = team.repo.tried("merge", "-q", "-s", "ours", "-m", "m", "main", **team.env("Bo"))
    assert "a known mistake is back" in merged.err
    assert f"-- {FILE}" in merged.err
    assert "this merge lost a known fix" in merged.err
    assert "git reset --keep ORIG_HEAD" in merged.err


def test_a_merge_that_drops_the_fix_and_keeps_the_rule_is_told(team: Team) -> None:
    team.repo.git("checkout", "-q", "lab")
    team.repo.tried("merge", "-q", "--no-commit", "main", **team.env("Bo"))
    team.repo.write(PATH, BAD)
    team.repo.git("add", "-A")
    made_by_hand = team.repo.tried("commit", "-q", "--no-verify", "-m", "m", **team.env("Bo"))
    assert made_by_hand.status == 0
    checked = team.repo.guard("hook", "post-merge", "0")
    assert checked.status == 1
    assert f"{PATH}:2:" in checked.err


def test_a_sound_merge_says_nothing(team: Team) -> None:
    team.repo.git("checkout", "-q", "lab")
    merged = team.repo.tried("merge", "-q", "-m", "m", "main", **team.env("Bo"))
    assert merged.status == 0
    assert "guard" not in merged.err


def test_a_pull_that_brings_a_loss_is_told(team: Team, tmp_path: Path) -> None:
    team.repo.git("push", "-q", "origin", "main")
    other = made(tmp_path / "other")
    execute("git", "pull", "-q", str(tmp_path / "up.git"), "main", cwd=other.root)
    assert other.guard("init", "--git-hooks").status == 0
    team.repo.write(PATH, BAD)
    team.repo.git("commit", "-qam", "tidy up", "--no-verify")
    team.repo.git("push", "-q", "--no-verify", "origin", "main")
    pulled = execute("git", "pull", "-q", str(tmp_path / "up.git"), "main", cwd=other.root)
    assert "this merge lost a known fix" in pulled.err


def test_a_rule_that_the_other_side_retired_is_not_asked_for(team: Team) -> None:
    team.repo.git("checkout", "-q", "-b", "topic")
    team.commit("topic work", **{"t.py": "c = 1\n"})
    team.repo.git("checkout", "-q", "main")
    team.repo.git("rm", "-q", FILE)
    team.commit("retire the rule and the fix", **{PATH: BAD})
    team.repo.git("checkout", "-q", "topic")
    merged = team.repo.tried("merge", "-q", "-m", "m", "main", **team.env("Bo"))
    assert merged.status == 0
    assert "guard" not in merged.err


def test_a_rebase_that_loses_the_fix_is_told(team: Team) -> None:
    team.repo.git("checkout", "-q", "-b", "topic")
    team.repo.write(PATH, BAD)
    team.repo.git("commit", "-qam", "tidy up", "--no-verify")
    team.repo.git("checkout", "-q", "main")
    team.commit("more", **{"more.py": "d = 1\n"})
    team.repo.git("checkout", "-q", "topic")
    rebased = team.repo.tried("rebase", "-q", "main", **team.env("Bo"))
    assert "this rebase lost a known fix" in rebased.err


def test_a_rebase_that_skips_the_fix_is_told(team: Team) -> None:
    """The rule and the fix are commits of the branch, and its rebase leaves them out."""
    team.repo.git("checkout", "-q", "-b", "topic")
    team.commit("topic work", **{"t.py": "c = 1\n"})
    rebased = team.repo.tried("rebase", "-q", "--onto", "lab", "main", **team.env("Bo"))
    assert "this rebase lost a known fix" in rebased.err
    assert f"-- {FILE}" in rebased.err


def test_an_amended_commit_is_not_asked_about_twice(team: Team) -> None:
    team.commit("more", **{"more.py": "d = 1\n"})
    amended = team.repo.tried("commit", "-q", "--amend", "-m", "other words", **team.env("Bo"))
    assert amended.status == 0
    assert amended.err.count("guard:") == 1, "once, before it is made"


def test_a_squashed_merge_is_left_to_the_commit(team: Team) -> None:
    assert team.repo.guard("hook", "post-merge", "1").status == 0


@pytest.mark.parametrize("since", ["origin/main", "main"])
def test_in_ci_against_the_base(team: Team, since: str) -> None:
    """A branch that takes the fix away is refused; one that parted before it is not."""
    team.repo.git("push", "-q", "--no-verify", "origin", "main")
    team.repo.git("checkout", "-q", "lab")
    assert team.repo.guard("check", "--since", since).status == 0
    team.repo.git("checkout", "-q", "-b", "topic", "main")
    team.commit("tidy up", **{PATH: BAD})
    refused = team.repo.guard("check", "--since", since)
    assert refused.status == 1
    assert "a known mistake is back" in refused.out
