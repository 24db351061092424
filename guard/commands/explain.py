"""`guard explain RULE`: what a rule or a check means and how to mend what it finds."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches

import click

from guard.check import Check, discover
from guard.commands.list import here
from guard.config import plan
from guard.errors import CLEAN, GuardError
from guard.suppress import RULES


def explained(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """The rules and checks that complete what is typed."""
    checks = discover()
    every = [*checks, *RULES, *(rule for check in checks.values() for rule in check.rules)]
    return sorted(name for name in every if name.startswith(begun))


@click.command("explain")
@click.argument("rule", shell_complete=explained)
def command(rule: str) -> int:
    """Say what RULE, or a whole check, refuses and why, and what to do about it."""
    checks = discover()
    if rule in checks:
        click.echo("\n".join(about(checks[rule])))
        return CLEAN
    snapshot = here()
    known = dict(RULES)
    planned = plan(snapshot)
    for check in checks.values():
        known |= check.rules
        if check.declared is not None and check in planned.checks:
            known |= check.declared(snapshot, planned.options_of(check))
    if rule not in known:
        close = get_close_matches(rule, [*known, *checks], n=1)
        hint = f"did you mean {close[0]!r}?" if close else "the rules: guard list"
        raise GuardError(f"there is no rule {rule!r}", hint)
    click.echo(f"{rule}: {known[rule]}")
    owner = next((c for c in checks.values() if c.owns(rule)), None)
    if owner is not None:
        click.echo(f"\nThe whole check: guard explain {owner.name}")
    click.echo(f"To excuse one place, with a reason: guard: ignore[{rule}] the reason")
    return CLEAN


def about(check: Check) -> Iterator[str]:
    """The documentation of a check, its rules and its options."""
    yield f"{check.name}: {check.documentation}"
    if check.rules:
        yield "\nRules:"
    for rule, text in sorted(check.rules.items()):
        yield f"  {rule}: {text.partition(chr(10))[0]}"
    options = list(described(check.options))
    if options:
        yield f"\nOptions, in guard.toml under [{check.name}]:"
    for name, default, sentence in options:
        yield f"  {name} = {default}"
        yield textwrap.indent(textwrap.fill(sentence, 88), "      ")


def described(options: type) -> Iterator[tuple[str, str, str]]:
    """Name, default as TOML would write it, and the sentence under the field of each option."""
    body = ast.parse(textwrap.dedent(inspect.getsource(options))).body[0]
    assert isinstance(body, ast.ClassDef)
    sentences = {
        field.target.id: text.value.value
        for field, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
    for field in dataclasses.fields(options):
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        text = " ".join(str(sentences.get(field.name, "")).split())
        yield field.name, toml(default), text


def toml(value: object) -> str:
    """A default as guard.toml would spell it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    return "{}" if isinstance(value, dict) else str(value)
