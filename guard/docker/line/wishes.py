"""What the user asks of guard itself among the words of a docker command, or by the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from guard.docker.line.build import CommandLine
from guard.errors import GuardError
from guard.values import dataclass, field

EXACT, ALLOW, OFFLINE = "GUARD_EXACT", "GUARD_ALLOW_DIRTY", "GUARD_OFFLINE"
"""What stands for `--exact`, `--allow-dirty` and `--offline`, for scripts and shims."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What guard is to do besides judging."""

    exact: bool = False
    """Whether the build is to be made from the commit itself."""

    reason: str = ""
    """Why a build that is not committed and pushed may pass all the same; empty: it may not."""

    offline: bool = False
    """Whether no remote is to be asked: what was last fetched counts."""

    places: tuple[int, ...] = field(default=(), compare=False)
    """Indexes of the words that said so: guard's own, which the real program must not see."""


def read(words: Sequence[str], env: Mapping[str, str] = os.environ) -> Wishes:
    """The wishes among `words` and in the environment; a GuardError for one without a reason.

    That a word stands where the command's own flags stand is for the caller to say.
    """
    exact, offline = (env.get(name, "") not in ("", "0", "false") for name in (EXACT, OFFLINE))
    reason, given = env.get(ALLOW, ""), False
    places: list[int] = []
    for index, word in enumerate(words):
        if word == "--":
            break
        if word == "--exact":
            exact = True
            places.append(index)
        elif word == "--offline":
            offline = True
            places.append(index)
        elif word == "--allow-dirty" and index not in places:
            reason, given = (words[index + 1] if index + 1 < len(words) else ""), True
            places += [index, index + 1]
        elif word.startswith("--allow-dirty="):
            reason, given = word.partition("=")[2], True
            places.append(index)
    # What names a folder is the context of somebody who gave no reason.
    if given and (not reason.strip() or reason.startswith("-") or os.path.isdir(reason)):
        raise GuardError(
            "--allow-dirty needs a reason, which goes into the image's labels",
            'say why: --allow-dirty "hotfix for the lab, commit follows"',
        )
    if exact and reason:
        raise GuardError(
            "--exact and --allow-dirty exclude each other: what is built from the commit itself "
            "holds no change that is not committed"
        )
    own = tuple(p for p in places if p < len(words))
    return Wishes(exact, reason.strip(), offline, own)


def among(
    words: Sequence[str], parse: Callable[[Sequence[str]], Sequence[CommandLine]]
) -> tuple[tuple[str, ...], Wishes]:
    """The words for the real program, and the wishes that were among them.

    Words are guard's own only where the command builds and its own flags may stand: what
    `docker run IMAGE` or `compose run SERVICE` is given behind those is another program's.
    """
    found = read(words)
    if not found.places:
        return tuple(words), found
    rest = without(words, found.places)
    lines = parse(rest)
    for line in lines:
        if line.verb == "run" and line.operands:
            first = len(words) - len(line.operands)
            if any(place >= first for place in found.places):
                return tuple(words), read(words[:first])
    return (rest, found) if lines else (tuple(words), Wishes())


def without(words: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    """The words that are not guard's own."""
    return tuple(word for index, word in enumerate(words) if index not in places)
