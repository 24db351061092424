"""Remembers which commits the content checks have passed for which part of them.

A clean tree is its commit, and a commit never changes: looking at all its files again at every
build would only cost time. What git and the remotes say of it is asked anew each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import import_module

from guard import __version__
from guard.git import Repository
from guard.pipeline import Plan

MOST = 500
"""So many passes are remembered for a repository."""


def key(plan: Plan, parts: Iterable[str]) -> str:
    """What stands for one way to look at commits: the checks, their options, the part they see."""
    checks = [(check.name, repr(plan.options_of(check))) for check in plan.checks]
    about = (__version__, checks, plan.exclude, plan.ignores, sorted(parts))
    return digest(repr(about).encode("utf-8", "surrogateescape"))


def digest(text: bytes) -> str:
    """SHA-256 without hashlib, which loads all of OpenSSL for it where Python has its own."""
    for module in ("_sha2", "_sha256", "hashlib"):  # from 3.12 on, in 3.11, without them
        try:
            made: str = import_module(module).sha256(text).hexdigest()
        except ImportError:
            continue
        return made
    raise AssertionError("hashlib is part of Python")


def known(repository: Repository, key: str) -> bool:
    """Whether the commit checked out has passed before."""
    return f"{key} {repository.head}" in _read(repository)


def last(repository: Repository, key: str) -> str | None:
    """The commit that passed last; None where none has."""
    found = [commit for line in _read(repository) for way, _, commit in [line.partition(" ")]
             if way == key]  # fmt: skip
    return found[-1] if found else None


def remember(repository: Repository, key: str) -> None:
    """Writes a pass down; where that is not possible, it is looked at again the next time."""
    lines = [*_read(repository), f"{key} {repository.head}"][-MOST:]
    place = _place(repository)
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        temporary = f"{place}.{os.getpid()}"
        with open(temporary, "w", encoding="ascii") as file:
            file.write("".join(f"{line}\n" for line in lines))
        os.replace(temporary, place)
    except OSError:
        return


def _read(repository: Repository) -> list[str]:
    try:
        with open(_place(repository), encoding="ascii", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _place(repository: Repository) -> str:
    return os.path.join(repository.common_dir, "guard", "passed")
