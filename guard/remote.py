"""Where the commit that is checked out can be had: asks the remotes, or what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from guard.git import Repository
from guard.treestate import Remote, Upstream
from guard.truth import Settings


@dataclass(frozen=True, slots=True)
class Where:
    """What is known of the commit with regard to the remotes; the fields are TreeState's."""

    remotes: tuple[Remote, ...] = ()
    on_remotes: tuple[str, ...] = ()
    upstream: Upstream | None = None
    shallow: bool = False


def where(
    repository: Repository, settings: Settings, branch: str | None, live: float | None
) -> Where:
    """Where HEAD can be had, and how it stands to its upstream."""
    names = [k.split(".", 1)[1].rpartition(".")[0] for k in settings if k.startswith("remote.")]
    remotes = tuple(Remote(name) for name in dict.fromkeys(names))
    if repository.head is None:
        return Where(remotes)
    asked = ["for-each-ref", "--format=%(refname:short)", "--contains", repository.head]
    found = repository.git(*asked, "refs/remotes").decode().split()
    return Where(remotes, tuple(found))
