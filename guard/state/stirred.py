"""Which tracked files may have been written to since a moment, from what the index remembers."""

from __future__ import annotations

import os
from collections.abc import Sequence

from guard.git import Repository, split
from guard.state.listing import pathspecs
from guard.state.truth import closely


def stirred(repository: Repository, folders: Sequence[str], since: float) -> tuple[str, ...] | None:
    """The paths below `folders` whose inode is not the one that the index remembers.

    Where the index was last written in an earlier second than `since` (seconds since the epoch),
    no other tracked file was touched since, save those that git was told not to look at: the index
    holds the time of each one's last change, in whole seconds at least. None where it was written
    later: then it may remember what is to be found out.

    `diff-files` and not `status`: it names what was touched even where the content is the same.
    """
    try:
        about = os.stat(os.path.join(repository.git_dir, "index"))
    except OSError:
        return None
    if max(about.st_mtime, about.st_ctime) >= int(since):
        return None
    asked = ["diff-files", "--name-only", "-z", "--ignore-submodules=all"]
    return tuple(split(repository.git(*closely(repository, {}), *asked, *pathspecs(folders))))
