"""`guard fixes trace`: where a fix is, and where it was lost."""

from __future__ import annotations

import json

import click

from guard.commands.contracts_place import written
from guard.commands.fixes import chosen, place
from guard.commands.progress import Watching
from guard.errors import CLEAN, FINDINGS, ConfigError
from guard.fixes.rule import Rule
from guard.git import Repository
from guard.report.text import shown
from guard.values import replace

FORMATS = ("text", "json", "html")


@click.command("trace")
@click.argument("name", metavar="ID")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there.")
def command(name: str, form: str, output: str | None) -> int:
    """Show where a fix is and where it was lost.

    On each branch and remote, in the index, the work tree, stashes, kept states and images: the
    commit that brought it, each that took it away, and who has it unpushed.

    Exit status: 0 where it is lost nowhere, 1 where it is.
    """
    from guard.fixes.proof import failures
    from guard.fixes.tracing.lens import lens
    from guard.whereabouts.places import find

    repository = Repository.find(".")
    rule, source = recorded(repository, name)
    with Watching() as progress:
        trace = find(repository, lens(rule), progress)
    if source:
        note = f"the rule is not in the work tree; it was read from {shown(source)}"
        trace = replace(trace, notes=(note, *trace.notes))
    if failures(rule):
        note = f"the examples do not prove this rule: guard fixes test {rule.id}"
        trace = replace(trace, notes=(note, *trace.notes))
    if form == "json":
        from guard.report.timeline import as_json

        text = json.dumps(as_json(trace), indent=2)
    elif form == "html":
        from guard.report.page import render as page

        text = page(trace)
    else:
        from guard.report.text import plain
        from guard.report.timeline import render

        text = "\n".join(render(trace, click.style if output is None else plain))
    written(text if text.endswith("\n") else text + "\n", output)
    if output is not None:
        click.echo(f"guard: wrote {output}", err=True)
    return FINDINGS if trace.lost else CLEAN


def recorded(repository: Repository, name: str) -> tuple[Rule, str]:
    """The rule of that name and, where it is not in the work tree, what it was read from."""
    from guard.whereabouts.recorded import elsewhere

    try:
        return chosen([name])[0], ""
    except ConfigError:
        _, folder, snapshot = place()
        path = f"{folder}/{name.removeprefix('fix/')}.toml"
        found = None if snapshot.file(path) else elsewhere(repository, path)
        if found is None:
            raise
        return found
