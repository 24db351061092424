"""Has git begin its work as soon as it is known what is built, while Python imports the rest."""

from __future__ import annotations

from collections.abc import Sequence

from guard import state
from guard.docker import context
from guard.docker.build import CommandLine, Frontend, Kind, Tool
from guard.docker.scope import across, around, scope
from guard.errors import GuardError


def begin(lines: Sequence[CommandLine], cwd: str) -> None:
    """Asks about the context of a plain build; what goes wrong here is told where it matters.

    Who reads the context is not known yet. Where that makes a difference to what git is asked, and
    for what compose and bake have to say first, this does nothing or is for nothing.
    """
    line = lines[0]
    if line.tool in (Tool.COMPOSE, Tool.COMPOSE_V1) or line.verb == "bake":
        return
    try:
        build = context.builds(line, cwd)[0]
        if build.context.kind is not Kind.FOLDER or build.named:
            return
        folder = build.context.place
        repository = around(folder)
        if repository is not None:
            kind = build.frontend or Frontend.BUILDKIT
            part = scope(folder, build.dockerfile, build.ignore_file, lambda: kind)
            state.begin(repository, across(repository.root, [part]).folders)
    except GuardError:
        return
