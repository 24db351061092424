"""What a rule says of itself to whom it has refused something: why, what it holds, what to do."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator

from guard.fixes.rule import Rule, expired

HELD = {
    "forbid": "Must not come back:",
    "inside": "only inside of:",
    "not-inside": "but not inside of:",
    "unless": "unless it is also:",
    "replace": "To be written instead:",
    "require": "Must stay:",
}
"""The keys of a rule file that hold code, in the order in which they are told."""


def documentation(rule: Rule) -> str:
    """The first line of `why`, an empty line, and all there is to know in a few more."""
    first, _, more = rule.why.partition("\n")
    paragraphs = [more.strip(), *code(rule), "\n".join(facts(rule))]
    return "\n\n".join([first, *(paragraph for paragraph in paragraphs if paragraph)])


def code(rule: Rule) -> Iterator[str]:
    """The patterns of a rule as its file says them, one paragraph for each key."""
    table = tomllib.loads(rule.text)
    for key, said in HELD.items():
        value = table.get(key, [])
        for one in [value] if isinstance(value, str) else value:
            yield f"{said}\n{textwrap.indent(one.strip(chr(10)), '    ')}"


def facts(rule: Rule) -> Iterator[str]:
    """Where a rule applies, where it comes from, and the commands that go on from there."""
    for name, condition in rule.where.items():
        if condition.kind:
            yield f"${name} is a {condition.kind}"
        if condition.regex:
            yield f"${name} matches {condition.regex}"
        if condition.not_regex:
            yield f"${name} does not match {condition.not_regex}"
    symbol = ".".join(part for part in (rule.class_, rule.function) if part)
    where = ", ".join(rule.paths) or f"every file of {rule.language.name}"
    yield f"About {symbol} in {where}" if symbol else f"About {where}"
    if rule.commit:
        yield f"Fixed in {rule.commit}"
    if rule.incident:
        yield f"What happened: {rule.incident}"
    if rule.expires:
        yield f"It {'has expired' if expired(rule) else 'holds until'} {rule.expires}"
    yield f"The rule: {rule.file}"
    if rule.replace is not None:
        yield "To make the fix again: guard check --all --fix"
    yield f"Where it got lost: guard fixes trace {rule.id}"
    yield f"If it is needed no more: guard fixes retire {rule.id}"
