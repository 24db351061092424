"""Places: `path :: selector`, which file and which reader they mean, and what they hold."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from guard.contracts.formats.kinds import Document, opened
from guard.contracts.parts import filtered, searched, untemplated
from guard.contracts.place import GLOB, Place, match_of, normal
from guard.contracts.values import Broken, Missing, Source, Value
from guard.globs import matcher
from guard.snapshot import Snapshot


class Files:
    """The files of a snapshot, each read and parsed at most once in a run."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sources: dict[str, Source | None] = {}
        self.documents: dict[tuple[str, ...], Document] = {}
        self.opened: dict[tuple[object, ...], list[Any]] = {}
        """What programs open, by what it depends on; kept by who asks for it."""

    def source(self, path: str) -> Source | None:
        """The text at a path, symlinks followed inside the repository; None where there is none."""
        if path not in self.sources:
            self.sources[path] = None
            file = self.snapshot.file(path)
            if file is not None and file.mode == "120000":
                target = self.snapshot.read(file).decode("utf-8", "surrogateescape")
                self.sources[path] = self.source(
                    posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                )
            elif file is not None and file.is_regular:
                self.sources[path] = Source(path, self.snapshot.text(file))
        return self.sources[path]

    def needed(self, path: str) -> Source:
        """The text at a path; Missing with the nearest name where there is none."""
        source = self.source(path)
        if source is None:
            raise Missing(f"there is no file {path!r} in {self.snapshot.title}", self.near(path))
        return source

    def near(self, path: str) -> str:
        """What may have been meant by a path."""
        known = list(self.snapshot.files())
        same = [p for p in known if posixpath.basename(p) == posixpath.basename(path)]
        if same:
            return f"did you mean {same[0]!r}?"
        import difflib

        close = difflib.get_close_matches(path, known, n=1, cutoff=0.6)
        return (
            f"did you mean {close[0]!r}?"
            if close
            else "a contract reads only files that are in git"
        )

    def matching(self, globs: Sequence[str]) -> list[str]:
        """Sorted paths of the regular files that globs from the root mean; Missing for none."""
        exact = [g for g in globs if not GLOB.search(g) and self.snapshot.file(g) is not None]
        if len(exact) == len(globs):
            return exact
        meant = matcher([f"/{normal(glob).lstrip('/')}" for glob in globs])
        found = sorted(p for p, f in self.snapshot.files().items() if f.is_regular and meant(p))
        if not found:
            raise Missing(f"no file matches {', '.join(globs)}", self.near(globs[0]))
        return found

    def document(self, paths: tuple[str, ...]) -> Document:
        """One file, or several compose files as one model, parsed."""
        if paths not in self.documents:
            self.documents[paths] = opened(paths, self.needed(paths[0]), self.source)
        return self.documents[paths]

    def values(self, place: Place) -> list[Value]:
        """What a place holds; Missing where it holds nothing, or several where one is meant."""
        if not place.selector:
            raise Missing(f"{place.written!r} has no selector", "write it as: path :: selector")
        groups = [(p,) for p in self.matching(place.paths)] if place.is_glob else [place.paths]
        values: list[Value] = []
        for paths in groups:
            try:
                values += self.selected(paths, place)
            except Missing as problem:
                if paths[0] in problem.message:
                    raise
                where = " + ".join(paths)
                raise Missing(f"{where}: {problem.message}", problem.hint) from None
            except RecursionError:
                raise Broken(self.needed(paths[0]), "nested too deeply") from None
        if len(values) > 1 and not place.several:
            lines = ", ".join(str(v.at.line) for v in values[:6])
            raise Missing(
                f"{place.written!r} means {len(values)} values (lines {lines}), where one is meant",
                "write /…/g for all" if match_of(place) else "say [0] for the first or [*] for all",
            )
        return values

    def selected(self, paths: tuple[str, ...], place: Place) -> list[Value]:
        """What a place holds in one file."""
        match = match_of(place)
        if match is not None:
            values = searched(self.needed(paths[0]), match[1])
        else:
            values = chosen(self.document(paths), place.selector)
        for name in place.filters:
            values = [filtered(value, name) for value in values]
        return (
            [untemplated(value, place.template) for value in values] if place.template else values
        )


def chosen(document: Document, selector: str) -> list[Value]:
    """What a selector means; behind one that means several, `[0]` is the first and `[*]` all."""
    try:
        return document.select(selector)
    except Missing:
        match = re.fullmatch(r"(.+)\[(\d+|\*)\]", selector)
        if match is None:
            raise
        try:
            every = document.select(match[1])
        except Missing:
            every = []
        if match[2] == "*" and every:
            return every
        if match[2] == "*" or not int(match[2]) < len(every) > 1:
            raise
        return [every[int(match[2])]]
