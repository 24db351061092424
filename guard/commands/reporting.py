"""Puts an outcome where and how the command line wants it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from guard.commands.terminal import say, style_for
from guard.errors import GuardError
from guard.finding import REPOSITORY
from guard.pipeline import Outcome, Plan
from guard.report.text import Style, plain, summary
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
        report = rendered(outcome, snapshot, planned, form, style_for(stream))
        for line in report:
            say(line, stream)
        return
    text = "\n".join(rendered(outcome, snapshot, planned, form, plain)) + "\n"
    try:
        with open(output, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except OSError as problem:
        raise GuardError(f"cannot write {output!r}: {problem.strerror}") from None
    say(f"{summary(outcome)}: see {output}" if outcome.findings else summary(outcome))


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

    ahead(outcome, snapshot)
    return as_text(outcome, text, style)


def ahead(outcome: Outcome, snapshot: Snapshot) -> None:
    """Reads the files whose lines are shown, all at once."""
    told = [finding for finding in outcome.findings if finding.ignored is None]
    paths = {at.path for finding in told for at in (finding.at, *finding.related)} - {REPOSITORY}
    found = snapshot.find(sorted(paths)) if paths else {}
    snapshot.read_ahead(file for file in found.values() if file.is_regular)


def documented(snapshot: Snapshot, planned: Plan) -> Mapping[str, str]:
    """Every rule of the planned checks, those that the repository declares included."""
    rules = dict(RULES)
    for check in planned.checks:
        rules |= check.rules
        if check.declared is not None:
            rules |= check.declared(snapshot, planned.options_of(check))
    return rules
