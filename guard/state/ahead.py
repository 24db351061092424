"""Begins to ask git what takes longest while it is still worked out what depends on the answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from guard.git import Repository, split
from guard.state import listing, others, remembered, truth
from guard.state.later import later
from guard.values import dataclass

if TYPE_CHECKING:
    from guard.state.remote import Where


@dataclass(frozen=True, slots=True)
class Asked:
    """What git was asked about some folders of a repository."""

    repository: Repository
    """Who was asked, by honest means."""

    limits: Sequence[str]
    """The pathspecs that the questions are limited to; empty for none."""

    settings: truth.Settings
    """The configuration that applies."""

    status: Callable[[], truth.Status]
    """Waits for what `git status` says."""

    entries: Callable[[], listing.Listing]
    """Waits for what stands out in the index."""


TWO = 2
"""With so many processors there is one for each of the two questions."""

BEGUN: list[Asked] = []
"""What was begun and nobody wanted yet: one at most."""


REMOTES: list[tuple[Repository, float, Callable[[], Where]]] = []
"""The same of the remotes: how many seconds they have, and what waits for what is heard."""


def begin(repository: Repository, folders: Sequence[str], settings: truth.Settings) -> None:
    """Asks about `folders` what the next look at a repository will ask."""
    BEGUN[:] = [asked(truth.honest(repository), folders, settings)]


def taken(repository: Repository, folders: Sequence[str]) -> Asked:
    """The answers to come for an honest repository: those begun, where they are about the same.

    Whatever was begun serves the first look after it or none: a later one is to see what is then.
    """
    begun, BEGUN[:] = list(BEGUN), []
    for one in begun:
        if one.repository == repository and one.limits == listing.pathspecs(folders):
            return one
    return asked(repository, folders, truth.settings(repository))


def begin_remotes(repository: Repository, settings: truth.Settings, seconds: float) -> None:
    """Asks the remotes what the next look at a repository will ask, if they have so much time."""
    honest = truth.honest(repository)
    REMOTES[:] = [(honest, seconds, later(lambda: where(honest, settings, seconds)))]


def heard(
    repository: Repository, settings: truth.Settings, live: float | None
) -> Callable[[], Where]:
    """Waits for what the remotes say: asked before, if for the same, else now."""
    begun, REMOTES[:] = list(REMOTES), []
    for one, seconds, told in begun:
        if (one, seconds) == (repository, live):
            return told
    return later(lambda: where(repository, settings, live))


def where(repository: Repository, settings: truth.Settings, live: float | None) -> Where:
    """Where the commit can be had."""
    from guard.state import remote

    return remote.where(repository, settings, truth.branch(repository), live)


def asked(repository: Repository, folders: Sequence[str], settings: truth.Settings) -> Asked:
    """Asks, and does not wait."""
    limits = listing.pathspecs(folders)
    if limits:
        said = repository.begun(*truth.question(repository, settings, folders))
        status = later(lambda: truth.understood(repository, split(said())))
    else:
        status = both(repository, settings)
    return Asked(repository, limits, settings, status, outstanding(repository, folders))


def both(repository: Repository, settings: truth.Settings) -> Callable[[], truth.Status]:
    """Waits for what git says of a whole work tree: of what it tracks, and of all else."""
    asked = truth.question(repository, settings, ["."], tracked=True)
    # By itself git would ask in twenty threads, which keep two processors from the other question.
    calm = ["-c", "core.preloadIndex=false"] if (os.cpu_count() or 1) <= TWO else []
    tracked = repository.begun(*calm, *asked)
    untracked = beside(repository, settings)

    def together() -> truth.Status:
        said = truth.understood(repository, split(tracked()))
        return truth.joined(said, untracked())

    return later(together)


def beside(repository: Repository, settings: truth.Settings) -> Callable[[], truth.Status]:
    """Waits for what git says of all that it does not track in a whole work tree."""
    listed = repository.begun(*others.question(repository, settings))
    known = remembered.known(repository.git_dir)
    return later(lambda: others.understood(repository, settings, listed(), known))


def outstanding(repository: Repository, folders: Sequence[str]) -> Callable[[], listing.Listing]:
    """Waits for what stands out in the index."""
    refs = repository.begun(*listing.REPLACED)
    mark = remembered.checksum(repository.git_dir)
    known = remembered.recalled(repository.git_dir, mark)
    if known is not None:
        found = listing.within(known, folders)
        return lambda: listing.exchanging(repository, found, refs())
    listed = repository.begun(*listing.question(folders))

    def read() -> listing.Listing:
        found = listing.entries(listed())
        if not listing.pathspecs(folders) and mark == remembered.checksum(repository.git_dir):
            remembered.keep(repository.git_dir, mark, found)
        return listing.exchanging(repository, found, refs())

    return later(read)
