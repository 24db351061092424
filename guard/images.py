"""The images of the container engine and the commits that they say they were built from."""

from __future__ import annotations

import json
import subprocess

from guard.values import dataclass

REVISION = "org.opencontainers.image.revision"
"""The label that names the commit an image was built from."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image that says where it came from."""

    name: str
    """A tag, or the short id of an image that has none."""

    revision: str
    """The commit in its label, as it stands there."""


def labelled(program: str = "docker", timeout: float = 10) -> list[Image] | None:
    """The images with a revision label, by name; None where there is no engine to ask."""
    listing = ["image", "ls", "--no-trunc", "--quiet", "--filter", f"label={REVISION}"]
    listed = asked([program, *listing], timeout)
    if listed is None:
        return None
    ids = [*dict.fromkeys(listed.split())]
    if not ids:
        return []
    # An image that goes away in between fails the command, which still prints the others.
    shown = asked([program, "image", "inspect", *ids], timeout, accept=(0, 1))
    if shown is None:
        return None
    try:
        described = json.loads(shown or "[]")
    except ValueError:  # something else than docker goes by its name
        return None
    found = []
    for image in described:
        revision = ((image.get("Config") or {}).get("Labels") or {}).get(REVISION, "")
        names = image.get("RepoTags") or [image["Id"].removeprefix("sha256:")[:12]]
        found += [Image(name, revision) for name in names]
    return sorted(found, key=lambda image: image.name)


def asked(command: list[str], timeout: float, accept: tuple[int, ...] = (0,)) -> str | None:
    """What a command prints; None where it is missing, fails or does not answer."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode in accept else None
