"""Turns one changed place into rules, and proves each of them on the code before and after."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guard.errors import ConfigError
from guard.fixes.judge import parsing
from guard.fixes.keep import held
from guard.fixes.learning.candidates import STRONG, Candidate, candidates, located
from guard.fixes.learning.examples import examples
from guard.fixes.learning.file import Value, glob, written
from guard.fixes.learning.lines import Hunk, Text
from guard.fixes.learning.pattern import long_text
from guard.fixes.learning.sample import Sample, pair
from guard.fixes.learning.sites import Site, blocks
from guard.fixes.matching.pattern import Match, TooMuchWork, Unreadable
from guard.fixes.matching.text import Python
from guard.fixes.proof import failures
from guard.fixes.repair import all_repairs, patched, repairs
from guard.fixes.rule import Rule
from guard.fixes.rulefile import parse
from guard.fixes.search import forbidden, lies_in, scopes

Elsewhere = Callable[[Rule, str, str], Sequence[str]]
"""Places, `path:line`, that a rule would forbid in the newest code besides where the fix was.

Asked with the rule and the path and qualified name of what the fix mended.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that was learned, proved on the code it comes from."""

    rule: Rule
    """The rule; its `text` is the file to write."""

    candidate: Candidate
    sample: Sample | Text
    site: Site | Hunk

    scoped: bool
    """Whether it is about the files of the fix only."""

    @property
    def unmended(self) -> bool:
        """Whether it replaces code and knows no repair."""
        return bool(self.rule.forbid) and bool(self.site.new) and self.rule.replace is None


@dataclass(frozen=True, slots=True)
class Scoping:
    """A candidate, and how much of the repository it is to be about."""

    candidate: Candidate

    path: bool
    """Whether it is about the file of the fix only."""


def scopings(candidate: Candidate, site: Site, *, single: bool = True) -> Iterator[Scoping]:
    """The whole repository where the pattern says enough, then the file, then the function.

    Each with its repair and, should that not give the fix, without. A pattern that says little
    is about the function only.
    """
    placed = bool(candidate.function or candidate.class_)
    strong = candidate.weight >= STRONG
    function, class_ = located(site) if single else ("", "")
    wide = candidate.wide and not placed
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

    file: str
    """Where the rule is to be written."""

    others: tuple[Teacher, ...] = ()
    """Further places that one rule must be right about."""

    asked: dict[tuple[Candidate, bool], Sequence[str]] = field(default_factory=dict)
    """What `elsewhere` has said."""

    reason: str = "the change is too small or too large to tell a mistake by"

    def proposals(self, most: int) -> list[Proposal]:
        """The rules that hold, the best first."""
        found: list[Proposal] = []
        spare: list[Proposal] = []
        if any(long_text(n) for node in (*self.site.old, *self.site.new) for n in ast.walk(node)):
            self.reason = "what changed is a long text, which is no code"
        plain: list[Candidate] = []
        first: Proposal | None = None
        for candidate in candidates(self.site, self.sample.old_tree, self.sample.new_tree):
            if candidate.not_inside and replace(candidate, not_inside=()) in plain:
                continue  # it holds without saying where it does not
            proposal = self.tried(candidate)
            if proposal is None:
                continue
            plain.append(candidate)
            unmended = candidate.mend is not None and proposal.candidate.mend is None
            if not found and not spare:
                first = proposal
            (spare if unmended else found).append(proposal)
            if len(found) >= most:
                break
        # A rule with a repair is better than one without, and that better than none.
        if found and found[0].rule.require and found[0] is not first:
            return [*spare[:1], *found][:most]
        return (found or spare)[:most]

    def tried(self, candidate: Candidate) -> Proposal | None:
        """The candidate as a rule, as wide as is safe; None where it does not hold."""
        for scope in parsing(scopings(candidate, self.site, single=not self.others)):
            rule = self.made(scope)
            every = (self, *self.others)
            if rule is None or not all(one.holds(rule) for one in every):
                continue
            if rule.forbid and (found := self.met(scope, rule)):
                self.reason = f"the old code also stands, rightly or not, at {found[0]}"
                continue
            if rule.replace is not None and not all(one.mends(rule) for one in every):
                continue
            finished = self.exemplified(scope, rule)
            if finished is not None and self.offered(rule):
                return Proposal(finished, scope.candidate, self.sample, self.site, scope.path)
        return None

    def met(self, scope: Scoping, rule: Rule) -> Sequence[str]:
        """What else a rule would forbid, asked once for a rule with its repair and without."""
        key = replace(scope.candidate, mend=None), scope.path
        if key not in self.asked:
            self.asked[key] = self.elsewhere(rule, self.sample.path, self.site.symbol)
        return self.asked[key]

    def made(
        self, scope: Scoping, bad: Sequence[str] = (), good: Sequence[str] = ()
    ) -> Rule | None:
        """The rule file for a candidate, read back; None where it is no rule."""
        fix, candidate = self.sample.fix, scope.candidate
        table: dict[str, Value] = {
            "why": fix.subject or "say here what goes wrong without it",
            "incident": fix.incident,
            "commit": fix.commit,
            "paths": self.globs() if scope.path else [],
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
            return parse(self.file, written(table, where).encode())
        except ConfigError as problem:
            self.reason = problem.message.partition("\n")[0]
            return None

    def globs(self) -> list[str]:
        """The files of the fix."""
        return [*dict.fromkeys(glob(one.sample.path) for one in (self, *self.others))]

    def holds(self, rule: Rule) -> bool:
        """Whether a rule tells the code before the fix from the code after it."""
        try:
            if rule.require:
                if required(rule, self.sample.old):
                    self.reason = "what was added stood in the same function before, too"
                    return False
                return required(rule, self.sample.new)
            if matches(rule, self.sample.new):
                self.reason = "the old code also stands in the fixed file, where it was left"
                return False
            return hits(rule, self.sample, self.site)
        except (TooMuchWork, RecursionError):
            self.reason = "the pattern takes too long to search for"
            return False

    def offered(self, rule: Rule) -> bool:
        """Whether --fix will offer the repair, which it compares with libcst's text; that is slow.

        So it is asked once a rule holds in all else.
        """
        if rule.replace is None:
            return True
        return all(one.mends(rule, compared=True) for one in (self, *self.others))

    def mends(self, rule: Rule, *, compared: bool = False) -> bool:
        """Whether the repair, applied to the code before, gives the fix up to formatting."""
        old = self.sample.old
        try:
            patches = all_repairs(rule, matches(rule, old), old, compared=compared)
            if not patches:
                return False
            mended = ast.parse(patched(old.text, [p for each in patches for p in each]))
            left = [pair(s) for s in blocks(mended.body, self.sample.new_tree.body, (), ())]
        except (SyntaxError, ValueError, TooMuchWork, RecursionError):
            return False
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

        try:
            file = rule.language.example(bad)
            patches = repairs(rule, forbidden(rule, file), file)
        except (Unreadable, TooMuchWork):
            return None
        return patched(file.text, [p for each in patches for p in each]) if patches else None


def matches(rule: Rule, file: Python) -> list[tuple[Any, Match]]:
    """What a rule forbids in a file, in the function and class that it is about."""
    places = scopes(rule, file)
    return [(p, m) for p, m in forbidden(rule, file) if lies_in(m, places)]


def required(rule: Rule, file: Python) -> bool:
    """Whether a file has all that a rule requires, in the function and class that it is about."""
    return all(held(rule, pattern, file) for pattern in rule.require)


def hits(rule: Rule, sample: Sample, site: Site) -> bool:
    """Whether a rule forbids the old code at a site."""
    if not site.old:
        return False
    spans = [sample.old.span(node) for node in site.old if hasattr(node, "lineno")]
    spans = spans or [sample.old.span(site.chain[-1].old)]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return any(m.start < end and start < m.end for _, m in matches(rule, sample.old))
