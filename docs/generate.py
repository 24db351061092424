"""Writes docs/checks.md from the checks themselves: what each refuses, its rules, its options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guard.check import Check, discover
from guard.commands.explain import described
from guard.suppress import RULES

HERE = Path(__file__).parent


def page() -> str:
    """The whole page."""
    lines = ["# The checks", "", "Written by `make docs` from the checks themselves.", ""]
    for _, check in sorted(discover().items()):
        lines += section(check)
    lines += ["## guard", "", "What guard says of suppressions.", ""]
    for rule, text in sorted(RULES.items()):
        lines += described_rule(rule, text)
    return "\n".join(lines).rstrip() + "\n"


def section(check: Check) -> Iterator[str]:
    """The lines about one check."""
    yield from (f"## {check.name}", "", check.documentation, "")
    for rule, text in sorted(check.rules.items()):
        yield from described_rule(rule, text)
    options = list(described(check.options))
    if options:
        yield from (f"Options, in `guard.toml` under `[{check.name}]`:", "")
        yield from ("| option | default | |", "|---|---|---|")
        for name, default, sentence in options:
            yield f"| `{name}` | `{default}` | {sentence} |"
        yield ""


def described_rule(rule: str, text: str) -> Iterator[str]:
    """The lines about one rule."""
    summary, _, rest = text.partition("\n")
    yield from (f"### `{rule}`", "", summary + ".", "")
    if rest.strip():
        yield from (rest.strip(), "")


if __name__ == "__main__":
    (HERE / "checks.md").write_text(page())
