"""What a trace is made of: commits, events, places and the states they are in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from guard.entries import Change
from guard.values import dataclass

HOLDS, MENDED, UNREAD = "holds", "mended", "unread"
"""Among the pieces, and no violations: the file has what some file must; it has what the rule
writes instead of what it forbids; it cannot be parsed."""


class State(StrEnum):
    """What a tree says about a fix."""

    HELD = "held"
    """The fix is in the history, and the tree obeys the rule."""

    LOST = "lost"
    """The fix is in the history, and the tree violates the rule."""

    BEFORE = "before"
    """The tree violates the rule; the fix has not come here yet."""

    ABSENT = "absent"
    """Neither the fix nor the code it is about."""


class Kind(StrEnum):
    """How a commit changed the state."""

    BROUGHT = "brought"
    """It made the fix, or made it again."""

    MERGED = "merged"
    """A merge that carried the fix to a line of history that did not have it."""

    TAKEN = "taken away"
    """It violates the rule and its parent does not."""

    REVERTED = "reverted"
    """Like taken away, by a commit that says it reverts one that brought the fix."""

    DROPPED = "dropped in a merge"
    """A merge of a side with the fix and one without it that kept the one without."""

    INHERITED = "lost through a merge"
    """A merge with a side that had lost the fix before."""

    @property
    def good(self) -> bool:
        """Whether the fix is there after it."""
        return self in (Kind.BROUGHT, Kind.MERGED)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the history walked."""

    id: str
    parents: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    """How its tree differs from that of its first parent; all of it for a root."""

    merge: bool = False
    """Whether it has more than one parent, walked or not."""


@dataclass(frozen=True, slots=True)
class About:
    """What a commit says of itself."""

    author: str = ""
    email: str = ""
    when: str = ""
    """The author's date, ISO 8601 with the offset."""
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A commit that changed the state."""

    kind: Kind
    commit: str
    paths: tuple[str, ...]
    """The files through which it did."""

    cause: int | None = None
    """For a merge, the number of the event that it carried along."""

    deleted: tuple[str, ...] = ()
    """The required files that it deletes."""

    restored: str = ""
    """Where it put a whole file back as it was before the fix: the commit that file is from."""

    about: About = About()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of commits, along first parents, in one state."""

    state: State

    commit: str
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place where the fix may be: a branch, the index, a stash, an image."""

    kind: str
    """`branch`, `remote`, `tag`, `stash`, `kept`, `HEAD`, `index`, `work tree` or `image`."""

    name: str
    """As people write it; empty for the index and the work tree, of which there is one."""

    state: State

    commit: str = ""
    """The commit that it is or comes from."""

    event: int | None = None
    """Number of the event that led to the state; None where no commit did."""

    paths: tuple[str, ...] = ()
    """The files that violate the rule there."""

    stretches: tuple[Stretch, ...] = ()
    """How it came to that, the oldest first; for places with a history."""

    note: str = ""
    """What to know about it besides."""


@dataclass(frozen=True, slots=True)
class Unpushed:
    """A commit with the fix that no remote has."""

    event: int
    """Number of the event that brought it."""

    places: tuple[str, ...]
    """The branches that hold it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that is known about where a fix is and was."""

    id: str
    """The id of the rule."""

    why: str
    """What the rule says of itself."""

    places: tuple[Place, ...]
    events: tuple[Event, ...]
    unpushed: tuple[Unpushed, ...]
    dates: Mapping[str, str]
    """Of each commit that is named: when it was made, ISO 8601."""

    commits: int
    """How many commits were looked at."""

    notes: tuple[str, ...] = ()
    """What could not be looked at."""

    @property
    def lost(self) -> tuple[Place, ...]:
        """The places where the fix is lost."""
        return tuple(place for place in self.places if place.state is State.LOST)
