"""`guard contracts discover`: proposes contracts, and adds those that are wanted."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from guard.commands.contracts_place import options_of, place, written
from guard.commands.progress import Watching
from guard.config import FILE, SHARED_FILE
from guard.contracts.declared import Contract
from guard.contracts.discovery.discover import discover as proposed
from guard.contracts.discovery.pairs import Proposal
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.tomltext import declaration
from guard.contracts.values import Broken, Missing, untold
from guard.errors import CLEAN, ConfigError, GuardError, nearest
from guard.snapshot import Snapshot


def run(names: Sequence[str], *, write: bool, form: str) -> int:
    """Prints the proposals, those named or all, and adds them where `write` says so."""
    root, snapshot = place()
    declared = options_of(snapshot).contracts
    files = Files(snapshot)
    with Watching() as progress, untold(GuardError):
        spoken = [(c.relation, spots(c, files)) for c in declared.values()]
        found = [
            p
            for p in proposed(files, progress)
            if not any(
                p.contract.relation == relation and spots(p.contract, files) <= held
                for relation, held in spoken
            )
        ]
    for name in names:
        if name not in {p.name for p in found}:
            raise GuardError(
                f"nothing is proposed as {name!r}", nearest(name, [p.name for p in found])
            )
    chosen = [p for p in found if (p.name in names if names else p.holds or not write)]
    if form == "json":
        click.echo(proposals_json(chosen))
    else:
        told(chosen)
    if write:
        added(root, snapshot, chosen)
    return CLEAN


def spots(contract: Contract, files: Files) -> set[object]:
    """Where the values of a contract stand, however they are written; else its places."""
    found: set[object] = set()
    for text in contract.places():
        try:
            place = parsed(text)
            values = files.values(place) if place.selector else []
        except (Missing, Broken):
            values = []
        found |= {(value.at.path, value.at.line, value.at.column) for value in values} or {text}
    return found


def told(found: Sequence[Proposal]) -> None:
    """Prints proposals as they would stand in guard.toml, each with its reason."""
    for proposal in found:
        state = "holds today" if proposal.holds else "does NOT hold today"
        click.echo(f"# {proposal.reason}; {state} (rank {proposal.rank})")
        for finding in proposal.findings[:2]:
            click.echo(f"#   {finding.message}")
        click.echo(declaration(proposal))
    broken = sum(not p.holds for p in found)
    count = "1 proposal" if len(found) == 1 else f"{len(found)} proposals"
    click.echo(f"# {count}; not holding today: {broken}")


def proposals_json(found: Sequence[Proposal]) -> str:
    """The proposals as one JSON object."""
    import json

    listed = [
        {
            "name": p.name,
            "relation": p.contract.relation.replace("_", "-"),
            "places": list(p.contract.places()),
            "reason": p.reason,
            "rank": p.rank,
            "holds": p.holds,
        }
        for p in found
    ]
    return json.dumps({"schema": 1, "proposals": listed}, indent=2, ensure_ascii=False)


def added(root: str, snapshot: Snapshot, chosen: Sequence[Proposal]) -> None:
    """Adds contracts at the end of the configuration, every byte before them kept."""
    import tomllib

    from guard.repair import replace_file

    shared = snapshot.file(FILE) is None and "tool" in tables(snapshot)
    name, prefix = (SHARED_FILE, "tool.guard.contracts") if shared else (FILE, "contracts")
    path = os.path.join(root, name)
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as file:
            old = file.read()
    end = "\r\n" if "\r\n" in old else "\n"
    blocks = [f"# {p.reason}\n{declaration(p, prefix)}" for p in chosen]
    gap = "" if not old else end if old.endswith(("\n", "\r\n")) else end * 2
    text = old + gap + "\n".join(blocks).replace("\n", end)
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        raise ConfigError(
            f"the contracts cannot be added at the end of {name}",
            "does it hold `contracts = {…}` as an inline table? make it a [contracts] table",
        ) from None
    if not chosen:
        click.echo("nothing to add", err=True)
    elif old:
        replace_file(path, text.encode())
    else:
        written(text, path)
    if chosen:
        click.echo(f"added {len(chosen)} to {name}: {', '.join(p.name for p in chosen)}", err=True)


def tables(snapshot: Snapshot) -> str:
    """`tool` where pyproject.toml configures guard; empty where it does not."""
    import tomllib

    file = snapshot.file(SHARED_FILE)
    if file is None:
        return ""
    try:
        held = tomllib.loads(snapshot.text(file)).get("tool", {})
    except tomllib.TOMLDecodeError:
        return ""
    return "tool" if "guard" in held else ""
