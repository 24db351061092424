"""Findings as GitHub's workflow commands, which it shows beside the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from guard.finding import REPOSITORY, Finding
from guard.pipeline import Outcome
from guard.report.json import valid
from guard.report.text import summary


def render(outcome: Outcome) -> Iterator[str]:
    """One `::error …::…` or `::warning …::…` for each finding, then the summary."""
    for finding in outcome.findings:
        if finding.ignored is None:
            yield command(finding)
    yield summary(outcome)


def command(finding: Finding) -> str:
    """A workflow command. GitHub takes columns only for regions within one line."""
    at = finding.at
    properties = {"title": finding.rule}
    if at.path != REPOSITORY:
        properties |= {"file": valid(at.path), "line": str(at.line), "endLine": str(at.end_line)}
        if at.line == at.end_line:
            properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    told = [finding.message, *(f"{o.path}:{o.line}: {o.note}" for o in finding.related)]
    told += [finding.hint] if finding.hint else []
    written = ",".join(f"{name}={escaped_property(value)}" for name, value in properties.items())
    return f"::{finding.severity} {written}::{escaped(valid(chr(10).join(told)))}"


def escaped(text: str) -> str:
    """The message of a command: it ends at the end of the line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """The value of a property: it also ends at a colon or a comma."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
