"""The command line: runs what is asked for, and ends every error in one place."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from guard.errors import BUG, INTERRUPTED, CheckCrashed, GuardError, exhausted
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def main(args: Sequence[str] | None = None) -> None:
    """Runs the command line and exits; every error ends here.

    Exit status: 0 clean, 1 findings or a build refused, 2 nothing decided, 3 a bug, 130 ^C.
    """
    # Cycles are rare here and a run is short: collecting less often saves more than it keeps.
    gc.set_threshold(100_000)
    open_output()
    sys.unraisablehook = not_lost
    result = status(args)
    hear_nothing_more()
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
    except SystemExit:
        raise
    except BaseException as problem:
        hear_nothing_more()
        return broken_off(problem)


def hear_nothing_more() -> None:
    """Has ^C end guard without a word from now on: what there is to say is being said."""
    # Not `signal`, which wraps this one in classes that a commit would wait for.
    import _signal  # type: ignore[import-not-found]  # known to no type checker

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def not_lost(what: sys.UnraisableHookArgs) -> None:
    """Has a ^C come again that came while Python cleaned up, where nothing can be raised."""
    if isinstance(what.exc_value, KeyboardInterrupt):
        from _thread import interrupt_main

        interrupt_main()
    else:
        sys.__unraisablehook__(what)


def broken_off(problem: BaseException) -> int:
    """Says what ended a run, and returns the exit status."""
    if isinstance(problem, BrokenPipeError):  # whoever read the output has enough
        print_nowhere()
        return 141
    result, message, hint = explained(problem)
    try:
        from guard.commands.terminal import complain, say

        if result == INTERRUPTED:
            say(message)
        else:
            complain(message, hint)
    except (OSError, ImportError, MemoryError):  # nobody listens, or there is nothing left
        head = "" if result == INTERRUPTED else "guard: error: "
        tail = f"\n  help: {hint}" if hint else ""
        write_plainly(f"{head}{message}{tail}\n")
        print_nowhere()
    return result


def write_plainly(text: str) -> None:
    """The text on stderr, if it can be written, without a thing that is not there already."""
    try:
        os.write(2, text.encode(errors="replace"))
    except OSError:
        return


def explained(problem: BaseException) -> tuple[int, str, str]:
    """Exit status, message and hint for what ended a run."""
    if isinstance(problem, KeyboardInterrupt):
        return INTERRUPTED, "guard: interrupted", ""
    if isinstance(problem, CheckCrashed):
        hint = f"this is a bug in guard; until it is mended: --skip {problem.check}"
        return BUG, f"{problem}\n{problem.cause}", hint
    known = problem if isinstance(problem, GuardError) else exhausted(problem)
    if known is not None:
        if isinstance(problem, OSError):  # what could not be printed is not tried again
            print_nowhere(sys.stdout)
        return known.status, known.message, known.hint
    import traceback

    text = "".join(traceback.format_exception(problem))
    return BUG, text, "this is a bug in guard; please report it"


def print_nowhere(*streams: TextIO) -> None:
    """Lets what is left to be printed go nowhere: Python complains of what it cannot print."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no file can be opened any more
        return
    for stream in streams or (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


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
