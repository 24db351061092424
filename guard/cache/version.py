"""One short word for the versions of everything that makes findings."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator

import guard

PARSERS = ("esprima", "tree_sitter", "tree_sitter_javascript", "libcst", "yaml")
"""What checks that look at one file at a time may parse it with, by import name."""


def version() -> str:
    """A word that is another one as soon as guard, a parser or Python is another.

    Nothing is imported for it. guard itself is known by the names, sizes and times of its
    modules, so that an edit in a checkout counts; a parser by the place, size and time of its
    package and by the names and versions of what is installed beside it.
    """
    parts = [guard.__version__, sys.version]
    parts += sorted(modules(os.path.dirname(os.path.abspath(guard.__file__))))
    parts += [part for name in PARSERS for part in package(name)]
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def modules(folder: str) -> Iterator[str]:
    """Name, size and time of each module below `folder`."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from modules(entry.path)
        elif entry.name.endswith((".py", ".cjs", ".so")):
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"


def package(name: str) -> Iterator[str]:
    """What tells one installed version of a package from another."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        yield f"no {name}"
        return
    found = os.stat(spec.origin)
    yield f"{spec.origin} {found.st_size} {found.st_mtime_ns}"
    site = os.path.dirname(os.path.dirname(spec.origin))
    stem = name.lower()
    yield from sorted(
        entry
        for entry in os.listdir(site)
        if entry.endswith(".dist-info") and entry.lower().replace("-", "_").startswith(stem)
    )
