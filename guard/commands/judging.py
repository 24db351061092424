"""Judging a picture: what `guard check` does, and what a commit need not wait for click for."""

from __future__ import annotations

import os
from typing import NamedTuple

from guard.commands.picture import Asked, Picture, take
from guard.commands.progress import watched
from guard.commands.reporting import show
from guard.commands.terminal import say
from guard.config import plan
from guard.errors import CLEAN, FINDINGS
from guard.pipeline import Outcome, Plan, run


class Wanted(NamedTuple):
    """What is to be done with the picture."""

    select: tuple[str, ...] = ()
    """The only checks to run; empty for those that the configuration has on."""

    skip: tuple[str, ...] = ()
    """Checks to leave out."""

    fix: bool = False
    """Whether to apply the repairs to the files in the work tree."""

    form: str = "text"
    """The format of the report."""

    output: str | None = None
    """The file it goes to; None for the terminal."""


def judge(asked: Asked, wanted: Wanted) -> int:
    """Judges what is asked for, reports, and returns the exit status."""
    picture = take(asked)
    for note in picture.notes:
        say(f"guard: {note}")
    planned = plan(picture.snapshot, wanted.select, wanted.skip)
    outcome = judged(planned, picture)
    if wanted.fix:
        picture, outcome = mended(planned, picture, outcome, asked)
    form, output = wanted.form, wanted.output
    to_stderr = asked.staged and form == "text"
    show(outcome, picture.snapshot, planned, form, output, to_stderr=to_stderr)
    return FINDINGS if outcome.errors else CLEAN


def judged(planned: Plan, picture: Picture) -> Outcome:
    """The outcome, with a progress bar where it takes long and somebody watches."""
    with watched() as progress:
        return run(planned, picture.snapshot, progress)


def mended(
    planned: Plan, picture: Picture, outcome: Outcome, asked: Asked
) -> tuple[Picture, Outcome]:
    """Applies the repairs, and judges again what lies in the work tree then.

    What is staged stays as it is, and so does the verdict on it: the mended files are named, to
    be looked at and staged.
    """
    from guard import repair

    snapshot = picture.snapshot

    def unchanged(path: str) -> bool:
        file = snapshot.file(path)
        try:
            with open(os.path.join(picture.root, path), "rb") as current:
                return file is not None and current.read() == snapshot.read(file)
        except OSError:
            return False

    count, changed = 0, set[str]()
    while chosen := repair.choose(outcome.findings, unchanged):
        if not count and picture.repository is not None:
            from guard import rescue

            rescue.keep(picture.repository, "before guard check --fix")
        count += len(chosen)
        changed.update(repair.apply(picture.root, chosen))
        if asked.staged or count > 1000:
            break
        picture = take(asked)
        snapshot = picture.snapshot
        outcome = judged(planned, picture)
    if count:
        say(f"guard: mended {count} in {', '.join(sorted(changed))}")
    if asked.staged and count:
        say("guard: look at them, then stage them: git add -u")
    left = [f for f in outcome.findings if f.edits and f.ignored is None]
    if left and not asked.staged:
        say(f"guard: {len(left)} could not be mended: repairs overlap")
    for path in sorted({p for f in left for p in repair.paths(f) if p not in changed}):
        if asked.staged and not unchanged(path):
            say(f"guard: not mended: {path} differs from what is staged")
    return picture, outcome
