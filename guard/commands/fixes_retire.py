"""`guard fixes retire`: a rule whose fix was reverted on purpose goes, and git keeps why."""

from __future__ import annotations

import os

import click

from guard.commands.fixes import chosen, place
from guard.errors import CLEAN, GitError
from guard.git import Repository


@click.command("retire")
@click.argument("name", metavar="ID")
def command(name: str) -> int:
    """Take a rule out whose fix is needed no more, as after a deliberate revert.

    Removes its file, as git rm does. Say why in the message of the commit.
    """
    [rule] = chosen([name])
    root, _, _ = place()
    removed = "removed"
    try:
        repository = Repository.find(root)
        known = repository.index([rule.file])
    except GitError:
        known = {}
    if known:
        repository.git("rm", "--quiet", "--force", "--", rule.file)
        removed = "removed, and staged so:"
    else:
        os.remove(os.path.join(root, rule.file))
    click.echo(f"{removed} {rule.file}")
    click.echo(f'next: say why: git commit -m "Retire {rule.name}: …"')
    return CLEAN
