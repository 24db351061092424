"""How an error is told, wherever on the command line it ends."""

from __future__ import annotations

import click


def complain(message: str, hint: str) -> None:
    """An error on stderr: what failed, then what to do."""
    click.secho("guard: error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(message, err=True)
    for number, line in enumerate(hint.splitlines()):
        click.echo(("  help: " if not number else "        ") + line, err=True)
