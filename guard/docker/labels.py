"""The labels that say where an image comes from: made for a build, and read back from an image."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping

from guard.docker import standing
from guard.git import Repository
from guard.values import dataclass

REVISION = "org.opencontainers.image.revision"
SOURCE = "org.opencontainers.image.source"
CREATED = "org.opencontainers.image.created"
DIRTY = "org.treeguard.dirty"
REASON = "org.treeguard.dirty.reason"
DIGEST = "org.treeguard.dirty.digest"
KEPT = "org.treeguard.dirty.kept"


@dataclass(frozen=True, slots=True)
class Dirt:
    """What an image holds beyond its commit, and why it was let through."""

    reason: str
    """What the person who let it through said."""

    digest: str
    """`sha256:` and the digest of the difference to the commit; empty where there is none, and
    the commit was let through for being on no remote, say."""

    kept: str = ""
    """The commit that keeps the difference, for `guard rescue`; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where an image comes from."""

    revision: str
    """The full id of the commit; empty where the labels do not say."""

    source: str = ""
    """Where the repository can be had, without credentials; empty where it has no remote."""

    created: str = ""
    """When it was built, as RFC 3339 writes it."""

    dirt: Dirt | None = None
    """What was let through on the record; None for an image that is its commit."""

    def labels(self) -> dict[str, str]:
        """The stamp as labels; what is not known is left out."""
        found = {REVISION: self.revision, SOURCE: self.source, CREATED: self.created}
        if self.dirt is not None:
            found |= {DIRTY: "true" if self.dirt.digest else "", REASON: self.dirt.reason}
            found |= {DIGEST: self.dirt.digest, KEPT: self.dirt.kept}
        return {key: value for key, value in found.items() if value}

    @classmethod
    def read(cls, labels: Mapping[str, str] | None) -> Stamp:
        """The stamp that an image's labels carry, whoever set them."""
        labels = labels or {}
        dirt = None
        if labels.get(REASON) or labels.get(DIRTY, "false") != "false":
            dirt = Dirt(labels.get(REASON, ""), labels.get(DIGEST, ""), labels.get(KEPT, ""))
        return cls(labels.get(REVISION, ""), labels.get(SOURCE, ""), labels.get(CREATED, ""), dirt)


def stamp(repository: Repository, dirt: Dirt | None = None, *, fresh: bool = False) -> Stamp:
    """The stamp for an image that is built now from the commit checked out.

    `fresh` says that nothing of an earlier build is used again (`--no-cache`, `--pull`).
    """
    commit = repository.head or ""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if told.isdigit():
        moment = float(told)  # reproducible-builds.org: the build is to say it was made then
    elif fresh or dirt is not None or not commit:
        moment = time.time()
    else:
        moment = first_built(repository, commit)
    return Stamp(commit, source(repository), rfc3339(moment), dirt)


def first_built(repository: Repository, commit: str) -> float:
    """When `commit` was first built here, in seconds since the epoch; from now on if never.

    A label with the time of each build would make a new image out of every rebuild that the
    cache answers, and compose would recreate running containers for nothing.
    """
    folder = os.path.join(repository.common_dir, "guard", "built")
    mark = os.path.join(folder, commit)
    try:
        return os.stat(mark).st_mtime
    except OSError:
        pass
    try:
        os.makedirs(folder, exist_ok=True)
        with open(mark, "ab"):
            pass
        forget(folder)
        return os.stat(mark).st_mtime
    except OSError:  # a repository that cannot be written to
        return time.time()


def forget(folder: str, keep: int = 1000) -> None:
    """Removes the oldest marks, so that a build server's folder stays small."""
    with os.scandir(folder) as entries:
        marks = list(entries)
    if len(marks) > 2 * keep:
        for mark in sorted(marks, key=lambda m: m.stat().st_mtime)[:-keep]:
            os.unlink(mark.path)


def rfc3339(moment: float) -> str:
    """Seconds since the epoch as `2026-01-19T08:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(moment)))


def source(repository: Repository) -> str:
    """Where the repository can be had: the upstream's remote, else origin, else the first."""
    return standing.once(("source", repository.root), lambda: found(repository))


def found(repository: Repository) -> str:
    """The same, asked anew."""
    from guard.state import remote, truth

    root = repository.root
    settings = standing.once(("settings", root), lambda: truth.settings(repository))
    remotes = sorted(remote.remotes(settings))
    if not remotes:
        return ""
    branch = truth.branch(repository)
    followed = settings.get(f"branch.{branch}.merge") and settings.get(f"branch.{branch}.remote")
    chosen = next((r for r in (followed, "origin") if r in remotes), remotes[0])
    url = repository.git("remote", "get-url", chosen, accept=(0, 2)).decode().strip()
    return public(url)


def public(url: str) -> str:
    """`url` as anyone may read it, for a label travels with the image: no password, no token.

    The name in `git@host:path` stays, it is no secret. One before an https host may be a token.
    """
    if not re.match(r"[a-z][a-z0-9+.-]*://", url, re.IGNORECASE):
        return url
    from urllib.parse import urlsplit, urlunsplit

    try:
        parts = urlsplit(url)
    except ValueError:  # no URL that anybody could follow
        return ""
    user, at, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0] if parts.scheme in ("ssh", "git+ssh") else ""
    return urlunsplit(
        (parts.scheme, name + at * bool(name) + host, parts.path, "", "")  # a query may hold one
    )


INSTRUCTION = re.compile(r"\s*LABEL\s", re.IGNORECASE)


def declared(dockerfile: str, keys: Iterable[str] = (REVISION, SOURCE, CREATED)) -> set[str]:
    """Those of `keys` that the text of a Dockerfile sets itself, in whatever stage.

    `--label` would win over a `LABEL` instruction: what the user wrote must not be given at all.
    """
    escape = "`" if re.search(r"(?im)\A(\s*#.*\n)*?\s*#\s*escape\s*=\s*`", dockerfile) else "\\"
    joined: list[str] = []
    open_line = False
    for line in dockerfile.splitlines():
        if re.match(r"\s*(#|$)", line):
            continue  # comments and blank lines do not end an instruction
        text = line.rstrip()
        if open_line:
            joined[-1] += text
        else:
            joined.append(text)
        open_line = text.endswith(escape)
        if open_line:
            joined[-1] = joined[-1][:-1] + " "
    labels = [line for line in joined if INSTRUCTION.match(line)]
    return {
        key
        for key in keys
        if any(re.search(rf"(?<![\w.-]){re.escape(key)}(?![\w.-])", line) for line in labels)
    }


def own_labels(labels: object, dockerfile: object = None) -> frozenset[str]:
    """The labels that a build section sets, as a mapping or a list of assignments.

    With the text of a Dockerfile, those it sets as well.
    """
    if isinstance(labels, Mapping):
        found = {str(key) for key in labels}
    else:
        found = {str(one).partition("=")[0] for one in (labels if isinstance(labels, list) else ())}
    return frozenset(found | (declared(str(dockerfile)) if dockerfile else set()))
