"""What is asked once for a whole command: until its build begins, the first answer holds.

So one command is judged, stamped and refused by one and the same commit, and git is not asked for
it again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from guard import sources
from guard.git import Repository
from guard.snapshot import Snapshot
from guard.state.later import later

if TYPE_CHECKING:
    from guard.config import Config

T = TypeVar("T")

ANSWERS: list[dict[Hashable, Callable[[], Any]]] = []
"""One table while a command is judged; none at other times, when nothing is kept."""


@contextmanager
def still() -> Iterator[None]:
    """Keeps answers for as long as this is open."""
    ANSWERS.append({})
    try:
        yield
    finally:
        ANSWERS.pop()


def once(key: Hashable, work: Callable[[], T]) -> T:
    """What `work` returns, or returned for this key before."""
    if not ANSWERS:
        return work()
    if key not in ANSWERS[-1]:
        found = work()
        ANSWERS[-1][key] = lambda: found
    known: T = ANSWERS[-1][key]()
    return known


def committed(repository: Repository) -> Snapshot | None:
    """The commit checked out; None before the first one."""
    head = repository.head
    if head is None:
        return None
    return once(("committed", repository.root, head), lambda: sources.committed(repository, head))


def config(repository: Repository) -> Config:
    """The configuration as it is committed."""
    from guard.check import discover
    from guard.config import Config, load

    commit = committed(repository)
    return load(commit, discover()) if commit else Config()


def early(key: Hashable, work: Callable[[], Any]) -> None:
    """Begins what will be asked for by `key`."""
    if ANSWERS and key not in ANSWERS[-1]:
        ANSWERS[-1][key] = later(work)
