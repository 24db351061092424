"""`guard init`: puts guard into a repository, and takes it out again."""

from __future__ import annotations

import click

from guard import githooks
from guard.errors import CLEAN
from guard.git import Repository


@click.command("init")
@click.option("--git-hooks", is_flag=True, help="The hooks of this repository.")
@click.option("--undo", is_flag=True, help="Take out what the other options put in.")
@click.pass_context
def command(ctx: click.Context, git_hooks: bool, undo: bool) -> int:
    """Put guard into this repository, or take it out again with --undo."""
    if not git_hooks:
        raise click.UsageError("say what to put in place: --git-hooks")
    repository = Repository.find(".")
    steps = githooks.remove(repository) if undo else githooks.install(repository)
    for step in steps:
        click.echo(f"{step.path}: {step.done}")
    if not steps:
        click.echo("no hook of guard is here")
    return CLEAN
