"""Learns the rule from the fix: from the code before and after it, proved on both.

Pure: texts in, rules out. What else a rule would meet is asked through a function, since only
the repository can tell.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from guard.errors import ConfigError
from guard.fixes.learn_candidates import STRONG, Candidate, candidates, located
from guard.fixes.learn_examples import examples
from guard.fixes.learn_file import Value, name_for, written
from guard.fixes.learn_sites import Site, blocks, dump
from guard.fixes.pattern import Match, TooMuchWork, Unreadable
from guard.fixes.proof import failures
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule, parse
from guard.fixes.search import forbidden, lies_in, scopes
from guard.fixes.text import Python

Elsewhere = Callable[[Rule, str, str], Sequence[str]]
"""Places, `path:line`, that a rule would forbid in the newest code besides where the fix was.

Asked with the rule and the path and qualified name of what the fix mended.
"""


@dataclass(frozen=True, slots=True)
class Fix:
    """What is known of the commit that made a fix."""

    commit: str
    """Its id; empty for what is staged."""

    subject: str
    """The first line of its message."""

    incident: str = ""
    """A link that its message names."""


@dataclass(frozen=True)
class Sample:
    """One file that a fix changed."""

    path: str
    """Where it is after the fix."""

    before: bytes
    after: bytes
    fix: Fix

    @cached_property
    def old(self) -> Python:
        """The file before the fix, to find patterns in; Unreadable where it does not parse."""
        return Python.read(self.before)

    @cached_property
    def new(self) -> Python:
        """The file after it."""
        return Python.read(self.after)

    # Trees of their own: those of a Python file know their parents, and copying a node of one
    # would copy the file.
    @cached_property
    def old_tree(self) -> ast.Module:
        """The tree before the fix."""
        return ast.parse(self.before)

    @cached_property
    def new_tree(self) -> ast.Module:
        """The tree after it."""
        return ast.parse(self.after)

    @cached_property
    def sites(self) -> list[Site]:
        """The places that the fix changed."""
        return list(blocks(self.old_tree.body, self.new_tree.body, (), ()))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that was learned, proved on the code it comes from."""

    rule: Rule
    """The rule; its `text` is the file to write."""

    candidate: Candidate
    sample: Sample
    site: Site

    scoped: bool
    """Whether it is about the files of the fix only."""

    @property
    def unmended(self) -> bool:
        """Whether it replaces code and knows no repair."""
        return bool(self.rule.forbid) and bool(self.site.new) and self.rule.replace is None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A changed place from which nothing safe could be learned."""

    sample: Sample
    site: Site

    why: str
    """The reason, for people."""


@dataclass
class Lesson:
    """Everything that a fix teaches."""

    proposals: list[list[Proposal]] = field(default_factory=list)
    """For each changed place the rules that hold there, the best first."""

    refusals: list[Refusal] = field(default_factory=list)

    def covers(self, sample: Sample, site: Site) -> bool:
        """Whether the best rule of another place is about this one too."""
        return any(
            options[0].sample.path == sample.path
            and options[0].rule.forbid
            and hits(options[0].rule, sample, site)
            for options in self.proposals
        )


def learn(
    samples: Sequence[Sample], elsewhere: Elsewhere, taken: Sequence[str] = (), most: int = 1
) -> Lesson:
    """The rules that `samples` teach, at most `most` for each changed place.

    `taken` are the ids of the rules there are already.
    """
    lesson = Lesson()
    names = [*taken]
    for sample in samples:
        for site in sample.sites:
            if trivial(site) or lesson.covers(sample, site):
                continue
            teacher = Teacher(sample, site, elsewhere, name_for(sample.fix.subject, names))
            found = teacher.proposals(most)
            if found:
                lesson.proposals.append(found)
                names.append(found[0].rule.id)
            else:
                lesson.refusals.append(Refusal(sample, site, teacher.reason))
    return lesson


def trivial(site: Site) -> bool:
    """Whether a change is no fix by itself: a docstring, an import that came or went."""
    nodes = (*site.old, *site.new)
    prose = all(isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in nodes)
    imports = all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in nodes)
    return prose or (imports and (site.inserted or site.removed or widened(site)))


def widened(site: Site) -> bool:
    """Whether an import statement only came to import more names than before."""
    before = {(dump(a)) for node in site.old for a in ast.walk(node) if isinstance(a, ast.alias)}
    after = {(dump(a)) for node in site.new for a in ast.walk(node) if isinstance(a, ast.alias)}
    modules = {n.module for n in (*site.old, *site.new) if isinstance(n, ast.ImportFrom)}
    return len(modules) == 1 and before <= after


@dataclass(frozen=True, slots=True)
class Scoping:
    """A candidate, and how much of the repository it is to be about."""

    candidate: Candidate

    path: bool
    """Whether it is about the file of the fix only."""


def scopings(candidate: Candidate, site: Site) -> Iterator[Scoping]:
    """The whole repository where the pattern says enough, then the file, then the function.

    Each with its repair and, should that not give the fix, without. A pattern that says little
    is about the function only.
    """
    placed = bool(candidate.function or candidate.class_)
    strong = candidate.weight >= STRONG
    function, class_ = located(site)
    wide = candidate.forbid and strong and not placed and not candidate.exact
    filed = strong or placed or candidate.exact or candidate.require or not (function or class_)
    for one in (candidate, replace(candidate, mend=None)) if candidate.mend else (candidate,):
        if wide and not (one.mend and candidate.local):
            yield Scoping(one, path=False)
        if filed:
            yield Scoping(one, path=True)
        if not placed and (function or class_):
            yield Scoping(replace(one, function=function, class_=class_), path=True)


@dataclass
class Teacher:
    """Turns one changed place into rules."""

    sample: Sample
    site: Site
    elsewhere: Elsewhere
    id: str
    reason: str = "the change is too small or too large to tell a mistake by"

    def proposals(self, most: int) -> list[Proposal]:
        """The rules that hold, the best first."""
        found: list[Proposal] = []
        spare: list[Proposal] = []
        for candidate in candidates(self.site, self.sample.old_tree, self.sample.new_tree):
            proposal = self.tried(candidate)
            if proposal is None:
                continue
            unmended = candidate.mend is not None and proposal.candidate.mend is None
            (spare if unmended else found).append(proposal)
            if len(found) >= most:
                break
        # A rule with a repair is better than one without, and that better than none.
        if found and found[0].rule.require:
            return [*spare[:1], *found][:most]
        return (found or spare)[:most]

    def tried(self, candidate: Candidate) -> Proposal | None:
        """The candidate as a rule, as wide as is safe; None where it does not hold."""
        for scope in scopings(candidate, self.site):
            rule = self.made(scope)
            if rule is None or not self.holds(rule):
                continue
            if rule.forbid and (found := self.elsewhere(rule, self.sample.path, self.site.symbol)):
                self.reason = f"the old code also stands, rightly or not, at {found[0]}"
                continue
            finished = self.exemplified(scope, rule)
            if finished is not None:
                return Proposal(finished, scope.candidate, self.sample, self.site, scope.path)
        return None

    def made(
        self, scope: Scoping, bad: Sequence[str] = (), good: Sequence[str] = ()
    ) -> Rule | None:
        """The rule file for a candidate, read back; None where it is no rule."""
        fix, candidate = self.sample.fix, scope.candidate
        table: dict[str, Value] = {
            "why": fix.subject or "say here what goes wrong without it",
            "incident": fix.incident,
            "commit": fix.commit,
            "paths": [glob(self.sample.path)] if scope.path else [],
            "class": candidate.class_,
            "function": candidate.function,
            "forbid": candidate.forbid,
            "not-inside": candidate.not_inside,
            "replace": candidate.mend or "",
            "require": candidate.require,
            "bad": bad,
            "good": good,
        }
        where = {name: {"kind": "name"} for name in candidate.names}
        try:
            return parse(f".guard/fixes/{self.id}.toml", written(table, where).encode())
        except ConfigError as problem:
            self.reason = problem.message.partition("\n")[0]
            return None

    def holds(self, rule: Rule) -> bool:
        """Whether a rule tells the code before the fix from the code after it."""
        try:
            if rule.require:
                kept = required(rule, self.sample.new)
                return kept and not required(rule, self.sample.old)
            if matches(rule, self.sample.new):
                self.reason = "the old code also stands in the fixed file, where it was left"
                return False
            return hits(rule, self.sample, self.site) and (rule.replace is None or self.mends(rule))
        except (TooMuchWork, RecursionError):
            self.reason = "the pattern takes too long to search for"
            return False

    def mends(self, rule: Rule) -> bool:
        """Whether the repair, applied to the code before, gives the fix up to formatting."""
        old = self.sample.old
        found = matches(rule, old)
        patches = repairs(rule, found, old)
        if not all(patches):
            return False
        text = patched(old.text, [p for each in patches for p in each])
        try:
            mended = ast.parse(text)
        except (SyntaxError, ValueError):
            return False
        left = [pair(s) for s in blocks(mended.body, self.sample.new_tree.body, (), ())]
        whole = [pair(s) for s in self.sample.sites]
        return pair(self.site) not in left and all(one in whole for one in left)

    def exemplified(self, scope: Scoping, rule: Rule) -> Rule | None:
        """The rule with examples from the commit that prove it; None where none do."""
        for bad, good in examples(self.sample.before, self.sample.after, self.site):
            goods = [good]
            mended = self.mended(rule, bad)
            if mended is not None:
                goods = [mended] if not good else [good]
                if not rule.language.equal(mended, goods[0]):
                    goods = [mended]
            if not goods[0].strip():
                continue
            finished = self.made(scope, [bad], goods)
            if finished is not None and not failures(finished):
                return finished
        self.reason = "no short example from the commit proves it"
        return None

    def mended(self, rule: Rule, bad: str) -> str | None:
        """An example with the repair applied; None where there is none."""
        if rule.replace is None:
            return None
        from guard.fixes.proof import read

        try:
            file = read(rule, bad)
            patches = repairs(rule, forbidden(rule, file), file)
        except (Unreadable, TooMuchWork):
            return None
        return patched(file.text, [p for each in patches for p in each]) if patches else None


def candidate_kind(found: Sequence[Proposal]) -> str:
    """`require` where the first of the rules only requires, else empty."""
    return "require" if found and found[0].rule.require else ""


def glob(path: str) -> str:
    """A path as a glob that means just this file."""
    special = "".join(f"\\{c}" if c in "*?[]\\!#" else c for c in path)
    return f"/{special}" if "/" not in path else special


def matches(rule: Rule, file: Python) -> list[tuple[Any, Match]]:
    """What a rule forbids in a file, in the function and class that it is about."""
    places = scopes(rule, file)
    return [(p, m) for p, m in forbidden(rule, file) if lies_in(m, places)]


def required(rule: Rule, file: Python) -> bool:
    """Whether a file has all that a rule requires, in the function and class that it is about."""
    places = scopes(rule, file)
    return all(any(lies_in(m, places) for m in p.find(file)) for p in rule.require)


def hits(rule: Rule, sample: Sample, site: Site) -> bool:
    """Whether a rule forbids the old code at a site."""
    if not site.old:
        return False
    spans = [sample.old.span(node) for node in site.old if hasattr(node, "lineno")]
    spans = spans or [sample.old.span(site.chain[-1].old)]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return any(m.start < end and start < m.end for _, m in matches(rule, sample.old))


def pair(site: Site) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """A change as what can be compared: old code, new code, and where."""
    return tuple(map(dump, site.old)), tuple(map(dump, site.new)), site.symbol
