"""What the checks say of the contents that enter, and which files of a commit they look into.

Most checks read few files: those of some names, or those that hold some words. What holds none of
the words of a check in one commit holds none in the next, unless it was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from guard.check import Check
from guard.checks.javascript import LEFTOVERS
from guard.errors import GitError
from guard.finding import Severity
from guard.git import Repository
from guard.pipeline import Outcome, Plan, order, run
from guard.snapshot import Snapshot
from guard.state.later import later
from guard.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Task:
    """Some checks, and the files that they are to look into."""

    plan: Plan
    """The checks."""

    paths: Iterable[str]
    """The files, whether they enter or not."""


def tasks(
    repository: Repository, commit: Snapshot, plan: Plan, passed: str | None
) -> tuple[Task, ...]:
    """What is to be done to know what the checks say of the commit checked out.

    `passed` is a commit in which the same checks found nothing.
    """
    searching = tuple(c for c in plan.checks if c.by_file and c.literals and not c.suffixes)
    found = later(lambda: searched(repository, commit, searching, passed))
    others = (check for check in plan.checks if check not in searching)
    reading = tuple(c for c in others if c.idle is None or not c.idle(commit, plan.options_of(c)))
    paths: Iterable[str] = commit.files() if reading else ()
    if all(check.suffixes for check in reading):
        paths = [path for path in paths if any(check.wants(path) for check in reading)]
    todo = (
        Task(replace(plan, checks=searching), found()),
        Task(replace(plan, checks=reading), paths),
    )
    return tuple(task for task in todo if task.plan.checks)


def searched(
    repository: Repository, commit: Snapshot, checks: Sequence[Check], passed: str | None
) -> Iterable[str]:
    """The files that hold any word of the checks, or those that changed since a commit without."""
    if not checks:
        return ()
    try:
        if passed is not None:
            changes = repository.between(passed, repository.head or "")
            return [change.new.path for change in changes if change.new is not None]
        return commit.containing(*(word for check in checks for word in check.literals))
    except GitError:  # that commit is gone; or a git that cannot search for all of them
        return commit.files()


def judged(
    snapshot: Snapshot, todo: Iterable[Task], entering: Callable[[Iterable[str]], Sequence[str]]
) -> Outcome:
    """What the checks say of those of the files that enter."""
    done = [looked(task.plan, snapshot.narrowed(entering(task.paths))) for task in todo]
    # What a comment in a file lacks may be told by both.
    findings = {finding for outcome in done for finding in outcome.findings}
    return Outcome(tuple(sorted(findings, key=order)), sum(outcome.files for outcome in done))


def looked(plan: Plan, snapshot: Snapshot) -> Outcome:
    """What the checks say, left-overs that parse as warnings only.

    They may stand in what is pushed for years, and who builds it did not bring them in.
    """
    outcome = run(plan, snapshot)
    findings = tuple(
        replace(f, severity=Severity.WARNING) if f.rule in LEFTOVERS else f
        for f in outcome.findings
    )
    return replace(outcome, findings=findings)
