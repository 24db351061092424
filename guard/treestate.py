"""What git knows of the files that enter a build and of their commit, as values without git."""

from __future__ import annotations

from guard.values import dataclass


@dataclass(frozen=True, slots=True)
class Dirty:
    """A tracked file that is not as HEAD has it."""

    path: str
    """Relative to the root of the work tree."""

    status: str
    """Two letters as `git status` writes them: index against HEAD, then disk against index.

    `M.` staged, `.M` changed, `.D` deleted, `A.` added, `AD` added and gone from disk, `.T` another
    type, `UU` and its like unmerged, `.X` another executable bit and nothing else.
    """

    hidden: str = ""
    """What keeps the change from `git status`: `assume-unchanged`, `skip-worktree`, or settings
    as in `core.fileMode=false`; empty where it is shown."""

    @property
    def gone(self) -> bool:
        """Whether there is no such file on disk, though HEAD has it."""
        return "D" in self.status and "U" not in self.status and self.status[0] != "A"

    @property
    def unmerged(self) -> bool:
        """Whether a merge left it in conflict."""
        return "U" in self.status or self.status in ("AA", "DD")


@dataclass(frozen=True, slots=True)
class Extra:
    """Files on disk that git does not hold: one file, or one folder that git names as a whole."""

    path: str
    """The file or folder, without a slash at its end."""

    files: tuple[str, ...]
    """Those of its files that enter the build; of a folder of dependencies only the first."""

    private: tuple[str, ...] = ()
    """Those of `files` that contain a private key."""

    public: tuple[str, ...] = ()
    """Those of `files` that are no secret, whatever their names: other PEM, parts of packages."""


@dataclass(frozen=True, slots=True)
class Remote:
    """One configured remote, and what became of asking it."""

    name: str
    """What git calls it."""

    problem: str = ""
    """Why it did not answer, in git's words; empty where it did or was not asked."""

    asked: bool = False
    """Whether it was asked live."""

    fetched: float | None = None
    """When something was last fetched, in seconds since 1970; None where that is unknown."""

    @property
    def answered(self) -> bool:
        """Whether what is known of it is what it said just now."""
        return self.asked and not self.problem


@dataclass(frozen=True, slots=True)
class Upstream:
    """The branch of a remote that the checked out branch follows."""

    remote: str
    """The remote's name; `.` for a branch of this repository."""

    branch: str
    """The branch there, without `refs/heads/`."""

    tip: str | None = None
    """Its commit; None where the branch does not exist (any more)."""

    ahead: int = 0
    """How many commits HEAD has that it has not."""

    behind: int | None = 0
    """How many commits it has that HEAD has not; None where that is some, and unknown how many."""

    rewritten: bool = False
    """Whether it once held HEAD and was then replaced by a history that does not."""

    configured: bool = True
    """Whether git was told to follow it; else it is the branch of the same name."""

    existed: bool = True
    """Whether there is any trace of it having existed."""

    @property
    def name(self) -> str:
        """As git writes it: `origin/main`."""
        return self.branch if self.remote == "." else f"{self.remote}/{self.branch}"


@dataclass(frozen=True, slots=True)
class Submodule:
    """One submodule below the build's folders."""

    path: str
    """Where it is, relative to the root of the work tree."""

    recorded: str
    """The commit that HEAD says it is at; empty where HEAD has none."""

    url: bool = True
    """Whether `.gitmodules` says where it can be had."""

    state: TreeState | None = None
    """Its own state, paths relative to its own root; None where it is not checked out."""


@dataclass(frozen=True, slots=True)
class TreeState:
    """What git knows of a work tree: its changes, and where its commit can be had.

    Paths are relative to `root`, `/` between parts, and all of them enter the build, or would
    if they were on disk.
    """

    root: str
    """Absolute path of the work tree; of the folder where there is no repository."""

    head: str | None
    """The commit checked out; None before the first one."""

    branch: str | None
    """The branch checked out; None where HEAD is detached."""

    repository: bool = True
    """Whether there is a repository at all."""

    dirty: tuple[Dirty, ...] = ()
    """Tracked files that are not as HEAD has them, hidden from `git status` or not."""

    untracked: tuple[str, ...] = ()
    """Files git does not track and does not ignore."""

    case_ignored: bool = False
    """Whether git is set to take `A` for `a` where the file system does not."""

    ignored: tuple[Extra, ...] = ()
    """Files git ignores, as git names them."""

    nested: tuple[Extra, ...] = ()
    """Repositories in the work tree that are no submodules."""

    submodules: tuple[Submodule, ...] = ()
    """The submodules."""

    pointers: tuple[str, ...] = ()
    """Files that are a pointer of Git LFS and not the content."""

    filtered: tuple[str, ...] = ()
    """Files that a clean filter makes equal to HEAD and that are not what a checkout would give."""

    sparse: tuple[str, ...] = ()
    """Files that a sparse checkout leaves out."""

    unwatched: tuple[str, ...] = ()
    """Files on disk that git was told not to look at, changed or not."""

    replaced: tuple[str, ...] = ()
    """Objects of HEAD that `refs/replace/` exchanges for others: paths, or `HEAD`."""

    replaces: int = 0
    """How many replace refs there are, whether they concern HEAD or not."""

    in_progress: str = ""
    """What is half done: merge, rebase, cherry-pick, revert, am, bisect; empty for nothing."""

    remotes: tuple[Remote, ...] = ()
    """The configured remotes."""

    on_remotes: tuple[str, ...] = ()
    """Where HEAD can be had, as in `origin/main` or `origin tag v1`; enough of them to know."""

    upstream: Upstream | None = None
    """The branch that the checked out one follows; None without one, or where HEAD is detached."""

    shallow: bool = False
    """Whether the history is cut off."""
