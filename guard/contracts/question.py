"""One contract being judged: its values, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guard.contracts.declared import Contract
from guard.contracts.place import Place, parsed
from guard.contracts.places import Files
from guard.contracts.values import Value
from guard.finding import Edit, Finding, Location

SHORT = 60


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """One value and the place that a contract names it by."""

    place: Place
    """As the contract names it."""

    value: Value
    """What is held there."""


@dataclass(slots=True)
class Question:
    """One contract being judged."""

    name: str
    """Its name."""

    contract: Contract
    """What it says."""

    files: Files
    """Where the values come from."""

    secret: bool = False
    """Whether its values are shown to nobody."""

    def held(self, places: Sequence[str]) -> list[Held]:
        """The values at some places; notes whether any of them is secret."""
        found = []
        for written in places:
            place = parsed(written)
            found += [Held(place, value) for value in self.files.values(place)]
        found = [h for h in found if h.value.text not in self.contract.ignore]
        self.secret = (
            self.secret
            or self.contract.secret
            or any(h.place.secret or h.value.secret for h in found)
        )
        return found

    def finding(
        self,
        message: str,
        at: Location,
        related: Sequence[Location] = (),
        edits: Sequence[Edit] = (),
    ) -> Finding:
        """A finding of this contract: why it matters behind what is wrong."""
        hints = [self.contract.why.strip()]
        hints.append(self.contract.shows or f"guard contracts show {self.name}")
        return Finding(
            f"contract/{self.name}",
            message,
            at,
            hint="\n".join(hints),
            symbol=self.name,
            related=tuple(related),
            edits=() if self.secret else tuple(edits),
            secret=self.secret,
        )

    def says(self, value: Value) -> str:
        """What stands at a place, for a message; of a secret only that it stands there."""
        return "holds the secret" if self.secret else f"says {shown(value.text)}"

    def undecided(self, held: Sequence[Held]) -> Finding | None:
        """The finding for a value that cannot be known from the files; None where all can."""
        open_ends = [h for h in held if h.value.unresolved]
        if not open_ends:
            return None
        first = open_ends[0]
        return self.finding(
            f"cannot tell what {first.place.written} is: {first.value.unresolved}",
            first.value.at,
            [h.value.at for h in open_ends[1:]],
        )


def shown(text: str) -> str:
    """A value for a message."""
    text = text if text.isprintable() else text.encode("unicode_escape").decode()
    return (text[: SHORT - 1] + "…" if len(text) > SHORT else text) or "nothing"


def noted(at: Location, note: str) -> Location:
    """A location with a note."""
    return Location(at.path, at.line, at.column, at.end_line, at.end_column, note)


def where(value: Value) -> str:
    """`path:line` of a value."""
    at = value.at
    return f"{at.path}:{at.line}"
