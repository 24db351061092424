"""The dialogue of `guard fixes learn --interactive`: which of the rules that hold is meant."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import click

from guard.errors import GuardError
from guard.fixes.learning.teacher import Proposal
from guard.fixes.rule import Rule
from guard.report.text import shown

SAID = ("forbid", "not-inside", "replace", "require")
"""The keys in which the rules for one place differ, besides what they are about."""

WIDTH = max(map(len, SAID))


def choose(places: Sequence[Sequence[Proposal]]) -> list[Proposal]:
    """The rule that the user takes for each changed place; none for one that is skipped."""
    kept = []
    for number, options in enumerate(places, 1):
        click.echo("\n".join(question(number, len(places), options)))
        picked = asked(len(options), f"place {number} of {len(places)}")
        click.echo()
        kept += [] if picked is None else [options[picked]]
    return kept


def question(number: int, of: int, options: Sequence[Proposal]) -> Iterator[str]:
    """The lines that show a changed place and the rules that hold there."""
    best = options[0]
    symbol = f", {best.site.symbol}" if best.site.symbol else ""
    yield click.style(f"place {number} of {of}: {shown(best.sample.path)}{symbol}", bold=True)
    for line in compared(best.rule):
        colour = {"-": "red", "+": "green"}.get(line[:1])
        yield "    " + (click.style(line, fg=colour) if colour else line)
    for choice, proposal in enumerate(options, 1):
        yield ""
        yield f"  {click.style(f'[{choice}]', bold=True)} {where(proposal.rule)}"
        yield from (f"      {line}" for line in patterns(proposal.rule))


def compared(rule: Rule) -> Iterator[str]:
    """The example of the mistake beside that of the fix, line by line, as git shows changes."""
    old, new = ("\n".join(sides).strip("\n").split("\n") for sides in (rule.bad, rule.good))
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        sides = (
            [(" ", old[i:i_end])] if tag == "equal" else [("-", old[i:i_end]), ("+", new[j:j_end])]
        )
        yield from (f"{sign} {shown(line.expandtabs())}" for sign, side in sides for line in side)


def where(rule: Rule) -> str:
    """What a rule is about, in words."""
    symbol = ".".join(part for part in (rule.class_, rule.function) if part)
    place = ", ".join(map(shown, rule.files or rule.paths)) or "anywhere in the repository"
    return f"in {symbol} in {place}" if symbol else f"in {place}" if rule.paths else place


def patterns(rule: Rule) -> Iterator[str]:
    """What a rule forbids, writes instead and requires, as its file says it."""
    told = tomllib.loads(rule.text)
    for key in SAID:
        for value in [told[key]] if isinstance(told.get(key), str) else told.get(key, []):
            first, *more = value.strip("\n").split("\n")
            yield f"{key:{WIDTH}}  {shown(first)}"
            yield from (f"{'':{WIDTH}}  {shown(line)}" for line in more)
    for name, condition in rule.where.items():
        if condition.kind:
            yield f"{'where':{WIDTH}}  ${name} is a {condition.kind}"


def asked(most: int, place: str) -> int | None:
    """The number, from 0 on, of the rule that is taken; None for none."""
    which = f"1 to {most}, " if most > 1 else ""
    while True:
        try:
            answer = input(f"\nwhich one? {which}s to skip this place [1]: ").strip().lower()
        except EOFError:
            click.echo()
            raise GuardError(
                f"no answer for {place}, so nothing was written",
                "answer each question, or leave out --interactive: the best rules are taken",
            ) from None
        if answer in ("s", "skip"):
            return None
        if not answer or (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= most):
            return int(answer or 1) - 1
        click.echo(f"{shown(answer)!r} is none of: {which}s")
