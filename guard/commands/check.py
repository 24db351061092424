"""`guard check`: the git hook's door and CI's door."""

from __future__ import annotations

import os

import click

from guard.commands.picture import Asked, Picture, take
from guard.commands.progress import watched
from guard.commands.reporting import FORMATS, show
from guard.config import plan
from guard.errors import CLEAN, FINDINGS
from guard.pipeline import Outcome, Plan, run


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("--staged", is_flag=True, help="What is staged, and never the work tree.")
@click.option("--rev", metavar="REV", help="The tree of a commit.")
@click.option("--all", "everything", is_flag=True, help="All tracked files (the default).")
@click.option("--since", metavar="REV", help="Only what a commit (HEAD) changed since REV.")
@click.option("--select", multiple=True, metavar="CHECK", help="Run only this check; repeatable.")
@click.option("--skip", multiple=True, metavar="CHECK", help="Leave this check out; repeatable.")
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
    if since and (staged or everything):
        raise click.UsageError("--since goes with --rev")
    if fix and (rev or since):
        raise click.UsageError("--fix mends files in the work tree: not with --rev or --since")
    asked = Asked(
        paths, staged, everything, rev or ("HEAD" if since else None), since, "tree" in select
    )
    picture = take(asked)
    for note in picture.notes:
        click.echo(f"guard: {note}", err=True)
    planned = plan(picture.snapshot, select, skip)
    outcome = judged(planned, picture)
    if fix:
        picture, outcome = mended(planned, picture, outcome, asked)
    show(outcome, picture.snapshot, planned, form, output, to_stderr=staged and form == "text")
    return FINDINGS if outcome.errors else CLEAN


def judged(planned: Plan, picture: Picture) -> Outcome:
    """The outcome, with a progress bar where it takes long and somebody watches."""
    with watched() as progress:
        return run(planned, picture.snapshot, progress)


def mended(
    planned: Plan, picture: Picture, outcome: Outcome, asked: Asked
) -> tuple[Picture, Outcome]:
    """Applies the repairs, and judges again what lies in the work tree then.

    What is staged stays as it is, and so does the verdict on it: the mended files are named, to
    be looked at and staged.
    """
    from guard import repair

    snapshot = picture.snapshot

    def unchanged(path: str) -> bool:
        file = snapshot.file(path)
        try:
            with open(os.path.join(picture.root, path), "rb") as current:
                return file is not None and current.read() == snapshot.read(file)
        except OSError:
            return False

    count, changed = 0, set[str]()
    while chosen := repair.choose(outcome.findings, unchanged):
        if not count and picture.repository is not None:
            from guard import rescue

            rescue.keep(picture.repository, "before guard check --fix")
        count += len(chosen)
        changed.update(repair.apply(picture.root, chosen))
        if asked.staged or count > 1000:
            break
        picture = take(asked)
        snapshot = picture.snapshot
        outcome = judged(planned, picture)
    if count:
        click.echo(f"guard: mended {count} in {', '.join(sorted(changed))}", err=True)
    if asked.staged and count:
        click.echo("guard: look at them, then stage them: git add -u", err=True)
    left = [f for f in outcome.findings if f.edits and f.ignored is None]
    if left and not asked.staged:
        click.echo(f"guard: {len(left)} could not be mended: repairs overlap", err=True)
    for path in sorted({p for f in left for p in repair.paths(f) if p not in changed}):
        if asked.staged and not unchanged(path):
            click.echo(f"guard: not mended: {path} differs from what is staged", err=True)
    return picture, outcome
