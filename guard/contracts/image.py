"""What a Dockerfile puts into its image."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from guard.contracts.formats.dockerfile import Dockerfile, Instruction

FHS = frozenset(
    "/ /usr /usr/local /usr/local/bin /usr/bin /usr/share /usr/lib /var /var/lib /var/log /var/run "
    "/var/cache /etc /opt /srv /home /root /tmp /run /bin /sbin /lib /dev /proc /sys /mnt".split()
)


@dataclass(slots=True)
class Image:
    """What a Dockerfile puts into its image."""

    files: set[str]
    """Absolute paths of files that are copied from the context."""

    folders: set[str]
    """Absolute paths that exist, as far as the Dockerfile says."""

    opaque: set[str]
    """Absolute paths below which anything may lie: copied from another image, or made by RUN."""

    workdir: str = "/"
    """Where the program starts."""

    private: bool = False
    """Whether it starts from an image that only its makers know, and so may hold anything."""

    def fills(self, path: str) -> bool:
        """Whether something lies at or below `path`."""
        return any(below(p, path) for p in (*self.files, *self.opaque)) or any(
            below(path, p) for p in self.opaque
        )

    def has(self, path: str) -> bool:
        """Whether `path` is there, as far as can be told."""
        return (
            self.fills(path)
            or path in self.folders
            or any(below(folder, path) for folder in self.folders)
            or any(below(path, p) for p in self.opaque)
        )


def below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def image_of(
    dockerfile: Dockerfile, context: Callable[[str], list[str]], target: str = ""
) -> Image:
    """What the image holds; `context` lists the files at or below a path of the build context."""
    result = Image(set(), set(), set(), private=private(dockerfile.base(target)))
    for instruction in dockerfile.final(target):
        arguments = [a.text for a in instruction.arguments()]
        if instruction.keyword == "WORKDIR" and arguments:
            result.workdir = posixpath.normpath(posixpath.join(result.workdir, arguments[0]))
            result.folders.add(result.workdir)
        elif instruction.keyword in ("COPY", "ADD") and len(arguments) > 1:
            copied(instruction, arguments, result, context)
        elif instruction.keyword == "VOLUME":
            result.folders.update(a for a in arguments if a.startswith("/"))
        elif instruction.keyword == "RUN":
            text = " ".join(word.text for word in instruction.words)
            paths = (posixpath.normpath(p) for p in re.findall(r"(?<![\w:/.$}])/[\w./@+-]+", text))
            ran(text, {p for p in paths if p not in FHS}, result)
            if result.workdir != "/" and BUILDS.search(text):
                result.opaque.add(result.workdir)
    return result


def private(base: str) -> bool:
    """Whether a base image is none of those that everybody knows, which have no namespace."""
    return "/" in base.removeprefix("docker.io/").removeprefix("library/") or "$" in base


EMPTIED = r"\b(?:mkdir|chown|chmod|install -d)\b[^&|;]*"


WRITTEN = r"(?:>|\b(?:cp|mv|curl|wget|tar|unzip|tee|touch|ln|git clone)\b)[^&;]*"


BUILDS = re.compile(
    r"(?:^|[;&|(])\s*(?:(?:-\S+|\w+=\S*|exec|then|do)\s+)*"
    r"(?:make|cmake|ninja|rake|gulp|grunt|webpack|vite|hugo|jekyll|mkdocs|sphinx-build|npx|\./\S|\S+\.sh\b|"
    r"(?:npm|yarn|pnpm|bun|deno|poetry|uv|bundle|composer)\s+(?:run|exec|build|task)|"
    r"(?:gradle|mvn|cargo|dotnet|go)\s+(?:build|generate|publish|package|install|run)|"
    r"(?:ba|da)?sh\s+[^-\s]|(?:python|node|ruby|perl|php)[\d.]*\s+[^-\s])"
)
"""A program of the project's own, which may make anything where it runs."""


def ran(text: str, paths: set[str], result: Image) -> None:
    """Notes what a RUN makes: folders that stay empty, and paths that may hold anything."""
    emptied = {p for p in paths if re.search(rf"{EMPTIED}{re.escape(p)}(?![\w/])", text)}
    written = {p for p in paths if re.search(WRITTEN + re.escape(p), text)}
    result.folders |= emptied
    result.opaque |= paths - (emptied - written)


def copied(
    instruction: Instruction,
    arguments: list[str],
    result: Image,
    context: Callable[[str], list[str]],
) -> None:
    """Notes what one COPY or ADD puts where."""
    *sources, target = arguments
    place = posixpath.normpath(posixpath.join(result.workdir, target))
    result.folders.add(posixpath.dirname(place))
    if instruction.flag("from"):
        result.opaque.add(place)
        return
    for source in sources:
        if "://" in source or source.startswith("<<") or "$" in source:
            result.opaque.add(place)
            continue
        root = posixpath.normpath(source.lstrip("/"))
        found = context(root)
        single = found == [root]
        for path in found:
            if single or re.search(r"[*?\[]", source):
                folder = (
                    target.endswith("/")
                    or len(sources) > 1
                    or target in (".", "./")
                    or len(found) > 1
                )
                name = posixpath.basename(path)
                result.files.add(posixpath.join(place, name) if folder else place)
            else:
                inner = path if root == "." else posixpath.relpath(path, root)
                result.files.add(posixpath.join(place, inner))
                result.folders.add(place)
