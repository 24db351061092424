"""Runs Node as a compiler of many texts: one process for each of ours, ended with it."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence

from guard.javascript import ahead

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "javascript", "v8.js")

PATIENCE = 60
"""Seconds without an answer to a batch after which Node is given up."""


READS = ahead.SUFFIXES
"""Ends of the names of the files it can be asked about."""

EARLY = 20_000
"""From this many bytes on, guard's own reading takes longer than Node takes to start."""


class Node:
    """A Node process, started at the first question; one that fails is not asked again."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._failed = False

    def __call__(self, texts: Sequence[tuple[bytes, Sequence[str]]]) -> Sequence[str]:
        """For each text the first of its goals it compiles as, or the empty string; else nothing.

        Nothing in the texts is run.
        """
        if self._failed:
            return ()
        try:
            process = self._running()
            if process is None:
                return ()
            return self._asked(process, texts)
        except (OSError, ValueError):
            self._failed = True
            self.end()
            return ()

    def _asked(
        self, process: subprocess.Popen[bytes], texts: Sequence[tuple[bytes, Sequence[str]]]
    ) -> Sequence[str]:
        assert process.stdin is not None
        assert process.stdout is not None
        sent = b"".join(
            json.dumps({"goals": list(goals), "bytes": len(text)}).encode() + b"\n" + text
            for text, goals in texts
        )
        late = threading.Timer(PATIENCE, process.kill)
        late.daemon = True
        late.start()
        try:
            # Node reads all of its input before it can block on its answers: they are few bytes.
            process.stdin.write(sent)
            process.stdin.flush()
            answers = [process.stdout.readline() for _ in texts]
        finally:
            late.cancel()
        if not all(answer.endswith(b"\n") for answer in answers):
            raise ValueError("node ended early")
        said = [answer.decode().strip() for answer in answers]
        if any(goal and goal not in goals for goal, (_, goals) in zip(said, texts, strict=True)):
            raise ValueError("this is not what was asked")
        return said

    def _running(self) -> subprocess.Popen[bytes] | None:
        # A process inherited through fork is the parent's.
        if self._process is None or self._pid != os.getpid():
            node = shutil.which("node")
            if node is None:
                self._failed = True
                return None
            self._pid = os.getpid()
            if "multiprocessing.util" in sys.modules:  # worker processes leave atexit out
                from multiprocessing.util import Finalize

                Finalize(None, self.end, exitpriority=1)
            else:
                atexit.register(self.end)
            self._process = subprocess.Popen(
                [node, "--no-warnings", "--experimental-vm-modules", SCRIPT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if k != "NODE_OPTIONS"},
            )
        return self._process

    def start(self) -> None:
        """Starts Node without asking anything yet."""
        try:
            self._running()
        except OSError:
            self._failed = True

    def end(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None and self._pid == os.getpid():
            process.kill()
            process.wait()


def offer() -> None:
    """Makes Node known to what reads JavaScript; it is started when that is worth it."""
    if not ahead.ENGINES:
        ahead.ENGINES.append(Node())


def start_early(size: int) -> None:
    """Starts Node for `size` bytes of JavaScript, which other work will be done before."""
    if size >= EARLY:
        node = Node()
        node.start()
        ahead.ENGINES[:] = [node]
        ahead.UNASKED[0] = ahead.WORTH
