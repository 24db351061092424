"""Runs the git program: in which environment, and what its complaints mean for people.

Whatever every commit asks is started by `begun` and `conversing`: they do without `subprocess`,
of which the import alone takes longer than git takes to answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from guard.errors import GitError, GuardError, exhausted
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

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


CLOSELY = (
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.checkStat=default",
    "core.trustctime=true",
)
"""Settings under which git looks at every file for itself, whatever it is told to overlook."""


def under(*settings: str) -> list[str]:
    """The arguments with which git runs under some settings."""
    return [part for setting in settings for part in ("-c", setting)]


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
    import subprocess

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
    except OSError as problem:
        raise unstarted(problem, cwd) from problem
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
    env = environment() if env is None else env
    if not SPAWNS:
        return lambda: run(args, cwd=cwd, env=env, accept=accept)
    (said, saying), (complaint, complaining) = two_pipes()
    try:
        process = spawned(args, cwd, env, {1: saying, 2: complaining})
    except BaseException:
        os.close(said)
        os.close(complaint)
        raise
    ends = os.fdopen(said, "rb", 0), os.fdopen(complaint, "rb", 0)

    def output() -> bytes:
        said, complaint = drained(*ends)
        if status(process) not in accept:
            raise GitError(*explained(args, os.fsdecode(complaint).strip()))
        return said

    return output


def conversing(
    args: Sequence[str], *, cwd: str, env: Mapping[str, str]
) -> tuple[BinaryIO, BinaryIO]:
    """Starts `git ARGS`, which ends when it is told nothing more: where it listens and answers.

    What it complains about goes where guard's own complaints go.
    """
    if not SPAWNS:
        import subprocess

        pipe = subprocess.PIPE
        process = subprocess.Popen(["git", *args], cwd=cwd, env=env, stdin=pipe, stdout=pipe)
        assert process.stdin is not None
        assert process.stdout is not None
        return process.stdin, process.stdout  # type: ignore[return-value]  # they are binary
    (listening, telling), (answer, answering) = two_pipes()
    try:
        spawned(args, cwd, env, {0: listening, 1: answering})
    except BaseException:
        os.close(telling)
        os.close(answer)
        raise
    return open(telling, "wb"), open(answer, "rb")


def two_pipes() -> tuple[tuple[int, int], tuple[int, int]]:
    """Two pipes, or none where the system has no more."""
    one = os.pipe()
    try:
        return one, os.pipe()
    except OSError:
        for end in one:
            os.close(end)
        raise


SPAWNS = hasattr(os, "posix_spawnp")
"""Whether programs can be started as POSIX has it; else, on Windows, by way of `subprocess`."""


def spawned(args: Sequence[str], cwd: str, env: Mapping[str, str], pipes: Mapping[int, int]) -> int:
    """Starts `git ARGS` and returns its process id.

    `pipes` says, by the number that an end of a pipe is to have in git, which it is here; it is
    closed here. There is no need to have git take SIGPIPE again, which Python ignores: git does.
    """
    # From the last on, since 0 may be free here, and then is one of these ends.
    actions: list[tuple[int, ...] | tuple[int, int, str, int, int]] = [
        (os.POSIX_SPAWN_DUP2, pipes[number], number) for number in sorted(pipes, reverse=True)
    ]
    if 0 not in pipes:
        actions.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
    where = [] if cwd == "." else ["-C", cwd]
    try:
        if where and not os.path.isdir(cwd):
            raise FileNotFoundError
        return os.posix_spawnp("git", ["git", *where, *args], env, file_actions=actions)
    except OSError as problem:
        raise unstarted(problem, cwd) from problem
    finally:
        for end in pipes.values():
            os.close(end)


def drained(*ends: BinaryIO) -> list[bytes]:
    """All that comes out of some pipes: who fills one of them is not to wait for another."""
    from select import poll

    texts = {end.fileno(): bytearray() for end in ends}
    waiting = poll()
    for end in texts:
        waiting.register(end)
    left = set(texts)
    while left:
        for end, _ in waiting.poll():
            some = os.read(end, 2**16)
            texts[end] += some
            if not some:
                waiting.unregister(end)
                left.remove(end)
    for one in ends:
        one.close()
    return [bytes(text) for text in texts.values()]


def status(process: int) -> int:
    """The exit status that a process ends with; below zero for the signal that ended it."""
    try:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    except ChildProcessError:  # whoever started guard has children forgotten as they end
        return 0


def unstarted(problem: OSError, cwd: str) -> GuardError:
    """What to say where git cannot be started in a folder."""
    if not os.path.isdir(cwd):
        return GitError(f"there is no folder {str(cwd)!r}")
    if isinstance(problem, FileNotFoundError):
        return GitError("git is not on PATH", "install git, or mend PATH")
    why = f"git cannot be started: {problem.strerror}"
    return exhausted(problem) or GitError(why, "see: command -v git")


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


# Renames as git log shows them; nothing that the user configured for reading diffs by eye.
RAW = (
    "--raw -z --no-abbrev --find-renames --no-ext-diff --ignore-submodules=none --no-color"
).split()

# `git diff --cached` and not `diff-index HEAD`: it also works before the first commit. All of the
# index, in whatever folder git is asked.
STAGED = ("-c", "diff.relative=false", "diff", "--cached", *RAW)


def sought(cwd: str, env: Mapping[str, str]) -> Callable[[], bytes]:
    """Has git begin to look for the repository around `cwd`."""
    # Before the first commit git prints `HEAD` as it stands, complains and fails (128).
    return begun([*WHERE, "--show-toplevel", "HEAD"], cwd=cwd, env=env, accept=(0, 128))
