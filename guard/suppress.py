"""Suppressions: which findings the code or the configuration declares to be all right, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from guard.check import discover
from guard.finding import Finding, Lines, Location, Severity
from guard.globs import matcher
from guard.quoted import in_string
from guard.snapshot import Snapshot
from guard.values import dataclass, replace

MARKER = "guard: ignore["

# A comment opener of any language, then the rules.
DIRECTIVE = (
    r"(#|//|/\*|<!--|--|;|\{#|%|\(\*|\b(?i:rem)\b)[ \t]*guard:[ \t]*ignore[ \t]*\[([^\]\r\n]*)\]"
)
CLOSERS = {"/*": "*/", "<!--": "-->", "{#": "#}", "(*": "*)"}
CLOSED = r"(?:\*/|--%?>|#\}|%>)\s*$"
"""A comment's end behind one that ends with the line, as of a template around it."""

RULES = {
    "guard/unused-ignore": "A suppression that suppresses nothing\n\n"
    "The code it excused is gone, or the rule's name is wrong. Remove it, or it will one day hide "
    "something new.",
    "guard/ignore-without-reason": "A suppression that gives no reason\n\n"
    "Write why the code may stay: `# guard: ignore[check/rule] the reason`. Until then it "
    "suppresses nothing.",
}


@dataclass(frozen=True, slots=True)
class Ignore:
    """One suppression written in the configuration."""

    rule: str
    """The rule, or `check/*` for all of a check's."""

    path: str
    """A glob as in .gitignore; what it matches is covered."""

    reason: str
    """Why the finding is right and the code stays; never empty."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One `guard: ignore[rule, …] reason` comment."""

    at: Location
    """The comment."""

    rules: tuple[str, ...]
    """What it covers: rules, or `check/*`."""

    reason: str
    """Why; empty where none is given."""

    lines: tuple[int, ...]
    """The lines it covers: its own and, where it stands alone on it, the next that is code."""

    def covers(self, finding: Finding) -> bool:
        """Whether the finding begins on one of its lines and is of one of its rules."""
        return (
            bool(self.reason)
            and finding.at.path == self.at.path
            and finding.at.line in self.lines
            and any(named(rule, finding.rule) for rule in self.rules)
        )


def named(pattern: str, rule: str) -> bool:
    """Whether `pattern`, a rule or `check/*`, means `rule`."""
    return pattern == rule or (pattern.endswith("/*") and rule.startswith(pattern[:-1]))


def meant(rule: str) -> str | None:
    """What to say of a rule that no check has; None where one has it, or may have it.

    Which rules a repository declares, as fixes and contracts, is not asked.
    """
    prefix = rule.partition("/")[0]
    checks = discover().values()
    if any(check.prefix == prefix and check.declared is not None for check in checks):
        return None
    every = ["guard/*", *RULES]
    for check in checks:
        every += [f"{check.prefix}/*", *check.rules]
    if rule in every:
        return None
    import difflib

    close = difflib.get_close_matches(rule, every, n=1)
    return f"did you mean {close[0]!r}?" if close else "the rules: guard list"


def directives(path: str, text: str) -> Iterable[Directive]:
    """The suppression comments in one text, in their order.

    One that stands alone also covers the line below, over others that stand alone there.
    """
    if MARKER.replace(" ", "") not in text.replace(" ", ""):
        return
    lines = Lines(text)
    quoted = in_string(path, text)
    found: list[Directive] = []
    for match in reversed([*re.finditer(DIRECTIVE, text)]):
        if quoted(match.start()):
            continue
        end, reason = reason_of(text, match)
        at = lines.location(path, match.start(), end)
        before = lines.line(at.line)[: at.column - 1].strip()
        covered: tuple[int, ...] = (at.line,)
        if before in ("", "<%", "<%-") or (before == "{" and text[end : end + 1] == "}"):
            below = found[-1] if found and found[-1].at.line == at.line + 1 else None
            covered += below.lines if below is not None and len(below.lines) > 1 else (at.line + 1,)
        rules = tuple(rule.strip() for rule in match[2].split(",") if rule.strip())
        found.append(Directive(at, rules, reason, covered))
    yield from reversed(found)


def reason_of(text: str, match: re.Match[str]) -> tuple[int, str]:
    """Where the comment of a directive ends, and the reason that stands in it."""
    end = next((i for i in range(match.end(), len(text)) if text[i] in "\r\n"), len(text))
    closer = CLOSERS.get(match[1])
    closed = -1 if closer is None else text.find(closer, match.end(), end)
    if closer is not None and closed >= 0:
        return closed + len(closer), text[match.end() : closed].lstrip(" \t:–—-").rstrip()
    rest = re.sub(CLOSED, "", text[match.end() : end].rstrip())
    return end, rest.lstrip(" \t:–—-").rstrip()


def suppressed(
    snapshot: Snapshot,
    findings: Sequence[Finding],
    ignores: Sequence[Ignore],
    declared_in: str,
    readable: Sequence[str],
    judged: Iterable[str],
) -> list[Finding]:
    """The findings with those that are excused marked so, and findings about the excuses.

    `declared_in` is the file that holds `ignores`. `readable` are the paths that some check
    looked at: only there does a comment mean anything. `judged` are the prefixes of the checks
    that ran. Whether an excuse is still needed is only asked in a run over all files: a run about
    a change does not report what was there before, but why something is not excused.
    """
    judged = frozenset(judged)
    comments = [
        directive
        for path, file in snapshot.find(readable).items()
        for directive in directives(path, snapshot.text(file))
    ]
    globs = [(ignore, matcher([ignore.path])) for ignore in ignores]
    used: set[int] = set()
    result = []
    for finding in findings:
        reason, where = None, ""
        for number, directive in enumerate(comments):
            if directive.covers(finding):
                used.add(number)
                reason, where = directive.reason, directive.at.path
        for number, (ignore, matches) in enumerate(globs, len(comments)):
            if named(ignore.rule, finding.rule) and matches(finding.at.path):
                used.add(number)
                reason, where = ignore.reason, declared_in
        excused = reason is not None
        result.append(replace(finding, ignored=reason, ignored_in=where) if excused else finding)
    for directive in comments:
        if not directive.reason:
            result.append(
                Finding(
                    "guard/ignore-without-reason",
                    "this suppression gives no reason, so it suppresses nothing",
                    directive.at,
                    hint=f"guard: ignore[{', '.join(directive.rules)}] why the code may stay",
                )
            )
    whole = snapshot.changes is None
    result += unused_comments(comments, result, used, judged, whole=whole)
    if whole:
        left = [ignore for n, (ignore, _) in enumerate(globs, len(comments)) if n not in used]
        result += unused_entries(snapshot, left, declared_in, judged)
    return result


def unused_comments(
    comments: Sequence[Directive],
    findings: Sequence[Finding],
    used: set[int],
    judged: frozenset[str],
    *,
    whole: bool,
) -> list[Finding]:
    """A warning for each comment that excused nothing, where every check it names has run.

    Unless the run is about the `whole`, only for those beside something that was found.
    """
    found = []
    for number, directive in enumerate(comments):
        if number in used or not directive.reason:
            continue
        here = {
            f.rule
            for f in findings
            if f.at.path == directive.at.path and f.at.line in directive.lines
        }
        strange = {
            rule: words
            for rule in directive.rules
            if rule.partition("/")[0] not in judged and (words := meant(rule))
        }
        ran = all(rule.partition("/")[0] in judged for rule in directive.rules)
        if (ran or strange) and (whole or here):
            found.append(spare(directive, sorted(here), strange))
    return found


def spare(directive: Directive, here: Sequence[str], strange: Mapping[str, str]) -> Finding:
    """The warning for a comment that excused nothing.

    `here` are the rules of what was found beside it, `strange` those of its own that do not exist.
    """
    message = f"nothing here needs the suppression of {', '.join(directive.rules)}"
    hint = "remove the comment"
    if not directive.rules:
        message = "this suppression names no rule, so it suppresses nothing"
    for rule, words in strange.items():
        message, hint = f"there is no rule {rule!r}, so this suppresses nothing", words
    if here:
        hint = f"what was found here is {', '.join(here)}"
    return Finding(
        "guard/unused-ignore", message, directive.at, hint=hint, severity=Severity.WARNING
    )


def unused_entries(
    snapshot: Snapshot, spare: Sequence[Ignore], declared_in: str, judged: frozenset[str]
) -> Iterable[Finding]:
    """A warning for each entry of the configuration in `spare`, which excused nothing.

    None where its check did not run, or it is also about files that this run is not about.
    """
    if not spare:
        return
    targets = {file.path for file in snapshot.targets()}
    left_out = [path for path in snapshot.files() if path not in targets]
    for ignore in spare:
        ran = ignore.rule.partition("/")[0] in judged
        if ran and not any(map(matcher([ignore.path]), left_out)):
            yield Finding(
                "guard/unused-ignore",
                f"no finding of {ignore.rule} in {ignore.path} needs suppressing",
                entry(snapshot, ignore, declared_in),
                hint="remove it from the configuration",
                severity=Severity.WARNING,
            )


def entry(snapshot: Snapshot, ignore: Ignore, declared_in: str) -> Location:
    """Where the configuration names the rule of an entry beside its path; else the file."""
    file = snapshot.file(declared_in)
    text = "" if file is None else snapshot.text(file)
    lines = Lines(text)
    for block in re.finditer(r"^\s*\[\[[\w.]*ignore\]\][^\[]*", text, re.MULTILINE):
        named = re.search(rf"""["']{re.escape(ignore.rule)}["']""", block[0])
        if named and ignore.path in block[0]:
            start = block.start() + named.start()
            return lines.location(declared_in, start, start + len(named[0]))
    return Location(declared_in)
