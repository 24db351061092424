"""Talks to remotes: every word has a time limit, no prompt, and leaves the repository untouched."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import BinaryIO, Self

from guard.git import Repository
from guard.state import ancestry
from guard.values import dataclass, replace

# A branch that moved on is one commit to ask for; a remote with thousands that are unknown here
# is another project, and fetching it would take longer than anyone waits for a build.
MOST = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What a remote said."""

    refs: Mapping[str, str] | None
    """Its refs; a tag also as `refs/tags/NAME^{}`, the commit it is of. None for no answer."""

    problem: str = ""
    """Why there is no answer."""


def ask(repository: Repository, remote: str, seconds: float, everything: bool) -> Answer:
    """The branches and tags of a remote, or all its refs."""
    which = () if everything else ("--heads", "--tags")
    code, out, err = spoken(["ls-remote", "--quiet", *which, "--", remote], repository, seconds)
    if code is None:
        return Answer(None, f"no answer within {seconds:.2g} s")
    if code:
        return Answer(None, reason(err))
    pairs = (line.split("\t", 1) for line in os.fsdecode(out).splitlines() if "\t" in line)
    return Answer({ref: oid for oid, ref in pairs})


def reason(err: bytes) -> str:
    """Git's own words for why a remote did not answer: the first that say something."""
    words = [line.strip() for line in os.fsdecode(err).splitlines() if line.strip()]
    told = [w for w in words if not w.startswith(("fatal: Could not read from", "warning:"))]
    first, *rest = told or words or ["git gave no reason"]
    if first.endswith(":") and rest:  # the address stands there again, and then why
        first += " " + rest[0].rpartition("errno=")[2]
    return first.removeprefix("fatal: ").removeprefix("ssh: ").rstrip(".")


def spoken(
    args: Sequence[str], repository: Repository, seconds: float, **more: str
) -> tuple[int | None, bytes, bytes]:
    """Exit status (None where time ran out), output and errors of a git that talks to a remote.

    It runs in a session of its own: without a terminal nothing can ask for a password, and when
    time is up all that it started ends with it.
    """
    env = {**repository.env, "SSH_ASKPASS_REQUIRE": "never", "GCM_INTERACTIVE": "never", **more}
    # Files and not pipes: a connection that ssh keeps open for later would hold a pipe open too.
    with nameless() as out, nameless() as err:
        process = subprocess.Popen(
            ["git", *args],
            cwd=repository.root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


def nameless() -> BinaryIO:
    """A file that nobody else can open."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("git"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


class Elsewhere:
    """A throw-away repository that borrows the objects of another and may fetch more.

    So guard learns whether a commit is below a branch that moved on, and the user's own
    repository gets no object, no ref and no lock. It is made when it is first needed.
    """

    def __init__(self, repository: Repository, head: str) -> None:
        self._repository = repository
        self._head = head
        self._folder = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def repository(self) -> Repository:
        """The repository itself until something was fetched, then one that has both."""
        if not self._folder:
            return self._repository
        return replace(self._repository, env={**self._repository.env, "GIT_DIR": self._folder})

    def fetch(self, remote: str, commits: Iterable[str], seconds: float | None) -> bool:
        """Gets those of `commits` that are not here; False where that was not possible."""
        wanted = [oid for oid in dict.fromkeys(commits) if not ancestry.has(self.repository, oid)]
        if not wanted:
            return True
        if seconds is None or len(wanted) > MOST:
            return False
        self._folder = self._folder or borrowed(self._repository, self._head)
        quiet = "--quiet --no-tags --no-write-fetch-head --no-recurse-submodules"
        alone = ["-c", f"core.hooksPath={os.devnull}", "fetch", "--no-auto-maintenance"]
        # Commits are enough; a server that cannot leave out the rest sends all of it.
        asked = [*alone, *quiet.split(), "--filter=tree:0", "--", remote, *wanted]
        code, _, _ = spoken(asked, self._repository, seconds, GIT_DIR=self._folder)
        return code == 0


def borrowed(repository: Repository, head: str) -> str:
    """A new bare repository in a temporary folder, with the other's objects and settings."""
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="guard-")
    for name in ("objects/info", "refs/heads"):
        os.makedirs(os.path.join(folder, name))
    bits = 64 if len(head) == 64 else 40
    texts = {
        "HEAD": "ref: refs/heads/head\n",
        "refs/heads/head": head + "\n",
        "objects/info/alternates": os.path.join(repository.common_dir, "objects") + "\n",
        # The other's settings say how to reach its remotes; what makes it that repository goes.
        "config": f'[include]\n\tpath = "{quoted(os.path.join(repository.common_dir, "config"))}"\n'
        f"[core]\n\tbare = true\n\trepositoryformatversion = {int(bits == 64)}\n"
        + ("[extensions]\n\tobjectformat = sha256\n" if bits == 64 else ""),
    }
    for name, text in texts.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(os.fsencode(text))
    shallow = os.path.join(repository.common_dir, "shallow")
    if os.path.exists(shallow):
        shutil.copyfile(shallow, os.path.join(folder, "shallow"))
    return folder


def quoted(path: str) -> str:
    """A path as git's configuration wants it between quotes."""
    return path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
