"""CI's door: a commit or all files, in every format, to a file or to stdout."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT, Repo, execute, made

from guard.commands import picture
from guard.errors import GuardError

SOUND = "const a = 1;\n"
BROKEN = "const = ;\n"


def paths(repo: Repo, *args: str) -> list[str]:
    ran = repo.guard("check", "--format", "json", *args)
    assert ran.status in (0, 1), ran.all
    return [f["path"] for f in json.loads(ran.out)["findings"]]


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.commit("old sin", **{"old.js": BROKEN, "fine.js": SOUND})
    repo.git("tag", "base")
    repo.commit("new sin", **{"new.js": BROKEN})
    repo.write("fine.js", BROKEN)
    return repo


def test_a_commit_is_judged_whole_and_not_the_work_tree(history: Repo) -> None:
    assert paths(history, "--rev", "HEAD") == ["new.js", "old.js"]
    assert paths(history, "--rev", "base") == ["old.js"]


def test_since_limits_it_to_what_changed(history: Repo) -> None:
    assert paths(history, "--rev", "HEAD", "--since", "base") == ["new.js"]
    assert paths(history, "--since", "base") == ["new.js"]


def test_since_is_where_the_branches_parted(history: Repo) -> None:
    history.git("checkout", "-q", "-f", "-b", "side", "base")
    history.commit("on the side", **{"side.js": BROKEN})
    assert paths(history, "--since", "main") == ["side.js"]


@pytest.mark.parametrize("args", [["--all"], []], ids=["said", "the default"])
def test_all_is_the_work_tree(history: Repo, args: list[str]) -> None:
    assert paths(history, *args) == ["fine.js", "new.js", "old.js"]


def test_paths_limit_and_may_be_untracked(history: Repo) -> None:
    history.write("sub/loose.js", BROKEN)
    history.write(".gitignore", "*.gen.js")
    history.write("sub/made.gen.js", BROKEN)
    assert paths(history, "sub") == ["sub/loose.js"]
    assert paths(history, "sub/made.gen.js") == ["sub/made.gen.js"]
    assert paths(history, "old.js", "new.js") == ["new.js", "old.js"]


def test_paths_outside_any_repository(tmp_path: Path, repo: Repo) -> None:
    outside = tmp_path / "loose"
    outside.mkdir()
    (outside / "a.js").write_text(BROKEN)
    assert paths(repo, str(outside)) == ["a.js"]
    assert paths(repo, str(outside / "a.js")) == ["a.js"]


def test_a_whole_disk_is_refused_before_it_is_walked(repo: Repo) -> None:
    ran = repo.guard("check", "/")
    assert (ran.status, ran.out) == (2, "")
    assert "name the folders or files that are meant" in ran.err


def test_a_folder_of_very_many_files_in_no_repository_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        (tmp_path / f"{number}.js").touch()
    monkeypatch.setattr(picture, "MANY", 4)
    asked = picture.Asked((str(tmp_path),))
    assert len(picture.take(asked).snapshot.files()) == 4
    (tmp_path / "5.js").touch()
    with pytest.raises(GuardError, match="in no repository and holds more than 4 files"):
        picture.take(asked)


def test_a_shallow_clone_can_be_judged(history: Repo, tmp_path: Path) -> None:
    execute("git", "clone", "-q", "--depth=1", f"file://{history.root}", "shallow", cwd=tmp_path)
    assert paths(Repo(tmp_path / "shallow"), "--rev", "HEAD") == ["new.js", "old.js"]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_output_goes_to_a_file(history: Repo, form: str) -> None:
    ran = history.guard("check", "--rev", "HEAD", "--format", form, "--output", "report")
    assert (ran.status, ran.out) == (1, "")
    assert "guard: 2 errors in 3 files: see report" in ran.err
    assert "old.js" in (history.root / "report").read_text()


def test_the_same_run_twice_prints_the_same(history: Repo) -> None:
    for number in range(60):  # enough for worker processes
        history.write(f"many/{number}.js", BROKEN)
    history.git("add", "-A")
    first, second = (history.guard("check", "--all").out for _ in range(2))
    assert first == second
    assert "guard: 63 errors in 63 files" in first


USER_ERRORS = [
    pytest.param(["check", "--rev", "nope"], "'nope' is not a commit", id="unknown revision"),
    pytest.param(["check", "--since", "nope"], "'nope' is not a commit", id="unknown base"),
    pytest.param(["check", "--rev", "--upload-pack=x"], "is not a commit", id="an option as a revision"),
    pytest.param(["check", "--since", "HEAD...main"], "'HEAD...main' is not a commit", id="a range"),
    pytest.param(["check", "--rev", ""], "--rev is empty", id="no revision, as of an unset variable"),
    pytest.param(["check", "--rev", "HEAD", "--since", ""], "--since is empty", id="no base"),
    pytest.param(["check", "/dev/null"], "neither a file nor a folder", id="no file"),
    pytest.param(["check", "missing.js"], "there is no file 'missing.js'", id="missing file"),
    pytest.param(["check", "--rev", "HEAD", "missing.js"], "has no file at", id="missing in a commit"),
    pytest.param(["check", "--since", "HEAD", "missing.js"], "has no file at", id="missing in a branch"),
    pytest.param(["check", "--staged", "missing.js"], "the index has no file at", id="missing in the index"),
    pytest.param(["check", "--select", "javascrip"], "did you mean 'javascript'", id="unknown check"),
    pytest.param(["check", "--staged", "--all"], "exclude each other", id="two snapshots"),
    pytest.param(["check", "--rev", "HEAD", "--fix"], "not with --rev", id="mending history"),
    pytest.param(["check", "--rev", "HEAD", "--select", "tree"], "use --all", id="state of a commit"),
    pytest.param(["check", "--format", "xml"], "'xml' is not one of", id="unknown format"),
    pytest.param(["check", "--output", "no/such/place"], "cannot write", id="unwritable output"),
    pytest.param(["chek"], "did you mean 'check'", id="unknown command"),
    pytest.param(["explain", "javascript/orphn"], "did you mean 'javascript/orphan'", id="unknown rule"),
    pytest.param(["explain", "nope"], "the rules: guard list", id="nothing near"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "message"), USER_ERRORS)
def test_a_users_error_is_one_message(repo: Repo, args: list[str], message: str) -> None:
    repo.commit("first", **{"a.js": SOUND})
    ran = repo.guard(*args)
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.all


def test_a_file_that_did_not_change_or_is_gone_is_no_error(repo: Repo) -> None:
    repo.commit("first", **{"a.js": SOUND, "b.js": SOUND})
    repo.git("rm", "-q", "b.js")
    for path in ("a.js", "b.js", "."):
        assert repo.guard("check", "--staged", path).status == 0


@pytest.mark.parametrize(
    "config", ["skip = [", "wat = 1", "[javascript]\nwat = 1"], ids=["TOML", "table", "key"]
)
def test_a_broken_configuration_decides_nothing(repo: Repo, config: str) -> None:
    repo.commit("first", **{"guard.toml": config, "a.js": BROKEN})
    ran = repo.guard("check", "--rev", "HEAD")
    assert ran.status == 2
    assert "guard.toml" in ran.err


def test_a_configuration_that_is_a_symlink_decides_nothing(repo: Repo) -> None:
    (repo.root / "guard.toml").symlink_to("shared.toml")
    repo.commit("first", **{"shared.toml": "skip = ['javascript']", "a.js": BROKEN})
    ran = repo.guard("check", "--rev", "HEAD")
    assert ran.status == 2
    assert "guard.toml is a symlink" in ran.err


def test_no_repository(tmp_path: Path) -> None:
    ran = Repo(tmp_path).guard("check", "--staged", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert ran.status == 2
    assert "there is no git repository here" in ran.err


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_a_file_in_a_repository_that_git_does_not_trust(repo: Repo) -> None:
    repo.commit("first", **{"a.js": BROKEN, "guard.toml": "skip = ['javascript']"})
    os.chown(repo.root, 65534, 65534)
    os.chown(repo.root / ".git", 65534, 65534)
    ran = repo.guard("check", "a.js")
    assert ran.status == 2
    assert "belongs to another user" in ran.err


def test_no_git(repo: Repo, tmp_path: Path) -> None:
    ran = repo.guard("check", "--staged", PATH=str(tmp_path))
    assert ran.status == 2
    assert "git is not on PATH" in ran.err


def test_a_stray_git_dir_is_not_obeyed(history: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "-q")
    ran = history.guard("check", "--all", GIT_DIR=str(other.root / ".git"), GIT_INDEX_FILE="/x")
    assert ran.status == 1


def test_no_colour_unless_on_a_terminal(history: Repo) -> None:
    assert "\x1b" not in history.guard("check", "--all").all


def on_a_terminal(repo: Repo, *args: str, **env: str) -> str:
    """What `script` records of guard on a pseudo-terminal."""
    command = " ".join(["python", "-m", "guard", *args])
    env = {"TERM": "xterm", **env}
    return execute("script", "-qec", command, "/dev/null", cwd=repo.root, **env).all


def test_colour_on_a_terminal_and_none_with_no_color(history: Repo) -> None:
    assert "\x1b[31m" in on_a_terminal(history, "check", "--all")
    assert "\x1b[" not in on_a_terminal(history, "check", "--all", NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(history, "check", "--all", TERM="dumb")


def test_a_symlink_and_a_submodule_are_there(repo: Repo, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    other.commit("library", **{"x/y.conf": ""})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "lib")
    compose = "services: {a: {image: i, env_file: local.env, volumes: ['./lib/x:/x', './no:/n']}}\n"
    repo.write("shared.env", "A=1\n")
    repo.write("compose.yml", compose)
    (repo.root / "local.env").symlink_to("shared.env")
    repo.git("add", "-A")
    for door in ("--all", "--staged"):
        ran = repo.guard("check", door, "--select", "compose", "--format", "json")
        found = [(f["rule"], f["symbol"]) for f in json.loads(ran.out)["findings"]]
        assert found == [("compose/mount-missing", "a")], ran.all
        assert "./no" in ran.out
        assert "./lib" not in ran.out


@pytest.mark.parametrize(
    ("where", "status", "said"),
    [
        pytest.param(">&-", 1, "", id="closed"),
        pytest.param(">&- 2>&-", 1, "", id="all closed"),
        pytest.param("| true; exit ${PIPESTATUS[0]}", 1, "", id="nobody reads"),
        pytest.param(">/dev/full", 2, "guard: error: cannot write: No space left", id="full"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_output_that_goes_nowhere_is_no_bug(
    repo: Repo, form: str, where: str, status: int, said: str
) -> None:
    repo.commit("first", **{"a.js": BROKEN})
    command = f"{sys.executable} -m guard check --all --format {form} {where}"
    ran = execute("bash", "-c", command, cwd=repo.root, PYTHONPATH=str(CHECKOUT))
    assert (ran.status in (status, 141), ran.err.startswith(said)) == (True, True)
    assert "Traceback" not in ran.all
