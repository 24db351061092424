"""The commands that mend what the tree check finds, made so that those of many files join."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.treestate import Dirty, TreeState

MARK, LEFT_OUT = " -- ", "in .dockerignore: "
KEPT_OUT = f"keep it out of git and of the image, in .gitignore and {LEFT_OUT}"


def joined(hints: Iterable[str]) -> list[str]:
    """The lines of many hints as few: those that differ only in their paths become one.

    Paths stand after ` -- `, or after the words about the `.dockerignore`.
    Lines keep the order in which they first appear; equal ones appear once.
    """
    lines: dict[str, list[str]] = {}
    for line in (line for hint in hints for line in hint.splitlines()):
        command, mark, path = line.partition(LEFT_OUT if LEFT_OUT in line else MARK)
        paths = lines.setdefault(command + mark, [])
        if path and path not in paths:
            paths.append(path)
    return [command + " ".join(paths) for command, paths in lines.items()]


def quoted(path: str) -> str:
    """A path as a shell reads it, on one line: with `$'…'` where it has bytes that are no text."""
    if path.isprintable():
        import shlex

        return shlex.quote(path)
    letters = (
        chr(b) if 32 <= b < 127 and chr(b) not in "\\'" else f"\\{b:03o}"
        for b in path.encode("utf-8", "surrogateescape")
    )
    return f"$'{''.join(letters)}'"


def on(command: str, path: str, inside: str = "") -> str:
    """A git command about one path, seen from the repository at `inside`."""
    where = f"git -C {quoted(inside)}" if inside else "git"
    return f"{where} {command}{MARK}{quoted(path)}"


def commit(file: Dirty, state: TreeState, inside: str = "") -> str:
    """How one changed file gets into a pushed commit, or out of the way."""
    lines = []
    if file.hidden in ("assume-unchanged", "skip-worktree"):
        lines.append(on(f"update-index --no-{file.hidden}", file.path, inside))
    if file.status[1] != ".":
        lines.append(on(" ".join([*seeing(file.hidden), "add"]), file.path, inside))
    return "\n".join(
        [
            *lines,
            *committed(state, inside),
            "or set it aside:",
            on("stash push", file.path, inside),
        ]
    )


def seeing(hidden: str) -> list[str]:
    """The options that make one git command see what settings hide from it."""
    words = {
        "core.fileMode": "core.fileMode=true",
        "core.fsmonitor": "core.fsmonitor=false",
        "core.checkStat": "core.checkStat=default",
        "core.trustctime": "core.trustctime=true",
        "core.ignoreCase": "core.ignoreCase=false",
    }
    return [f"-c {setting}" for key, setting in words.items() if key in hidden]


def add(path: str, state: TreeState, inside: str = "") -> str:
    """How one untracked file gets into a pushed commit, or stays out of the image."""
    command = "-c core.ignoreCase=false add" if state.case_ignored else "add"
    return "\n".join(
        [
            on(command, path, inside),
            *committed(state, inside),
            f"or {leave_out(path)}",
        ]
    )


def keep_out(path: str, litter: Callable[[str], bool]) -> str:
    """How a file that nobody means to commit stays out of the image; `litter` tells folders."""
    parts = path.split("/")
    folder = next((p for p in parts[:-1] if litter(f"{p}/")), "")
    return KEPT_OUT + (f"**/{folder}" if folder else anywhere(path))


def leave_out(path: str) -> str:
    """How a file stays out of the image."""
    return f"keep it out of the image, {LEFT_OUT}{anywhere(path)}"


def anywhere(path: str) -> str:
    """A line of an ignore file that means this name below any context."""
    return "**/" + path.rpartition("/")[2]


def committed(state: TreeState, inside: str = "") -> list[str]:
    """The commands that commit what is staged, and push it."""
    where = f"git -C {quoted(inside)}" if inside else "git"
    return [f'{where} commit -m "…"', *push(state, inside).splitlines()]


def push(state: TreeState, inside: str = "") -> str:
    """The commands that put HEAD on a remote."""
    where = f"git -C {quoted(inside)}" if inside else "git"
    names = [remote.name for remote in state.remotes]
    branch = state.branch
    if not names:
        lines = [f"{where} remote add origin URL"]
        names = ["origin"]
    else:
        lines = []
    upstream = state.upstream
    if upstream is not None and upstream.configured and upstream.branch == branch:
        return f"{where} pull --rebase\n{where} push" if upstream.behind != 0 else f"{where} push"
    remote = "origin" if "origin" in names else names[0]
    if branch is None:
        # Detached: a name that no one else takes, and that says what it holds.
        target = f"HEAD:refs/heads/at-{(state.head or 'HEAD')[:10]}"
        return "\n".join([*lines, f"{where} push {remote} {target}"])
    return "\n".join([*lines, f"{where} push -u {remote} {quoted(branch)}"])


def catch_up(state: TreeState) -> str:
    """The commands that bring the branch up to its upstream."""
    upstream = state.upstream
    assert upstream is not None
    how = "--rebase" if upstream.ahead else "--ff-only"
    if upstream.configured:
        return f"git pull {how}"
    return f"git pull {how} {upstream.remote} {quoted(upstream.branch)}"


def follow_rewrite(state: TreeState) -> str:
    """The commands that bring the branch onto a rewritten upstream."""
    upstream = state.upstream
    assert upstream is not None
    return (
        f"git fetch {upstream.remote}\n"
        "see what is only here:\n"
        f"git log --oneline {upstream.name}..HEAD\n"
        "to keep that:\n"
        f"git rebase {upstream.name}\n"
        "to take the remote's:\n"
        f"git reset --keep {upstream.name}"
    )


def refollow(state: TreeState) -> str:
    """The commands that give a branch an upstream again, or none."""
    upstream = state.upstream
    assert upstream is not None
    branch = quoted(state.branch or "HEAD")
    return (
        f"to put it back:\ngit push -u {upstream.remote} {branch}:{quoted(upstream.branch)}\n"
        "if it was merged, go on from where it went:\n"
        f"git fetch --prune {upstream.remote}\n"
        "git branch --unset-upstream"
    )


def finish(operation: str) -> str:
    """The commands that end an operation that is half done."""
    if operation == "bisect":
        return "git bisect reset"
    return f"git {operation} --continue\nor:\ngit {operation} --abort"
