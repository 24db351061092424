"""Says of code that must stay where it is now, or that it is gone, and what to do about it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

from guard.finding import Edit, Finding, Lines, Location, Severity
from guard.fixes.judge import advice, summary
from guard.fixes.rule import Rule
from guard.snapshot import Snapshot
from guard.values import replace


def scope(rule: Rule) -> str:
    """The function or class of a rule, for people."""
    return ".".join(part for part in (rule.class_, rule.function) if part)


def called_now(rule: Rule, names: Sequence[str], kind: str) -> tuple[str, str, str]:
    """The key of the rule that has another name now, the name it says, and the new one."""
    outer = names[: -len(rule.function.split("."))] if rule.function else names
    if rule.class_ and outer:
        if kind != "class" and ".".join(names[len(outer) :]) != rule.function:
            return "function", rule.function, names[-1]
        return "class", rule.class_, ".".join(outer[-len(rule.class_.split(".")) :])
    return (
        ("class", rule.class_, names[-1])
        if kind == "class"
        else ("function", rule.function, names[-1])
    )


def renaming(rule: Rule, old: str, new: str) -> tuple[Edit, ...]:
    """The edit of the rule's file that replaces one quoted word, where it stands once."""
    found = list(re.finditer(rf"(?<=[\"']){re.escape(old)}(?=[\"'])", rule.text))
    if len(found) != 1:
        return ()
    lines = Lines(rule.text)
    return (Edit(lines.location(rule.file, found[0].start(), found[0].end()), new),)


def moved(rule: Rule, at: Location, message: str, hint: str) -> Finding:
    """The warning that a rule must learn where its code is now."""
    return Finding(rule.name, message, at, hint=hint, severity=Severity.WARNING)


def moved_to(rule: Rule, path: str, new: str, what: str) -> Finding:
    """The warning that the code of a rule is in another file now."""
    old = next((one for one in rule.paths if one.lstrip("/") == path), path)
    glob = new if "/" in new else f"/{new}"  # a name alone is any file of that name
    warning = moved(
        rule,
        Location(new),
        f"{what}; the rule {rule.id} should say so",
        f'in {rule.file}: paths = ["{glob}"]',
    )
    return replace(warning, edits=renaming(rule, old, glob))


def told(source: str) -> str:
    """A pattern behind a colon: on the same line, or on lines of its own."""
    source = source.strip()
    return "\n" + textwrap.indent(source, "    ") if "\n" in source else f" {source}"


def gone(
    snapshot: Snapshot,
    rule: Rule,
    at: Location,
    where: str,
    *,
    had: bool,
    missing: Sequence[Any] = (),
    message: str = "",
) -> Finding:
    """The finding that a required piece is not where it must be; whether the file `had` it."""
    lines = ["it must stay:" + told(p.source) for p in missing or rule.require]
    if had and snapshot.base is not None:
        lines.append(f"bring it back: {restoring(snapshot, snapshot.base.commit, at.path)}")
    lines.append(f"if it is needed no more, retire the rule with it: git rm {rule.file}")
    return Finding(
        rule.name,
        f"{message or f'a known fix {where}'}: {summary(rule.why)}",
        at,
        hint="\n".join([*lines, advice(rule)]),
        symbol=scope(rule),
        severity=rule.severity,
    )


def restoring(snapshot: Snapshot, commit: str, path: str) -> str:
    """The command that writes a file as the last commit has it, where it may have another name."""
    older = commit[:10] or "HEAD"
    sides = [(c.old.path, c.new.path) for c in snapshot.changes or () if c.old and c.new]
    before = next((old for old, new in sides if new == path), path)
    if before == path:
        return f"git checkout {older} -- {path}"
    return f"git show {older}:{before} > {path}"
