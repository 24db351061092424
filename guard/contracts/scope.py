"""Which files a run is about."""

from __future__ import annotations

from guard.snapshot import Snapshot


def touched(snapshot: Snapshot) -> frozenset[str] | None:
    """The paths that a run is about, those that are gone among them; None for all there are.

    A build is about what enters the image and never about all, be it every file there is.
    """
    targets = {file.path for file in snapshot.targets()}
    if snapshot.changes is None:
        every = {path for path, file in snapshot.files().items() if file.is_regular}
        return frozenset(targets) if snapshot.has_state or targets < every else None
    gone = {c.old.path for c in snapshot.changes if c.old is not None and c.status[0] in "DRT"}
    return frozenset(targets | gone)
