"""The errors a run can end with, each with the exit status that tells it from the others."""

from __future__ import annotations

CLEAN, FINDINGS, UNDECIDED, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: clean; findings, or a build refused; nothing decided; a bug in guard; ^C."""


class GuardError(Exception):
    """Something its reader can mend: a usage, configuration or environment error (exit status 2).

    `message` says what failed and the likely cause, `hint` what to do about it.
    """

    status = UNDECIDED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(GuardError):
    """The configuration cannot be understood; it is misconfigured, not violated."""


class GitError(GuardError):
    """git refused, is missing, or there is no repository where one is needed."""


class CheckCrashed(Exception):
    """A check raised something that is not a finding: a bug in guard (exit status 3)."""

    status = BUG

    def __init__(self, check: str, place: str, cause: str) -> None:
        super().__init__(f"the check {check!r} failed on {place}")
        self.check = check
        self.place = place
        self.cause = cause

    def __reduce__(self) -> tuple[type[CheckCrashed], tuple[str, str, str]]:
        """So that it survives the way from a worker process."""
        return CheckCrashed, (self.check, self.place, self.cause)


def exhausted(problem: BaseException) -> GuardError | None:
    """What to say where the machine lacks what a run needs; None for any other problem."""
    if isinstance(problem, MemoryError):
        return GuardError("memory ran out: nothing is decided", "see: free -h, and ulimit -v")
    if str(problem) == "can't start new thread":  # a RuntimeError, and only its words tell
        return GuardError("the system starts no more threads", "see: ulimit -u")
    if isinstance(problem, ImportError) and problem.path and not problem.path.endswith(".py"):
        hint = "if memory or open files ran out: ulimit -a; else install it again"
        return GuardError(f"a library cannot be loaded: {problem}", hint)
    if not isinstance(problem, OSError):
        return None
    import errno

    numbers = {name: getattr(errno, name, None) for name in LIMITS}  # Windows lacks some
    name = next((name for name, number in numbers.items() if number == problem.errno), None)
    if name is None:
        return None
    what = "cannot write" if name in ("ENOSPC", "EDQUOT") else "the system refuses"
    return GuardError(f"{what}: {problem.strerror}", f"see: {LIMITS[name]}")


LIMITS = {
    "EMFILE": "ulimit -n",
    "ENFILE": "sysctl fs.file-max",
    "ENOMEM": "free -h, and ulimit -v",
    "EAGAIN": "ulimit -u",
    "ENOSPC": "df -h",
    "EDQUOT": "df -h, and quota",
}
"""What a system runs out of, and what tells how much of it there is."""


def nearest(word: str, known: list[str]) -> str:
    """A sentence that suggests the known word nearest to `word`, or lists them all."""
    if not known:
        return "nothing can be set there"
    import difflib

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
