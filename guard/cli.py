"""The command line: runs what is asked for, and ends every error in one place."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence

from guard.errors import BUG, INTERRUPTED, UNDECIDED, CheckCrashed, GuardError


def main(args: Sequence[str] | None = None) -> None:
    """Runs the command line and exits; every error ends here.

    Exit status: 0 clean, 1 findings or a build refused, 2 nothing decided, 3 a bug, 130 ^C.
    """
    # Cycles are rare here and a run is short: collecting less often saves more than it keeps.
    gc.set_threshold(100_000)
    open_output()
    result = status(args)
    gc.freeze()  # else Python looks through all that is left before it ends
    sys.exit(result)


def open_output() -> None:
    """Lets what is printed go nowhere where the caller closed it; no other file is opened there."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            if nowhere != number:
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w"))


def status(args: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status."""
    try:
        return run(sys.argv[1:] if args is None else args)
    except BaseException:
        return broken_off()


def broken_off() -> int:
    """Says what ended a run, the exception that is being handled, and returns the exit status."""
    from guard.commands.terminal import complain, say

    try:
        raise
    except GuardError as problem:
        complain(problem.message, problem.hint)
        return problem.status
    except CheckCrashed as crash:
        complain(
            f"{crash}\n{crash.cause}",
            f"this is a bug in guard; until it is mended: --skip {crash.check}",
        )
        return BUG
    except KeyboardInterrupt:
        say("guard: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough; python must not complain while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            complain(f"cannot write: {problem.strerror}", "see: df -h")
            return UNDECIDED
        import traceback

        complain(traceback.format_exc(), "this is a bug in guard; please report it")
        return BUG


def run(words: Sequence[str]) -> int:
    """Runs the command line by click, but for what is waited for most and has little to parse.

    Those are plain checks, and commands whose words are another program's: importing click would
    make them half as slow again.
    """
    if words and words[0] == "check":
        from guard.commands.plainly import check

        if (ended := check(words[1:])) is not None:
            return ended
    from guard.commands.docker import BUILDERS

    if words and words[0] in BUILDERS:
        from guard.commands.docker import through

        return through(words)
    from guard.commands.group import run as by_click

    return by_click(words)
