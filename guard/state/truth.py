"""What `git status` would say if no flag, setting or filter misled it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from guard.errors import GitError
from guard.git import Repository, split
from guard.program import CLOSELY, under
from guard.state.listing import Listing, pathspecs
from guard.treestate import Dirty
from guard.values import dataclass, field, replace

Settings = Mapping[str, str]
"""git's configuration: the last value of each key, section and name in lower case."""

# Settings under which git does not look, or not closely: what tells that one is on, by its key.
MISLEADING = {
    "core.filemode": ("core.fileMode", "false"),
    "core.fsmonitor": ("core.fsmonitor", ""),
    "core.checkstat": ("core.checkStat", "minimal"),
    "core.trustctime": ("core.trustctime", "false"),
    "core.ignorecase": ("core.ignoreCase", "true"),
}
CONFIGURATION = ("config", "--list", "-z")
NO = frozenset(("false", "no", "off", "0", ""))


@dataclass(frozen=True, slots=True)
class Status:
    """What `git status` said; of folders as a whole with a slash at the end."""

    dirty: tuple[Dirty, ...] = ()
    untracked: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    """Repositories that are neither tracked nor ignored."""

    ignored: tuple[str, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    """The commit that HEAD records for submodules that moved."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What git was told not to look at."""

    dirty: tuple[Dirty, ...] = ()
    sparse: tuple[str, ...] = ()
    """Files that a sparse checkout leaves out."""

    present: tuple[str, ...] = ()
    """Those of the files that lie on disk, changed or not."""


def honest(repository: Repository) -> Repository:
    """The repository without replace refs and grafts: objects as everyone else has them."""
    plain = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
    return replace(repository, env={**repository.env, **plain})


def settings(repository: Repository) -> Settings:
    """The configuration that applies to the repository."""
    return settled(repository.git(*CONFIGURATION))


def settled(listed: bytes) -> Settings:
    """The configuration that git listed."""
    pairs = (entry.partition("\n") for entry in split(listed))
    return {key: value if equals else "true" for key, equals, value in pairs}


def branch(repository: Repository) -> str | None:
    """The branch checked out; None where HEAD is detached."""
    try:
        with open(os.path.join(repository.git_dir, "HEAD"), "rb") as file:
            head = os.fsdecode(file.read()).strip()
    except OSError:
        head = ""
    if head.startswith("ref: refs/heads/") and head != "ref: refs/heads/.invalid":
        return head.removeprefix("ref: refs/heads/")
    asked = ["symbolic-ref", "--quiet", "HEAD"]
    # Detached, or kept in a table of refs, where the file says nothing.
    name = os.fsdecode(repository.git(*asked, accept=(0, 1))).strip()
    return name.removeprefix("refs/heads/") or None


def status(
    repository: Repository,
    settings: Settings,
    folders: Sequence[str],
    *,
    plain: bool = False,
    tracked: bool = False,
) -> Status:
    """What git status says of `folders`; `plain` as the user configured it, `tracked` only that."""
    asked = question(repository, settings, folders, plain=plain, tracked=tracked)
    return understood(repository, split(repository.git(*asked)))


def question(
    repository: Repository,
    settings: Settings,
    folders: Sequence[str],
    *,
    plain: bool = False,
    tracked: bool = False,
) -> list[str]:
    """The arguments with which git is asked for the status; see `status`."""
    look = () if plain else closely(repository, settings)
    others = ("-uno",) if tracked else ("-uall", "--ignored=matching")
    asked = ["status", "--porcelain=v2", "-z", *others, "--ignore-submodules=dirty", "--no-renames"]
    return [*look, *asked, *pathspecs(folders)]


def closely(repository: Repository, settings: Settings) -> list[str]:
    """The `-c` that make git look for itself."""
    config = [*CLOSELY]
    # On a file system that keeps no executable bits, or no case, these settings are the truth.
    if not enabled(settings, "core.filemode", "true") and keeps_modes(repository.git_dir):
        config.append("core.fileMode=true")
    if ignores_case(repository, settings):
        config.append("core.ignoreCase=false")
    return under(*config)


def enabled(settings: Settings, key: str, default: str = "false") -> bool:
    """Whether a boolean of git's configuration is on."""
    return settings.get(key, default).lower() not in NO


def keeps_modes(folder: str) -> bool:
    """Whether the file system of `folder` keeps executable bits."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="guard-") as probe:
            before = os.stat(probe.name).st_mode
            os.chmod(probe.name, before ^ 0o100)
            return os.stat(probe.name).st_mode != before
    except OSError:
        return True


def ignores_case(repository: Repository, settings: Settings) -> bool:
    """Whether git is told to take `A` for `a` on a file system that tells them apart."""
    tells = not os.path.lexists(os.path.join(repository.git_dir, "hEaD"))
    return enabled(settings, "core.ignorecase") and tells


def understood(repository: Repository, entries: Sequence[str]) -> Status:
    """The entries of `git status --porcelain=v2 -z --no-renames`."""
    dirty: list[Dirty] = []
    modes: dict[str, str] = {}
    recorded: dict[str, str] = {}
    lists: dict[str, list[str]] = {"?": [], "/": [], "!": []}
    for entry in entries:
        kind, _, rest = entry.partition(" ")
        if kind in "?!":
            lists["/" if kind == "?" and rest.endswith("/") else kind].append(rest)
        elif kind == "1":
            how, _, _, in_index, on_disk, old, oid, path = rest.split(" ", 7)
            if "160000" in rest.split(" ", 5)[2:4]:
                recorded[path] = old
            if how[1] == "M" and in_index != on_disk:
                modes[path] = oid
            dirty.append(Dirty(path, how))
        elif kind == "u":
            dirty.append(Dirty(rest.split(" ", 9)[-1], rest[:2]))
    bits = only_bits(repository, modes)
    return Status(
        tuple(replace(d, status=d.status[0] + "X") if d.path in bits else d for d in dirty),
        untracked=tuple(lists["?"]),
        nested=tuple(lists["/"]),
        ignored=tuple(lists["!"]),
        recorded=recorded,
    )


def joined(one: Status, other: Status) -> Status:
    """What was said of some files and of others."""
    return Status(
        one.dirty + other.dirty,
        one.untracked + other.untracked,
        one.nested + other.nested,
        one.ignored + other.ignored,
        {**one.recorded, **other.recorded},
    )


def only_bits(repository: Repository, modes: Mapping[str, str]) -> set[str]:
    """Those paths whose content is the blob given, so that only the executable bit differs."""
    paths = [path for path in modes if "\n" not in path]
    if not paths:
        return set()
    asked = "\n".join(paths).encode("utf-8", "surrogateescape") + b"\n"
    found = repository.git("hash-object", "--stdin-paths", stdin=asked).decode().split()
    return {path for path, oid in zip(paths, found, strict=True) if oid == modes[path]}


def flagged(
    repository: Repository, settings: Settings, listed: Listing, enters: Callable[[str], bool]
) -> Hidden:
    """What changed in files that git was told not to look at."""
    dirty, sparse, present = [], [], {}
    for path, flag in listed.flagged.items():
        if not enters(path):
            continue
        if os.path.lexists(os.path.join(repository.root, path)):
            present[path] = flag
        elif flag == "skip-worktree" and enabled(settings, "core.sparsecheckout"):
            sparse.append(path)
        else:
            dirty.append(Dirty(path, ".D", flag))
    if present:
        found = {d.path: d for d in unflagged(repository, settings, [*present]).dirty}
        dirty += [replace(found[p], hidden=flag) for p, flag in present.items() if p in found]
    return Hidden(tuple(dirty), tuple(sparse), tuple(present))


def unflagged(repository: Repository, settings: Settings, paths: Sequence[str]) -> Status:
    """What git status says once the flags are taken off `paths`, in a copy of the index."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        index = os.path.join(folder, "index")
        # With its time: git looks closer at files that are not older than their index.
        shutil.copy2(os.path.join(repository.git_dir, "index"), index)
        copy = replace(repository, env={**repository.env, "GIT_INDEX_FILE": index})
        names = b"".join(os.fsencode(path) + b"\0" for path in paths)
        for flag in ("--no-assume-unchanged", "--no-skip-worktree"):
            copy.git(
                "-c", "core.splitIndex=false", "update-index", flag, "-z", "--stdin", stdin=names
            )
        # Sparse checkout would put the flag back on what its patterns leave out.
        sparse = {**settings, "core.sparsecheckout": "false"}
        look = [*closely(copy, sparse), "-c", "core.sparseCheckout=false"]
        asked = ["status", "--porcelain=v2", "-z", "-uno", "--ignore-submodules=dirty"]
        return understood(copy, split(copy.git(*look, *asked, "--no-renames")))


def attributed(
    repository: Repository, settings: Settings, dirty: Sequence[Dirty], folders: Sequence[str]
) -> list[Dirty]:
    """The same with what the user's own settings hide from `git status` marked so."""
    keys = [
        f"{name}={settings[key]}"
        for key, (name, value) in MISLEADING.items()
        if key in settings
        and (settings[key].lower() == value if value else settings[key] not in NO)
    ]
    if not keys or not dirty:
        return list(dirty)
    shown = status(repository, settings, folders, plain=True, tracked=True).dirty
    known = {d.path for d in shown}
    modes = [key for key in keys if key.startswith("core.fileMode")]
    others = [key for key in keys if key not in modes]
    return [
        d
        if d.path in known
        else replace(d, hidden=", ".join((modes if d.status[1] == "X" else others) or keys))
        for d in dirty
    ]


def in_progress(repository: Repository) -> str:
    """What git is in the middle of; empty for nothing."""
    marks = {
        "rebase-merge": "rebase",
        "rebase-apply/applying": "am",
        "rebase-apply": "rebase",
        "MERGE_HEAD": "merge",
        "CHERRY_PICK_HEAD": "cherry-pick",
        "REVERT_HEAD": "revert",
        "BISECT_LOG": "bisect",
    }
    for mark, what in marks.items():
        if os.path.lexists(os.path.join(repository.git_dir, mark)):
            return what
    try:
        with open(os.path.join(repository.git_dir, "sequencer", "todo")) as todo:
            return "revert" if todo.read(6) == "revert" else "cherry-pick"
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise GitError(f"cannot see what git is doing: {problem}") from None
