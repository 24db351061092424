"""git is started and waited for as `subprocess` would do it, without importing that."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT, CLEAN_ENV, Repo

from guard import program
from guard.errors import GitError
from guard.git import ended


@pytest.fixture(params=[True, False], ids=["spawned", "by subprocess"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to start a program."""
    monkeypatch.setattr(program, "SPAWNS", request.param)


def fake(folder: Path, text: str) -> dict[str, str]:
    """An environment in which git is a script."""
    (folder / "git").write_text("#!/bin/sh\n" + text)
    (folder / "git").chmod(0o755)
    return CLEAN_ENV | {"PATH": f"{folder}:{os.environ['PATH']}"}


def with_path(monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> dict[str, str]:
    monkeypatch.setenv("PATH", env["PATH"])
    return env


@pytest.mark.usefixtures("started")
def test_what_git_prints_is_read_beside_what_it_complains_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2\n"
    env = with_path(monkeypatch, fake(tmp_path, noise))
    assert program.begun(["any"], cwd=".", env=env)() == bytes(300_000)


@pytest.mark.usefixtures("started")
def test_git_reads_nothing_and_works_where_it_is_told_to(repo: Repo) -> None:
    repo.write("a b/c", "x")
    repo.git("add", "-A")
    told = program.begun(["ls-files", "-z"], cwd=str(repo.root / "a b"), env=CLEAN_ENV)
    assert told() == b"c\0"
    empty = program.begun(["hash-object", "--stdin"], cwd=str(repo.root), env=CLEAN_ENV)
    assert empty().decode().strip() == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


ENDS = [
    ("fails", "echo fatal: no luck >&2; exit 128", (0,), "git any failed: no luck"),
    ("fails as it may", "echo yes; exit 1", (0, 1), None),
    ("is killed", "kill -9 $$", (0, 1, 128), "git any failed: no reason given"),
]


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("text", "accept", "words"), [e[1:] for e in ENDS], ids=[e[0] for e in ENDS]
)
def test_how_git_ends_is_told(
    text: str,
    accept: tuple[int, ...],
    words: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env = with_path(monkeypatch, fake(tmp_path, text))
    output = program.begun(["-c", "a=b", "any"], cwd=".", env=env, accept=accept)
    if words is None:
        assert output() == b"yes\n"
    else:
        with pytest.raises(GitError) as raised:
            output()
        assert raised.value.message == words


@pytest.mark.usefixtures("started")
def test_it_is_said_what_git_cannot_be_started_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GitError, match="there is no folder"):
        program.begun(["status"], cwd=str(tmp_path / "nowhere"), env=CLEAN_ENV)()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not on PATH"):
        program.begun(["status"], cwd=".", env=CLEAN_ENV | {"PATH": str(tmp_path)})()


NO_PROGRAMS = [
    ("not executable", "#!/bin/sh\n", 0o644, "git cannot be started: Permission denied"),
    ("of another machine", "\x7fELF\x02", 0o755, "git cannot be started: Exec format error"),
]


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("text", "mode", "words"), [row[1:] for row in NO_PROGRAMS], ids=[row[0] for row in NO_PROGRAMS]
)
def test_a_git_that_cannot_be_started_is_no_bug(
    text: str, mode: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").write_text(text)
    (tmp_path / "git").chmod(mode)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError) as raised:
        program.begun(["status"], cwd=".", env=CLEAN_ENV | {"PATH": str(tmp_path)})()
    assert (raised.value.message, raised.value.hint) == (words, "see: command -v git")


@pytest.mark.parametrize("call", ["begun", "conversing"])
def test_pipes_are_closed_where_git_cannot_be_started(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = os.listdir("/proc/self/fd")
    with pytest.raises(GitError):
        getattr(program, call)(["status"], cwd=".", env=CLEAN_ENV)
    assert os.listdir("/proc/self/fd") == before


def test_the_first_pipe_is_closed_where_there_is_no_second(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [os.pipe()]
    monkeypatch.setattr(os, "pipe", lambda: ends.pop() if ends else os.open("", os.O_RDONLY))
    one = ends[0][0]
    with pytest.raises(OSError, match="No such file"):
        program.two_pipes()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(one)


# What a git prints that is no git, or an odd one: to everything, or to one command.
NONSENSE = [
    ("nothing", "exit 0"),
    ("one line", "echo words"),
    ("bytes", "head -c 999 /dev/zero"),
    ("a header", 'case "$*" in *cat-file*) echo x y z; exit;; esac'),
    ("half an object", 'case "$*" in *cat-file*) echo x blob 999; exit;; esac'),
    ("half a difference", 'case "$*" in *diff*) echo :100644; exit;; esac'),
]


@pytest.mark.parametrize("text", [row[1] for row in NONSENSE], ids=[row[0] for row in NONSENSE])
def test_a_git_that_talks_nonsense_decides_nothing(text: str, repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", **{"a.js": "f();\n"})
    repo.write("a.js", "g();\n")
    repo.git("add", "-A")
    git = shutil.which("git", path=CLEAN_ENV["PATH"])
    env = fake(tmp_path, f'{text}\nexec {git} "$@"\n')
    ran = repo.guard("check", "--staged", PATH=env["PATH"])
    assert ran.status == 2
    assert ran.err.startswith("guard: error: git ")


def test_a_list_that_breaks_off_is_not_believed() -> None:
    assert ended(b"a\0b\0") == b"a\0b\0"
    with pytest.raises(GitError, match="does not understand"):
        ended(b"a\0b")


@pytest.mark.skipif(sys.platform != "linux", reason="what needs how many files is known of Linux")
@pytest.mark.parametrize("words", [("check", "--staged"), ("check",)], ids=" ".join)
def test_too_few_open_files_decide_nothing(words: tuple[str, ...], repo: Repo) -> None:
    import resource

    repo.write("a.txt", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n")
    repo.git("add", "-A")
    seen = set()
    for number in range(7, 13):
        ran = subprocess.run(
            [sys.executable, "-m", "guard", *words],
            cwd=repo.root,
            env=CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT)},
            preexec_fn=lambda n=number: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)),
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.returncode == 2 or (ran.returncode == 1 and "a.txt:1" in ran.stderr + ran.stdout)
        seen.add(ran.stderr if ran.returncode == 2 else "")
    assert "guard: error: the system refuses: Too many open files\n  help: see: ulimit -n\n" in seen


@pytest.mark.usefixtures("started")
def test_a_conversation_goes_on_until_nothing_more_is_asked(repo: Repo) -> None:
    repo.commit("one", a="text")
    asked, told = program.conversing(
        ["cat-file", "--batch-check"], cwd=str(repo.root), env=CLEAN_ENV
    )
    for _ in range(2):
        asked.write(b"HEAD:a\n")
        asked.flush()
        assert told.readline().endswith(b" blob 4\n")
    asked.close()
    assert told.read() == b""
    told.close()


@pytest.mark.parametrize("closed", [(), (0,), (0, 1), (0, 1, 2)], ids=str)
def test_a_commit_is_judged_whatever_its_caller_closed_or_ignores(
    repo: Repo, closed: tuple[int, ...]
) -> None:
    repo.write("a.txt", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n")
    repo.git("add", "-A")

    def before() -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for number in closed:
            os.close(number)

    ran = subprocess.run(
        [sys.executable, "-m", "guard", "check", "--staged"],
        cwd=repo.root,
        env=CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT)},
        preexec_fn=before,
    )
    assert ran.returncode == 1
