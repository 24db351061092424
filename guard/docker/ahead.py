"""Has git begin its work as soon as it is known what is built, while Python imports the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guard.docker import standing
from guard.docker.context import context
from guard.docker.line.build import Build, CommandLine, Frontend, Kind, Tool
from guard.errors import GuardError

if TYPE_CHECKING:
    from guard import git


CONFIGURATION = ("guard.toml", "pyproject.toml")


def begin(lines: Sequence[CommandLine], cwd: str, *, offline: bool) -> None:
    """Asks about the context of a plain build; what goes wrong here is told where it matters.

    Who reads the context is not known yet. Where that makes a difference to what git is asked, and
    for what compose and bake have to say first, this does nothing or is for nothing.
    """
    line = lines[0]
    if line.tool in (Tool.COMPOSE, Tool.COMPOSE_V1) or line.verb == "bake":
        return
    try:
        build = context.builds(line, cwd)[0]
        if build.context.kind is Kind.FOLDER and not build.named:
            ask(build, offline=offline)
    except GuardError:
        return


def ask(build: Build, *, offline: bool) -> None:
    """Asks about the one folder that a build takes its files from."""
    from guard import git, program

    folder = build.context.place
    finding = git.Repository.finding(folder)
    listed = program.begun(("config", "--list", "-z"), cwd=folder)
    # While git looks for the repository:
    from guard.docker.context.scope import across, scope
    from guard.state import ahead, truth

    kind = build.frontend or Frontend.BUILDKIT
    part = scope(folder, build.dockerfile, build.ignore_file, lambda: kind, kind)
    repository, settings = finding(), truth.settled(listed())
    standing.once(("around", folder), lambda: repository)
    standing.once(("settings", repository.root), lambda: settings)
    ahead.begin(repository, across(repository.root, [part]).folders, settings)
    seconds = None if offline else allowed(repository)
    if seconds is not None:
        ahead.begin_remotes(repository, settings, seconds)
    standing.early(("source", repository.root), lambda: source(repository))


def allowed(repository: git.Repository) -> float | None:
    """For how long remotes may be asked; None where the configuration may have a say in it.

    It is understood later, by what takes longer to import than an answer may take to come.
    """
    from guard.tree.rules import Options

    commit = standing.committed(repository)
    try:
        texts = [commit.read(f) for f in commit.find(CONFIGURATION).values()] if commit else []
    except GuardError:
        return None  # that is told where it matters
    said = any(word in text for text in texts for word in (b"live", b"timeout", b"\\"))
    return None if said else Options().timeout


def source(repository: git.Repository) -> str:
    """See `labels.source`."""
    from guard.docker import labels

    return labels.found(repository)
