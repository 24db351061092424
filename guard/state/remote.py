"""Where the commit that is checked out can be had: the remotes are asked, else what was fetched."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from guard.git import Repository
from guard.state import ancestry, network
from guard.state.later import later
from guard.state.truth import Settings
from guard.treestate import Remote, Upstream
from guard.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Where:
    """What is known of the commit with regard to the remotes; the fields are TreeState's."""

    remotes: tuple[Remote, ...] = ()
    on_remotes: tuple[str, ...] = ()
    upstream: Upstream | None = None
    shallow: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """What a branch follows, before it is known how it stands."""

    remote: str
    branch: str
    local: str
    """The branch checked out."""
    configured: bool

    def tracking(self, repository: Repository) -> str:
        """The remote-tracking ref, in full; asked of git only where it matters."""
        if self.configured:
            asked = ["for-each-ref", "--format=%(upstream)", f"refs/heads/{self.local}"]
            if found := os.fsdecode(repository.git(*asked)).strip():
                return found
        return f"refs/remotes/{self.remote}/{self.branch}"


class Inquiry:
    """One repository's remotes while they are asked, one stage after the other."""

    def __init__(
        self, repository: Repository, settings: Settings, head: str, until: float | None
    ) -> None:
        """`until` is when to stop waiting, by `time.monotonic`; None asks nobody."""
        self.repository, self.settings, self.head, self.until = repository, settings, head, until
        self.answers: dict[str, network.Answer] = {}
        """By remote: what it said, or why it did not."""

    def left(self) -> float | None:
        """How many seconds are left; None where nobody is to be asked."""
        return None if self.until is None else max(0.05, self.until - time.monotonic())

    def ask(self, names: Iterable[str], *, everything: bool = False) -> None:
        """Asks remotes side by side for their branches and tags, or for all their refs."""
        seconds = self.left()
        if seconds is None:
            return
        waiting = {
            name: later(partial(network.ask, self.repository, name, seconds, everything))
            for name in names
        }
        for name, result in waiting.items():
            answer = result()
            if answer.refs is not None or name not in self.answers:
                self.answers[name] = answer

    def heard(self) -> dict[str, Mapping[str, str]]:
        """The refs of the remotes that answered."""
        return {name: a.refs for name, a in self.answers.items() if a.refs is not None}


def where(
    repository: Repository, settings: Settings, branch: str | None, live: float | None
) -> Where:
    """Where HEAD can be had, and how it stands to its upstream.

    `live` is how many seconds there are to ask remotes; None asks none. Remotes are asked in the
    order in which they are likely to know, and only as long as the question is open.
    """
    names = remotes(settings)
    head = repository.head
    if head is None:
        return Where(tuple(Remote(name) for name in names))
    shallow = ancestry.boundary(repository)
    followed = following(settings, branch, names)
    order = likely(names, settings, branch, followed)
    until = None if live is None else time.monotonic() + live
    inquiry = Inquiry(repository, settings, head, until)
    inquiry.ask(order[:1])
    with network.Elsewhere(repository, head) as elsewhere:
        places = at(inquiry, elsewhere)
        if not places:
            inquiry.ask(order[1:])
            places = at(inquiry, elsewhere)
        if not places and inquiry.heard():
            # What CI checks out may be in no branch and no tag: refs/pull/12/merge.
            inquiry.ask(inquiry.heard(), everything=True)
            places = at(inquiry, elsewhere, equal=True) or below(inquiry, elsewhere, shallow)
        silent = [name for name in order if name not in inquiry.heard()]
        if not places and (silent or not order):
            places = fetched(repository, head, silent, names, shallow)
        upstream = standing(inquiry, elsewhere, followed, shallow)
    when = ancestry.last_fetch(repository)
    return Where(
        tuple(described(name, inquiry, when) for name in order),
        tuple(places),
        upstream,
        bool(shallow),
    )


def remotes(settings: Settings) -> list[str]:
    """The names of the configured remotes."""
    keys = (re.fullmatch(r"remote\.(.+)\.(?:url|fetch)", key, re.DOTALL) for key in settings)
    return list(dict.fromkeys(key[1] for key in keys if key))


def likely(
    names: Sequence[str], settings: Settings, branch: str | None, followed: Following | None
) -> list[str]:
    """The remotes, the one that most likely knows the commit first."""
    first = [followed.remote] if followed else []
    first += [
        settings[key]
        for key in (f"branch.{branch}.pushremote", f"branch.{branch}.remote", "remote.pushdefault")
        if key in settings and settings[key] != "."
    ]
    return list(dict.fromkeys([*first, *(["origin"] if "origin" in names else []), *names]))


def following(settings: Settings, branch: str | None, names: Sequence[str]) -> Following | None:
    """The branch that `branch` follows: as configured, else that of its name on the one remote."""
    if branch is None:
        return None
    remote = settings.get(f"branch.{branch}.remote")
    merge = settings.get(f"branch.{branch}.merge")
    if remote == ".":
        return None  # a branch of this repository: nothing to be behind of
    if remote and merge:
        return Following(remote, merge.removeprefix("refs/heads/"), branch, True)
    guess = settings.get("remote.pushdefault") or ("origin" if "origin" in names else "")
    guess = guess or (names[0] if len(names) == 1 else "")
    return Following(guess, branch, branch, False) if guess else None


def at(inquiry: Inquiry, elsewhere: network.Elsewhere, *, equal: bool = False) -> list[str]:
    """The refs of remotes that answered which are at HEAD, or, failing that, have it below them.

    Only what is known here already is looked at.
    """
    found = [
        named(remote, ref)
        for remote, refs in inquiry.heard().items()
        for ref, oid in refs.items()
        if oid == inquiry.head
    ]
    if found or equal:
        return found[:3]
    return [
        remote
        for remote, refs in inquiry.heard().items()
        if refs and ancestry.holds(elsewhere.repository, refs.values(), inquiry.head)
    ]


def below(inquiry: Inquiry, elsewhere: network.Elsewhere, shallow: frozenset[str]) -> list[str]:
    """The remotes that have HEAD below a branch or tag which moved on since it was fetched.

    Their new commits are fetched into a folder that is thrown away. Where that fails, a commit
    at the edge of a shallow history still came from a remote: nothing else puts it there.
    """
    undecided = False
    for remote, refs in inquiry.heard().items():
        news = [oid for ref, oid in refs.items() if ref.startswith(("refs/heads/", "refs/tags/"))]
        if not elsewhere.fetch(remote, news, inquiry.left()):
            undecided = True
        if ancestry.holds(elsewhere.repository, refs.values(), inquiry.head):
            return [remote]
        undecided |= ancestry.cut(elsewhere.repository, refs.values(), shallow)
    return [*inquiry.heard()][:1] if undecided and inquiry.head in shallow else []


def fetched(
    repository: Repository,
    head: str,
    silent: Sequence[str],
    names: Sequence[str],
    shallow: frozenset[str],
) -> list[str]:
    """Where HEAD was seen when something was last fetched, of remotes that were not heard.

    Remote-tracking refs tell; so do what FETCH_HEAD names, the edge of a shallow history and
    the commit that was cloned, for checkouts that have no such refs.
    """
    # Refs below names that are no remote's (refs/remotes/pull/12/merge) are CI's doing.
    spoken = {name for name in names if name not in silent}
    refs = [
        ref
        for ref in ancestry.tracking(repository, head)
        if not any(ref.startswith(name + "/") for name in spoken)
    ]
    if refs:
        return refs[:3]
    seen = [*ancestry.fetch_head(repository), *ancestry.cloned(repository)]
    if head in shallow or (seen and ancestry.holds(repository, seen, head)):
        return [f"{silent[0]} (as fetched)" if silent else "where it was fetched from"]
    return []


def standing(
    inquiry: Inquiry,
    elsewhere: network.Elsewhere,
    followed: Following | None,
    shallow: frozenset[str],
) -> Upstream | None:
    """How HEAD stands to the branch that the checked out one follows."""
    if followed is None:
        return None
    answer = inquiry.heard().get(followed.remote)
    tip = None if answer is None else answer.get(f"refs/heads/{followed.branch}")
    known = None
    if tip is None:
        known = ancestry.resolve(inquiry.repository, followed.tracking(inquiry.repository))
        tip = known if answer is None else None
    upstream = Upstream(followed.remote, followed.branch, tip, configured=followed.configured)
    if tip is None:
        if not followed.configured:
            return None
        # A remote without any branch is a new one: nothing is gone from it.
        existed = known is not None or (
            any(ref.startswith("refs/heads/") for ref in answer)
            if answer is not None
            else ancestry.any_tracking(inquiry.repository, followed.remote)
        )
        return replace(upstream, existed=existed)
    if tip == inquiry.head:
        return upstream
    repository = inquiry.repository
    if not ancestry.has(repository, tip):
        if not elsewhere.fetch(followed.remote, [tip], inquiry.left()):
            # It is not known what the new commits are, only that HEAD is not the last.
            return replace(upstream, behind=None)
        repository = elsewhere.repository
    ahead, behind = ancestry.apart(repository, inquiry.head, tip)
    if ahead and behind and shallow and not ancestry.related(repository, inquiry.head, tip):
        return replace(upstream, behind=None)
    upstream = replace(upstream, ahead=ahead, behind=behind)
    if ahead and followed.configured:
        places = ancestry.places(inquiry.repository, followed.tracking(inquiry.repository))
        lost = ancestry.dropped(repository, inquiry.head, tip, places)
        upstream = replace(upstream, rewritten=lost)
    return upstream


def described(name: str, inquiry: Inquiry, when: float | None) -> Remote:
    """One remote as TreeState has it."""
    answer = inquiry.answers.get(name)
    return Remote(name, answer.problem if answer else "", answer is not None, when)


def named(remote: str, ref: str) -> str:
    """A ref of a remote for people: `origin/main`, `origin tag v1`."""
    if ref.startswith("refs/heads/"):
        return f"{remote}/{ref.removeprefix('refs/heads/')}"
    return f"{remote} {ref.removeprefix('refs/').removesuffix('^{}').replace('tags/', 'tag ', 1)}"
