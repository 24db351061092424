"""What the rules of a repository say of the files of a snapshot."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from guard.entries import File
from guard.finding import Edit, Finding, Severity
from guard.fixes.divided import FORKS, divided
from guard.fixes.matching.pattern import Match, TooMuchWork, Unreadable
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule, concerned
from guard.fixes.search import forbidden, lies_in, scopes
from guard.fixes.seen import Need, Seen
from guard.fixes.sought import Sought
from guard.snapshot import Snapshot

MANY = 64
"""From so many files to parse on, starting processes costs less than it saves."""

FEW = 64
"""Up to so many files, reading them is cheaper than asking which of them to read."""

GARBAGE = 100_000
"""So many objects may be left of files that were parsed before they are cleared away."""

TOO_LONG = "takes too long to search"
"""What is said of a file on which a rule was given up; on another day it may be done in time."""

T = TypeVar("T")

Work = Sequence[tuple[File, Sequence[Rule]]]


def broken(snapshot: Snapshot, rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each place where code stands that a rule forbids."""
    targets = {file.path: file for file in snapshot.targets()}
    likely = candidates(snapshot, rules, targets)
    work = [(targets[path], likely[path]) for path in sorted(likely)]
    if len(work) < MANY or not FORKS:
        yield from judge(snapshot, work)
    else:
        yield from divided(work, partial(judge, snapshot))


def judge(snapshot: Snapshot, work: Work) -> list[Finding]:
    """What the rules say of a few files."""
    found: list[Finding] = []
    snapshot.read_ahead(file for file, _ in work)
    for file, rules in parsing(work):
        found += in_file(snapshot, file, rules)
    return found


def parsing(work: Iterable[T]) -> Iterator[T]:
    """Goes through `work`, which parses files, with few looks at what is still in use.

    Python's own looks would take half of the time.
    """
    import gc

    collects = gc.isenabled()
    gc.disable()
    try:
        for one in work:
            yield one
            if gc.get_count()[0] > GARBAGE:
                gc.collect(0)
    finally:
        if collects:
            gc.enable()


def candidates(
    snapshot: Snapshot, rules: Sequence[Rule], targets: Iterable[str]
) -> Mapping[str, Sequence[Rule]]:
    """By path, the rules that a file can break; told without reading it where they are many."""
    rules = [rule for rule in rules if rule.forbid]
    known: dict[Any, frozenset[str]] = {}
    about = []
    for rule in rules:
        key = (rule.paths, rule.language.suffixes)  # most rules are about the same files
        if key not in known:
            known[key] = frozenset(concerned(rule, targets))
        about.append((rule, known[key]))
    every = frozenset[str]().union(*known.values())
    likely = None if len(every) <= FEW else held(snapshot, rules)
    found = {}
    for path in every:
        chosen = None if likely is None else likely.get(path, ())
        found[path] = [
            rule
            for rule, paths in (about if chosen is None or chosen else ())
            if path in paths and (chosen is None or rule.file in chosen)
        ]
    return {path: chosen for path, chosen in found.items() if chosen}


def held(snapshot: Snapshot, rules: Sequence[Rule]) -> Mapping[str, Collection[str]]:
    """By path, the files of the rules of which it may have what they look for; git tells."""
    code = [rule for rule in rules if rule.language.suffixes]
    sought = Sought((rule.file, needs) for rule in code for needs in rule.needs)
    ends = sorted({end for rule in code for end in rule.language.suffixes})
    everywhere = set(sought.everywhere)
    literals: defaultdict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for needs in rule.needs if rule not in code else ():
            if needs:
                literals[needs[0].text].add(rule.file)
            else:
                everywhere.add(rule.file)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in snapshot.targets() if everywhere else ():
        found[file.path] |= everywhere
    for rule in rules:
        for path in rule.files:
            found[path].add(rule.file)
    some = frozenset[str]().union(*literals.values())
    for path in snapshot.containing(*sorted(literals)) if literals else ():
        found[path] |= some
    if sought.expressions:
        for path, texts in snapshot.matching(sought.expressions, ends).items():
            found[path] |= sought.names(texts)
    return found


def in_file(snapshot: Snapshot, target: File, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What the rules say of one file: parsed once for each language, if at all."""
    content = snapshot.read(target)
    seen = Seen(content)
    files: dict[str, Any] = {}
    for rule in rules:
        if not any(possible(seen, needs) for needs in rule.needs):
            continue
        spoken = rule.language
        if spoken.name not in files:
            try:
                files[spoken.name] = spoken.read(content)
            except Unreadable as problem:
                files[spoken.name] = problem
        yield from by_rule(rule, target.path, files[spoken.name])


def possible(seen: Seen, needs: Sequence[Need]) -> bool:
    """Whether a file has everything that one with a match has."""
    return all(seen.has(need) for need in needs)


def by_rule(rule: Rule, path: str, file: Any) -> Iterator[Finding]:
    """What one rule says of one file."""
    if isinstance(file, Unreadable):
        yield undecided(rule, path, f"cannot be parsed: {file.why}", file.line)
        return
    try:
        places = scopes(rule, file)
        found = [(p, m) for p, m in forbidden(rule, file) if lies_in(m, places)]
        mends = repairs(rule, found, file)
    except (TooMuchWork, RecursionError):
        yield undecided(rule, path, TOO_LONG, 1)
        return
    if not found and unknown_part(rule, file):
        yield undecided(rule, path, "cannot be parsed where it matters", 1)
    for (_, match), patches in zip(found, mends, strict=True):
        yield Finding(
            rule.name,
            f"a known mistake is back: {summary(rule.why)}",
            file.lines.location(path, match.start, match.end),
            hint=advice(rule, written(rule, file, match, patches)),
            edits=tuple(Edit(file.lines.location(path, p.start, p.end), p.text) for p in patches),
            severity=rule.severity,
        )


def unknown_part(rule: Rule, file: Any) -> bool:
    """Whether a part of a file that could not be parsed has what every match has."""
    for start, end in getattr(file, "broken", ()):
        seen = Seen(file.text[start:end].encode("utf-8", "surrogateescape"))
        if any(possible(seen, needs) for needs in rule.needs):
            return True
    return False


def undecided(rule: Rule, path: str, problem: str, line: int) -> Finding:
    """The finding for a file of which a rule cannot tell whether it is sound."""
    from guard.finding import Location

    return Finding(
        "fix/undecided",
        f"this file {problem}, so it is not known whether {rule.id} holds in it",
        Location(path, max(line, 1)),
        hint=f"it contains what {rule.file} looks for; mend the file, or leave it out of the"
        " rule's paths",
        severity=Severity.ERROR,
    )


def summary(why: str) -> str:
    """The first line of a reason, without its full stop."""
    return why.splitlines()[0].rstrip(".")


def written(rule: Rule, file: Any, match: Match, patches: Sequence[Any]) -> str:
    """What to write in the place of a match; empty where the rule does not say."""
    if patches:
        start = min(match.start, *(p.start for p in patches))
        text = file.text[start : max(match.end, *(p.end for p in patches))]
        moved = [p._replace(start=p.start - start, end=p.end - start) for p in patches]
        return patched(text, moved)
    if rule.replace is None:
        return ""
    names = re.compile(r"\$(?:\.\.\.)?([A-Z_][A-Z_0-9]*)|\\g<(\w+)>")
    return names.sub(
        lambda m: match.bindings.get(m[1] or m[2], m[0]), str(rule.replace.source).strip()
    )


def advice(rule: Rule, mended: str = "") -> str:
    """What to do, and where to read more."""
    lines = []
    if mended:
        lines.append(f"write: {mended}")
    if rule.commit:
        lines.append(f"it was fixed in {rule.commit}: git show {rule.commit}")
    if rule.incident:
        lines.append(f"see {rule.incident}")
    lines.append(f"the rule: {rule.file}")
    return "\n".join(lines)
