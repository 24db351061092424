"""`guard hook`: what the installed git hooks call, with the arguments that git gives them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

import click

from guard import sources
from guard.commands.progress import Watching
from guard.commands.reporting import show
from guard.config import plan
from guard.errors import CLEAN, FINDINGS
from guard.git import Repository
from guard.pipeline import run
from guard.snapshot import Snapshot


@click.group("hook", hidden=True)
def command() -> None:
    """What the installed git hooks call."""


@command.command("pre-push")
@click.argument("remote", default="")
@click.argument("url", default="")
def pre_push(remote: str, url: str) -> int:
    """Judge what a push would add to the remote; reads the refs from stdin as git writes them."""
    repository = Repository.find(".", in_hook=True)
    failed = False
    for snapshot in pushed(repository, remote or url):
        planned = plan(snapshot)
        with Watching() as progress:
            outcome = run(planned, snapshot, progress)
        show(outcome, snapshot, planned, "text", None, to_stderr=True)
        failed |= bool(outcome.errors)
    return FINDINGS if failed else CLEAN


def pushed(repository: Repository, remote: str) -> Iterator[Snapshot]:
    """One snapshot for each ref that is pushed: its tip, and what the remote does not have yet.

    Nor what was merged from its main branch and is as it is there: that is pushed already.
    """
    if "PRE_COMMIT_TO_REF" in os.environ:  # pre-commit has read stdin already
        since, tip = os.environ["PRE_COMMIT_FROM_REF"], os.environ["PRE_COMMIT_TO_REF"]
        remote = os.environ.get("PRE_COMMIT_REMOTE_NAME", remote)
        yield sources.revision(repository, tip, since, known=repository.main_line(remote))
        return
    if "PRE_COMMIT_LOCAL_BRANCH" in os.environ:  # the whole history is new
        yield sources.revision(repository, os.environ["PRE_COMMIT_LOCAL_BRANCH"])
        return
    seen = set()
    for line in sys.stdin:
        fields = line.split()
        if len(fields) != 4 or not fields[1].strip("0") or fields[1] in seen:
            continue  # a deleted ref has an id of zeros
        seen.add(fields[1])
        new = repository.missing_from(remote, fields[1])
        if new:
            known = repository.main_line(remote)
            yield sources.revision(repository, fields[1], repository.parent(new[0]), known=known)


@command.command("post-merge")
@click.argument("squashed", default="0")
def post_merge(squashed: str) -> int:
    """Say which known fixes a merge or a pull lost; git has merged by then."""
    if squashed == "1":  # nothing is committed yet: the commit will be judged
        return CLEAN
    repository = Repository.find(".", in_hook=True)
    parents = repository.git("rev-list", "--parents", "-n1", "HEAD").decode().split()[1:]
    return known_fixes(repository, parents, "this merge")


@command.command("post-rewrite")
@click.argument("by", default="")
def post_rewrite(by: str) -> int:
    """Say which known fixes a rebase lost; reads the rewritten commits from stdin as git does."""
    rewritten = [line.split() for line in sys.stdin]
    if by != "rebase" or not rewritten:  # an amended commit was judged when it was made
        return CLEAN
    repository = Repository.find(".", in_hook=True)
    return known_fixes(repository, [rewritten[-1][0]], "this rebase")


def known_fixes(repository: Repository, origins: Sequence[str], cause: str) -> int:
    """Judges HEAD by its own rules, and by those that `origins` had brought and HEAD lacks."""
    from guard import merged
    from guard.check import discover
    from guard.checks.fixes import folder_of
    from guard.pipeline import Outcome, order

    snapshot = sources.revision(repository, "HEAD")
    planned = plan(snapshot, select=["fixes"])
    folder = folder_of(planned.options_of(discover()["fixes"]))
    found = merged.findings(repository, origins, snapshot, folder)
    own = run(planned, snapshot)
    outcome = Outcome(tuple(sorted([*own.findings, *found], key=order)), own.files)
    if not outcome.errors:
        return CLEAN
    show(outcome, snapshot, planned, "text", None, to_stderr=True)
    click.echo(
        f"guard: {cause} lost a known fix; mend it and commit: guard check --all --fix\n"
        "       or go back to where you were: git reset --keep ORIG_HEAD",
        err=True,
    )
    return FINDINGS
