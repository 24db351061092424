"""`guard docker …` and its like: the build gate's door, which need not wait for click."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING

from guard.errors import CLEAN, FINDINGS, GuardError

if TYPE_CHECKING:
    from guard.docker.labels import Dirt
    from guard.docker.line.build import CommandLine
    from guard.docker.line.wishes import Wishes
    from guard.docker.orders import Orders, Task


BUILDERS = ("docker", "docker-buildx", "docker-compose", "podman", "buildah")
"""The programs that are typed behind `guard` as they are: one module is the door for all."""


def through(words: Sequence[str]) -> int:
    """Judges a command line and has the real program run it, or refuses (exit status 1).

    What builds nothing is handed over as it stands. What builds runs as a child, and is looked at
    again when it is done.
    """
    from guard.docker.front import real
    from guard.docker.line import wishes
    from guard.docker.line.commandline import parse

    since = time.time()
    place = real.behind(words[0])
    if os.environ.get(real.PASSED):
        return real.hand_over(place, words)
    v1 = words[0] == "docker-compose" and real.is_compose_1(place)
    try:
        typed, wanted = wishes.among(words, lambda w: parse(w, v1=v1))
        lines = parse(typed, v1=v1)
        cwd = real.here() if lines else ""
    except GuardError as problem:
        return undecided(problem, words)
    if not lines:
        return real.hand_over(place, words)
    with closing(Passage(place, typed, lines, wanted, cwd, since)) as passage:
        return passage.go()


def undecided(problem: GuardError, words: Sequence[str]) -> int:
    """Says why nothing could be decided, and that the program did not run; the exit status."""
    from guard.commands.terminal import complain, say

    complain(problem.message, problem.hint)
    say(f"guard: blocked: nothing could be decided ({os.path.basename(words[0])} did not run)")
    return problem.status


def prepare() -> None:
    """Imports what a build that passes needs, while git works.

    In no thread, for nothing may be forked beside one that imports.
    """
    for name in ("guard.docker.orders", "guard.docker.front.child", "ctypes"):
        import_module(name)


class Passage:
    """The way of one command that builds through the gate."""

    def __init__(
        self,
        place: str,
        words: Sequence[str],
        lines: Sequence[CommandLine],
        wanted: Wishes,
        cwd: str,
        since: float,
    ) -> None:
        from guard.docker.context.checkout import Checkout

        self.place, self.words, self.lines = place, words, lines
        self.wanted, self.cwd, self.since = wanted, cwd, since
        self.checkout = Checkout()

    def close(self) -> None:
        """Removes what was made for the build."""
        self.checkout.close()

    def go(self) -> int:
        """Judges, builds, looks again; returns the exit status or becomes the real program."""
        from guard.commands.terminal import say
        from guard.docker import ahead, passing, standing
        from guard.docker.front import real

        with standing.still():
            try:
                ahead.begin(self.lines, self.cwd, offline=self.wanted.offline)
                refused = self.refused()
                if refused:
                    return refused
                task = self.task()
                given = None if task is None else self.orders(task)
            except GuardError as problem:
                return undecided(problem, self.words)
        if passing.watches(self.case):
            say("guard: what compose builds while it watches is neither judged nor stamped")
        if given is None:
            self.close()
            return real.hand_over(self.place, self.words)
        return self.build(given)

    def refused(self) -> int:
        """Prints what the checks say; 0 where the build may run, else the exit status."""
        from guard.commands.terminal import say, style_for
        from guard.docker import passing

        stranding = passing.stranding(self.lines, self.place, self.cwd)
        if stranding:
            for text in stranding:
                say(text)
            return FINDINGS
        self.case = passing.case(self.lines, self.cwd, self.wanted)
        prepare()
        self.verdicts = passing.verdicts(self.case, offline=self.wanted.offline)
        self.dirt: dict[str, Dirt] = {}
        if not any(verdict.outcome.findings for verdict in self.verdicts):
            return CLEAN
        from guard.docker import refusal

        style = style_for(sys.stderr)
        for verdict in self.verdicts:
            for text in refusal.lines(verdict, self.cwd, style):
                say(text)
        if not any(verdict.outcome.errors for verdict in self.verdicts):
            return CLEAN
        if self.wanted.reason and passing.may_be_overridden(self.verdicts):
            self.dirt = passing.recorded(self.verdicts, self.wanted.reason)
            say(f"guard: let through: {self.wanted.reason}")
            return CLEAN
        for text in passing.kept(self.verdicts, self.lines[0]):
            say(text)
        say(refusal.blocked(self.verdicts, self.words))
        return FINDINGS

    def task(self) -> Task | None:
        """What is to be built; None where nothing is after all, or not before the command runs."""
        from guard.docker.builders.frontend import frontend
        from guard.docker.orders import Task

        line, builds = next((r for r in self.case.readings if r[1]), (None, ()))
        if line is None or line.verb == "watch":
            return None
        return Task(
            line=line,
            builds=builds,
            cwd=self.cwd,
            dirt=self.dirt,
            exact=frozenset(self.case.exact),
            frontend=lambda build: build.frontend or frontend(line, self.cwd),
        )

    def orders(self, task: Task) -> Orders:
        """What is to be run in place of the command."""
        from guard.docker import passing
        from guard.docker.orders import orders

        return orders(task, self.checkout, passing.compose_file(task.line))

    def build(self, given: Orders) -> int:
        """Runs the build and looks again; then becomes what is left of the command."""
        from guard.commands.terminal import complain
        from guard.docker import passing
        from guard.docker.front import real

        status = passing.run(self.place, given)
        if status:
            return status
        changed = passing.changed(self.case, self.verdicts, self.since)
        if changed:
            named = ", ".join(os.path.relpath(path, self.cwd) for path in changed[:10])
            more = f" and {len(changed) - 10} more" if len(changed) > 10 else ""
            complain(
                f"changed while the image was built: {named}{more}",
                "the image may hold either version: build again\n"
                "or build from the commit itself, where nothing can change: guard docker … --exact",
            )
            return FINDINGS
        if not given.then:
            return CLEAN
        self.close()
        return real.hand_over(self.place, given.then)
