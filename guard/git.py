"""Everything guard asks the git program, as small verbs over bytes that end in NUL."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from guard.anyof import any_of
from guard.entries import Change, File
from guard.errors import GitError, GuardError
from guard.program import RAW, STAGED, WHERE, begun, environment, run, sought
from guard.values import dataclass, field


def lies_in_none(problem: GuardError) -> bool:
    """Whether it says that a folder is in no repository, or in none with a work tree."""
    return problem.message.startswith(("there is no git repository", "there is no work tree"))


def split(output: bytes) -> list[str]:
    """The NUL-terminated strings of `output`; bytes that are not UTF-8 as surrogate escapes."""
    return os.fsdecode(output).split("\0")[:-1]


def ended(output: bytes) -> bytes:
    """`output` if what git has printed ends as it should, else a GitError: half of it is a lie."""
    if output and not output.endswith(b"\0"):
        raise puzzling()
    return output


def puzzling() -> GitError:
    """What to say where the git on PATH does not answer as git does."""
    return GitError("git answers what guard does not understand", "see: command -v git")


SMALL = 8 * 2**20
"""Up to so many bytes of packs one thread searches them faster: more wait for each other more."""


@dataclass(frozen=True)
class Repository:
    """One work tree and its git directory."""

    root: str
    """Absolute path of the top of the work tree."""

    git_dir: str
    """Absolute path of the git directory of this work tree."""

    common_dir: str
    """Absolute path of the git directory that all linked work trees share."""

    head: str | None
    """The commit checked out; None before the first one."""

    env: Mapping[str, str] = field(repr=False)
    """The environment of every git command about this repository."""

    @classmethod
    def find(cls, cwd: str, *, in_hook: bool = False) -> Repository:
        """The repository around `cwd`; a GitError where there is none or it has no work tree."""
        return cls.finding(cwd, in_hook=in_hook)()

    @classmethod
    def finding(cls, cwd: str, *, in_hook: bool = False) -> Callable[[], Repository]:
        """Has git begin to look for the repository; the function returned is `find`."""
        env = environment(in_hook=in_hook)
        answer = sought(cwd, env)
        return lambda: cls.told(answer(), cwd, env)

    @classmethod
    def told(cls, answer: bytes, cwd: str, env: Mapping[str, str]) -> Repository:
        """The repository around `cwd` by what git has answered to `sought`."""
        lines = os.fsdecode(answer).removesuffix("\n").split("\n")
        if len(lines) < 5:
            where = os.fsdecode(run(WHERE, cwd=cwd, env=env)).splitlines()
            if len(where) < 2:
                raise puzzling()
            raise GitError(
                f"there is no work tree here: {where[1]} is bare, or this is inside it",
                "run guard in a work tree of the repository",
            )
        if len(lines) > 5:  # a newline in the name of a folder: each is asked for alone
            flags = (*WHERE[1:], "--show-toplevel")
            told = [os.fsdecode(run(["rev-parse", flag], cwd=cwd, env=env)) for flag in flags]
            lines = [*(line.removesuffix("\n") for line in told), lines[-1]]
        _, git_dir, common, root, head = lines
        if "\0" in common or not os.path.isabs(git_dir) or not os.path.isabs(root):
            raise puzzling()
        return cls(
            root=root,
            git_dir=git_dir,
            common_dir=os.path.abspath(os.path.join(cwd, common)),
            head=None if head == "HEAD" else head,
            env=env,
        )

    def git(self, *args: str, stdin: bytes | None = None, accept: Sequence[int] = (0,)) -> bytes:
        """What `git ARGS` prints at the root of the work tree."""
        return run(args, cwd=self.root, env=self.env, stdin=stdin, accept=accept)

    def begun(self, *args: str) -> Callable[[], bytes]:
        """Starts `git ARGS` at the root of the work tree; see `begun`."""
        return begun(args, cwd=self.root, env=self.env)

    def commit(self, revision: str) -> str:
        """The id of the commit that `revision` names; a GitError where it names none."""
        asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"]
        found = self.git(*asked, accept=(0, 1, 128)).decode().strip()
        if not found.isalnum():  # of `A...B` it prints several
            raise GitError(
                f"{revision!r} is not a commit here",
                "see: git log --oneline\nin a shallow clone, fetch it first: git fetch --unshallow",
            )
        return found

    def parent(self, commit: str) -> str | None:
        """The first parent of `commit`; None for a root, or where a shallow clone ends."""
        asked = ["rev-parse", "--verify", "--quiet", f"{commit}^1^{{commit}}"]
        return self.git(*asked, accept=(0, 1, 128)).decode().strip() or None

    def merge_base(self, one: str, other: str) -> str:
        """The newest commit that both histories hold; `one` itself where they share none."""
        return self.git("merge-base", one, other, accept=(0, 1)).decode().strip() or one

    def missing_from(self, remote: str, tip: str) -> list[str]:
        """The commits of `tip` that no branch of `remote` is known to hold, oldest first."""
        asked = ["rev-list", "--topo-order", "--reverse", tip, "--not", f"--remotes={remote}"]
        return self.git(*asked).decode().split()

    def main_line(self, remote: str) -> str | None:
        """The commit at which the main branch of `remote` was seen last; None where none was."""
        names = [f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master")]
        # In order of the names; HEAD stands for the branch that the remote itself calls so.
        found = self.git("for-each-ref", "--count=1", "--format=%(objectname)", *names)
        return found.decode().strip() or None

    def index(
        self, paths: Sequence[str] | None = None, *, in_conflict: bool = False
    ) -> dict[str, File]:
        """The entries of the index by path: those at stage 0, and on request those in conflict."""
        listed = os.fsdecode(ended(self.git("ls-files", "-s", "-z", *literal(paths))))
        entries = re.findall(TRACKED if in_conflict else SETTLED, listed)
        return {path: File(path, mode, oid) for mode, oid, path in entries}

    def tree(self, commit: str, paths: Sequence[str] | None = None) -> dict[str, File]:
        """The files, symlinks and submodules in the tree of `commit`, by path."""
        found = self._tree(commit, paths or ())
        return found if paths is None else {p: found[p] for p in paths if p in found}

    def folder(self, commit: str, folder: str) -> dict[str, File]:
        """Those of them that lie in `folder`, which ends with a slash."""
        return self._tree(commit, [folder])

    def named(self, commit: str, suffixes: Sequence[str]) -> dict[str, File]:
        """Those of them whose names end in one of `suffixes`, in whatever case."""
        ends = tuple(os.fsencode(suffix) for suffix in suffixes)
        entries = self._listed(commit).split(b"\0")
        return self._files(b"\0".join([e for e in entries if e.lower().endswith(ends)] + [b""]))

    def _tree(self, commit: str, paths: Sequence[str]) -> dict[str, File]:
        # ls-tree takes paths, not pathspecs: nothing in a name is special to it.
        return self._files(self._listed(commit, *(["--", *paths] if paths else [])))

    def _listed(self, commit: str, *paths: str) -> bytes:
        return ended(self.git("ls-tree", "-r", "-z", "--full-tree", commit, *paths))

    def _files(self, listed: bytes) -> dict[str, File]:
        found = {}
        for mode, oid, name in re.findall(rb"(\d+) \w+ (\w+)\t([^\0]+)\0", listed):
            path = os.fsdecode(name)
            found[path] = File(path, mode.decode(), oid.decode())
        return found

    def untracked(self) -> Callable[[], list[str]]:
        """Starts to ask which paths git neither tracks nor ignores."""
        asked = self.begun("ls-files", "-z", "--others", "--exclude-standard")
        return lambda: split(ended(asked()))

    def hidden(self) -> Callable[[], list[str]]:
        """Starts to ask which paths git was told not to look at in the work tree."""
        listing = self.begun("ls-files", "-v", "-z")
        # Its letters: `S` for skip-worktree, small ones for assume-unchanged.
        return lambda: [e[2:] for e in split(ended(listing())) if e[0] == "S" or e[0].islower()]

    def staged(self) -> list[Change]:
        """How the index differs from HEAD; a GitError where a conflict is not resolved in it."""
        return changes(self.git(*STAGED))

    def between(self, old: str, new: str) -> list[Change]:
        """How the tree of `new` differs from that of `old`."""
        return changes(self.git("diff", *RAW, old, new))

    def containing(
        self, literals: Sequence[str], suffixes: Sequence[str], *, where: Sequence[str]
    ) -> list[str]:
        """Paths whose content holds any of `literals`, in `where`: `--cached`, a commit, or ()."""
        try:
            # One expression for all of them: with -F, git looks for one after the other.
            found = self._grep(["-l", "-P"], any_of(literals), suffixes, where)
        except GitError:  # a git that was built without Perl's expressions
            found = self._grep(["-l", "-F"], "\n".join(literals), suffixes, where)
        return [path.removeprefix(named(where)) for path in split(found)]

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str], *, where: Sequence[str]
    ) -> dict[str, frozenset[str]] | None:
        """By path, the different texts that Perl expressions find; `where` as in `containing`.

        None where git was built without Perl's expressions.
        """
        how = ["-o", "--no-line-number", "--no-column", "-P"]
        try:
            output = self._grep(how, "\n".join(expressions), suffixes, where)
        except GitError:
            return None
        found: dict[bytes, set[bytes]] = {}
        for path, text in re.findall(rb"([^\0]+)\0([^\n]*)\n", output):
            found.setdefault(path, set()).add(text)
        return {
            os.fsdecode(path).removeprefix(named(where)): frozenset(map(os.fsdecode, texts))
            for path, texts in found.items()
        }

    def _packed(self) -> int:
        """The bytes of all packs."""
        try:
            with os.scandir(os.path.join(self.common_dir, "objects", "pack")) as packs:
                return sum(pack.stat().st_size for pack in packs if pack.name.endswith(".pack"))
        except OSError:
            return SMALL

    def _grep(
        self, how: Sequence[str], wanted: str, suffixes: Sequence[str], where: Sequence[str]
    ) -> bytes:
        globs = [f":(top,glob,icase)**/*{suffix}" for suffix in suffixes]
        # From stdin, since thousands of texts are too long for a command line.
        asked = ["grep", *how, "-z", "-a", "--no-color", "-f", "-"]
        if where and where[0] != "--untracked" and self._packed() < SMALL:
            asked.append("--threads=1")
        return self.git(*asked, *where, "--", *globs, accept=(0, 1), stdin=wanted.encode())


def named(where: Sequence[str]) -> str:
    """What git grep writes before each path: the commit that it looks into."""
    return where[0] + ":" if where and not where[0].startswith("-") else ""


SETTLED = r"(\d+) ([0-9a-f]+) 0\t([^\0]+)\0"
"""An entry of the index at stage 0."""

TRACKED = r"(\d+) ([0-9a-f]+) \d\t([^\0]+)\0"
"""An entry at any stage: one side of a conflict, too."""


def literal(paths: Sequence[str] | None) -> list[str]:
    """Pathspecs that mean exactly these paths from the root; none where `paths` is None."""
    return [] if paths is None else ["--", *(f":(top,literal){path}" for path in paths)]


def changes(raw: bytes) -> list[Change]:
    """The changes that `git diff --raw -z --no-abbrev` printed; a GitError for a conflict."""
    found, in_conflict = [], []
    parts = iter(split(ended(raw)))
    for about in parts:
        told = about.removeprefix(":").split(" ")
        path = next(parts, "")
        if len(told) != 5 or not path:
            raise puzzling()
        old_mode, new_mode, old_oid, new_oid, status = told
        new_path = next(parts) if status[0] in "RC" else path
        if status[0] == "U":
            in_conflict.append(path)
            continue
        old = None if status[0] in "AC" else File(path, old_mode, old_oid)
        new = None if status[0] == "D" else File(new_path, new_mode, new_oid)
        found.append(Change(status[0], old, new))
    if in_conflict:
        more = f" and {len(in_conflict) - 1} more are" if len(in_conflict) > 1 else " is"
        raise GitError(
            f"{in_conflict[0]!r}{more} in conflict: what is staged is not decided yet",
            "resolve it and git add it; which files: git status",
        )
    return found


def walk(folder: str) -> Iterator[str]:
    """The files below `folder`, relative to it, outside any `.git`."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            yield os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/")
