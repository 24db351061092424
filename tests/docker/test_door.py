"""The docker door end to end, in front of a docker that says what it was called with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guard.docker.refusal import counted

DOCKER = """#!/bin/sh
printf 'ran'; printf ' [%s]' "$@"; echo
exit 7
"""

HERE = Path(__file__).parent


class Place:
    """A repository with a remote, and a docker in front of everything on PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "work"
        self.env = dict(os.environ, HOME=str(folder), GIT_CONFIG_GLOBAL=os.devnull)
        self.env.pop("GUARD_PASSED", None)
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "docker").write_text(DOCKER)
        (self.bin / "docker").chmod(0o755)
        self.env["PATH"] = f"{self.bin}:{self.env['PATH']}"
        self.git("init", "-q", "--bare", str(folder / "origin.git"), cwd=folder)
        self.git("clone", "-q", str(folder / "origin.git"), str(self.root), cwd=folder)
        self.git("config", "user.email", "a@example.org")
        self.git("config", "user.name", "A")
        self.write("Dockerfile", "FROM scratch\nCOPY . /\n")
        self.write("app/main.py", "print(1)\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "one")
        self.git("push", "-q", "-u", "origin", "HEAD")

    def git(self, *args: str, cwd: Path | None = None) -> None:
        done = subprocess.run(["git", *args], cwd=cwd or self.root, env=self.env, text=True,
                              capture_output=True)  # fmt: skip
        assert done.returncode == 0, done.stderr

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def guard(self, *words: str, cwd: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "guard", *words], cwd=self.root / cwd,
                              env=self.env, text=True, capture_output=True)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_clean_pushed_tree_is_built_with_the_arguments_untouched(place: Place) -> None:
    done = place.guard("docker", "build", "-t", "a b", "--label", "x=$y", ".")
    assert done.stdout.startswith("ran [build] [-t] [a b] [--label] [x=$y] [.] [--label] [org.")
    assert done.returncode == 7


def test_a_changed_file_refuses_and_the_hint_mends_it(place: Place) -> None:
    place.write("app/main.py", "print(2)\n")
    place.write("app/new file.py", "print(2)\n")
    done = place.guard("docker", "build", "..", cwd="app")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("guard: blocked: ")
    commands = [line.strip() for line in done.stderr.splitlines() if line.startswith("    git ")]
    assert commands[0] == "git add main.py 'new file.py'"
    for command in commands:
        subprocess.run(command, shell=True, check=True, cwd=place.root / "app", env=place.env,
                       capture_output=True)  # fmt: skip
    assert place.guard("docker", "build", "..", cwd="app").returncode == 7


def test_what_is_too_large_to_be_kept_is_named(place: Place) -> None:
    place.write("app/main.py", "print(2)\n")
    for name in ("app/large", "huge"):
        with (place.root / name).open("wb") as file:
            file.truncate(51 * 2**20)
    said = place.guard("docker", "build", "..", cwd="app").stderr
    assert "guard: kept as " in said
    assert "guard: too large to be kept: large, ../huge\n" in said


def test_a_command_stays_on_one_line_whatever_a_file_is_called(place: Place) -> None:
    place.write("app/two\nlines", "x")
    assert "    git add $'app/two\\012lines'\n" in place.guard("docker", "build", ".").stderr


def test_an_untracked_secret_refuses_and_nobody_is_told_to_push_it(place: Place) -> None:
    place.write(".env", "A=1\n")
    place.write("new.py", "")
    done = place.guard("docker", "build", ".")
    assert done.returncode == 1
    assert "in .gitignore and in .dockerignore: **/.env" in done.stderr
    assert "    git add new.py\n" in done.stderr


def test_what_the_ignore_file_keeps_out_does_not_refuse(place: Place) -> None:
    place.write(".dockerignore", "notes\n")
    place.git("add", ".")
    place.git("commit", "-q", "-m", "two")
    place.git("push", "-q")
    place.write("notes/a", "")
    assert place.guard("docker", "build", ".").returncode == 7
    place.write("note", "")
    assert place.guard("docker", "build", ".").returncode == 1


def test_an_unpushed_commit_refuses(place: Place) -> None:
    place.git("commit", "-q", "--allow-empty", "-m", "two")
    done = place.guard("docker", "build", ".")
    assert done.returncode == 1
    assert "git push" in done.stderr


@pytest.mark.parametrize("words", ["app", "-f nowhere app", "-f /nowhere app"])
def test_that_there_is_no_dockerfile_is_for_docker_to_say(place: Place, words: str) -> None:
    (place.bin / "docker").write_text(DOCKER.replace("exit 7", "exit 0"))
    done = place.guard("docker", "build", *words.split())
    assert (done.returncode, done.stdout.startswith("ran ")) == (0, True)
    assert "changed while" not in done.stderr


def test_more_than_ten_files_are_counted(place: Place) -> None:
    for number in range(14):
        place.write(f"app/n{number:02}", "")
    done = place.guard("docker", "build", ".")
    assert "n09" in done.stderr
    assert "n10" not in done.stderr
    assert "and 4 more" in done.stderr


@pytest.mark.parametrize("words", ["ps -a", "run alpine build .", "--version", "build --help"])
def test_what_builds_nothing_passes(place: Place, words: str) -> None:
    place.write("app/main.py", "print(2)\n")
    done = place.guard("docker", *words.split())
    assert done.stdout.startswith("ran [")


def test_a_missing_docker_is_one_message(place: Place) -> None:
    (place.bin / "docker").unlink()
    git = subprocess.check_output(["sh", "-c", "command -v git"], text=True).strip()
    (place.bin / "git").symlink_to(git)
    place.env["PATH"] = str(place.bin)
    done = place.guard("docker", "build", ".")
    assert (done.returncode, "docker is not on PATH" in done.stderr) == (2, True)


@pytest.mark.parametrize("says", ["exit 0", "echo 'something else'; exit 0", "exit 9"])
@pytest.mark.parametrize(
    ("words", "status", "last"),
    [
        ("docker compose build", 2, "guard: blocked: nothing could be decided"),
        ("docker-compose up -d", 2, "guard: blocked: nothing could be decided"),
        ("docker buildx bake", 2, "guard: blocked: nothing could be decided"),
        ("image show x", 2, "  help: "),
        ("image check x --format json", 2, "  help: "),
        ("doctor", 0, ""),
    ],
)
def test_what_only_goes_by_dockers_name_is_one_message(
    place: Place, says: str, words: str, status: int, last: str
) -> None:
    for name in ("docker", "docker-compose"):
        (place.bin / name).write_text(f"#!/bin/sh\n{says}\n")
        (place.bin / name).chmod(0o755)
    done = place.guard(*words.split())
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert not last or done.stderr.splitlines()[-1].startswith(last)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("build --allow-dirty .", "needs a reason"),
        ("build --allow-dirty -t x .", "needs a reason"),
        ("build --allow-dirty= .", "needs a reason"),
        ("build --exact --allow-dirty x .", "exclude each other"),
        ("build", "no context is given"),
        ("build nowhere", "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_decided_is_blocked(place: Place, words: str, why: str) -> None:
    done = place.guard("docker", *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.splitlines()[-1].startswith("guard: blocked: nothing could be decided")


def test_a_folder_that_is_gone_is_blocked(place: Place) -> None:
    command = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m guard"
    env = place.env | {"PYTHONPATH": str(HERE.parent.parent)}
    done = subprocess.run(["sh", "-c", f"{command} docker build ."], cwd=place.root, env=env,
                          text=True, capture_output=True)  # fmt: skip
    assert done.returncode == 2
    assert "the current folder is gone" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("guard: blocked: ")


@pytest.mark.parametrize(
    ("rule", "number", "says"),
    [
        ("tree/dirty", 2, "2 files changed and not committed"),
        ("tree/submodule-missing", 1, "1 submodule not checked out"),
        ("tree/submodule-dirty", 1, "1 file of a submodule changed or not in git"),
        ("javascript/orphan", 1, "1 file with javascript/orphan"),
    ],
)
def test_what_blocks_is_counted_in_words(rule: str, number: int, says: str) -> None:
    assert counted(rule, number, f"with {rule}") == says


# What stands in pushed code for long, and the rule that names it at the build.
OLD_SINS = [
    ("x = {a() {}, b() {}, a() {}};\n", "duplicate-member", "a member twice in what is pushed"),
    ("function f() {}\nfunction f() {}\n", "duplicate-function", "a function twice"),
    ("function f() { return 1; f(); }\n", "unreachable", "code behind a return"),
    ("this.go();\n", "stray-this", "this outside of any method"),
    ("a: b();\n", "stray-label", "a label that was a key"),
    ("a: for (;;) b();\n", "", "a warning at the commit as well is not worth a word"),
    ("{\n  a: 1,\n}\n", "syntax", "what does not parse is refused, however old"),
]


@pytest.mark.parametrize(("text", "rule", "why"), OLD_SINS, ids=[why for _, _, why in OLD_SINS])
def test_leftovers_that_parse_hold_up_no_build(
    place: Place, text: str, rule: str, why: str
) -> None:
    place.write("app/old.js", text)
    place.git("add", ".")
    place.git("commit", "-q", "--no-verify", "-m", "two")
    place.git("push", "-q")
    done = place.guard("docker", "build", ".")
    refused = rule == "syntax"
    assert done.returncode == (1 if refused else 7), done.stderr
    assert done.stderr.count(f"{'error' if refused else 'warning'}: ") == bool(rule)
    assert f"[javascript/{rule}]" in done.stderr or not rule
    assert place.guard("check", "--all").returncode == bool(rule)
    assert place.guard("docker", "build", ".").stderr.count("warning: ") == 0, "said once a commit"


def test_more_than_ten_leftovers_are_counted(place: Place) -> None:
    place.write("app/old.js", "".join(f"function f{n}() {{ return 1; f(); }}\n" for n in range(14)))
    place.git("add", ".")
    place.git("commit", "-q", "-m", "two")
    place.git("push", "-q")
    done = place.guard("docker", "build", ".")
    assert done.stderr.count("app/old.js:") == 10
    assert "… and 4 more" in done.stderr
