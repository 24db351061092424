"""Contents that are held in memory and not in a repository, and what is found in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from guard.entries import File


class MemorySource:
    """Contents held in memory, for tests and for texts that are in no repository."""

    searchable = False

    def __init__(self, contents: Mapping[str, str | bytes]) -> None:
        self._contents = {
            path: text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
            for path, text in contents.items()
        }
        self._files = {path: File(path) for path in self._contents}

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries by path."""
        wanted = self._files if paths is None else paths
        return {path: self._files[path] for path in wanted if path in self._files}

    def below(self, folder: str) -> Mapping[str, File]:
        """The entries whose path begins with `folder`."""
        return {path: file for path, file in self._files.items() if path.startswith(folder)}

    def read(self, file: File) -> bytes:
        """The bytes of one entry."""
        return self._contents[file.path]

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """The bytes of several entries."""
        return map(self.read, files)

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """Paths of the entries that contain any of `literals`."""
        wanted = [literal.encode() for literal in literals]
        for path, content in self._contents.items():
            named = not suffixes or path.lower().endswith(tuple(suffixes))
            if named and any(literal in content for literal in wanted):
                yield path

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """What expressions find in each of the entries."""
        return found_by(
            expressions,
            (
                (path, content)
                for path, content in self._contents.items()
                if not suffixes or path.lower().endswith(tuple(suffixes))
            ),
        )


def found_by(
    expressions: Sequence[str], contents: Iterable[tuple[str, bytes]]
) -> Mapping[str, frozenset[str]]:
    """By path, the different texts that expressions find in a content, where it finds any."""
    compiled = re.compile("|".join(expressions).encode(), re.MULTILINE)
    found = {}
    for path, content in contents:
        texts = {match[0] for match in compiled.finditer(content)}
        if texts:
            found[path] = frozenset(text.decode("utf-8", "surrogateescape") for text in texts)
    return found
