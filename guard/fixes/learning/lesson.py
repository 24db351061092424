"""Learns the rule from the fix: from the code before and after it, proved on both.

Pure: texts in, rules out. What else a rule would meet is asked through a function, since only
the repository can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from guard.fixes.learning.common import Place, common
from guard.fixes.learning.file import name_for, numbered
from guard.fixes.learning.sample import Sample, trivial
from guard.fixes.learning.sites import Site
from guard.fixes.learning.teacher import Elsewhere, Proposal, Teacher, hits
from guard.fixes.rule import FOLDER, concerned


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
        rules = [options[0].rule for options in self.proposals]
        return any(
            rule.forbid and concerned(rule, [sample.path]) and hits(rule, sample, site)
            for rule in rules
        )


def learn(
    samples: Sequence[Sample],
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

    def teacher(place: Place, others: Sequence[Place] = ()) -> Teacher:
        also = tuple(Teacher(*other, elsewhere, "") for other in others)
        one = numbered(name, names) if name else name_for(place[0].fix.subject, names)
        return Teacher(*place, elsewhere, f"{folder}/{one}.toml", also)

    places = [(s, site) for s in samples for site in s.sites if not trivial(site)]
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
    return lesson
