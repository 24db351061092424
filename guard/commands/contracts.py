"""`guard contracts`: declare, discover, show and write down which values must agree."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from guard.commands.contracts_place import options_of, place, written
from guard.config import plan
from guard.contracts.values import untold
from guard.errors import CLEAN, FINDINGS, GuardError, nearest

if TYPE_CHECKING:
    from guard.contracts.written import Entry
    from guard.snapshot import Snapshot

FORMATS = ("text", "markdown", "mermaid", "svg", "html", "json")


@click.group("contracts")
def command() -> None:
    """Values that must agree across files: [contracts.NAME] tables in guard.toml."""


def standing(snapshot: Snapshot, names: Sequence[str]) -> list[Entry]:
    """The contracts as they stand today: all of them, or those named."""
    from guard.contracts.places import Files
    from guard.contracts.written import entries

    declared = options_of(snapshot).contracts
    for name in names:
        if name not in declared:
            raise GuardError(f"there is no contract {name!r}", nearest(name, list(declared)))
    if not declared:
        raise GuardError(
            "no contract is declared", "to have some proposed: guard contracts discover"
        )
    chosen = {n: c for n, c in declared.items() if not names or n in names}
    with untold(GuardError):
        return entries(chosen, Files(snapshot))


@command.command("show", short_help="Show every place: a table, or a graph.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--rev", metavar="REV", help="As of a commit.")
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Not to stdout.")
def show(names: tuple[str, ...], form: str, rev: str | None, output: str | None) -> int:
    """Show every configuration dependency: a table, or a graph for a README or a browser."""
    root, snapshot = place(rev)
    found = standing(snapshot, names)
    written(rendered(found, form, os.path.basename(root)), output)
    return CLEAN


def rendered(found: Sequence[Entry], form: str, title: str) -> str:
    """The contracts in one of the formats."""
    from guard.contracts.written import mermaid
    from guard.report import contracts as report

    if form == "json":
        return as_json(found)
    if form == "html":
        return report.page(found, f"Contracts of {title}")
    if form == "svg":
        return report.svg(found) + "\n"
    lines = {"text": report.table, "markdown": report.markdown, "mermaid": mermaid}[form](found)
    return "\n".join(lines) + "\n"


def as_json(found: Sequence[Entry]) -> str:
    """The contracts as one JSON object."""
    import json

    listed = [
        {
            "name": one.name,
            "relation": one.contract.relation.replace("_", "-"),
            "why": one.contract.why,
            "state": one.state,
            "secret": one.secret,
            "places": [
                {"place": row.place, "where": row.where, "says": row.value} for row in one.rows
            ],
        }
        for one in found
    ]
    return json.dumps({"schema": 1, "contracts": listed}, indent=2, ensure_ascii=False) + "\n"


@command.command("check", short_help="Judge the contracts, whatever changed.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--rev", metavar="REV", help="As of a commit.")
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="NAME",
    help="Only the contracts that speak of this compose service; repeatable.",
)
def check(names: tuple[str, ...], rev: str | None, services: tuple[str, ...]) -> int:
    """Judge the contracts: all of them, those named, or those of some services."""
    from guard.commands.reporting import show as report
    from guard.contracts.evaluate import evaluate, of_services
    from guard.contracts.places import Files
    from guard.contracts.services import everywhere
    from guard.pipeline import Outcome

    _, snapshot = place(rev)
    declared = options_of(snapshot).contracts
    for name in names:
        if name not in declared:
            raise GuardError(f"there is no contract {name!r}", nearest(name, list(declared)))
    chosen = {n: c for n, c in declared.items() if not names or n in names}
    files = Files(snapshot)
    with untold(GuardError):
        if services:
            there = sorted({service.name for service in everywhere(files)})
            for name in services:
                if name not in there:
                    hint = nearest(name, there) if there else "no compose file declares a service"
                    raise GuardError(f"there is no service {name!r}", hint)
            chosen = of_services(chosen, services, files)
        found = evaluate(chosen, files)
    planned = plan(snapshot, select=["contracts"])
    outcome = Outcome(tuple(sorted(found, key=lambda f: f.at)), len(files.sources))
    report(outcome, snapshot, planned, "text", None, to_stderr=False)
    return FINDINGS if outcome.errors else CLEAN


@command.command("template", short_help="Write every place down, without secrets.")
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Not to stdout.")
@click.option("--check", "checked", metavar="FILE", type=click.Path(), help="Compare with FILE.")
def template(output: str | None, checked: str | None) -> int:
    """Write a template of the configuration: every place by name, and no secret."""
    from guard.contracts.written import template as made

    _, snapshot = place()
    text = made(standing(snapshot, ()))
    if checked is None:
        written(text, output)
        return CLEAN
    return compared(text, checked)


def compared(text: str, path: str) -> int:
    """Whether the template at `path` is the one that would be written now; says what differs."""
    import tomllib

    try:
        with open(path, encoding="utf-8") as file:
            old = tomllib.loads(file.read())
    except OSError as problem:
        again = f"write it: guard contracts template --output {path}"
        raise GuardError(f"cannot read {path!r}: {problem.strerror}", again) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise GuardError(f"{path!r} is not valid TOML", "write it anew") from None
    new = tomllib.loads(text)
    lines = [
        line for name in {**old, **new} for line in differing(name, old.get(name), new.get(name))
    ]
    for line in lines:
        click.echo(f"{path}: {line}", err=True)
    if lines:
        click.echo(f"  help: guard contracts template --output {path}", err=True)
    return FINDINGS if lines else CLEAN


def differing(name: str, old: object, new: object) -> list[str]:
    """What is different about one contract; a place that should be empty is not quoted."""
    if not isinstance(old, dict):
        return [f"{name} is missing"]
    if not isinstance(new, dict):
        return [f"{name} is no contract any more"]
    lines = [f"{name} lacks {at}" for at in new if at not in old]
    lines += [f"{name} has no place {at} any more" for at in old if at not in new]
    for at, value in new.items():
        if at not in old or old[at] == value:
            continue
        if value in ("", []):
            lines.append(f"{name}: {at} must be left empty: a secret, or known when it runs")
        elif old[at] in ("", []):
            lines.append(f"{name}: {at} is {value}, the template leaves it empty")
        else:
            lines.append(f"{name}: {at} is {value}, the template says {old[at]}")
    return lines


@command.command("discover")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--write", is_flag=True, help="Add them to the configuration: NAMEs, else what holds."
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def discover(names: tuple[str, ...], write: bool, form: str) -> int:
    """Propose contracts for this repository, the surest first. Suggests, and never blocks."""
    from guard.commands.contracts_discover import run

    return run(names, write=write, form=form)
