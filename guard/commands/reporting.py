"""Puts an outcome where and how the command line wants it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

import click

from guard.errors import GuardError
from guard.pipeline import Outcome, Plan
from guard.report.text import Style, plain
from guard.snapshot import Snapshot
from guard.suppress import RULES

FORMATS = ("text", "json", "sarif", "github")


def show(
    outcome: Outcome,
    snapshot: Snapshot,
    planned: Plan,
    form: str,
    output: str | None,
    *,
    to_stderr: bool,
) -> None:
    """Writes the report to a file, or to stderr or stdout."""
    if output is None:
        stream = sys.stderr if to_stderr else sys.stdout
        report = rendered(outcome, snapshot, planned, form, style_for(stream.isatty()))
        for line in report:
            click.echo(printable(line, stream.encoding), file=stream, color=stream.isatty())
        return
    text = "\n".join(rendered(outcome, snapshot, planned, form, plain)) + "\n"
    try:
        with open(output, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except OSError as problem:
        raise GuardError(f"cannot write {output!r}: {problem.strerror}") from None


def rendered(
    outcome: Outcome, snapshot: Snapshot, planned: Plan, form: str, style: Style
) -> Iterable[str]:
    """The lines of the report; the module of the format is imported only here."""

    def text(path: str) -> str | None:
        file = snapshot.file(path)
        return snapshot.text(file) if file is not None and file.is_regular else None

    if form == "json":
        from guard.report.json import render as as_json

        return [as_json(outcome)]
    if form == "sarif":
        from guard.report.sarif import render as as_sarif

        return [as_sarif(outcome, documented(snapshot, planned))]
    if form == "github":
        from guard.report.github import render as as_github

        return as_github(outcome)
    from guard.report.text import render as as_text

    return as_text(outcome, text, style)


def documented(snapshot: Snapshot, planned: Plan) -> Mapping[str, str]:
    """Every rule of the planned checks, those that the repository declares included."""
    rules = dict(RULES)
    for check in planned.checks:
        rules |= check.rules
        if check.declared is not None:
            rules |= check.declared(snapshot, planned.options_of(check))
    return rules


def style_for(terminal: bool) -> Style:
    """Colours on a terminal, unless NO_COLOR is set to anything (no-color.org) or it is dumb."""
    wanted = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return click.style if wanted else plain


def printable(line: str, encoding: str | None) -> str:
    """The line as the stream can take it: what its encoding lacks is escaped, nothing crashes."""
    encoding = encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)
