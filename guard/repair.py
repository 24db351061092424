"""Applies the edits of findings to files on disk, whole or not at all."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from guard.errors import GuardError
from guard.finding import Edit, Finding, Lines

DRAFT = ".guard-draft-"
"""What a new text is called until it takes the place of its file; the process's number follows."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits applied; they must not overlap."""
    lines = Lines(text)
    for edit in sorted(edits, key=lambda e: e.at, reverse=True):
        start = lines.offset(edit.at.line, edit.at.column)
        end = lines.offset(edit.at.end_line, edit.at.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def paths(finding: Finding) -> set[str]:
    """The files that the repair of a finding changes."""
    return {edit.at.path for edit in finding.edits}


def overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same characters, or insert at the same place."""
    a, b = one.at, other.at
    if a.path != b.path:
        return False
    a_start, a_end = (a.line, a.column), (a.end_line, a.end_column)
    b_start, b_end = (b.line, b.column), (b.end_line, b.end_column)
    return (a_start < b_end and b_start < a_end) or a_start == b_start


def choose(findings: Iterable[Finding], unchanged: Callable[[str], bool]) -> list[Finding]:
    """The findings that can be mended in one go, the first in reading order winning.

    `unchanged` says whether a file on disk is still the text that was judged: edits are about
    that text and no other. Two findings may ask for the very same edits.
    """
    taken: list[Edit] = []
    chosen = []
    for finding in findings:
        if not finding.edits or finding.ignored is not None:
            continue
        fresh = [edit for edit in finding.edits if edit not in taken]
        if any(overlap(one, other) for one in fresh for other in taken):
            continue
        if all(unchanged(path) for path in paths(finding)):
            taken += fresh
            chosen.append(finding)
    return chosen


def apply(root: str, chosen: Sequence[Finding]) -> list[str]:
    """Applies the repairs of `chosen` below `root`; returns the paths that changed.

    A GuardError names the file that could not be written; those before it are mended.
    """
    edits = {edit for finding in chosen for edit in finding.edits}
    changed = sorted({edit.at.path for edit in edits})
    for path in changed:
        place = os.path.join(root, path)
        with open(place, "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
        mended = edited(text, [edit for edit in edits if edit.at.path == path])
        try:
            replace_file(place, mended.encode("utf-8", "surrogateescape"))
        except OSError as problem:
            raise GuardError(
                f"cannot mend {path!r}, which stays as it was: {problem.strerror}",
                f"see: ls -ld {shlex.quote(os.path.dirname(place))} and df -h",
            ) from None
    return changed


def replace_file(place: str, content: bytes) -> None:
    """Puts `content` at `place` in one step, with the mode kept: old or new, never half."""
    place = os.path.realpath(place)
    draft = os.path.join(os.path.dirname(place), f"{DRAFT}{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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


def swept(root: str, paths: Iterable[str]) -> list[str]:
    """Removes the drafts that killed runs left beside the files; returns their paths."""
    removed = []
    for folder in sorted({os.path.dirname(path) for path in paths}):
        with suppress(OSError):
            for name in os.listdir(os.path.join(root, folder)):
                process = name.removeprefix(DRAFT)
                if process != name and process.isdecimal() and not at_work(int(process)):
                    left = os.path.join(folder, name)
                    os.unlink(os.path.join(root, left))
                    removed.append(left)
    return removed


def at_work(process: int) -> bool:
    """Whether another process of this number runs."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
