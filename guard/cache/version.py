"""One short word for the versions of everything that makes findings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import guard

PARSERS = ("_quickjs", "esprima", "tree_sitter", "tree_sitter_javascript", "libcst", "yaml")
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
    return word("\n".join(parts))


def word(text: str) -> str:
    """A short word for a text, another for any other."""
    try:
        from _blake2 import blake2b  # importing hashlib loads all of OpenSSL beside it
    except ImportError:  # another Python than CPython
        from hashlib import blake2b
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


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
    # As importlib.util.find_spec does, which takes longer to import than to find all of them.
    finders = (finder for finder in sys.meta_path if hasattr(finder, "find_spec"))
    found = (finder.find_spec(name, None) for finder in finders)
    try:
        spec = next((spec for spec in found if spec is not None), None)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        yield f"no {name}"
        return
    file = os.stat(spec.origin)
    yield f"{spec.origin} {file.st_size} {file.st_mtime_ns}"
    site = os.path.dirname(os.path.dirname(spec.origin))
    stem = name.lower()
    yield from sorted(
        entry
        for entry in os.listdir(site)
        if entry.endswith(".dist-info") and entry.lower().replace("-", "_").startswith(stem)
    )
