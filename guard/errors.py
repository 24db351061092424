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


def nearest(word: str, known: list[str]) -> str:
    """A sentence that suggests the known word nearest to `word`, or lists them all."""
    if not known:
        return "nothing can be set there"
    import difflib

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
