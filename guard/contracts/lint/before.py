"""Which of the findings in a change stood there before it: nobody's commit is refused for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from guard.contracts.places import Files
from guard.finding import Finding, Severity
from guard.snapshot import Snapshot

NOT_NEW = "it stood here before this change and does not refuse it: guard check --all does"

Key = tuple[str, str, str, str]
"""What a finding is known by: rule, path, symbol, and the text of its line."""


def earlier(paths: Iterable[str], now: Snapshot, base: Snapshot) -> tuple[str, ...]:
    """Those of `paths` that the base has, by the names they had there."""
    changes = ((path, now.change(path)) for path in paths)
    old = [p if c is None else c.old.path if c.old is not None else "" for p, c in changes]
    return tuple(path for path in old if path in base.files())


def key(finding: Finding, files: Files, names: dict[str, str]) -> Key:
    """What a finding is known by; `names` gives files that were renamed their old names."""
    at = finding.at
    source = files.source(at.path)
    line = "" if source is None else source.lines.line(at.line).strip()
    return finding.rule, names.get(at.path, at.path), finding.symbol, line


def sifted(
    found: Iterable[Finding],
    then: Iterable[Finding],
    files: Files,
    base: Files,
    about: frozenset[str],
) -> Iterator[Finding]:
    """What a change brought; what stood in a file it touches is a warning where it was an error.

    `found` is said of the change's files, `then` of the base's; `about` are the paths it touches.
    """
    changes = files.snapshot.changes or ()
    names = {c.path: c.old.path for c in changes if c.old is not None}
    then = list(then)
    known = Counter(key(finding, base, {}) for finding in then)
    # A model that could not be read tells nothing: what the change does not touch is not its own.
    blind = any(f.rule == "compose/unreadable" and not f.symbol for f in then)
    for finding in found:
        mark = key(finding, files, names)
        if not known[mark]:
            old = blind and finding.at.path not in about
            yield replace(finding, severity=Severity.WARNING) if old else finding
            continue
        known[mark] -= 1
        if finding.severity is Severity.ERROR and finding.at.path in about:
            hint = f"{finding.hint}\n{NOT_NEW}".strip()
            yield replace(finding, severity=Severity.WARNING, hint=hint)
