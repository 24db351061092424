"""What the rules of a repository say of the files of a snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from guard.finding import Edit, Finding, Severity
from guard.fixes.pattern import Match, TooMuchWork, Unreadable
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule, concerned
from guard.fixes.search import forbidden, lies_in, scopes
from guard.fixes.seen import Need, Seen, telling
from guard.snapshot import File, Snapshot

FEW = 64
"""Up to so many files, reading them is cheaper than asking which of them to read."""


def broken(snapshot: Snapshot, rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each place where code stands that a rule forbids."""
    forbidding = [rule for rule in rules if rule.forbid]
    targets = {file.path: file for file in snapshot.targets()}
    about: dict[str, list[Rule]] = {}
    for rule in forbidding:
        for path in concerned(rule, targets):
            about.setdefault(path, []).append(rule)
    for path in candidates(snapshot, forbidding, list(about)):
        yield from in_file(snapshot, targets[path], about[path])


def candidates(snapshot: Snapshot, rules: Sequence[Rule], paths: Sequence[str]) -> list[str]:
    """Those of `paths` that can hold a match, found without reading them where they are many."""
    if len(paths) <= FEW:
        return sorted(paths)
    wanted: set[str] = set()
    for rule in rules:
        for needs in rule.needs:
            if not needs or telling(needs[0]) < 2:
                return sorted(paths)
            wanted.update(needs[0].spelled())
    ends = sorted({end for rule in rules for end in rule.language.suffixes})
    named = {path for rule in rules for path in rule.files}
    unlimited = any(not rule.language.suffixes for rule in rules)
    holding = frozenset(snapshot.containing(*sorted(wanted), suffixes=() if unlimited else ends))
    return sorted(path for path in paths if path in holding or path in named)


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
        yield undecided(rule, path, "takes too long to search", 1)
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
