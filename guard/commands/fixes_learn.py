"""`guard fixes learn`: the rule for a fix, from the commit that made it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from guard import lessons, sources
from guard.commands.choosing import choose
from guard.commands.fixes import place, rules, staging, valid
from guard.commands.progress import Watching
from guard.entries import Change
from guard.errors import CLEAN, FINDINGS, GuardError
from guard.fixes.learning.lesson import Lesson, Refusal, learn, renumbered
from guard.fixes.learning.lines import Text
from guard.fixes.learning.sample import Fix, Sample
from guard.fixes.learning.teacher import Proposal
from guard.fixes.rule import Rule
from guard.fixes.tracing.values import Kind, State
from guard.git import Repository
from guard.origins import IndexSource
from guard.report.text import shown
from guard.snapshot import Snapshot

if TYPE_CHECKING:
    from guard.whereabouts.afterwards import Aftermath

MOST = 100
"""A commit that changes more places is a rewrite."""

OPTIONS = 5
"""How many rules are offered for one place with --interactive."""

PATIENCE = 10
"""Seconds that the history since the fix may take; the rest of it is for `guard fixes trace`."""


@click.command("learn")
@click.argument("revisions", metavar="[REV]...", nargs=-1)
@click.option("--staged", is_flag=True, help="The fix is what is staged.")
@click.option("--interactive", "-i", is_flag=True, help="Choose among the rules that hold.")
@click.option("--why", help="What goes wrong without the fix; else the commit's subject.")
@click.option("--id", "name", metavar="ID", help="What the rule is called; else after --why.")
@click.option("--dry-run", is_flag=True, help="Show the rules, write nothing.")
def command(
    revisions: tuple[str, ...],
    staged: bool,
    interactive: bool,
    why: str | None,
    name: str | None,
    dry_run: bool,
) -> int:
    """Propose the rule for a fix from the commit that made it, and write it down.

    Several commits that fix the same mistake give one rule: what they have in common. A rule is
    only proposed if it finds the mistake in the code before the fix, nothing in the code after
    it, and nothing else in HEAD.

    Exit status: 0 where a rule was found, 1 where no safe one exists or none was chosen.
    """
    if staged == bool(revisions):
        raise click.UsageError("name the commit of the fix, or --staged for what is staged")
    if name is not None:
        valid(name)
    repository = Repository.find(".")
    root, folder, _ = place()
    samples = understood(gathered(repository, revisions, staged))
    places = sum(len(sample.sites) for sample in samples)
    if places > MOST:
        raise GuardError(
            f"{places} places were changed: too many to be the fix of one mistake",
            "stage the fix alone and use --staged, or write the rule by hand: guard fixes new ID",
        )
    if why:
        samples = [lessons.explained(sample, why) for sample in samples]
    newest = newest_code(repository, staged)

    def elsewhere(rule: Rule, path: str, symbol: str) -> Sequence[str]:
        return lessons.elsewhere(newest, rule, path, symbol)

    known = rules()
    taken = [rule.id for rule in known]
    if name in taken:
        raise GuardError(f"there is a fix {name!r} already", f"see: guard fixes show {name}")
    most = OPTIONS if interactive else 1
    lesson = learn(samples, elsewhere, taken, most, name=name or "", folder=folder)
    for refusal in lesson.refusals:
        click.echo("\n".join(refused(refusal)))
    kept = choose(lesson.proposals) if interactive else [one[0] for one in lesson.proposals]
    status = CLEAN if kept else FINDINGS
    for proposal in [*kept]:
        if (recorded := same(proposal.rule, known)) is not None:
            click.echo(f"recorded already: {recorded.file} says this")
            kept.remove(proposal)
    kept = renumbered(kept, taken, name or "", folder)
    since = {} if staged else replayed(repository, kept)
    for proposal in kept:
        click.echo("\n".join(about(proposal)))
        if proposal.rule.file in since:
            click.echo("\n".join(retold(proposal.rule, since[proposal.rule.file])))
        click.echo()
        if not dry_run:
            write(root, proposal)
    click.echo(summary(lesson, kept, folder, dry_run))
    return status


def same(rule: Rule, known: Sequence[Rule]) -> Rule | None:
    """The recorded rule that looks for the same code in the same places; None where none does."""
    return next((one for one in known if judging(one) == judging(rule)), None)


def judging(rule: Rule) -> dict[str, Any]:
    """What a rule file says but for what only people read."""
    told = ("why", "incident", "commit", "bad", "good")
    return {key: value for key, value in tomllib.loads(rule.text).items() if key not in told}


def gathered(repository: Repository, revisions: Sequence[str], staged: bool) -> list[Sample | Text]:
    """The files that the fix changed; a GuardError where none of them can teach anything."""
    if staged:
        changed = lessons.staged(repository)
        found = lessons.samples(repository, changed, Fix("", ""))
        return found or nothing("what is staged", changed)
    found, every = [], []
    for commit in dict.fromkeys(repository.commit(revision) for revision in revisions):
        if lessons.merges(repository, commit):
            click.echo(
                f"{commit[:10]} is a merge: all that it brought is taken for one fix;"
                " better name the commit of the fix itself"
            )
        changed = lessons.committed(repository, commit)
        found += lessons.samples(repository, changed, lessons.fix(repository, commit))
        every += changed
    return found or nothing(", ".join(map(shown, revisions)), every)


def nothing(about: str, changed: Sequence[Change]) -> NoReturn:
    """Ends with what it is about each of the changed files that they teach nothing."""
    told = [f"{shown(path)} {why}" for path, why in map(lessons.unsuitable, changed)]
    more = [f"and {len(told) - 3} more"] if len(told) > 3 else []
    raise GuardError(
        f"{about} changes no code or settings that stood there before"
        + (f": {', '.join([*told[:3], *more])}" if told else ""),
        "write the rule by hand: guard fixes new ID",
    )


def understood(samples: Sequence[Sample | Text]) -> list[Sample | Text]:
    """The files that can be read, before and after; says which cannot."""
    found = []
    for sample in samples:
        problem = sample.unreadable
        if problem:
            click.echo(f"{sample.path}: passed over: {problem}")
        else:
            found.append(sample)
    return found


def newest_code(repository: Repository, staged: bool) -> Snapshot:
    """What a rule must find nothing else in: HEAD, or the index for a fix that is staged."""
    if staged:
        return Snapshot("the index", IndexSource(repository, repository.staged()))
    if repository.head is None:
        raise GuardError("there is no commit yet")
    return sources.committed(repository, repository.head)


def refused(refusal: Refusal) -> Iterator[str]:
    """The lines that say why nothing was learned from a place."""
    site = refusal.site
    where = f"{refusal.sample.path}" + (f", {site.symbol}" if site.symbol else "")
    yield click.style(f"no safe rule for {where}", fg="yellow", bold=True)
    yield f"  {refusal.why}"
    yield ""


def about(proposal: Proposal) -> Iterator[str]:
    """The lines about a rule that was learned: what it is and what it was proved on."""
    rule = proposal.rule
    where = proposal.sample.path if proposal.scoped else "the whole repository"
    yield click.style(rule.file, fg="green", bold=True)
    yield from ("  " + shown(line.expandtabs()) for line in rule.text.rstrip("\n").split("\n"))
    what = "requires a piece that" if rule.require else "finds the mistake, which"
    yield click.style("  proved: ", bold=True) + (
        f"{what} is not in the code {'before' if rule.require else 'after'} the fix; about {where}"
    )
    if rule.replace is not None:
        yield "  proved: its repair, applied to the code before, gives the fix"
    elif proposal.unmended:
        yield "  it has no repair: none that is safe gives the fix"


def replayed(repository: Repository, kept: Sequence[Proposal]) -> dict[str, Aftermath]:
    """What became of the fixes later, by the file of the rule; not of what HEAD itself made."""
    from guard.whereabouts.afterwards import later

    found: dict[str, Aftermath] = {}
    for made in dict.fromkeys(proposal.sample.fix.commit for proposal in kept):
        fix = repository.commit(made)
        if repository.head is None or fix == repository.head:
            continue
        rules = [one.rule for one in kept if one.sample.fix.commit == made]
        with Watching() as progress:
            all_told = later(repository, rules, fix, repository.head, progress, PATIENCE)
        found.update(zip((rule.file for rule in rules), all_told, strict=True))
    return found


def retold(rule: Rule, aftermath: Aftermath) -> Iterator[str]:
    """The lines about what became of the fix later."""
    if aftermath.state is State.ABSENT and aftermath.commits == 1:
        yield f"  history: HEAD does not hold that commit; where it is: guard fixes trace {rule.id}"
        return
    bad = [event for event in aftermath.events if not event.kind.good]
    whole = aftermath.looked == aftermath.commits
    if not bad and whole:
        yield "  history: it was never lost since"
    for event in bad:
        meant = "a deliberate revert" if event.kind is Kind.REVERTED else str(event.kind)
        yield click.style("  history: ", fg="red") + (
            f"{event.commit[:10]} {event.about.when[:10]} {shown(event.about.author)}: {meant}"
        )
        yield f"           {shown(event.about.subject)}"
    if not whole:
        yield (
            f"  history: after {PATIENCE} s the first {aftermath.looked:,} of"
            f" {aftermath.commits:,} commits since were looked at; all of them: guard fixes trace"
            f" {rule.id}"
        )
    if aftermath.state is State.LOST:
        how = "make it again" if rule.replace is not None else "where it is missing"
        fix = " --fix" if rule.replace is not None else ""
        yield f"  HEAD does not have the fix; {how}: guard check --all{fix}"
        yield f"  or, if that is meant, retire the rule: guard fixes retire {rule.id}"


def write(root: str, proposal: Proposal) -> None:
    """Puts the file of a rule in its place; a GuardError where there is one."""
    target = os.path.join(root, proposal.rule.file)
    if os.path.lexists(target):
        raise GuardError(f"{proposal.rule.file} exists already")
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "x", encoding="utf-8", newline="\n") as file:
            file.write(proposal.rule.text)
    except OSError as problem:
        raise GuardError(f"cannot write {proposal.rule.file!r}: {problem.strerror}") from None


def summary(lesson: Lesson, kept: Sequence[Proposal], folder: str, dry_run: bool) -> str:
    """What was learned in all, and what to do next."""
    if not lesson.proposals:
        told = "no safe rule can be learned from this" if lesson.refusals else "nothing to learn"
        return f"{told}; write one by hand: guard fixes new ID"
    if not kept or dry_run:
        return f"{len(kept)} rule{'s' * (len(kept) != 1)}, nothing written"
    files = [proposal.rule.file for proposal in kept]
    then = staging(files, folder)
    return f"wrote {' '.join(files)}\nnext: read it, say in `why` what goes wrong, then: {then}"
