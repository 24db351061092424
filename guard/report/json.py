"""Findings for programs: the JSON object that DESIGN promises, schema 1."""

from __future__ import annotations

import json
from typing import Any

from guard.finding import Edit, Finding, Location
from guard.pipeline import Outcome

SCHEMA = 1


def render(outcome: Outcome) -> str:
    """One JSON object, indented, in ASCII."""
    report = {
        "schema": SCHEMA,
        "findings": [finding(f) for f in outcome.findings],
        "summary": {
            "files": outcome.files,
            "errors": outcome.errors,
            "warnings": outcome.warnings,
            "ignored": outcome.ignored,
        },
    }
    return json.dumps(report, indent=2)


def finding(found: Finding) -> dict[str, Any]:
    """One finding; lines and columns 1-based, columns in code points, ends exclusive."""
    return {
        "rule": valid(found.rule),
        "severity": str(found.severity),
        **region(found.at),
        "symbol": valid(found.symbol),
        "message": valid(found.message),
        "hint": valid(found.hint),
        "related": [
            {
                "path": valid(at.path),
                "line": at.line,
                "column": at.column,
                "note": valid(at.note),
            }
            for at in found.related
        ],
        "edits": [edit(e) for e in found.edits],
        "ignored": None if found.ignored is None else {"reason": valid(found.ignored)},
    }


def region(at: Location) -> dict[str, Any]:
    """A path with the start and the end of a region."""
    return {
        "path": valid(at.path),
        "start": {"line": at.line, "column": at.column},
        "end": {"line": at.end_line, "column": at.end_column},
    }


def edit(change: Edit) -> dict[str, Any]:
    """A replacement of one region."""
    return {**region(change.at), "text": valid(change.text)}


def valid(text: str) -> str:
    r"""Text that every JSON parser takes: a byte that is not UTF-8 is written as `\xff`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
