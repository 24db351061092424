"""Applies the edits of findings to files on disk, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence

from guard.finding import Edit, Finding, Lines


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits applied; they must not overlap."""
    lines = Lines(text)
    for edit in sorted(edits, key=lambda e: e.at, reverse=True):
        start = lines.offset(edit.at.line, edit.at.column)
        end = lines.offset(edit.at.end_line, edit.at.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def disjoint(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose edits can be applied in one go, the first in reading order winning."""
    taken: list[Edit] = []
    chosen = []
    for finding in findings:
        if not any(overlap(one, other) for one in finding.edits for other in taken):
            taken += finding.edits
            chosen.append(finding)
    return chosen


def overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same characters, or insert at the same place."""
    a, b = one.at, other.at
    if a.path != b.path:
        return False
    a_start, a_end = (a.line, a.column), (a.end_line, a.end_column)
    b_start, b_end = (b.line, b.column), (b.end_line, b.end_column)
    return (a_start < b_end and b_start < a_end) or a_start == b_start


def apply(
    root: str, findings: Sequence[Finding], seen: Mapping[str, bytes]
) -> dict[str, list[Finding]]:
    """Applies what can be applied and returns, by path, the findings that are mended.

    `seen` holds the bytes that were judged: a file that differs from them is left alone, since
    the edits are about another text.
    """
    mended: dict[str, list[Finding]] = {}
    chosen = disjoint(f for f in findings if f.edits and f.ignored is None)
    for path in sorted({edit.at.path for finding in chosen for edit in finding.edits}):
        place = os.path.join(root, path)
        with open(place, "rb") as file:
            current = file.read()
        if current != seen.get(path):
            continue
        here = [f for f in chosen if any(edit.at.path == path for edit in f.edits)]
        text = current.decode("utf-8", "surrogateescape")
        edits = {edit for finding in here for edit in finding.edits if edit.at.path == path}
        replace_file(place, edited(text, edits).encode("utf-8", "surrogateescape"))
        mended[path] = here
    return mended


def replace_file(place: str, content: bytes) -> None:
    """Puts `content` at `place` in one step, with the mode kept: old or new, never half."""
    place = os.path.realpath(place)
    handle, draft = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".guard-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, os.stat(place).st_mode & 0o7777)
        os.replace(draft, place)
    except BaseException:
        os.unlink(draft)
        raise
