"""Asks the builders' own programs, with what they print kept in memory: it may hold secrets."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guard.docker.front.real import PASSED, program
from guard.errors import GuardError

PATIENCE = 60.0
"""Seconds until a program that does not answer is given up."""


def output(words: Sequence[str], cwd: str, stdin: bytes | None = None) -> bytes:
    """What a command prints; a GuardError with its own words where it fails."""
    done = answer(words, cwd, stdin)
    if done.returncode:
        raise GuardError(
            f"{' '.join(words[:3])} … failed: {reason(os.fsdecode(done.stderr))}",
            f"see: {shlex.join(words)}",
        )
    return done.stdout


def reason(said: str) -> str:
    """Why a program failed, out of what it said: neither its warnings nor how to use it."""
    paragraphs = [
        [line for line in part.splitlines() if line.strip() and not WARNING.match(line)]
        for part in re.split(r"\n\s*\n", said)
    ]
    told = [lines for lines in paragraphs if lines] or [["no reason given"]]
    named = [lines[at:] for lines in told for at, line in enumerate(lines) if ERROR.match(line)]
    return "\n".join((named or told)[0][:MOST])


WARNING = re.compile(r"time=\S+ level=(?:warning|info|debug)\b|WARN|#\d+ ")
ERROR = re.compile(r"ERROR:|error:|Error:")
MOST = 5
"""So many lines of what a program said are shown."""


def described(
    words: Sequence[str],
    cwd: str,
    stdin: bytes | None = None,
    read: Callable[[bytes], Any] | None = None,
) -> dict[str, Any]:
    """The mapping that a command prints, as JSON or as `read` reads it; a GuardError for else."""
    import json

    text = output(words, cwd, stdin)
    try:
        found = (read or json.loads)(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise GuardError(
            f"{' '.join(words[:3])} … printed nothing that guard can read",
            f"see: {shlex.join(words)}",
        )
    return found


def answer(
    words: Sequence[str],
    cwd: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """How a command ends and what it prints; a GuardError where it cannot be run at all.

    `env` holds variables besides those of this process.
    """
    try:
        return subprocess.run(
            [program(words[0]), *words[1:]],
            cwd=cwd,
            # What is asked here builds nothing, and must not come back to guard.
            env={**os.environ, **(env or {}), PASSED: "1"},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=PATIENCE,
        )
    except OSError as problem:
        raise GuardError(f"cannot run {words[0]}: {problem.strerror}") from None
    except subprocess.TimeoutExpired:
        raise GuardError(f"{' '.join(words[:3])} … did not answer in {PATIENCE:.0f} s") from None
