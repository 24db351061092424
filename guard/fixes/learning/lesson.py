"""Learns the rule from the fix: from the code before and after it, proved on both.

Pure: texts in, rules out. What else a rule would meet is asked through a function, since only
the repository can tell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from guard import values
from guard.fixes.learning.candidates import Candidate
from guard.fixes.learning.common import Place, common
from guard.fixes.learning.file import name_for, numbered
from guard.fixes.learning.lines import Hunk, Text, covered, proposed
from guard.fixes.learning.sample import Fix, Sample, trivial
from guard.fixes.learning.sites import Site
from guard.fixes.learning.teacher import Elsewhere, Proposal, Teacher, hits
from guard.fixes.rule import FOLDER, concerned


@dataclass(frozen=True, slots=True)
class Refusal:
    """A changed place from which nothing safe could be learned."""

    sample: Sample | Text
    site: Site | Hunk

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
        rules = [options[0].rule for options in self.proposals]
        return any(
            rule.forbid and concerned(rule, [sample.path]) and hits(rule, sample, site)
            for rule in rules
        )


def learn(
    samples: Sequence[Sample | Text],
    elsewhere: Elsewhere,
    taken: Sequence[str] = (),
    most: int = 1,
    name: str = "",
    folder: str = FOLDER,
) -> Lesson:
    """The rules that `samples` teach, at most `most` for each changed place.

    What several places have in common is one rule, where it holds. `taken` are the ids of the
    rules there are already; `name` is what the new one is called, else it is made from the
    subject of the commit. `folder` is where rule files are.
    """
    lesson = Lesson()
    names = [*taken]

    def file(fix: Fix) -> str:
        return f"{folder}/{named(fix, names, name)}.toml"

    def teacher(place: Place, others: Sequence[Place] = ()) -> Teacher:
        also = tuple(Teacher(*other, elsewhere, "") for other in others)
        return Teacher(*place, elsewhere, file(place[0].fix), also)

    code = [sample for sample in samples if isinstance(sample, Sample)]
    places = [(s, site) for s in code for site in s.sites if not trivial(site)]
    for members, candidate in common(places):
        one = teacher(members[0], members[1:]).tried(candidate)
        if one is not None and not one.unmended:
            lesson.proposals.append([one])
            names.append(one.rule.id)
    for place in places:
        if lesson.covers(*place):
            continue
        student = teacher(place)
        try:
            found = student.proposals(most)
        except RecursionError:
            found, student.reason = [], "the code is nested too deeply"
        if found:
            lesson.proposals.append(found)
            names.append(found[0].rule.id)
        else:
            lesson.refusals.append(Refusal(*place, student.reason))
    texts = [(s, hunk) for s in samples if isinstance(s, Text) for hunk in s.sites]
    for text, hunk in texts:
        if any(covered(options[0].rule, text, hunk) for options in lesson.proposals):
            continue
        rule, why = proposed(text, hunk, file(text.fix))
        if rule is None:
            lesson.refusals.append(Refusal(text, hunk, why))
        else:
            lesson.proposals.append([Proposal(rule, Candidate(), text, hunk, scoped=True)])
            names.append(rule.id)
    return lesson


def named(fix: Fix, taken: Sequence[str], name: str) -> str:
    """An id for the rule of a fix: `name` or, where that is empty, after its subject."""
    return numbered(name, taken) if name else name_for(fix.subject, taken)


def renumbered(
    kept: Sequence[Proposal], taken: Sequence[str], name: str = "", folder: str = FOLDER
) -> list[Proposal]:
    """The rules that are written, called as if those that are not had never been proposed."""
    names, found = [*taken], []
    for proposal in kept:
        one = named(proposal.sample.fix, names, name)
        names.append(one)
        rule = values.replace(proposal.rule, id=one, file=f"{folder}/{one}.toml")
        found.append(dataclasses.replace(proposal, rule=rule))
    return found
