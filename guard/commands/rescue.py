"""`guard rescue`: what guard kept before a refusal or a change, and the way back."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from guard import rescue
from guard.errors import CLEAN, FINDINGS, GuardError
from guard.git import Repository
from guard.report.text import shown

SHOWN = 20


@click.group("rescue", no_args_is_help=True)
def command() -> None:
    """Bring back work that was on disk and in no commit.

    Before guard refuses a build, lets one through that it would refuse, or changes a file, it
    keeps the work tree with its untracked files as a commit below refs/guard/.
    """


@command.command("list")
@click.option("--all", "everything", is_flag=True, help=f"Not only the last {SHOWN}.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def listed(everything: bool, form: str) -> int:
    """List what is kept, the newest first."""
    kept = list(rescue.states(Repository.find(".")))
    if form == "json":
        click.echo(json.dumps({"schema": 1, "kept": [described(one) for one in kept]}, indent=1))
        return CLEAN
    for one in kept if everything else kept[:SHOWN]:
        click.echo(line(one))
    if not kept:
        click.echo("nothing is kept", err=True)
    elif len(kept) > SHOWN and not everything:
        click.echo(f"… and {len(kept) - SHOWN} more: guard rescue list --all", err=True)
    return CLEAN


@command.command("show")
@click.argument("state", metavar="ID")
def show(state: str) -> int:
    """Say what one kept work tree has that its commit has not."""
    repository = Repository.find(".")
    kept = rescue.find(repository, state)
    click.echo(line(kept))
    for change in rescue.changes(repository, kept):
        click.echo(f"  {change.status} {shown(change.path)}")
    click.echo(f"to bring them back: guard rescue restore {kept.commit[:10]}", err=True)
    return CLEAN


@command.command("diff")
@click.argument("state", metavar="ID")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def diff(state: str, paths: tuple[str, ...]) -> int:
    """Show how one kept work tree differs from its commit, line by line."""
    repository = Repository.find(".")
    kept = rescue.find(repository, state)
    color = "--color=always" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ""
    asked = ["diff-tree", "-p", "--root", "--no-commit-id", "--no-ext-diff", color or "--no-color"]
    limits = [f":(top,literal){path}" for path in inside(repository, paths)]
    click.echo(repository.git(*asked, kept.commit, "--", *limits), nl=False)
    return CLEAN


@command.command("restore")
@click.argument("state", metavar="ID")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--force", is_flag=True, help="Overwrite; what is overwritten is kept first.")
def restore(state: str, paths: tuple[str, ...], force: bool) -> int:
    """Bring the files back as they were kept: all that differ, or those at PATH.

    Nothing is overwritten that is in no commit, and nothing that a later commit changed: then
    nothing at all is written and the exit status is 1.
    """
    repository = Repository.find(".")
    kept = rescue.find(repository, state)
    done = rescue.restore(repository, kept, inside(repository, paths), force=force)
    if done.blocked:
        click.echo("guard: nothing was restored, since this would be lost:", err=True)
        for path, reason in done.blocked.items():
            click.echo(f"  {shown(path)}: {reason}", err=True)
        again = f"guard rescue restore --force {kept.commit[:10]}"
        click.echo(f"to keep that first and then restore: {again}", err=True)
        return FINDINGS
    for saved in done.saved:
        click.echo(f"kept what was there: guard rescue restore {saved.commit[:10]}", err=True)
    for path in done.written:
        click.echo(f"restored {shown(path)}")
    for path in done.removed:
        click.echo(f"removed {shown(path)}")
    if not done.written and not done.removed:
        click.echo("everything is as it was kept", err=True)
    return CLEAN


def inside(repository: Repository, paths: Sequence[str]) -> list[str]:
    """The paths as seen from the root; a GuardError for one outside the work tree."""
    found = []
    for path in paths:
        # Not the link itself is resolved: it may be what is to be brought back.
        folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
        full = os.path.join(folder, os.path.basename(os.path.abspath(path)))
        relative = os.path.relpath(full, os.path.realpath(repository.root))
        if relative.startswith(".."):
            raise GuardError(f"{path!r} is outside of this repository")
        found.append(relative)
    return found


def line(kept: rescue.Kept) -> str:
    """One state in one line."""
    when = datetime.fromtimestamp(kept.when).astimezone()
    on = kept.base[:10] if kept.base else "no commit"
    return f"{kept.commit[:10]}  {when:%Y-%m-%d %H:%M}  on {on}  {kept.why}"


def described(kept: rescue.Kept) -> dict[str, str | None]:
    """One state for programs."""
    return {
        "id": kept.commit,
        "tree": kept.tree,
        "base": kept.base,
        "when": datetime.fromtimestamp(kept.when, UTC).isoformat(),
        "why": kept.why,
    }
