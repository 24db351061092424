"""The command line: imports the subcommand that is called, and ends every error in one place."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from guard import __version__
from guard.commands.complaint import complain
from guard.errors import BUG, INTERRUPTED, UNDECIDED, CheckCrashed, GuardError

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

# Typed as the programs are, behind `guard`: one module is the door for all of them.
BUILDERS = ("docker", "docker-buildx", "docker-compose", "podman", "buildah")
COMMANDS |= {name: "" for name in BUILDERS if name not in COMMANDS}


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
            from guard.commands.docker import door

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
        from guard.errors import nearest

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no such command {args[0]!r}; {nearest(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="guard")
def group() -> None:
    """Refuses, in a second, what otherwise costs an afternoon."""


def main(args: Sequence[str] | None = None) -> None:
    """Runs the command line and exits; every error ends here.

    Exit status: 0 clean, 1 findings or a build refused, 2 nothing decided, 3 a bug, 130 ^C.
    """
    # Cycles are rare here and a run is short: collecting less often saves more than it keeps.
    gc.set_threshold(100_000)
    sys.exit(status(args))


def status(args: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status."""
    try:
        result: Any = group.main(args=args, prog_name="guard", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except GuardError as problem:
        complain(problem.message, problem.hint)
        return problem.status
    except CheckCrashed as crash:
        complain(
            f"{crash}\n{crash.cause}",
            f"this is a bug in guard; until it is mended: --skip {crash.check}",
        )
        return BUG
    except click.exceptions.Abort:
        click.echo("guard: interrupted", err=True)
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        return UNDECIDED
    except BrokenPipeError:
        # Whoever read the output has enough; python must not complain while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception:
        import traceback

        complain(traceback.format_exc(), "this is a bug in guard; please report it")
        return BUG
