"""A tar on stdin: each file in it must be as the commit has it, those of submodules too."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from guard.checks import tree
from guard.docker import standing
from guard.docker.context import stdin
from guard.docker.context.committed import module
from guard.docker.context.ignore import Only
from guard.docker.context.scope import Scope
from guard.entries import SUBMODULE, File
from guard.errors import GitError
from guard.finding import Finding
from guard.git import Repository
from guard.state import gather, others, truth
from guard.state.scope import Scope as Everything
from guard.tree.rules import Options
from guard.treestate import Extra, TreeState
from guard.values import replace


def compared(
    found: Sequence[File], repository: Repository, cwd: str
) -> tuple[list[Finding], Scope]:
    """What of a tar's files is not in the commit, and what of the commit is in the tar."""
    head = repository.head
    entries = repository.tree(head) if head else {}
    every = list(modules(repository, head)) if head else []
    for at, inner, commit in every:
        entries |= {at + path: file for path, file in inner.tree(commit).items()}
    folder = origin(found, entries, repository, cwd)
    names = [folder + file.path for file in found]
    inside = [m for m in every if any(name.startswith(m[0]) for name in names)]
    committed = below(folder, entries)
    for at, inner, commit in [("", repository, head), *inside] if head else []:
        held = [f for f in found if (folder + f.path).startswith(at)]
        if any(committed.get(file.path, file) != file for file in held):
            # What attributes make of a file on its way out of the repository is the commit's, too.
            archive = io.BytesIO(inner.git("archive", "--format=tar", str(commit)))
            handed_out = stdin.members(archive, len(head or "")) or ()
            out = below(folder, {at + file.path: file for file in handed_out})
            committed |= {f.path: f for f in held if out.get(f.path) == f}
    others = [folder + file.path for file in found if file.path not in committed]
    ignored = by_rule(repository, others, [m[0] for m in every])
    findings = stdin.tree_findings(
        [file for file in found if folder + file.path not in ignored], committed
    )
    scope = Scope(repository.root, Only(names), frozenset())
    return [*findings, *extras(repository, sorted(ignored))], scope


def by_rule(repository: Repository, names: Sequence[str], modules: Sequence[str]) -> frozenset[str]:
    """Those of the files that lie here, too, and are ignored by git."""
    here = [
        name
        for name in names
        if not name.startswith(tuple(modules))
        and os.path.lexists(os.path.join(repository.root, name))
    ]
    return others.by_rule(repository, truth.settings(repository), here, ()) if here else frozenset()


def extras(repository: Repository, ignored: Iterable[str]) -> Iterator[Finding]:
    """What the tree check says of ignored files that are sent."""
    found: dict[str, Extra] = {}
    for name in ignored:
        parts = name.split("/")
        filled = next((n for n, part in enumerate(parts) if part in gather.DEPENDENCIES), None)
        if filled is not None:  # one for all that a package manager has put there
            place = "/".join(parts[: filled + 1])
            found.setdefault(place, Extra(place, (name,), public=(name,)))
        elif extra := gather.entering(repository.root, name, Everything()):
            found[name] = extra
    options = standing.config(repository).options.get("tree", Options())
    state = TreeState(repository.root, repository.head, None, ignored=tuple(found.values()))
    for finding in tree.extras(state, options, ""):
        yield replace(finding, hint=stdin.ARCHIVE)


def modules(
    repository: Repository, commit: str, at: str = ""
) -> Iterator[tuple[str, Repository, str]]:
    """The submodules of a commit: path with a slash at its end, repository, recorded commit.

    One that is not here, or lacks the commit, is left out: its files are then in no commit.
    """
    for path, file in repository.tree(commit).items():
        if file.mode == SUBMODULE:
            try:
                inner = module(repository, path, file.oid)
            except GitError:
                continue
            place = f"{at}{path}/"
            yield place, inner, file.oid
            yield from modules(inner, file.oid, place)


def origin(
    found: Sequence[File], entries: Mapping[str, File], repository: Repository, cwd: str
) -> str:
    """The folder of the repository that a tar was made in, with a slash at its end.

    That is the one whose files the tar resembles most; here, where it resembles none.
    """
    here = os.path.relpath(os.path.realpath(cwd), repository.root)
    folders = ["" if here == "." else here + "/", ""]
    for file in found[:3]:
        folders += [p.removesuffix(file.path) for p in entries if p.endswith("/" + file.path)]

    def resembling(folder: str) -> int:
        return sum(
            (f := entries.get(folder + m.path)) is not None and f.oid == m.oid for m in found
        )

    return max(dict.fromkeys(folders), key=resembling)


def below(folder: str, files: Mapping[str, File]) -> dict[str, File]:
    """The files in a folder, which ends with a slash or is the root, as seen from there."""
    return {
        inside: File(inside, file.mode, file.oid)
        for path, file in files.items()
        if path.startswith(folder) and (inside := path.removeprefix(folder))
    }
