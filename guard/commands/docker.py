"""`guard docker …` and its like: the build gate's door."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from guard.errors import CLEAN, FINDINGS, GuardError

if TYPE_CHECKING:
    from guard.docker.build import CommandLine


class Untouched(click.Command):
    """A command whose words are another program's: click looks at none of them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes every word as it is."""
        ctx.params["words"] = tuple(args)
        return []


def door(name: str) -> click.Command:
    """The command `guard NAME …` for one program."""

    def callback(words: tuple[str, ...]) -> int:
        return through((name, *words))

    return Untouched(
        name=name,
        callback=callback,
        help=f"Run {name}; refuse to build what is not committed and pushed.",
        add_help_option=False,
    )


command = door("docker")


def through(words: Sequence[str]) -> int:
    """Judges a command line and becomes the program it is for, or refuses (exit status 1)."""
    from guard.docker import real
    from guard.docker.commandline import parse

    place = real.behind(words[0])
    lines: Sequence[CommandLine] = ()
    if not os.environ.get(real.PASSED):
        v1 = words[0] == "docker-compose" and real.is_compose_1(place)
        lines = parse(words, v1=v1)
    if lines:
        refused = judged(words, lines)
        if refused:
            return refused
    return real.hand_over(place, words)


def judged(words: Sequence[str], lines: Sequence[CommandLine]) -> int:
    """Prints what the checks say of a build; 0 where it may run, else the exit status."""
    from guard.commands.complaint import complain
    from guard.docker import refusal
    from guard.docker.examine import examine
    from guard.docker.gate import judge

    cwd = os.getcwd()
    try:
        case = examine(lines, cwd)
        verdicts = list(judge(case.scopes, case.findings))
    except GuardError as problem:
        complain(problem.message, problem.hint)
        click.echo(f"guard: blocked: nothing could be decided ({words[0]} did not run)", err=True)
        return problem.status
    for verdict in verdicts:
        for text in refusal.lines(verdict, cwd, click.style):
            click.echo(text, err=True)
    if any(verdict.outcome.errors for verdict in verdicts):
        click.echo(refusal.blocked(verdicts, words), err=True)
        return FINDINGS
    return CLEAN
