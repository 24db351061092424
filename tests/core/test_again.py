"""What a whole run has said is recalled, and only where all it rests on is the same."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repo

from guard import again, cli
from guard.commands import judging
from guard.commands.plainly import understood
from guard.fixes import judge

RULE = 'why = "evil"\nforbid = "eval($X)"\nbad = "eval(a)"\ngood = "a"\n'
OTHER = RULE.replace("eval", "exec")
FILES = {
    ".guard/fixes/eval.toml": RULE,
    "a.py": "exec(b)\n",
    "hidden.py": "exec(c)\n",
    "sparse.py": "exec(d)\n",
    "guard.toml": "",
}

Run = Callable[..., tuple[int, str, bool]]


@pytest.fixture
def run(repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a check: its status, its output, and whether it was recalled."""
    repo.commit(**FILES)
    repo.git("update-index", "--assume-unchanged", "hidden.py")
    repo.git("update-index", "--skip-worktree", "sparse.py")
    monkeypatch.chdir(repo.root)
    monkeypatch.setattr(again, "UNSETTLED", -(10**12))  # no test waits until files are old
    judged: list[bool] = []
    real = judging.judged

    def noted(*args: object) -> object:
        judged.append(True)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judged", noted)

    def run(*args: str) -> tuple[int, str, bool]:
        judged.clear()
        status = cli.status(["check", *args])
        return status, capsys.readouterr().out, not judged

    return run


def edit(repo: Repo) -> None:
    repo.write("a.py", "eval(b)\n")


def edit_unseen_by_size_and_time(repo: Repo) -> None:
    before = (repo.root / "a.py").stat()
    edit(repo)
    os.utime(repo.root / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def edit_and_stage(repo: Repo) -> None:
    edit(repo)
    repo.git("add", "a.py")


def edit_assumed_unchanged(repo: Repo) -> None:
    repo.write("hidden.py", "eval(c)\n")


def edit_outside_the_sparse_tree(repo: Repo) -> None:
    repo.write("sparse.py", "eval(c)\n")


def new_tracked_file(repo: Repo) -> None:
    repo.write("new.py", "eval(c)\n")
    repo.git("add", "-N", "new.py")


def new_rule_untracked(repo: Repo) -> None:
    repo.write(".guard/fixes/exec.toml", OTHER)


def edited_rule(repo: Repo) -> None:
    repo.write(".guard/fixes/eval.toml", OTHER)


def wrong_rule(repo: Repo) -> None:
    repo.write(".guard/fixes/eval.toml", RULE + "typo = 1\n")


def edited_configuration(repo: Repo) -> None:
    repo.write("guard.toml", '[fixes]\nfolder = "rules"\n')
    repo.write("rules/exec.toml", OTHER)


def symlink_instead(repo: Repo) -> None:
    (repo.root / "a.py").unlink()
    (repo.root / "a.py").symlink_to("hidden.py")


def file_gone(repo: Repo) -> None:
    (repo.root / "a.py").unlink()


def folder_instead(repo: Repo) -> None:
    (repo.root / "a.py").unlink()
    repo.write("a.py/b.py", "")


def made_executable(repo: Repo) -> None:
    repo.git("config", "core.fileMode", "false")
    (repo.root / "a.py").chmod(0o755)


def other_head(repo: Repo) -> None:
    repo.git("commit", "-q", "--allow-empty", "--no-verify", "-m", "empty")


def other_index_only(repo: Repo) -> None:
    repo.git("rm", "-q", "--cached", "a.py")


@pytest.mark.parametrize(
    "change",
    [
        edit,
        edit_unseen_by_size_and_time,
        edit_and_stage,
        edit_assumed_unchanged,
        edit_outside_the_sparse_tree,
        new_tracked_file,
        new_rule_untracked,
        edited_rule,
        wrong_rule,
        edited_configuration,
        symlink_instead,
        file_gone,
        folder_instead,
        made_executable,
        other_head,
        other_index_only,
    ],
    ids=lambda change: change.__name__,
)
def test_what_changes_the_work_tree_is_judged_anew(
    repo: Repo, run: Run, change: Callable[[Repo], None]
) -> None:
    first = run("--all")
    assert run("--all") == (*first[:2], True)
    change(repo)
    status, out, recalled = run("--all")
    assert not recalled
    assert run("--select", "fixes")[:2] == (status, out), "a run with other words agrees"


def test_an_edit_is_found_and_its_reversal_is_clean(repo: Repo, run: Run) -> None:
    assert run("--all")[0] == 0
    edit(repo)
    assert run("--all")[0] == 1
    assert run("--all")[0::2] == (1, True)
    repo.git("checkout", "-q", "a.py")
    assert run("--all")[0] == 0


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_findings_are_recalled_as_they_were_said(repo: Repo, run: Run, form: str) -> None:
    repo.write("a.py", "eval(b)\neval(c)  # guard: ignore[fix/eval] it is sound\n")
    repo.write("new.py", "eval(b)\n")
    repo.git("add", "-N", "new.py")
    repo.write("guard.toml", '[[ignore]]\nrule = "fix/eval"\npath = "new.py"\nreason = "old"\n')
    repo.write(".guard/fixes/eval.toml", RULE + "replace = '$X'\n")
    status, out, _ = run("--all", "--format", form)
    assert status == 1
    for kind in ('"inSource"', '"external"'):
        assert out.count(kind) == (form == "sarif"), "where an excuse stands is kept as well"
    assert run("--all", "--format", form) == (1, out, True)


@pytest.mark.parametrize("picture", [("--all",), ("--rev", "HEAD")], ids=" ".join)
@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("version", lambda: "another"),
        ("_engine", lambda: "another"),
        ("datetime", type("later", (), {"date": type("", (), {"today": lambda: "2999"})})),
    ],
    ids=["another version of guard", "another Node", "another day"],
)
def test_what_lies_outside_the_repository_counts(
    run: Run,
    picture: tuple[str, ...],
    where: str,
    what: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(*picture)
    assert run(*picture)[2]
    monkeypatch.setattr(again, where, what)
    assert not run(*picture)[2]


def test_a_rule_expires_between_two_runs(
    repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "eval(b)\n", ".guard/fixes/eval.toml": RULE + "expires = 2222-01-01\n"})
    assert [run("--rev", "HEAD")[0] for _ in range(2)] == [1, 1]

    class Later(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return datetime.date(2223, 1, 1)

    monkeypatch.setattr(datetime, "date", Later)
    assert run("--rev", "HEAD")[0] == 0


def test_a_commit_is_recalled_by_any_of_its_names(repo: Repo, run: Run) -> None:
    oid = repo.commit(**{"a.py": "eval(b)\n"})
    first = run("--rev", "HEAD")
    assert first[0] == 1
    repo.write("a.py", "")  # the work tree does not matter
    for name in ("HEAD", "main", oid, oid[:8]):
        assert run("--rev", name) == (*first[:2], True)
    assert run("--rev", "HEAD~1")[0::2] == (0, False)
    repo.commit(**{"a.py": "exec(b)\n"})
    assert run("--rev", "HEAD")[0::2] == (0, False)


@pytest.mark.parametrize("words", [("--select", "fixes"), ("--skip", "fixes")], ids=" ".join)
def test_other_checks_are_another_run(run: Run, words: tuple[str, str]) -> None:
    run("--all")
    assert not run("--all", *words)[2]


@pytest.mark.parametrize(
    "args",
    [("--staged",), (".",), ("--rev", "HEAD", "--since", "HEAD"), ("--all", "--fix")],
    ids=" ".join,
)
def test_what_is_about_less_is_never_recalled(run: Run, args: tuple[str, ...]) -> None:
    run(*args)
    assert not run(*args)[2]


def test_what_took_too_long_is_tried_again(
    repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "eval(\n"})
    assert [run("--rev", "HEAD")[0::2] for _ in range(2)] == [(1, False), (1, True)]
    monkeypatch.setattr(judge, "TOO_LONG", "")  # now each file that is not decided took so long
    repo.commit(**{"a.py": "eval((\n"})
    assert [run("--rev", "HEAD")[0::2] for _ in range(2)] == [(1, False), (1, False)]


def test_what_changed_just_now_is_not_kept(
    repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "UNSETTLED", 10**12)
    edit(repo)
    run("--all")
    assert not run("--all")[2]


def test_damaged_memory_is_no_answer(repo: Repo, run: Run) -> None:
    first = run("--all")
    for place in (repo.root / ".git/guard").glob("again-*/*.json"):
        place.write_text('{"files": [], "findings": [1], "paths": 3}')
    assert run("--all") == first


def test_runs_that_are_kept_are_few(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "RUNS", 3)
    for number in range(6):
        repo.commit(f"{number}")
        run("--rev", "HEAD")
    assert len(list((repo.root / ".git/guard").glob("again-*/*"))) == 3


@pytest.mark.parametrize(
    "args",
    [
        ("--rev", "nowhere"),
        ("--rev", "-x"),
        ("--rev", ""),
        ("--rev",),
        ("--rev", "HEAD", "--all"),
        ("--select", "nothing"),
        ("--unknown",),
    ],
    ids=" ".join,
)
def test_wrong_words_are_no_answer_twice(repo: Repo, args: tuple[str, ...]) -> None:
    repo.commit(**FILES)
    for _ in range(2):
        ran = repo.guard("check", *args)
        assert ran.status == 2
        assert "rror" in ran.err


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    ran = Repo(tmp_path).guard("check", "--all")
    assert ran.status == 2
    assert "there is no git repository here" in ran.err


def test_a_folder_below_the_top_sees_what_is_not_tracked_at_the_top(
    repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("below/b.py", "exec(b)\n")
    monkeypatch.chdir(repo.root / "below")
    assert run("--all")[0] == 0
    new_rule_untracked(repo)
    assert run("--all")[0::2] == (1, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--all", {"--all": ["--all"]}),
        ("--rev v --skip a --skip b", {"--rev": ["v"], "--skip": ["a", "b"]}),
        ("--rev a --rev b", None),
        ("--staged --all", None),
        ("--rev=HEAD", None),
        ("--fix", None),
        ("a.py", None),
    ],
)
def test_plain_words(words: str, said: dict[str, list[str]] | None) -> None:
    assert understood(words.split()) == said
