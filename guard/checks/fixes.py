"""The fixes check: what a team has fixed once does not come back, and does not get lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guard.check import check
from guard.errors import ConfigError
from guard.finding import Finding, Location, Severity
from guard.snapshot import Snapshot
from guard.values import dataclass

RULES = {
    "fix/removed": "A change takes the rule of a fix away\n\n"
    "From then on nothing holds the fix. `guard fixes retire ID` is the way to say that it is "
    "needed no more.",
    "fix/undecided": "A file cannot be judged by a known fix\n\n"
    "It contains what the rule looks for and cannot be parsed, or the rule takes too long on it. "
    "Mend the file, or leave it out of the rule's `paths`.",
}


@dataclass(frozen=True, slots=True)
class Options:
    """Where the rules are."""

    folder: str = ".guard/fixes"
    """The folder of the rule files, one `ID.toml` for each fix."""


def folder_of(options: Options) -> str:
    """The folder of the rule files from the root on; a ConfigError where it is no folder in it."""
    import posixpath

    place = posixpath.normpath(options.folder.strip("/") or ".")
    if place == "." or place.split("/")[0] == "..":
        raise ConfigError(
            f"fixes.folder: {options.folder!r} is no folder in the repository",
            'like: folder = ".guard/fixes"',
        )
    return place


def declared(snapshot: Snapshot, options: Options) -> Mapping[str, str]:
    """The rules of this repository."""
    from guard.fixes.documentation import documentation
    from guard.fixes.proof import load

    return {rule.name: documentation(rule) for rule in load(snapshot, folder_of(options))}


def idle(snapshot: Snapshot, options: Options) -> bool:
    """Whether there are no rules."""
    return not rule_files(snapshot, options)


def rule_files(snapshot: Snapshot, options: Options) -> list[str]:
    """The paths of the rule files."""
    folder = folder_of(options) + "/"
    return [path for path in snapshot.below(folder) if path.endswith(".toml")]


@check(rules=RULES, options=Options, prefix="fix", declared=declared, idle=idle)
def fixes(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """Code that was fixed once stays fixed.

    Each fix is a file in `.guard/fixes`: what must not come back, what must stay, the repair, and
    examples that prove all three. A change that brings the mistake back, or takes the fix away,
    is refused.
    """
    yield from removed(snapshot, folder_of(options) + "/")
    paths = rule_files(snapshot, options)
    if not paths:
        return
    from guard.fixes.files import sound
    from guard.fixes.glance import matter

    paths = matter(snapshot, sound(snapshot, paths))
    if not paths:
        return
    from guard.fixes.remembered import Remembered

    memory = Remembered(snapshot, paths)
    findings, unknown = memory.recall(snapshot.targets())
    yield from findings
    if not unknown:  # the other rules have said all they have to say, and were proven then
        paths = memory.always
    if not paths:
        return
    from guard.fixes.judge import broken
    from guard.fixes.keep import lost
    from guard.fixes.proof import read
    from guard.fixes.rule import expired

    rules = read(snapshot, paths)
    over = [rule for rule in rules if expired(rule)]
    for rule in over if snapshot.changes is None else ():
        yield Finding(
            rule.name,
            f"this rule has expired on {rule.expires} and refuses nothing any more",
            Location(rule.file),
            hint=f"give it a later date, or retire it: git rm {rule.file}",
            severity=Severity.WARNING,
        )
    rules = [rule for rule in rules if rule not in over]
    if unknown:
        fresh = snapshot.narrowed(unknown)
        found = list(broken(fresh, rules))
        memory.keep(fresh.targets(), found)
        yield from found
    yield from lost(snapshot, rules)


def removed(snapshot: Snapshot, folder: str) -> Iterator[Finding]:
    """A warning for each rule file that the change deletes or moves out of the folder."""
    for change in snapshot.changes or ():
        old, new = change.old, change.new
        if old is None or not (old.path.startswith(folder) and old.path.endswith(".toml")):
            continue
        if new is not None and new.path.startswith(folder):
            continue
        name = old.path.removeprefix(folder).removesuffix(".toml")
        yield Finding(
            "fix/removed",
            f"this change takes away the rule {name}: nothing holds that fix any more",
            Location(old.path),
            hint=f"to keep it: git restore --staged --worktree {old.path}",
            severity=Severity.WARNING,
        )
