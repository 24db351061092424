"""The variables that compose takes from a project's `.env`, as far as guard must know them."""

from __future__ import annotations

import os

from guard.docker.context.context import absolute
from guard.docker.line.build import CommandLine


def plain(line: CommandLine, cwd: str) -> dict[str, str]:
    """The plain assignments of the project's `.env`, for the few names that guard needs."""
    given = line.root_last("env-file")
    folder = line.root_last("project-directory") or cwd
    place = absolute(given, cwd) if given else os.path.join(absolute(folder, cwd), ".env")
    try:
        with open(place, encoding="utf-8", errors="surrogateescape") as file:
            pairs = [row.strip().partition("=") for row in file if not row.startswith("#")]
    except OSError:
        return {}
    return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
