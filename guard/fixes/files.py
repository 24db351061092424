"""The rule files of a snapshot: each a file of its own, by a name of its own."""

from __future__ import annotations

from collections.abc import Sequence

from guard.errors import ConfigError
from guard.snapshot import Snapshot


def sound(snapshot: Snapshot, paths: Sequence[str]) -> Sequence[str]:
    """The paths themselves; a ConfigError where one is a symlink, or two have the same name."""
    known: dict[str, str] = {}
    for path, file in sorted(snapshot.find(paths).items()):
        if not file.is_regular:
            raise ConfigError(
                f"{path} is a symlink, and guard reads it as it is committed",
                "put the file itself there",
            )
        name = path.rpartition("/")[2]
        if name in known:
            raise ConfigError(
                f"{path}: there is a fix of that name in {known[name]}", "rename one of them"
            )
        known[name] = path
    return paths
