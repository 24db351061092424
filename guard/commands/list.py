"""`guard list`: the checks, their rules, and whether they are on here."""

from __future__ import annotations

import click

from guard import sources
from guard.check import discover
from guard.config import plan
from guard.errors import CLEAN, GitError
from guard.git import Repository
from guard.snapshot import Snapshot


@click.command("list")
def command() -> int:
    """List the checks, their rules and whether they are on."""
    snapshot = here()
    on = {check.name for check in plan(snapshot).checks}
    for name, check in sorted(discover().items()):
        where = "at the docker door" if check.needs_state else "on" if name in on else "off"
        click.echo(f"{name} ({where}): {check.documentation.splitlines()[0]}")
        rules = dict(check.rules)
        if check.declared is not None and name in on:
            rules |= check.declared(snapshot, plan(snapshot).options_of(check))
        for rule, text in sorted(rules.items()):
            click.echo(f"  {rule}: {text.partition(chr(10))[0]}")
    return CLEAN


def here() -> Snapshot:
    """The work tree around the current folder, or nothing where there is no repository."""
    try:
        return sources.tracked(Repository.find("."))
    except GitError:
        return Snapshot.of({})
