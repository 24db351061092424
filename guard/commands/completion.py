"""`guard completion SHELL`: the script that a shell sources to complete guard's arguments."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from guard.errors import CLEAN, GuardError


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the completion script: eval "$(guard completion bash)"."""
    kind = get_completion_class(shell)
    if kind is None:
        raise GuardError(f"click completes nothing in {shell}")
    for name in ("guard", "treeguard"):
        click.echo(kind(ctx.find_root().command, {}, name, "_GUARD_COMPLETE").source())
    return CLEAN
