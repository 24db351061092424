"""`guard doctor`: what guard is in front of here, and what needs to be mended."""

from __future__ import annotations

import sys

import click

from guard.commands.terminal import say, style_for
from guard.errors import CLEAN, FINDINGS

WORDS = {"ok": ("green", "✓"), "not": ("yellow", "–"), "bad": ("red", "✗")}


@click.command("doctor")
def command() -> int:
    """Say which commands guard intercepts here and which not, and what is broken.

    Exit status 1 where something needs to be mended.
    """
    from guard.docker.doctor import State, examine
    from guard.docker.install import Machine

    style = style_for(sys.stdout)
    broken = False
    for line in examine(Machine.here()):
        broken = broken or line.state is State.BAD
        colour, mark = WORDS[line.state]
        say(f"{style(mark, fg=colour)} {line.text}", sys.stdout)
        for text in line.help:
            say(f"    {text}", sys.stdout)
    return FINDINGS if broken else CLEAN
