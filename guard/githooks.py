"""Puts the git hooks into a repository, beside whatever hooks are there, and takes them out."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from guard.errors import GuardError
from guard.git import Repository

KEPT = ".before-guard"
"""What an existing hook's name ends with while ours stands in its place and calls it first."""

LEGACY = ".legacy"
"""What pre-commit puts behind the name of a hook when it takes its place; it calls it first."""

SIGN = "# treeguard:"
"""Stands in the second line of every hook of ours."""

OF_GIT = ("pre-commit", "pre-push", "post-merge", "post-rewrite")
"""The hooks that git calls; docker's is installed elsewhere."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to a repository's hooks."""

    path: str
    """The hook."""

    done: str
    """What was done with it."""


def shipped() -> list[Path]:
    """The git hooks that come with guard: beside its code once installed, else in the checkout."""
    package = Path(__file__).parent
    for folder in (package / "hooks", package.parent / "hooks"):
        if (folder / "pre-commit").is_file():
            return [folder / name for name in OF_GIT if (folder / name).is_file()]
    raise GuardError("this installation of guard lacks its hooks", "pip install --force treeguard")


def folder(repository: Repository) -> Path:
    """Where git looks for this repository's hooks; a GuardError where other repositories do too."""
    asked = os.fsdecode(repository.git("rev-parse", "--git-path", "hooks")).rstrip("\n")
    place = Path(os.path.realpath(os.path.join(repository.root, asked)))
    own = [os.path.realpath(p) for p in (repository.root, repository.common_dir)]
    if not any(place.is_relative_to(p) for p in own):
        raise GuardError(
            f"core.hooksPath is {place}, which other repositories may share",
            f"put these lines into the hooks there yourself:\n"
            f"{place}/pre-commit: guard check --staged\n"
            f'{place}/pre-push: guard hook pre-push "$@"',
        )
    return place


def ours(hook: Path) -> bool:
    """Whether a hook is one that guard put there."""
    try:
        return SIGN in hook.read_text(errors="replace")
    except OSError:
        return False


def program() -> str:
    """The absolute path of the guard that is running, for hooks whose PATH may lack it."""
    beside = Path(sys.executable).parent / "treeguard"
    found = str(beside) if beside.is_file() else shutil.which("treeguard")
    if not found:
        raise GuardError("the command treeguard is not installed", "pip install treeguard")
    return found


def install(repository: Repository) -> list[Step]:
    """Puts every hook in place; one that is there already is kept and called first."""
    place = folder(repository)
    place.mkdir(parents=True, exist_ok=True)
    repository.git("config", "guard.program", program())
    steps = []
    for hook in shipped():
        target = place / hook.name
        done = "installed"
        if ours(target):
            done = "brought up to date"
        elif target.exists() or target.is_symlink():
            target.rename(place / (hook.name + KEPT))
            done = f"installed; your own, now {hook.name}{KEPT}, runs first"
        shutil.copyfile(hook, target)
        target.chmod(0o755)
        steps.append(Step(str(target), done))
    return steps


def remove(repository: Repository) -> list[Step]:
    """Takes every hook of ours out and puts back the one that was there before."""
    place = folder(repository)
    steps = []
    for hook in shipped():
        target, kept = place / hook.name, place / (hook.name + KEPT)
        aside = place / (hook.name + LEGACY)
        if ours(aside):
            aside.unlink()
            steps.append(Step(str(aside), "removed"))
        if not ours(target):
            continue
        target.unlink()
        done = "removed"
        if kept.exists() or kept.is_symlink():
            kept.rename(target)
            done = "removed; your own is back in its place"
        steps.append(Step(str(target), done))
    repository.git("config", "--unset", "guard.program", accept=(0, 5))
    return steps
