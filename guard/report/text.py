"""Findings for people: the place, the code with the region underlined, the why and the mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guard.finding import REPOSITORY, Finding, Lines, Location, Severity
from guard.pipeline import Outcome

Text = Callable[[str], str | None]
"""The text of the file at a path; None where there is none."""

Style = Callable[..., str]
"""`click.style`, or what leaves the text as it is."""

MOST_LINES = 8
"""A longer region is shown by its first and last lines."""


def plain(text: str, **_: object) -> str:
    """The text without colour."""
    return text


def silent(path: str) -> None:
    """The text of no file, for a finding whose lines hold a secret."""


def shown(path: str) -> str:
    """A path that fits on a line: control characters and undecodable bytes escaped."""
    return "".join(
        f"\\x{ord(c) - 0xDC00:02x}" if 0xDC80 <= ord(c) <= 0xDCFF
        else c if c.isprintable()
        else c.encode("unicode_escape").decode()
        for c in path
    )  # fmt: skip


def render(outcome: Outcome, text: Text, style: Style = plain) -> Iterator[str]:
    """The lines of the report, the summary last."""
    for finding in outcome.findings:
        if finding.ignored is None:
            yield from one(finding, text, style)
            yield ""
    yield summary(outcome, style)


def one(finding: Finding, text: Text, style: Style) -> Iterator[str]:
    """The lines about one finding."""
    if finding.secret:
        text = silent
    error = finding.severity is Severity.ERROR
    severity = style(str(finding.severity), fg="red" if error else "yellow", bold=True)
    at = style(place(finding.at), bold=True)
    yield f"{at}: {severity}: {finding.message} [{style(finding.rule, fg='cyan')}]"
    yield from frame(finding.at, text, style, "red" if error else "yellow")
    for other in finding.related:
        yield f"  {place(other)}: {other.note}"
        if other.path != finding.at.path or not inside(other, finding.at):
            yield from frame(other, text, style, "blue")
    for number, line in enumerate(finding.hint.splitlines()):
        yield ("  " + style("help", fg="green") + ": " if not number else "        ") + line
    if finding.edits and "--fix" not in finding.hint:
        yield "  " + style("help", fg="green") + ": --fix mends this"


def place(at: Location) -> str:
    """`path:line:column`, or words for the repository."""
    return "repository" if at.path == REPOSITORY else f"{shown(at.path)}:{at.line}:{at.column}"


def inside(inner: Location, outer: Location) -> bool:
    """Whether one region of a file begins within the lines of another."""
    return outer.line <= inner.line <= outer.end_line


def frame(at: Location, text: Text, style: Style, colour: str) -> Iterator[str]:
    """The lines of the region with what is meant underlined."""
    source = None if at.path == REPOSITORY else text(at.path)
    if source is None:
        return
    lines = Lines(source)
    last = at.end_line - 1 if at.end_column == 1 and at.end_line > at.line else at.end_line
    numbers = list(range(at.line, last + 1))
    width = len(str(last))
    for index, number in enumerate(numbers):
        if len(numbers) > MOST_LINES and 3 <= index < len(numbers) - 3:
            if index == 3:
                yield f"  {'⋮':>{width}} │ … {len(numbers) - 6} more lines"
            continue
        line = lines.line(number)
        start = at.column - 1 if number == at.line else len(line) - len(line.lstrip())
        end = at.end_column - 1 if number == at.end_line else len(line)
        before, marked = line[:start], line[start:end]
        after = line[end:]
        if len(line) > 160:  # a minified line: show the neighbourhood
            before, marked = before[-40:], marked[:80]
            after = line[start + len(marked) : start + 80]
        if line or len(numbers) == 1:
            yield f"  {number:>{width}} │ {visible(before + marked + after)}"
        under = " " * columns(before) + style("~" * max(columns(marked), 1), fg=colour)
        if len(numbers) == 1 or (marked.strip() and len(numbers) <= MOST_LINES):
            yield f"  {' ' * width} │ {under}"


def visible(text: str) -> str:
    """Text as it can be put on a terminal: tabs as spaces, control characters as symbols."""
    return "".join(
        "    " if c == "\t" else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def columns(text: str) -> int:
    """How many terminal columns `visible(text)` takes."""
    from unicodedata import combining, east_asian_width

    return sum(
        4 if c == "\t" else 0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1
        for c in text
    )


def summary(outcome: Outcome, style: Style = plain) -> str:
    """One line: how much was looked at and what came of it."""
    files = f"{outcome.files} file{'s' * (outcome.files != 1)}"
    parts = [
        f"{count} {name}{'s' * (count != 1 and name != 'ignored')}"
        for count, name in (
            (outcome.errors, "error"),
            (outcome.warnings, "warning"),
            (outcome.ignored, "ignored"),
        )
        if count
    ]
    if not parts:
        return style("guard: clean", fg="green") + f" ({files})"
    colour = "red" if outcome.errors else "yellow"
    return style("guard: " + ", ".join(parts), fg=colour, bold=True) + f" in {files}"
