"""The conflicts check: no file is committed with the markers of an unresolved merge in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guard.check import NoOptions, check
from guard.finding import Finding, Lines, Location
from guard.snapshot import Snapshot
from guard.values import dataclass

RULES = {
    "conflicts/marker": "A merge conflict is not resolved\n\n"
    "git left `<<<<<<<`, `=======` and `>>>>>>>` around two versions of the same lines, and both "
    "are about to be committed. Keep what is right, remove the marker lines, `git add` the file. "
    "A file that shows such markers on purpose says so, on the line before: "
    "`<!-- guard: ignore[conflicts/marker] an example -->` (or `#`, `//`), or in `guard.toml`.",
}

SNIFFED = 8000
"""git calls a file binary that has a NUL among this many first bytes."""

# Texts, here and elsewhere: `re` compiles them at their first use, which most commits never see.
MARKER = (
    r"(?m)"
    r"^(?:(<{7})(?:[ \t]([^\r\n]*))?|(\|{7})(?:[ \t][^\r\n]*)?|(={7})|(>{7})(?:[ \t]([^\r\n]*))?)"
    r"(?=\r?$)"
)

# What git itself writes behind a marker. Only such a label makes a marker suspicious that stands
# alone: `>>>>>>> text` is also what a much quoted mail looks like.
LABEL = (
    r"HEAD\b|Updated upstream$|Stashed changes$|(?:ours|theirs|LOCAL|REMOTE)$"
    r"|(?:parent of )?[0-9a-f]{7,40}(?:[ :.]|$)|[\w.-]+/[\w./-]+: "
    r"|(?:refs|remotes|origin|upstream)/\S+$"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One marker line."""

    kind: str
    """`<`, `|`, `=` or `>`."""

    start: int
    """Offset of its first character."""

    end: int
    """Offset of its line's end."""

    label: str
    """What stands behind it."""

    @property
    def labelled(self) -> bool:
        """Whether git, and hardly anyone else, writes such a label."""
        return re.match(LABEL, self.label) is not None


# What `readable` looks for; UTF-16 of either byte order holds the latter two.
LITERALS = ("<" * 7, ">" * 7, "\0".join("<" * 7), "\0".join(">" * 7))


@check(
    rules=RULES,
    options=NoOptions,
    by_file=True,
    literals=LITERALS,
    yields_to=("javascript/orphan",),
)
def conflicts(snapshot: Snapshot, options: NoOptions) -> Iterator[Finding]:
    """No text file holds the markers of a merge conflict.

    Refused is a run of markers as git writes it, `<<<<<<<` to `>>>>>>>` with `=======` between
    them, and what a half-done resolution leaves of one. A line of equals signs under a heading,
    a quoted mail or a here-string is none. Where the check `javascript` runs as well, a conflict
    that keeps a file from parsing is reported once, as `javascript/orphan`.
    """
    for file in snapshot.targets():
        text = readable(snapshot.read(file))
        if text is not None:
            lines = Lines(text)
            for run in runs(marks(text)):
                yield finding(file.path, run, lines)


def readable(content: bytes) -> str | None:
    """The text of a file that could hold markers; None where it cannot, or is binary."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
        return text if "<<<<<<<" in text or ">>>>>>>" in text else None
    if b"<<<<<<<" not in content and b">>>>>>>" not in content:
        return None
    if b"\0" in content[:SNIFFED]:
        return None
    return content.decode("utf-8", "surrogateescape")


def marks(text: str) -> Iterator[Mark]:
    """The marker lines of a text, in order."""
    for found in re.finditer(MARKER, text):
        sign = text[found.start()]
        yield Mark(sign, found.start(), found.end(), found[2] or found[6] or "")


def runs(found: Iterable[Mark]) -> Iterator[tuple[Mark, ...]]:
    """The markers of each conflict, whole or half resolved."""
    run: tuple[Mark, ...] = ()
    for mark in found:
        if mark.kind == "<":
            yield from remains(run)
            run = (mark,)
        elif mark.kind == ">":
            kinds = {m.kind for m in run}
            if {"<", "="} <= kinds or (run and (mark.labelled or run[0].labelled)):
                yield (*run, mark)
            else:
                yield from remains((*run, mark))
            run = ()
        elif run:
            run = (*run, mark)
    yield from remains(run)


def remains(run: tuple[Mark, ...]) -> Iterator[tuple[Mark, ...]]:
    """The markers of a conflict that lost some, where no one but git writes such."""
    if any(mark.labelled for mark in run):
        yield run


def finding(path: str, run: tuple[Mark, ...], lines: Lines) -> Finding:
    """One finding for one conflict, over all of its lines."""
    import shlex

    whole = len(run) > 2
    notes = {"<": "one side begins", "|": "what both had begins", "=": "the other side begins"}
    related: tuple[Location, ...] = tuple(
        lines.location(path, m.start, m.end, notes.get(m.kind, "the conflict ends"))
        for m in run[1:]
    )
    return Finding(
        "conflicts/marker",
        "this merge conflict is not resolved"
        if whole
        else f"this line is left over from a merge conflict: {run[0].kind * 7}",
        lines.location(path, run[0].start, run[-1].end),
        hint="keep what is right of both sides, remove the marker lines, then\n"
        f"git add {shlex.quote(path)}",
        related=related,
    )
