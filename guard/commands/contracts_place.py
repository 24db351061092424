"""What the subcommands of `guard contracts` share: where they look and where they write."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from guard.commands.terminal import printable
from guard.config import plan
from guard.errors import GuardError

if TYPE_CHECKING:
    from guard.contracts.declared import Options
    from guard.snapshot import Snapshot


def place(rev: str | None = None) -> tuple[str, Snapshot]:
    """The root and the snapshot: the tracked files as they lie on disk, or a commit."""
    from guard import sources
    from guard.git import Repository

    repository = Repository.find(".")
    if rev is not None:
        return repository.root, sources.revision(repository, rev)
    return repository.root, sources.tracked(repository)


def options_of(snapshot: Snapshot) -> Options:
    """The contracts that the configuration declares."""
    from guard.contracts.declared import Options

    held = plan(snapshot, select=["contracts"]).options.get("contracts", Options())
    assert isinstance(held, Options)
    return held


def written(text: str, output: str | None) -> None:
    """Puts a text where the command line wants it."""
    if output is None:
        click.echo(printable(text, sys.stdout.encoding), nl=False)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except OSError as problem:
        raise GuardError(f"cannot write {output!r}: {problem.strerror}") from None
