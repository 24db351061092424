"""A build is guard's child, and nobody can tell: terminal, signals, stdin and status are docker's."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT, CLEAN_ENV, Repo, execute, made

from guard.docker.front import child
from guard.state.later import later


class Stage:
    """A pushed repository, and a docker that does what a script says."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.log.touch()
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.repo: Repo = made(folder / "work")
        execute("git", "init", "-q", "--bare", str(folder / "origin.git"), cwd=folder)
        self.repo.git("remote", "add", "origin", str(folder / "origin.git"))
        self.repo.commit("one", Dockerfile="FROM scratch\nCOPY . /\n")
        self.repo.git("push", "-q", "-u", "origin", "main")
        self.env = CLEAN_ENV | {
            "PATH": f"{self.bin}{os.pathsep}{CLEAN_ENV['PATH']}",
            "PYTHONPATH": str(CHECKOUT),
            "LOG": str(self.log),
        }

    def docker(self, script: str) -> None:
        """Puts the docker in place; it answers other questions, too."""
        text = f'#!/bin/sh\ncase $1 in build) ;; *) echo "Docker version 28.0"; exit;; esac\n{script}\n'
        (self.bin / "docker").write_text(text)
        (self.bin / "docker").chmod(0o755)

    def start(self, **more: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "guard", "docker", "build", "."]
        return subprocess.Popen(command, cwd=self.repo.root, env=self.env, **more)  # type: ignore[call-overload]

    def wait_for(self, text: str) -> None:
        """Waits until the docker has written that to its log."""
        until(lambda: text in self.log.read_text())


def until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in half a minute")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.mark.parametrize("status", [0, 1, 2, 3, 7, 125, 255])
def test_the_status_is_dockers(stage: Stage, status: int) -> None:
    stage.docker(f"exit {status}")
    assert stage.start().wait(60) == status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSEGV])
def test_the_signal_that_ends_docker_ends_guard(stage: Stage, number: signal.Signals) -> None:
    stage.docker(f"kill -{int(number)} $$")
    assert stage.start(stderr=subprocess.DEVNULL).wait(60) == -number


def test_stdin_and_stdout_are_dockers(stage: Stage) -> None:
    stage.docker("cat; echo err >&2")
    process = stage.start(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.communicate(b"\x00\xff in", timeout=60) == (b"\x00\xff in", b"err\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1])
def test_a_signal_to_guard_is_one_to_docker(stage: Stage, number: signal.Signals) -> None:
    name = number.name.removeprefix("SIG")
    stage.docker(f"trap 'echo got >>$LOG; exit 9' {name}; echo ready >>$LOG; sleep 60 & wait")
    process = stage.start(preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
    stage.wait_for("ready")
    process.send_signal(number)
    assert process.wait(60) == 9
    assert stage.log.read_text() == "ready\ngot\n"


def test_an_ignored_signal_stays_ignored(stage: Stage) -> None:
    stage.docker("kill -HUP $$; exit 5")
    process = stage.start(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert process.wait(60) == 5


def test_docker_does_not_outlive_a_guard_that_is_killed(stage: Stage) -> None:
    stage.docker("echo $$ >>$LOG; exec sleep 600")
    process = stage.start()
    until(lambda: stage.log.read_text().endswith("\n"))
    docker = int(stage.log.read_text())
    process.kill()
    process.wait(60)
    until(lambda: not alive(docker))


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_guard_stops_and_goes_on_with_docker(stage: Stage) -> None:
    stage.docker("echo $$ >>$LOG; kill -STOP $$; exit 4")
    process = stage.start()
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    os.kill(process.pid, signal.SIGCONT)
    os.kill(int(stage.log.read_text()), signal.SIGCONT)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 4


def test_the_terminal_is_dockers_and_one_key_is_one_signal(stage: Stage) -> None:
    stage.docker(
        "trap 'echo int >>$LOG; sleep 1; exit 6' INT\n"
        "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size >>$LOG\n"
        "echo ready >>$LOG; while :; do sleep 0.1; done"
    )
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(stage.repo.root)
        os.execve(
            sys.executable, [sys.executable, "-m", "guard", "docker", "build", "."], stage.env
        )
    try:
        stage.wait_for("ready")
        os.write(terminal, b"\x03")
        stage.wait_for("int")
        _, status = os.waitpid(pid, 0)
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 6
    lines = stage.log.read_text().split("\n")
    assert lines.count("int") == 1
    assert lines[0] != "ready"


def test_a_child_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may import when it is forked, and would never let it go on."""
    parent = os.getpid()

    class Refusing:
        def find_spec(self, name: str, *_: object) -> None:
            if os.getpid() != parent:
                raise ImportError(name)

    monkeypatch.delitem(sys.modules, "ctypes", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    assert child.run("/bin/true", ["true"], os.environ) == 0


def test_a_thread_that_takes_the_news_of_the_childs_end_keeps_nobody_waiting() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait, args=(30,), daemon=True)
    thread.start()  # it blocks no signal
    assert child.run("/bin/sh", ["sh", "-c", "sleep 0.1; exit 3"], os.environ) == 3
    assert thread.is_alive()
    done.set()


def test_work_that_nobody_waits_for_has_ended_when_docker_begins(tmp_path: Path) -> None:
    note = tmp_path / "note"
    later(lambda: (time.sleep(0.3), note.touch()))
    assert child.run("/usr/bin/test", ["test", "-e", str(note)], os.environ) == 0
