"""Findings as JSON and back."""

from __future__ import annotations

from guard.finding import Edit, Finding, Location, Severity
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def written(finding: Finding) -> dict[str, Any]:
    """A finding in terms of JSON."""
    return {
        "rule": finding.rule,
        "message": finding.message,
        "at": place(finding.at),
        "hint": finding.hint,
        "symbol": finding.symbol,
        "related": [place(at) for at in finding.related],
        "edits": [[place(edit.at), edit.text] for edit in finding.edits],
        "severity": finding.severity.value,
        "secret": finding.secret,
    }


def read(kept: dict[str, Any]) -> Finding:
    """The finding that `written` wrote; what is amiss raises ValueError, TypeError or KeyError."""
    return Finding(
        rule=kept["rule"],
        message=kept["message"],
        at=Location(*kept["at"]),
        hint=kept["hint"],
        symbol=kept["symbol"],
        related=tuple(Location(*at) for at in kept["related"]),
        edits=tuple(Edit(Location(*at), text) for at, text in kept["edits"]),
        severity=Severity(kept["severity"]),
        secret=kept["secret"],
    )


def place(at: Location) -> list[Any]:
    """A location as a list, in the order of its fields."""
    return [at.path, at.line, at.column, at.end_line, at.end_column, at.note]
