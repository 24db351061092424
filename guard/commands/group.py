"""All commands as click knows them: each is imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from guard import __version__
from guard.commands.docker import BUILDERS, through
from guard.commands.terminal import say
from guard.errors import INTERRUPTED, UNDECIDED, nearest

# Module and summary of each subcommand: help needs no import of any of them. One without a
# summary is for programs and not listed.
COMMANDS = {
    "check": "Judge what is staged, a commit, or files.",
    "docker": "Run docker; refuse to build what is not committed and pushed.",
    "contracts": "Declare, discover and show which values must agree across files.",
    "completion": "Print what a shell needs to complete guard's arguments.",
    "doctor": "Say what guard intercepts on this machine, and what is broken.",
    "explain": "Say what a rule or a check means and how to mend what it finds.",
    "fixes": "Record fixes, prove them, learn them from commits, trace them.",
    "hook": "",
    "image": "Say which commit an image or a container is from, and how old that is.",
    "init": "Put guard into a repository or on a machine, and take it out again.",
    "rescue": "List kept work trees, show what they hold, bring their files back.",
    "list": "List the checks, their rules and whether they are on.",
}

COMMANDS |= {name: "" for name in BUILDERS if name not in COMMANDS}


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


class Lazy(click.Group):
    """A group whose subcommands live in `guard.commands`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, from the module of that name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in BUILDERS:
            return door(cmd_name)
        command: click.Command = import_module(f"guard.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The summaries, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted((n, text) for n, text in COMMANDS.items() if text))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the nearest name suggested."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no such command {args[0]!r}; {nearest(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="guard")
def group() -> None:
    """Refuses, in a second, what otherwise costs an afternoon."""


def run(words: Sequence[str]) -> int:
    """Runs a command line; what click itself objects to ends here."""
    try:
        result: Any = group.main(args=list(words), prog_name="guard", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        say("guard: interrupted")
        return INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        return UNDECIDED
