"""Findings as SARIF 2.1.0, for code-scanning views."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from guard import __version__
from guard.finding import REPOSITORY, Edit, Finding, Location
from guard.pipeline import Outcome
from guard.report.json import valid

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "SRCROOT"


def render(outcome: Outcome, rules: Mapping[str, str]) -> str:
    """One SARIF log with one run.

    `rules` maps rules to Markdown whose first line is a summary; those that were found and are
    not in it are listed by their name.
    """
    found = {f.rule: "" for f in outcome.findings}
    listed = sorted({**found, **rules}.items())
    number = {rule: index for index, (rule, _) in enumerate(listed)}
    seen: Counter[tuple[str, ...]] = Counter()
    results = []
    for finding in outcome.findings:
        same = (finding.rule, finding.at.path, finding.symbol)
        results.append(result(finding, number[finding.rule], seen[same]))
        seen[same] += 1
    run = {
        "tool": {
            "driver": {
                "name": "treeguard",
                "semanticVersion": __version__,
                "rules": [descriptor(rule, text) for rule, text in listed],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def descriptor(rule: str, text: str) -> dict[str, Any]:
    """A rule with its help."""
    rule = valid(rule)
    summary, _, rest = (valid(text) or rule).partition("\n")
    help_text = rest.strip() or summary
    return {
        "id": rule,
        "name": "".join(w.capitalize() for w in rule.replace("/", "-").split("-")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": help_text},
        "help": {"text": help_text, "markdown": help_text},
        "properties": {"tags": [rule.partition("/")[0]]},
    }


def result(finding: Finding, rule_index: int, occurrence: int) -> dict[str, Any]:
    """One finding. Its fingerprint holds no line number and nothing of the code.

    So it survives edits elsewhere in the file, and a secret in the code cannot be guessed from it.
    """
    parts = [finding.rule, finding.at.path, finding.symbol, str(occurrence)]
    identity = "\0".join(map(valid, parts))
    written: dict[str, Any] = {
        "ruleId": valid(finding.rule),
        "ruleIndex": rule_index,
        "level": str(finding.severity),
        "message": {"text": valid("\n".join(filter(None, [finding.message, finding.hint])))},
        "locations": [location(finding.at)],
        "partialFingerprints": {"treeguard/v1": sha256(identity.encode()).hexdigest()},
    }
    if finding.related:
        written["relatedLocations"] = [
            {"id": number, **location(at), "message": {"text": valid(at.note) or "related"}}
            for number, at in enumerate(finding.related, 1)
        ]
    if finding.edits:
        written["fixes"] = [fix(finding)]
    if finding.ignored is not None:
        kind = "inSource" if finding.ignored_in == finding.at.path else "external"
        written["suppressions"] = [{"kind": kind, "justification": valid(finding.ignored)}]
    return written


def location(at: Location) -> dict[str, Any]:
    """A place in a file; the repository as a whole stands at its root."""
    physical: dict[str, Any] = {"artifactLocation": artifact(at.path)}
    if at.path != REPOSITORY:
        physical["region"] = region(at)
    return {"physicalLocation": physical}


def artifact(path: str) -> dict[str, str]:
    """A path as a relative URI, its bytes percent-encoded."""
    uri = "" if path == REPOSITORY else quote(os.fsencode(path))
    return {"uri": uri or "./", "uriBaseId": ROOT}


def region(at: Location) -> dict[str, int]:
    """A region; SARIF's end column is exclusive as ours."""
    return {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }


def fix(finding: Finding) -> dict[str, Any]:
    """The repair: the replacements in each file."""
    by_path: dict[str, list[Edit]] = {}
    for edit in finding.edits:
        by_path.setdefault(edit.at.path, []).append(edit)
    return {
        "description": {"text": valid(finding.hint) or "Apply the repair"},
        "artifactChanges": [
            {
                "artifactLocation": artifact(path),
                "replacements": [
                    {"deletedRegion": region(e.at), "insertedContent": {"text": valid(e.text)}}
                    for e in edits
                ],
            }
            for path, edits in by_path.items()
        ],
    }
