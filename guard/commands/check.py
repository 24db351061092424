"""`guard check`: the git hook's door and CI's door."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from guard import sources
from guard.config import plan
from guard.errors import CLEAN, FINDINGS, GitError, GuardError
from guard.git import Repository
from guard.pipeline import Outcome, Plan, run
from guard.snapshot import Snapshot

FORMATS = ("text", "json", "sarif", "github")


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("--staged", is_flag=True, help="What is staged, and never the work tree.")
@click.option("--rev", metavar="REV", help="The tree of a commit.")
@click.option("--all", "everything", is_flag=True, help="All tracked files (the default).")
@click.option("--since", metavar="REV", help="With --rev: only what changed since REV.")
@click.option("--select", multiple=True, metavar="CHECK", help="Run only this check; repeatable.")
@click.option("--skip", multiple=True, metavar="CHECK", help="Leave this check out; repeatable.")
@click.option("--fix", is_flag=True, help="Apply the repairs to the files in the work tree.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Not to stdout.")
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
    """Judge what is staged, a commit, or the files at PATH (which may be in no repository)."""
    if staged + everything + (rev is not None) > 1:
        raise click.UsageError("--staged, --rev and --all exclude each other")
    if since and rev is None:
        rev = "HEAD"
    snapshot, _root = pictured(paths, staged, rev, since)
    planned = plan(snapshot, select, skip)
    outcome = run(planned, snapshot)
    show(outcome, snapshot, planned, form, output, err=staged)
    return FINDINGS if outcome.errors else CLEAN


def pictured(
    paths: Sequence[str], staged: bool, rev: str | None, since: str | None
) -> tuple[Snapshot, str]:
    """The snapshot that the arguments ask for, and the folder its paths are relative to."""
    for path in paths:
        if not os.path.lexists(path) and not (staged or rev):
            raise GuardError(f"there is no file {path!r}")
    try:
        start = Path(paths[0]) if paths and not (staged or rev) else Path()
        start = start if start.is_dir() else start.parent
        repository = Repository.find(start, in_hook=staged)
    except GitError:
        if not paths or staged or rev:
            raise
        return outside(paths)
    if staged:
        snapshot = sources.staged(repository)
    elif rev is not None:
        snapshot = sources.revision(repository, rev, since)
    else:
        snapshot = sources.tracked(repository)
    if paths:
        wanted = [os.path.relpath(os.path.realpath(p), repository.root) for p in paths]
        inside = [
            file.path
            for file in snapshot.targets()
            if any(w == "." or file.path == w or file.path.startswith(w + "/") for w in wanted)
        ]
        snapshot = snapshot.narrowed(inside)
    return snapshot, repository.root


def outside(paths: Sequence[str]) -> tuple[Snapshot, str]:
    """Files and folders that are in no repository."""
    from guard.git import walk

    root = os.path.commonpath([os.path.abspath(p) for p in paths])
    root = root if os.path.isdir(root) else os.path.dirname(root)
    files = []
    for path in paths:
        below = [os.path.join(path, f) for f in walk(path)] if os.path.isdir(path) else [path]
        files += [os.path.relpath(os.path.abspath(f), root) for f in below]
    return sources.folder(root, files), root


def show(
    outcome: Outcome, snapshot: Snapshot, planned: Plan, form: str, output: str | None, err: bool
) -> None:
    """Prints the report, to stderr for a hook, or writes it to a file."""
    from guard.report.text import render

    def text(path: str) -> str | None:
        file = snapshot.file(path)
        return snapshot.text(file) if file is not None and file.is_regular else None

    for line in render(outcome, text, click.style):
        click.echo(line, err=err)
