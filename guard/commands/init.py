"""`guard init`: puts guard into a repository, and takes it out again."""

from __future__ import annotations

import click

from guard import githooks
from guard.errors import CLEAN


@click.command("init")
@click.option("--git-hooks", is_flag=True, help="The hooks of this repository.")
@click.option("--docker", is_flag=True, help="In front of docker and its like, for this user.")
@click.option("--undo", is_flag=True, help="Take out what the other options put in.")
def command(git_hooks: bool, docker: bool, undo: bool) -> int:
    """Put guard into this repository or before docker, or take it out again with --undo."""
    if not git_hooks and not docker:
        raise click.UsageError("say what to put in place: --git-hooks, --docker")
    if git_hooks:
        in_repository(undo)
    if docker:
        before_docker(undo)
    return CLEAN


def in_repository(undo: bool) -> None:
    """The git hooks of the repository around the current folder, or of that of GIT_DIR."""
    repository = githooks.meant()
    steps = githooks.remove(repository) if undo else githooks.install(repository)
    for step in steps:
        click.echo(f"{step.path}: {step.done}")
    if not steps:
        click.echo("no hook of guard is here")


def before_docker(undo: bool) -> None:
    """The shims and the stand-ins for docker's plugins."""
    from guard.docker.front import install

    machine = install.Machine.here()
    steps = install.remove(machine) if undo else install.install(machine)
    for step in steps:
        click.echo(f"{step.path}: {step.done}")
    if undo:
        if not steps:
            click.echo("guard does not stand before docker")
        return
    if not steps:
        click.echo("guard stands before docker already")
    line = install.missing_on_path(machine)
    if line:
        click.echo("\nput this line into your shell's profile, and type it here:")
        click.echo(f"    {line}")
    click.echo("what is intercepted and what is not: guard doctor")
