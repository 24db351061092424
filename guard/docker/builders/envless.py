"""A compose project whose env_files are missing: compose builds it all the same."""

from __future__ import annotations

import json
from typing import Any

from guard.docker.builders import ask
from guard.docker.builders.composeline import files, folder, without
from guard.docker.line.build import CommandLine


def described(line: CommandLine, named: tuple[str, ...], cwd: str) -> dict[str, Any]:
    """What `compose config` prints of the same files without their env_files.

    `config` reads these to print what containers are given; `build` does not. An override on
    stdin takes them away. A GuardError where compose is too old for that.
    """
    before = without(line, {"file", "project-directory"})
    root = [*before, *folder(line, cwd)]
    for file in files(line, cwd):
        root += ["--file", file]
    known = ask.described([*root, "config", "--no-interpolate", "--format", "json"], cwd)
    services = "".join(
        f"  {json.dumps(name)}: {{env_file: !reset null}}\n" for name in known.get("services") or ()
    )
    words = [*root, "--file", "-", "config", "--format", "json", *named]
    return ask.described(words, cwd, f"services:\n{services}".encode())
