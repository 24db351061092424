"""Builds from a git URL: is what the remote has there what the user has here."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

from guard.docker.labels import public
from guard.errors import GitError
from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.git import Repository
from guard.program import run
from guard.values import dataclass

PATIENCE = 10.0
"""Seconds until a remote that does not answer is given up."""

COMMIT = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True)
class Address:
    """A git URL as builders write it, taken apart."""

    url: str
    """What git would clone."""

    ref: str = ""
    """A branch, tag or commit; empty for the remote's HEAD."""

    folder: str = ""
    """The folder in it that is the context; empty for its root."""


def address(given: str) -> Address:
    """The parts of `URL#ref:folder`, or of `URL?ref=…&subdir=…`."""
    url, _, fragment = given.partition("#")
    ref, _, folder = fragment.partition(":")
    url, _, query = url.partition("?")
    for key, _, value in (part.partition("=") for part in query.split("&")):
        if key in ("ref", "branch", "tag", "commit", "checksum") and not ref:
            ref = value
        elif key == "subdir":
            folder = value
    if url.startswith("github.com/"):
        url = "https://" + url
    return Address(url, ref, folder.strip("/"))


def same(one: str, other: str) -> bool:
    """Whether two URLs mean one repository, whatever the protocol."""
    return plain(one) == plain(other)


def plain(url: str) -> str:
    """A URL without protocol, user, port, `.git` and slashes at its end."""
    if (scp := re.fullmatch(r"(?:[^@/]+@)?([^:/]+):(?!//)(.*)", url)) is not None:
        url = f"{scp[1]}/{scp[2]}"
    url = re.sub(r"^[a-z+]+://", "", url)
    url = re.sub(r"^[^@/]*@", "", url)
    url = re.sub(r"^([^/:]+):\d+/", r"\1/", url)
    return url.rstrip("/").removesuffix(".git").rstrip("/").lower()


def findings(given: str, repository: Repository) -> Iterator[Finding]:
    """What is wrong with building from a URL that is a remote of this repository.

    A URL of another repository has nothing to do with what is here.
    """
    if not is_here(given, repository):
        return
    where = address(given)
    shown = public(where.url)
    try:
        tip = resolved(where, repository)
    except GitError as problem:
        yield Finding(
            "tree/remote-unreachable",
            f"the remote {shown} could not be asked what it has: {problem.message}",
            Location(REPOSITORY),
            severity=Severity.WARNING,
        )
        return
    name = where.ref or "HEAD"
    if tip is None:
        yield Finding(
            "tree/remote-differs",
            f"{shown} has no {name}",
            Location(REPOSITORY),
            hint=f"push it first, or see what there is: git ls-remote {shown}",
        )
    elif repository.head is None or not repository.head.startswith(tip):
        here = (repository.head or "nothing")[:10]
        yield Finding(
            "tree/remote-differs",
            f"{name} of {shown} is {tip[:10]}, and you have {here} here",
            Location(REPOSITORY),
            hint="push what you have, or pull what is there: git pull",
        )


def is_here(given: str, repository: Repository) -> bool:
    """Whether a URL is one of the repository's remotes."""
    url = address(given).url
    return any(same(known, url) for known in urls(repository))


def urls(repository: Repository) -> list[str]:
    """The URLs of the configured remotes."""
    asked = repository.git("config", "--get-regexp", r"^remote\..*\.(url|pushurl)$", accept=(0, 1))
    return [line.split(" ", 1)[1] for line in os.fsdecode(asked).splitlines() if " " in line]


def resolved(where: Address, repository: Repository) -> str | None:
    """The commit that the remote has there; None where it has none of that name."""
    asked = ["ls-remote", "--", where.url]
    try:
        said = run(asked, cwd=repository.root, env=repository.env, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise GitError(f"no answer in {PATIENCE:.0f} s") from None
    answer = os.fsdecode(said)
    tips = {ref: oid for oid, _, ref in (line.partition("\t") for line in answer.splitlines())}
    ref = where.ref or "HEAD"
    # Docker's own example is `#pull/42/head`.
    heads, tags = f"refs/heads/{ref}", f"refs/tags/{ref}"
    for name in (ref, heads, f"{tags}^{{}}", tags, f"refs/{ref}"):
        if name in tips:
            return tips[name]
    if COMMIT.fullmatch(ref):
        # A commit by its id: what is here either is that one or is not.
        return ref
    return None
