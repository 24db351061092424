"""Divides work over the processors: forked processes take a few pieces at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from guard.errors import GuardError
from guard.workers import dependent, ended, lost, processors, started

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FORKS = hasattr(os, "fork") and sys.platform != "darwin"
"""Whether a process can surely go on in a copy of itself."""

PIECE = 8
"""So few pieces at least are taken at a time."""

WIDE = 4
"""Bytes of a number in the pipe of pieces; a thousand of them fit into any pipe."""

Done = Callable[[Sequence[Any]], list[Any]]


def divided(work: Sequence[Any], done: Done) -> list[Any]:
    """What `done` says of all of `work`, in any order; what it raises here or there is raised.

    Forked, since what is compiled already cannot be sent. The numbers of the pieces lie in a
    pipe, from which whoever is free takes the next.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork")
    size = max(PIECE, len(work) // 1000)
    pieces, full = os.pipe()
    os.write(full, b"".join(n.to_bytes(WIDE, "big") for n in range(0, len(work), size)))
    os.close(full)
    children = []
    try:
        for _ in range(processors() - 1):
            answer, said = context.Pipe(duplex=False)
            about = (said, pieces, size, work, done)
            child = context.Process(target=in_child, args=about, daemon=True)
            started(child.start)
            said.close()
            children.append((child, answer))
        found = share(pieces, size, work, done)
        for child, answer in children:
            found += told(answer)
            child.join()
    except BaseException:
        ended()
        raise
    finally:
        os.close(pieces)
    return found


def told(answer: Connection) -> list[Any]:
    """What a child says of its share; what it raised is raised."""
    try:
        theirs = answer.recv()
    except EOFError:
        raise lost() from None
    if isinstance(theirs, Exception):
        raise theirs
    return list(theirs)


def share(pieces: int, size: int, work: Sequence[Any], done: Done) -> list[Any]:
    """What `done` says of the pieces that nobody else takes out of the pipe."""
    found = []
    while number := os.read(pieces, WIDE):
        start = int.from_bytes(number, "big")
        found += done(work[start : start + size])
    return found


def in_child(said: Connection, pieces: int, size: int, work: Sequence[Any], done: Done) -> None:
    """Runs in a forked process: sends what is said of its share, or what went wrong."""
    dependent()
    try:
        said.send(share(pieces, size, work, done))
    except GuardError as problem:
        said.send(problem)
    except Exception:
        import traceback

        said.send(RuntimeError(traceback.format_exc()))
