"""Judging a picture: what `guard check` does, and what a commit need not wait for click for."""

from __future__ import annotations

import os

from guard.commands.picture import Asked, Picture, Wanted, take, whole
from guard.commands.progress import Watching
from guard.commands.reporting import show
from guard.commands.terminal import say
from guard.config import plan
from guard.errors import CLEAN, FINDINGS
from guard.look import Look
from guard.pipeline import Outcome, Plan, run
from guard.snapshot import Snapshot


def judge(
    asked: Asked, wanted: Wanted, look: Look | None = None, picture: Picture | None = None
) -> int:
    """Judges what is asked for, reports, and returns the exit status.

    `look` is what git has begun to say of it, `picture` what was made of that, where they are.
    """
    if whole(asked) and not wanted.fix:
        return repeated(asked, wanted, look or Look(asked.rev))
    picture = picture or take(asked)
    for note in picture.notes:
        say(f"guard: {note}")
    planned = plan(picture.snapshot, wanted.select, wanted.skip)
    outcome = judged(planned, picture)
    if wanted.fix:
        picture, outcome = mended(planned, picture, outcome, asked)
    return shown(outcome, picture.snapshot, planned, wanted, asked)


def repeated(asked: Asked, wanted: Wanted, look: Look) -> int:
    """As `judge`, of a whole commit or work tree: what was said of the very same is recalled."""
    from guard.again import Again  # what a commit is never asked twice

    repository = look.repository()
    again = Again(repository, look, [repr(wanted.select), repr(wanted.skip)])
    outcome = again.recalled()
    if outcome is not None and not outcome.findings and wanted.form == "text":
        return shown(outcome, Snapshot.of({}), Plan((), {}), wanted, asked)
    picture = take(asked, repository=repository)
    planned = plan(picture.snapshot, wanted.select, wanted.skip)
    if outcome is None:
        outcome = judged(planned, picture)
        again.keep(outcome)
    return shown(outcome, picture.snapshot, planned, wanted, asked)


def shown(outcome: Outcome, snapshot: Snapshot, planned: Plan, wanted: Wanted, asked: Asked) -> int:
    """Reports an outcome, and returns the exit status."""
    form = wanted.form
    to_stderr = asked.staged and form == "text"
    show(outcome, snapshot, planned, form, wanted.output, to_stderr=to_stderr)
    return FINDINGS if outcome.errors else CLEAN


def judged(planned: Plan, picture: Picture) -> Outcome:
    """The outcome, with a progress bar where it takes long and somebody watches."""
    with Watching() as progress:
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

    for path in repair.swept(picture.root, (file.path for file in snapshot.targets())):
        say(f"guard: removed {path}, which a killed run had left")
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
