"""`guard image`: which commit an image or a container is from, and how old that is by now."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from guard.commands.terminal import say, style_for
from guard.docker.age import Age, Distance, History, commits, short
from guard.docker.front.engine import Engine
from guard.errors import CLEAN, FINDINGS, GitError
from guard.git import Repository, lies_in_none
from guard.report.text import Style

FORMATS = ("text", "json")


@click.group("image")
def command() -> None:
    """Say which commit an image is from, and whether that is still the code here."""


@command.command("show")
@click.argument("names", nargs=-1, required=True, metavar="IMAGE|CONTAINER...")
@click.option("--rev", default="HEAD", show_default=True, help="The commit to compare with.")
@click.option("--offline", is_flag=True, help="Do not ask the remote where its branch stands.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def show(names: tuple[str, ...], rev: str, offline: bool, form: str) -> int:
    """Say which commit each IMAGE or CONTAINER is from, and how far that is from here.

    Outside of any repository what its labels say is all there is to say.
    """
    from guard.docker.age import subjects

    try:
        past = history(rev, offline)
    except GitError as problem:
        if not lies_in_none(problem):
            raise
        note = ("there is no repository here to compare it with",)
        report([Age(s, None, None, (), notes=note) for s in subjects(engine(), names)], form)
        return CLEAN
    report([past.age(subject) for subject in subjects(engine(), names)], form)
    return CLEAN


@command.command("check")
@click.argument("names", nargs=-1, metavar="[IMAGE|CONTAINER]...")
@click.option("--project", "-p", metavar="NAME", help="The containers of this compose project.")
@click.option("--rev", default="HEAD", show_default=True, help="The commit to compare with.")
@click.option("--offline", is_flag=True, help="Do not ask the remote where its branch stands.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def check(names: tuple[str, ...], project: str | None, rev: str, offline: bool, form: str) -> int:
    """Exit with 1 where an IMAGE or a CONTAINER is not from the commit here.

    Without names: what the compose file here builds, and the containers of the compose projects
    that were started from this repository.
    """
    from guard.docker import age, projects

    asked, past = engine(), history(rev, offline)
    if names:
        found = age.subjects(asked, names)
    else:
        found = projects.subjects(asked, past, project, os.getcwd())
    ages = [past.age(subject) for subject in found]
    report(ages, form)
    return FINDINGS if any(age.stale for age in ages) else CLEAN


def engine() -> Engine:
    """The engine that docker itself would talk to."""
    from guard.docker.front.real import program

    return Engine((program("docker"),))


def history(revision: str, offline: bool) -> History:
    """The repository around the current folder, to compare with."""
    return History(Repository.find("."), revision, offline=offline)


def report(ages: Sequence[Age], form: str) -> None:
    """Prints the answer."""
    if form == "json":
        stale = sum(age.stale for age in ages)
        summary = {"images": len(ages), "stale": stale}
        listed = {"schema": 1, "images": [plain(a) for a in ages], "summary": summary}
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    style = style_for(sys.stdout)
    for age in ages:
        for line in told(age, style):
            say(line, sys.stdout)


def plain(age: Age) -> dict[str, Any]:
    """One answer as JSON has it."""
    subject, stamp = age.subject, age.subject.stamp
    dirt = None
    if stamp.dirt is not None:
        dirt = {
            "reason": stamp.dirt.reason,
            "digest": stamp.dirt.digest or None,
            "kept": stamp.dirt.kept or None,
        }
    return {
        "name": subject.name,
        "kind": subject.kind,
        "service": subject.service or None,
        "project": subject.project or None,
        "running": subject.running,
        "image": subject.image,
        "image_id": subject.image_id,
        "revision": stamp.revision or None,
        "source": stamp.source or None,
        "created": stamp.created or None,
        "dirty": dirt,
        "head": far(age.head),
        "upstream": far(age.upstream),
        "superseded_by": subject.superseded or None,
        "stale": age.stale,
        "reasons": list(age.reasons),
        "notes": list(age.notes),
    }


def far(distance: Distance | None) -> dict[str, Any] | None:
    """A distance as JSON has it."""
    if distance is None:
        return None
    return {
        "name": distance.name,
        "commit": distance.commit,
        "ahead": distance.ahead,
        "behind": distance.behind,
        "missing": list(distance.missing),
    }


def told(age: Age, style: Style) -> Iterator[str]:
    """One answer as text."""
    subject, stamp = age.subject, age.subject.stamp
    state = ("running" if subject.running else "stopped") + " container"
    what = state if subject.kind == "container" else "image"
    word = style("stale", fg="red") if age.stale else style("current", fg="green")
    word = word if age.stale or age.head is not None else "not compared"
    yield f"{style(subject.name, bold=True)}: {what}, {word}"
    yield f"  image    {subject.image} ({short(subject.image_id)})"
    if stamp.revision:
        yield f"  commit   {stamp.revision[:10]} {age.title}".rstrip()
    if stamp.source:
        yield f"  source   {stamp.source}"
    if stamp.created:
        yield f"  built    {stamp.created}"
    if stamp.dirt is not None:
        word = "dirty   " if stamp.dirt.digest else "allowed "
        yield f"  {word} {stamp.dirt.reason}" + f" ({stamp.dirt.digest[:19]})" * bool(
            stamp.dirt.digest
        )
        if stamp.dirt.kept:
            yield f"  kept     guard rescue show {stamp.dirt.kept[:10]}"
    for distance in (age.head, age.upstream):
        if distance is not None:
            yield f"  {distance.name:<8} {where(distance)}"
    for note in age.notes:
        yield f"  note     {note}"
    for reason in age.reasons:
        lists = age.head is not None and "behind" in reason
        yield f"  {style(reason, fg='red')}" + (":" if lists else "")
        if lists and age.head is not None:
            yield from (f"    {line}" for line in age.head.missing)
            more = age.head.behind - len(age.head.missing)
            if more > 0:
                yield f"    … and {more} more"


def where(distance: Distance) -> str:
    """`the same commit`, `3 commits behind`, `2 commits behind and 1 commit ahead`."""
    parts = []
    if distance.behind:
        parts.append(f"{commits(distance.behind)} behind")
    if distance.ahead:
        parts.append(f"{commits(distance.ahead)} ahead")
    return " and ".join(parts) or "the same commit"
