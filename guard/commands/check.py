"""`guard check`: the git hook's door and CI's door."""

from __future__ import annotations

import click

from guard.commands.judging import judge
from guard.commands.picture import Asked, Wanted
from guard.commands.reporting import FORMATS


def checks(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """The names of checks that complete what is typed."""
    from guard.check import discover

    return [name for name in discover() if name.startswith(begun)]


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("--staged", is_flag=True, help="What is staged, and never the work tree.")
@click.option("--rev", metavar="REV", help="The tree of a commit.")
@click.option("--all", "everything", is_flag=True, help="All tracked files (the default).")
@click.option("--since", metavar="REV", help="Only what a commit (HEAD) changed since REV.")
@click.option(
    "--select",
    multiple=True,
    metavar="CHECK",
    help="Run only this check; repeatable.",
    shell_complete=checks,
)
@click.option(
    "--skip",
    multiple=True,
    metavar="CHECK",
    help="Leave this check out; repeatable.",
    shell_complete=checks,
)
@click.option("--fix", is_flag=True, help="Apply the repairs to the files in the work tree.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there.")
def command(
    paths: tuple[str, ...],
    staged: bool,
    rev: str | None,
    everything: bool,
    since: str | None,
    select: tuple[str, ...],
    skip: tuple[str, ...],
    fix: bool,
    form: str,
    output: str | None,
) -> int:
    """Judge what is staged, a commit, or the files at PATH (which may be in no repository).

    Exit status: 0 clean, 1 findings, 2 nothing decided, 3 a bug in guard.
    """
    if staged + everything + (rev is not None) > 1:
        raise click.UsageError("--staged, --rev and --all exclude each other")
    for option, given in (("--rev", rev), ("--since", since)):
        if given == "":
            raise click.UsageError(f"{option} is empty: which commit is meant?")
    if since and (staged or everything):
        raise click.UsageError("--since goes with --rev")
    if fix and (rev or since):
        raise click.UsageError("--fix mends files in the work tree: not with --rev or --since")
    asked = Asked(
        paths, staged, everything, rev or ("HEAD" if since else None), since, "tree" in select
    )
    return judge(asked, Wanted(select, skip, fix, form, output))
