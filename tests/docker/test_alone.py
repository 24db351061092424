"""Whatever forks is alone: what another thread imports, a forked process would wait for for ever."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import CHECKOUT, Repo, execute, made

from guard.state.later import later, settled

MANY = 100
"""So many files are judged by several processes."""

RULE = """why = "it was wrong"
paths = ["*.py"]
forbid = 'wrong($X)'
replace = 'right($X)'
bad = 'wrong(1)'
good = 'right(1)'
"""

CONTRACT = """[contracts.port]
why = "both speak of one port"
same = ["a.yml :: port", "b.yml :: port"]
"""

# A thread that nobody waits for stays, and shows up at the fork: of several things that are done
# before one, what was registered first is done last.
HARNESS = """
import os, threading
run, start, join = threading.Thread.run, threading.Thread.start, threading.Thread.join
def begun(self):
    self.wanted = threading.Event()
    start(self)
def lingering(self):
    run(self)
    self.wanted.wait(60)
def waited(self, timeout=None):
    self.wanted.set()
    join(self, timeout)
def noted():
    beside = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    with open({note!r}, "a") as file:
        file.write(" ".join(["fork", *beside]) + "\\n")
threading.Thread.run, threading.Thread.start, threading.Thread.join = lingering, begun, waited
os.register_at_fork(before=noted)
from guard.cli import main
main(["docker", "build", "."])
"""


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with a rule and a contract, in which a build has much to judge."""
    folder = tmp_path_factory.mktemp("alone")
    made(folder / "origin.git", "--bare")
    repo = made(folder / "work")
    repo.write("../bin/docker", "#!/bin/sh\n").chmod(0o755)
    files = {f"{n}.py": f"maybe = {n}  # wrong(\n" for n in range(MANY)}
    files |= {f"{n}.js": f"const a = {n};\n" for n in range(MANY)}
    files |= {"Dockerfile": "FROM scratch\n", ".guard/fixes/known.toml": RULE}
    files |= {"guard.toml": CONTRACT, "a.yml": "port: 1\n", "b.yml": "port: 1\n"}
    repo.git("remote", "add", "origin", "../origin.git")
    repo.commit("one", **files)
    repo.git("push", "-q", "-u", "origin", "main")
    return repo


def built(repo: Repo) -> tuple[int, list[list[str]]]:
    """Builds; the exit status, and for each fork the names of the threads beside."""
    note = repo.root.parent / "note"
    note.unlink(missing_ok=True)
    path = f"{repo.root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    harness = HARNESS.format(note=str(note))
    ran = execute(
        *(sys.executable, "-c", harness), cwd=repo.root, PYTHONPATH=str(CHECKOUT), PATH=path
    )
    lines = note.read_text().splitlines() if note.exists() else []
    return ran.status, [line.split()[1:] for line in lines]


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor judges by itself")
def test_nothing_is_forked_beside_a_thread(pushed: Repo) -> None:
    # The first build judges all files, the next none, and one that is refused those that changed.
    status, first = built(pushed)
    assert (status, len(first) > 2) == (0, True), first
    status, again = built(pushed)
    assert (status, len(again)) == (0, 1), again
    for number in range(MANY):
        pushed.write(f"{number}.js", f"const b = {number};\n")
    pushed.commit("two")
    for number in range(MANY):
        pushed.write(f"{number}.js", f"const c = {number};\n")
        pushed.write(f"{number}.py", f"surely = {number}  # wrong(\n")
    status, refused = built(pushed)
    assert (status, len(refused) > 1) == (1, True), refused
    assert [beside for fork in (*first, *again, *refused) for beside in fork] == []


def test_a_fork_waits_for_what_nobody_asked_the_result_of(tmp_path: Path) -> None:
    note = tmp_path / "note"
    later(lambda: later(lambda: (time.sleep(0.2), note.touch())))
    child = os.fork()
    if not child:
        os._exit(not note.exists())
    assert os.waitpid(child, 0)[1] == 0
    assert threading.active_count() == 1


def test_work_does_not_wait_for_itself() -> None:
    assert later(settled)() is None
