"""Runs the two checks on files held in memory."""

from __future__ import annotations

from collections.abc import Mapping

from guard.config import plan
from guard.finding import Finding
from guard.pipeline import Outcome, run
from guard.snapshot import Snapshot


def outcome(
    files: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    checks: tuple[str, ...] = ("compose", "contracts"),
) -> Outcome:
    snapshot = Snapshot.of(files, base=base)
    return run(plan(snapshot, checks), snapshot)


def findings(files: Mapping[str, str], base: Mapping[str, str] | None = None) -> list[Finding]:
    return [f for f in outcome(files, base).findings if f.ignored is None]


def rules(files: Mapping[str, str], base: Mapping[str, str] | None = None) -> list[str]:
    return [finding.rule for finding in findings(files, base)]


def contract(toml: str, files: Mapping[str, str]) -> list[Finding]:
    """The findings of one contract called `it`."""
    declared = f'[contracts.it]\nwhy = "it matters"\n{toml}\n'
    snapshot = Snapshot.of({"guard.toml": declared, **files})
    return list(run(plan(snapshot, ["contracts"]), snapshot).findings)
