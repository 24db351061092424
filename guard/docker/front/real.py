"""Finds the real programs behind guard's own shims, and hands a command over to them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from guard.errors import GuardError

MARK = b"treeguard: shim"
"""Stands in the first lines of every shim."""

PASSED = "GUARD_PASSED"
"""Set for a command that was judged: what it runs in its turn is not judged again."""


PLUGIN = "GUARD_PLUGIN"
"""Set by guard's stand-in for a plugin of docker: the path of the plugin, which takes over."""


def program(name: str, env: Mapping[str, str] = os.environ) -> str:
    """The path of the real program `name`: never a shim of guard's; a GuardError without one."""
    if os.sep in name:
        return name
    found = next(_candidates(name, env.get("PATH", os.defpath)), None)
    if found is None:
        raise GuardError(f"{name} is not on PATH", f"install {name}, or mend PATH")
    return found


def _candidates(name: str, path: str) -> Iterator[str]:
    for folder in path.split(os.pathsep):
        place = os.path.join(folder or os.curdir, name)
        if os.path.isfile(place) and os.access(place, os.X_OK) and not is_shim(place):
            yield place


def is_shim(place: str) -> bool:
    """Whether a program is one of guard's own stand-ins."""
    try:
        with open(place, "rb") as file:
            head = file.read(256)
    except OSError:
        return False
    return head.startswith(b"#!") and MARK in head


def is_compose_1(place: str) -> bool:
    """Whether a `docker-compose` is version 1: a script of Python's, or a program that says so."""
    try:
        with open(place, "rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    if head.startswith(b"#!"):
        marks = (b"docker-compose==1", b"compose.cli.main", b"docker_compose==1")
        return any(mark in head for mark in marks)
    return says_1(place)


def says_1(place: str) -> bool:
    """Whether a program named docker-compose is version 1, by its own word."""
    import subprocess

    from guard.docker.front.engine import PATIENCE

    asked = [place, "version", "--short"]
    try:
        said = subprocess.run(
            asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.startswith(b"1.")


def behind(name: str) -> str:
    """The path of what a command line of `name` is for: the plugin that docker has called, if any.

    What that runs in its turn is again called by name, so the mark of the plugin is taken away.
    """
    return os.environ.pop(PLUGIN, "") or program(name)


def here() -> str:
    """The current folder; a GuardError where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        raise GuardError("the current folder is gone", "cd into one that is there") from None


def hand_over(place: str, words: Sequence[str]) -> NoReturn:
    """Becomes the program at `place`: its arguments, stdin, terminal, signals and status are ours.

    What it runs in its turn is not judged again, save for what podman leads `compose` to. A
    GuardError where it cannot be run.
    """
    # Python ignores these for itself, and a program would inherit that.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        mark = {} if os.path.basename(words[0]) == "podman" else {PASSED: "1"}
        os.execve(place, list(words), {**os.environ, **mark})
    except OSError as problem:
        raise GuardError(f"cannot run {place}: {problem.strerror}") from None
