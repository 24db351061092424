"""One thing that one place says."""

from __future__ import annotations

from dataclasses import dataclass

from guard.finding import Location


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """One thing that one place says."""

    kind: str
    """What sort of thing: `published`, `target`, `listens`, `upstream`, `secret`, …."""

    place: str
    """The place, as a contract would name it."""

    path: str
    """Its file."""

    text: str
    """What it says."""

    owner: str = ""
    """The service that it is about."""

    role: str = ""
    """What it is called, or who says it."""

    sure: bool = True
    """Whether it configures something that runs."""

    sure_owner: str = ""
    """The other service that it names."""

    at: Location | None = None
    """Where it stands."""

    @property
    def base(self) -> str:
        """The file that its place names."""
        return self.place.partition(" :: ")[0]
