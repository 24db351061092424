"""`guard fixes retire`: a rule whose fix was reverted on purpose goes, and git keeps why."""

from __future__ import annotations

import os

import click

from guard.commands.fixes import file_of, files, place
from guard.errors import CLEAN, GitError
from guard.fixes.rule import paths_of
from guard.git import Repository


@click.command("retire")
@click.argument("name", metavar="ID")
def command(name: str) -> int:
    """Take a rule out whose fix is needed no more, as after a deliberate revert.

    Removes its file, as git rm does. Say why in the message of the commit.
    """
    root, folder, snapshot = place()
    target = file_of(name, files(paths_of(snapshot, folder)))  # not read: it may be broken
    removed = "removed"
    try:
        repository = Repository.find(root)
        known = repository.index([target])
    except GitError:
        known = {}
    if known:
        repository.git("rm", "--quiet", "--force", "--", target)
        removed = "removed, and staged so:"
    else:
        os.remove(os.path.join(root, target))
    click.echo(f"{removed} {target}")
    click.echo(f'next: say why: git commit -m "Retire fix/{name.removeprefix("fix/")}: …"')
    return CLEAN
