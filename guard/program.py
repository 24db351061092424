"""Runs the git program: in which environment, and what its complaints mean for people."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence

from guard.errors import GitError

# git exports these to its hooks, and people leave them in their shells. A GIT_DIR or
# GIT_INDEX_FILE that strays into a git command about another repository makes it answer, or
# write, about the wrong one. What only says how to talk to a remote or where git lives may stay.
KEPT = frozenset(
    "GIT_EXEC_PATH GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_SSL_CAINFO GIT_SSL_NO_VERIFY "
    "GIT_ASKPASS GIT_ALLOW_PROTOCOL GIT_PROXY_SSL_CAINFO GIT_HTTP_PROXY_AUTHMETHOD "
    "GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_CONFIG_COUNT "
    "GIT_CEILING_DIRECTORIES GIT_DISCOVERY_ACROSS_FILESYSTEM GIT_TRACE".split()
)

# Inside a hook these are the truth: `git commit -a` and `git commit PATH` stage into a temporary
# index that only GIT_INDEX_FILE names, and a push may be examined in a quarantine.
OF_THE_HOOK = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_OBJECT_DIRECTORY "
    "GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_QUARANTINE_PATH GIT_PREFIX "
    "GIT_CONFIG_PARAMETERS".split()  # what `git -c NAME=VALUE commit` was told
)


def environment(*, in_hook: bool = False, **more: str) -> dict[str, str]:
    """The environment git is run in: without stray `GIT_*`, without prompts, in English."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_")
        or name in KEPT
        or name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
        or (in_hook and name in OF_THE_HOOK)
    }
    # Optional locks would let a look at the tree collide with the user's own git command.
    return env | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"} | more


def run(
    args: Sequence[str],
    *,
    cwd: str,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    accept: Sequence[int] = (0,),
    timeout: float | None = None,
    umask: int = -1,
) -> bytes:
    """What `git ARGS` prints; a GitError with git's own words where it ends otherwise."""
    try:
        done = subprocess.run(
            ["git", *args],
            cwd=cwd,
            env=environment() if env is None else env,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=timeout,
            umask=umask,
        )
    except FileNotFoundError:
        raise lacking(cwd) from None
    if done.returncode not in accept:
        raise GitError(*explained(args, os.fsdecode(done.stderr).strip()))
    return done.stdout


def begun(
    args: Sequence[str],
    *,
    cwd: str,
    env: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
) -> Callable[[], bytes]:
    """Starts `git ARGS`; the function returned reads what it prints, as `run` does.

    A thread that is to start a program first waits until the one that imports lets it.
    """
    try:
        process = subprocess.Popen(
            ["git", *args],
            cwd=cwd,
            env=environment() if env is None else env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise lacking(cwd) from None

    def output() -> bytes:
        said, complaint = process.communicate()
        if process.returncode not in accept:
            raise GitError(*explained(args, os.fsdecode(complaint).strip()))
        return said

    return output


def lacking(cwd: str) -> GitError:
    """What to say where git cannot be started in a folder."""
    if not os.path.isdir(cwd):
        return GitError(f"there is no folder {str(cwd)!r}")
    return GitError("git is not on PATH", "install git, or mend PATH")


def explained(args: Sequence[str], words: str) -> tuple[str, str]:
    """A message and a hint for what git wrote on stderr."""
    if "not a git repository" in words:
        return "there is no git repository here", "run guard inside a repository, or: git init"
    if "dubious ownership" in words:
        mend = next((w.strip() for w in words.splitlines() if "--add safe.directory" in w), "")
        return "git does not trust this repository: it belongs to another user", mend
    said = words.splitlines() or ["no reason given"]
    first = next((line for line in said if line.startswith(("fatal:", "error:"))), said[0])
    settings = [n + 1 for n, arg in enumerate(args) if arg == "-c"]
    verb = next((a for n, a in enumerate(args) if a[:1] != "-" and n not in settings), "")
    return f"git {verb} failed: {first.removeprefix('fatal: ')}", ""


WHERE = ("rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--git-common-dir")


def sought(cwd: str, env: Mapping[str, str]) -> Callable[[], bytes]:
    """Has git begin to look for the repository around `cwd`."""
    # Before the first commit git prints `HEAD` as it stands, complains and fails (128).
    return begun([*WHERE, "--show-toplevel", "HEAD"], cwd=cwd, env=env, accept=(0, 128))
