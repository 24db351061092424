"""Proposes contracts for a repository that declares none: ranked, with the reason for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain

from guard.contracts.discovery.facts import gathered
from guard.contracts.discovery.pairs import Proposal, proposals
from guard.contracts.discovery.stacks import stacks
from guard.contracts.evaluate import evaluate
from guard.contracts.places import Files
from guard.contracts.values import Broken, Missing
from guard.errors import GuardError

MOST_MISSING = 2


def discover(files: Files, progress: Callable[[int, int], None] | None = None) -> list[Proposal]:
    """The proposals, the surest first; those that do not hold before those that do.

    `progress` is told how many of how many files have been read.
    """
    every = stacks(gathered(files, progress), [*files.snapshot.files()])
    found: dict[str, Proposal] = {}
    covered: set[tuple[str, frozenset[str]]] = set()
    for proposal in chain.from_iterable(proposals(facts, files) for facts in every):
        about = proposal.contract
        places = about.relation, frozenset(about.places())
        if places in covered:
            continue
        try:
            findings = evaluate({proposal.name: proposal.contract}, files)
        except (GuardError, Missing, Broken):
            continue  # what cannot be said in guard.toml is not worth proposing
        if any("cannot tell" in finding.message for finding in findings):
            continue
        if about.defined is not None and len(findings) > MOST_MISSING:
            continue  # then most of them come from somewhere that is not written down
        covered.add(places)
        name = free(proposal.name, found)
        found[name] = Proposal(
            name, proposal.contract, proposal.reason, proposal.rank, tuple(findings)
        )
    return sorted(found.values(), key=lambda p: (-p.rank, p.holds, p.name))


def free(name: str, taken: Mapping[str, Proposal]) -> str:
    """A name that no other proposal has."""
    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    number, candidate = 2, name
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    return candidate
