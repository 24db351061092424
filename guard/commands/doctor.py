"""`guard doctor`: what guard is in front of here, and what needs to be mended."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from guard.commands.terminal import say, style_for
from guard.errors import CLEAN, FINDINGS, GuardError

if TYPE_CHECKING:
    from guard.docker.doctor import Line

WORDS = {"ok": ("green", "✓"), "not": ("yellow", "–"), "bad": ("red", "✗")}


@click.command("doctor")
def command() -> int:
    """Say which commands guard intercepts here and which not, and what is broken.

    Exit status 1 where something needs to be mended.
    """
    from guard.docker.doctor import State, examine
    from guard.docker.front.install import Machine

    style = style_for(sys.stdout)
    broken = False
    for line in (*examine(Machine.here()), *hooks()):
        broken = broken or line.state is State.BAD
        colour, mark = WORDS[line.state]
        say(f"{style(mark, fg=colour)} {line.text}", sys.stdout)
        for text in line.help:
            say(f"    {text}", sys.stdout)
    return FINDINGS if broken else CLEAN


def hooks() -> Iterator[Line]:
    """Whether git still calls the hooks that were put into the repository here."""
    from guard import githooks
    from guard.docker.doctor import Line, State
    from guard.git import lies_in_none

    try:
        found = githooks.standing(githooks.meant())
    except GuardError as problem:
        if not lies_in_none(problem):
            yield Line(State.NOT, f"the repository here could not be asked: {problem.message}")
        return
    for hook in found:
        if hook.called:
            yield Line(State.GOOD, hook.text)
        else:
            yield Line(State.BAD, hook.text, ("guard init --git-hooks",))
