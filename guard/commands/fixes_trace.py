"""`guard fixes trace`: where a fix is, and where it was lost."""

from __future__ import annotations

import json

import click

from guard.commands.fixes import chosen
from guard.commands.progress import Watching
from guard.errors import CLEAN, FINDINGS
from guard.git import Repository

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
    from guard.fixes.tracing.lens import lens
    from guard.whereabouts.places import find

    [rule] = chosen([name])
    with Watching() as progress:
        trace = find(Repository.find("."), lens(rule), progress)
    if form == "json":
        from guard.report.timeline import as_json

        text = json.dumps(as_json(trace), indent=2, ensure_ascii=False)
    elif form == "html":
        from guard.report.page import render as page

        text = page(trace)
    else:
        from guard.report.text import plain
        from guard.report.timeline import render

        text = "\n".join(render(trace, click.style if output is None else plain))
    if output is None:
        click.echo(text)
    else:
        with open(output, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text if text.endswith("\n") else text + "\n")
        click.echo(f"guard: wrote {output}", err=True)
    return FINDINGS if trace.lost else CLEAN
