"""Select the checks, run them over a snapshot, mark what is excused, sort: one Outcome."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

from guard.check import Check
from guard.finding import Finding, Location, Severity
from guard.globs import matcher
from guard.pieces import MANY, Progress, ahead_of, examined, halved, spread
from guard.snapshot import Snapshot
from guard.suppress import Ignore, suppressed
from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any

    from guard.cache.memory import Judged


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do."""

    checks: tuple[Check, ...]
    """The checks chosen, by name."""

    options: Mapping[str, Any]
    """By the name of each check that the configuration speaks of, its options."""

    exclude: tuple[str, ...] = ()
    """Globs of files that no check looks at."""

    ignores: tuple[Ignore, ...] = ()
    """The suppressions that the configuration declares."""

    file: str = ""
    """The file all this was read from; empty where there is none."""

    def options_of(self, check: Check) -> Any:
        """The options of one check: what the configuration says, or the defaults."""
        return self.options.get(check.name) or check.options()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found."""

    findings: tuple[Finding, ...]
    """Sorted by path, place and rule; suppressed ones among them, marked."""

    files: int
    """How many files the run was about."""

    @property
    def errors(self) -> int:
        """How many findings fail the run."""
        return sum(f.severity is Severity.ERROR for f in self.findings if f.ignored is None)

    @property
    def warnings(self) -> int:
        """How many findings do not."""
        return sum(f.severity is Severity.WARNING for f in self.findings if f.ignored is None)

    @property
    def ignored(self) -> int:
        """How many findings are excused."""
        return sum(f.ignored is not None for f in self.findings)


def run(plan: Plan, snapshot: Snapshot, progress: Progress | None = None) -> Outcome:
    """Everything the planned checks say of `snapshot`; a CheckCrashed where one has a bug."""
    excluded = matcher(plan.exclude)
    targets = [f.path for f in snapshot.targets() if not excluded(f.path)]
    snapshot = snapshot.narrowed(targets)
    findings: list[Finding] = []
    looked_at: set[str] = set()
    whole: list[tuple[Check, Sequence[str]]] = []
    by_file: list[tuple[Check, Sequence[str]]] = []
    for check in plan.checks:
        wanted = [path for path in targets if check.wants(path)]
        if check.suffixes and not wanted:
            continue
        looked_at.update(wanted if check.suffixes else ())
        # A search for words in a few files costs less than remembering what it found.
        kept = check.by_file and not (check.literals and len(wanted) < MANY)
        (by_file if kept else whole).append((check, wanted))
    recalled: list[Judged] = []
    judging: Iterable[Judged] = ()
    if any(paths for _, paths in by_file):
        from guard.cache.memory import Memory

        memory = Memory(snapshot)
        work = [(check, plan.options_of(check), paths) for check, paths in by_file]
        many = sum(len(paths) for _, paths in by_file) >= MANY
        known = memory.repeated(work) if many else None
        if known is not None:
            recalled = known
        else:
            recalled, pieces = halved(work, memory, snapshot)
            ahead_of(pieces, snapshot)
            judging = spread(work, pieces, recalled, memory, snapshot, progress)
    for check, paths in whole:
        found = examined(check, plan.options_of(check), snapshot.narrowed(paths))
        findings += found
        if not check.needs_state:  # that one is about whole files, of any kind and size
            looked_at.update(finding.at.path for finding in found)
    quiet: set[str] = set()
    for judged in chain(recalled, judging):
        findings += judged.findings
        if judged.findings:
            looked_at.add(judged.path)
        if judged.quiet:
            quiet.add(judged.path)
    findings = suppressed(
        snapshot,
        findings,
        plan.ignores,
        declared_in=plan.file,
        readable=sorted(looked_at - quiet),
        judged=[check.prefix for check in plan.checks],
    )
    return Outcome(tuple(sorted(told_once(plan.checks, findings), key=order)), len(targets))


def told_once(checks: Sequence[Check], findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings less those of checks that are quiet where another speaks of the same lines."""
    better = {check.prefix: check.yields_to for check in checks if check.yields_to}
    # By check and path, where others begin to speak and how far they have spoken by then.
    spoken: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for other in sorted(findings, key=lambda finding: finding.at.line) if better else ():
        for prefix, rules in better.items():
            if other.rule in rules and other.ignored is None:
                spans = spoken.setdefault((prefix, other.at.path), [NOTHING])
                last = max(last_line(other.at), other.at.line)
                spans.append((other.at.line, max(last, spans[-1][1])))
    for finding in findings:
        spans = spoken.get((finding.rule.partition("/")[0], finding.at.path), [NOTHING])
        _, told = spans[bisect_right(spans, finding.at.line, key=itemgetter(0)) - 1]
        if finding.ignored is not None or told < last_line(finding.at):
            yield finding


NOTHING = (-1, -1)
"""Where nobody has spoken yet: before all lines."""


def last_line(at: Location) -> int:
    """The last line of a region, without one whose beginning ends it."""
    return at.end_line - (at.end_column == 1 < at.end_line)


def order(finding: Finding) -> tuple[Any, ...]:
    """Reading order, the repository first, equal places by rule and message."""
    at = finding.at
    return (at.path != ".", at.path, at.line, at.column, finding.rule, finding.message)
