"""Which part of a repository a question is about."""

from __future__ import annotations

from collections.abc import Callable

from guard.values import dataclass


def always(path: str) -> bool:
    """Everything enters."""
    return True


@dataclass(frozen=True, slots=True)
class Scope:
    """Which paths of a repository enter a build; paths relative to the root of its work tree.

    `enters` is also asked about files that are gone from disk: their absence changes the image.
    It is asked about few paths only, never about all that enter.
    """

    folders: tuple[str, ...] = (".",)
    """Folders or files that hold all that enters; they limit what git has to look at."""

    enters: Callable[[str], bool] = always
    """Whether the file at a path is (or would be) sent."""

    reaches: Callable[[str], bool] = always
    """Whether anything below a folder may be sent: False spares guard from walking it."""

    def below(self, path: str) -> Scope:
        """The same as seen from a repository at `path`, which is inside this one."""
        inner = (remainder(folder, path) for folder in self.folders)
        return Scope(
            tuple(folder for folder in inner if folder is not None),
            lambda inside: self.enters(f"{path}/{inside}"),
            lambda inside: self.reaches(path if inside == "." else f"{path}/{inside}"),
        )


def remainder(folder: str, path: str) -> str | None:
    """What of `folder` lies below `path`, as seen from there; None where nothing does."""
    if folder == "." or folder == path or path.startswith(folder + "/"):
        return "."
    return folder[len(path) + 1 :] if folder.startswith(path + "/") else None
