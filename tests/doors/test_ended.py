"""guard is ended from outside: it says so, with the right status, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CHECKOUT, CLEAN_ENV, Repo

from guard.pieces import MANY
from guard.workers import processors

SECONDS = 30
"""How long anything may take here; it takes a fraction of one."""

NODE = """#!/bin/sh
echo $PPID >>"$STARTED"
cat >/dev/null  # it hangs, and ends when nobody is there any more
"""


class Running:
    """guard in the middle of its work: worker processes wait for a Node that does not answer."""

    def __init__(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit("many", **{f"{n}.js": f"f({n});\n" for n in range(MANY)})
        node, self._started = tmp_path / "bin" / "node", tmp_path / "started"
        node.parent.mkdir()
        node.write_text(NODE)
        node.chmod(0o755)
        env = CLEAN_ENV | {"PYTHONPATH": str(CHECKOUT), "STARTED": str(self._started)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "guard", "check", "--rev", "HEAD"],
            cwd=repo.root,
            env=env | {"PATH": f"{node.parent}:{env['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        while len(self.workers()) < min(processors(), 3):
            time.sleep(0.01)

    def workers(self) -> list[int]:
        text = self._started.read_text() if self._started.exists() else ""
        return [int(line) for line in text.splitlines()]

    def ended(self) -> tuple[int, str]:
        """Its status and what it said, once it and its workers are gone."""
        out, err = self.process.communicate(timeout=SECONDS)
        assert out == ""
        for worker in self.workers():
            limit = time.monotonic() + SECONDS
            while at_work(worker):
                assert time.monotonic() < limit, "a worker outlives guard"
                time.sleep(0.01)
        return self.process.returncode, err


def at_work(process: int) -> bool:
    """Whether a process exists; one that has ended, and that nobody has asked after, does not."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def running(repo: Repo, tmp_path: Path) -> Running:
    if not os.path.exists("/proc/self/stat") or processors() < 2:
        pytest.skip("needs Linux, and two processors")
    return Running(repo, tmp_path)


def test_the_terminal_interrupts_all_of_it(running: Running) -> None:
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.ended() == (130, "guard: interrupted\n")


def test_it_alone_is_interrupted(running: Running) -> None:
    running.process.send_signal(signal.SIGINT)
    assert running.ended() == (130, "guard: interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_its_workers_end_with_it(running: Running, number: signal.Signals) -> None:
    running.process.send_signal(number)
    assert running.ended() == (-number, "")


def test_a_worker_that_is_killed_is_no_bug(running: Running) -> None:
    os.kill(running.workers()[0], signal.SIGKILL)
    status, err = running.ended()
    assert status == 2
    assert err.startswith("guard: error: a process that judges files was killed\n  help: ")
