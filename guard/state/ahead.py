"""Begins to ask git what takes longest while it is still worked out what depends on the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guard.git import Repository, split
from guard.state import listing, truth
from guard.state.later import later


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


BEGUN: list[Asked] = []
"""What was begun and nobody wanted yet: one at most."""


def begin(repository: Repository, folders: Sequence[str]) -> None:
    """Asks about `folders` what the next look at a repository will ask."""
    BEGUN[:] = [asked(truth.honest(repository), folders)]


def taken(repository: Repository, folders: Sequence[str]) -> Asked:
    """The answers to come for an honest repository: those begun, where they are about the same.

    Whatever was begun serves the first look after it or none: a later one is to see what is then.
    """
    begun, BEGUN[:] = list(BEGUN), []
    for one in begun:
        if one.repository == repository and one.limits == listing.pathspecs(folders):
            return one
    return asked(repository, folders)


def asked(repository: Repository, folders: Sequence[str]) -> Asked:
    """Asks, and does not wait."""
    settings = truth.settings(repository)
    status = repository.begun(*truth.question(repository, settings, folders))
    entries = repository.begun(*listing.question(folders))
    return Asked(
        repository,
        listing.pathspecs(folders),
        settings,
        later(lambda: truth.understood(repository, split(status()))),
        later(lambda: listing.entries(repository, entries())),
    )
