"""What guard asks the engine, as small verbs over the docker program's JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from guard.errors import GuardError
from guard.values import dataclass, field

PATIENCE = 20
"""Seconds an engine may take to answer; a dead `DOCKER_HOST` must not hang the terminal."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """One engine, reached through the docker program as the user's own commands would reach it."""

    program: tuple[str, ...] = ("docker",)
    """The real docker and its global flags (`-H`, `--context`, …)."""

    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    """The environment it is called in."""

    def ask(self, *args: str, accept: Sequence[int] = (0,)) -> str:
        """What `docker ARGS` prints; a GuardError with docker's own words where it fails."""
        try:
            done = subprocess.run(
                [*self.program, *args],
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE,
            )
        except FileNotFoundError:
            raise GuardError(f"{self.program[0]} is not on PATH", "install docker") from None
        except OSError as problem:
            raise GuardError(f"cannot run {self.program[0]}: {problem.strerror}") from None
        except subprocess.TimeoutExpired:
            raise GuardError(
                f"the docker engine did not answer within {PATIENCE} seconds",
                "see: docker version",
            ) from None
        if done.returncode not in accept:
            words = done.stderr.decode(errors="replace").strip().splitlines()
            raise GuardError(
                f"docker {args[0]} failed: {words[0] if words else 'no reason given'}",
                "see: docker version",
            )
        return done.stdout.decode(errors="replace")

    def inspect(self, kind: str, names: Sequence[str]) -> list[Json]:
        """Those of `names` that exist, as `docker inspect --type KIND` describes them."""
        if not names:
            return []
        # Status 1 says that some name does not exist, and also that there is no engine to ask.
        output = self.ask("inspect", "--type", kind, *names, accept=(0, 1))
        try:
            found: list[Json] = json.loads(output or "[]")
        except ValueError:
            raise GuardError(
                "docker inspect printed no JSON", f"see: {self.program[0]} version"
            ) from None
        if not found:
            self.api_version()
        return found

    def containers(self, *filters: str) -> list[Json]:
        """Every container, stopped ones too, that all `filters` (`label=…`) keep, inspected."""
        chosen = [word for one in filters for word in ("--filter", one)]
        ids = self.ask("ps", "--all", "--quiet", "--no-trunc", *chosen).split()
        return self.inspect("container", ids)

    def api_version(self) -> tuple[int, ...]:
        """The newest version of the API that the engine speaks, as in (1, 45).

        A client that is older, or told to be by DOCKER_API_VERSION, does not change it.
        """
        said = self.ask("version", "--format", "{{.Server.APIVersion}}").strip()
        return version(said)


def version(text: str) -> tuple[int, ...]:
    """The numbers of `1.45`; a GuardError for what is no version."""
    if not re.fullmatch(r"\d+(\.\d+)*", text):
        raise GuardError(f"{text!r} is no version of the engine's API", "see: docker version")
    return tuple(int(part) for part in text.split("."))
