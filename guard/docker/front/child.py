"""Runs the real program as a child so faithfully that nobody can tell it from the program itself.

A build is checked again when it is done, so guard must outlive it. The child stays in guard's
process group and on its terminal: job control, `^C` and `^Z` reach both at once, as they reach one.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

from guard.errors import GuardError
from guard.state.later import settled

HANDED_ON = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1,
             signal.SIGUSR2)  # fmt: skip
"""Signals that mean the program and not guard."""

TWICE = 1.0
"""Seconds in which the same signal is handed on once: whoever signals a whole process group
reaches the child himself, and docker takes a third signal for despair."""

FROM_THE_KERNEL = 0x80
"""The si_code of a signal that the terminal sent: the child has it, too."""

PR_SET_PDEATHSIG = 1


def run(
    place: str,
    words: Sequence[str],
    env: Mapping[str, str],
    *,
    stdin: int | None = None,
    feed: Callable[[BinaryIO], None] | None = None,
) -> int:
    """Runs the program at `place` and returns the status that a shell would see.

    `stdin` is a descriptor that becomes its standard input; `feed` writes to it instead. Ends guard
    by the same signal where a signal ended the program. What `feed` raises is raised in the end.
    """
    if not os.access(place, os.X_OK):
        raise GuardError(f"cannot run {place}: it is not executable")
    settled()
    sys.stdout.flush()
    sys.stderr.flush()
    die = dying_with(os.getpid())
    ends = os.pipe2(os.O_CLOEXEC) if feed is not None else None
    # Blocked, so that each is taken up by the wait below, and none between fork and exec is lost.
    ignored = {s for s in HANDED_ON if signal.getsignal(s) is signal.SIG_IGN}
    awaited = {s for s in HANDED_ON if s not in ignored} | {signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    child = os.fork()
    if not child:
        become(place, words, env, ends[0] if ends else stdin, before, die)
    try:
        fault = None
        if ends is not None and feed is not None:
            os.close(ends[0])
            fault = feeding(feed, ends[1])
        status = waited(child, awaited)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if os.WIFSIGNALED(status):
        end_like(os.WTERMSIG(status))
    if fault is not None and (problem := fault()) is not None:
        raise problem
    return os.waitstatus_to_exitcode(status)


def become(
    place: str,
    words: Sequence[str],
    env: Mapping[str, str],
    stdin: int | None,
    mask: set[signal.Signals] | set[int],
    die: Callable[[], None],
) -> None:
    """The child: turns into the program, or ends with 127.

    Nothing is imported here: another thread may have held the lock for that when this was forked.
    """
    try:
        if stdin is not None:
            os.dup2(stdin, 0)
        die()
        # Python ignores these for itself, and a program would inherit that.
        for own in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(own, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.execve(place, list(words), dict(env))
    except BaseException as problem:
        os.write(2, f"guard: error: cannot run {place}: {problem}\n".encode(errors="replace"))
    finally:
        os._exit(127)


def dying_with(parent: int) -> Callable[[], None]:
    """What a child does to be ended when guard is killed: nobody else could end it then."""
    import ctypes

    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def die() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(137)

    return die


def feeding(feed: Callable[[BinaryIO], None], end: int) -> Callable[[], BaseException | None]:
    """Starts to write to the child's stdin; the answer waits for the end and says what failed."""
    import threading

    faults: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(end, "wb", buffering=1 << 16) as pipe:
                feed(pipe)
        except BrokenPipeError:
            pass  # the program wants no more, and says why
        except BaseException as problem:
            faults.append(problem)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()

    def outcome() -> BaseException | None:
        thread.join()
        return faults[0] if faults else None

    return outcome


def waited(child: int, awaited: set[signal.Signals]) -> int:
    """The wait status of the child once it has ended; signals are handed on until then."""
    last: dict[int, float] = {}
    while True:
        # Not for ever: a thread of somebody else's may have taken the news of the child's end.
        info = signal.sigtimedwait(awaited, 1.0)
        if info is not None and info.si_signo != signal.SIGCHLD:
            now = time.monotonic()
            if info.si_code < FROM_THE_KERNEL and now - last.get(info.si_signo, -TWICE) >= TWICE:
                last[info.si_signo] = now
                os.kill(child, info.si_signo)
            continue
        # One SIGCHLD may stand for several changes.
        while True:
            pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
            if pid != child:
                break
            if not os.WIFSTOPPED(status):
                return status
            # It stopped, so its shell must see guard stop; `fg` wakes the whole group.
            os.kill(os.getpid(), signal.SIGSTOP)


def end_like(number: int) -> None:
    """Ends guard by the signal that ended the program."""
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])
    # A core of guard's would be no help to anybody.
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    os.kill(os.getpid(), number)
    os._exit(128 + number)
