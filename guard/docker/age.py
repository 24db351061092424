"""How far an image, or a container that runs one, is from the code here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from guard.docker.front.engine import Engine, Json
from guard.docker.labels import Stamp
from guard.errors import GitError, GuardError
from guard.git import Repository
from guard.values import dataclass, replace

SUBJECTS = 10
"""So many of the missing commits are told by name."""

PATIENCE = 5.0
"""Seconds a remote may take to say where its branch stands."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How the commit of an image lies to another commit."""

    name: str
    """What the other commit is called: `HEAD`, `origin/main`."""

    commit: str
    """Its full id."""

    ahead: int
    """Commits that the image has and the other has not."""

    behind: int
    """Commits that the other has and the image has not."""

    missing: tuple[str, ...] = ()
    """The newest of the commits that the image lacks, each as `id subject`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An image or a container, and where its content comes from."""

    name: str
    """The name it was asked for by, or has."""

    kind: str
    """`image` or `container`."""

    image: str
    """The name of the image."""

    image_id: str
    """The id of the image, with its `sha256:`."""

    stamp: Stamp
    """What its labels say."""

    service: str = ""
    """The compose service that a container is of."""

    project: str = ""
    """The compose project that a container is of."""

    running: bool = False
    """Whether it is a container that runs."""

    superseded: str = ""
    """The id of the image that the container's image name means by now, where it is another."""

    pulled: bool = False
    """Whether a registry knows the image."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is to be said of one image or container."""

    subject: Subject
    """What it is about."""

    head: Distance | None
    """Against the commit asked for; None where the image's commit is not in the repository."""

    upstream: Distance | None
    """Against the branch of the remote; None where that is not known."""

    reasons: tuple[str, ...]
    """Why it is stale, a sentence each; empty where it is not."""

    title: str = ""
    """`subject (author, date)` of the image's commit, where it is known."""

    notes: tuple[str, ...] = ()
    """What limits the answer: a remote that cannot be reached, or has moved on."""

    @property
    def stale(self) -> bool:
        """Whether it holds other code than the commit asked for."""
        return bool(self.reasons)


def subjects(engine: Engine, names: Sequence[str]) -> list[Subject]:
    """The container, else the image, of each name; a GuardError where there is neither."""
    found = []
    for name in names:
        containers = engine.inspect("container", [name])
        images = [] if containers else engine.inspect("image", [name])
        if not containers and not images:
            raise GuardError(
                f"the engine has no container and no image {name!r}",
                "see: docker ps --all\nsee: docker images",
            )
        found.append(of_image(images[0], name) if images else of_container(engine, containers[0]))
    return found


def of_image(described: Json, name: str) -> Subject:
    """An image as `docker image inspect` describes it."""
    return Subject(
        name=name,
        kind="image",
        image=next(iter(described.get("RepoTags") or []), name),
        image_id=described["Id"],
        stamp=Stamp.read(labels(described)),
        pulled=bool(described.get("RepoDigests")),
    )


def of_container(engine: Engine, described: Json) -> Subject:
    """A container as `docker container inspect` describes it."""
    own, name = labels(described), described["Config"]["Image"]
    image_id = described["Image"]
    held = engine.inspect("image", [image_id])
    named = engine.inspect("image", [name])
    return Subject(
        name=described["Name"].removeprefix("/"),
        kind="container",
        image=name,
        image_id=image_id,
        # A container's own labels hold those of its image, and outlive it.
        stamp=Stamp.read(labels(held[0]) if held else own),
        service=own.get("com.docker.compose.service", ""),
        project=own.get("com.docker.compose.project", ""),
        running=bool(described["State"].get("Running")),
        superseded=named[0]["Id"] if named and named[0]["Id"] != image_id else "",
        pulled=bool(held and held[0].get("RepoDigests")),
    )


def labels(described: Json) -> dict[str, str]:
    """The labels of an image or a container."""
    found: dict[str, str] | None = (described.get("Config") or {}).get("Labels")
    return found or {}


class History:
    """The repository's side of the comparison: asked once, for however many images."""

    def __init__(self, repository: Repository, revision: str, *, offline: bool = False) -> None:
        self._repository = repository
        self._name = revision
        self._target = repository.commit(revision)
        self._upstream, self._notes = upstream(repository, offline=offline)

    def age(self, subject: Subject) -> Age:
        """How far one image or container is, and whether that makes it stale."""
        revision = subject.stamp.revision
        known = self._known(revision) if revision else None
        if known is None:
            return self._judged(Age(subject, None, None, (), notes=self._notes))
        subject = replace(subject, stamp=replace(subject.stamp, revision=known))
        head = distance(self._repository, known, self._name, self._target)
        tip = None
        if self._upstream is not None:
            tip = distance(self._repository, known, *self._upstream)
        return self._judged(Age(subject, head, tip, (), self._title(known), self._notes))

    def knows(self, revision: str) -> bool:
        """Whether the repository holds that commit."""
        return self._known(revision) is not None

    def holds(self, folder: str) -> bool:
        """Whether a folder lies in the work tree."""
        return bool(folder) and Path(folder).resolve().is_relative_to(self._repository.root)

    def _known(self, revision: str) -> str | None:
        # A label is anyone's text: only what looks like an id may reach git.
        if not revision or set(revision.lower()) - set("0123456789abcdef"):
            return None
        try:
            return self._repository.commit(revision)
        except GitError:
            return None

    def _title(self, commit: str) -> str:
        asked = ["log", "-1", "--no-show-signature", "--format=%s (%an, %as)", commit]
        return self._repository.git(*asked).decode(errors="replace").strip()

    def _judged(self, age: Age) -> Age:
        return replace(age, reasons=tuple(self._reasons(age)))

    def _reasons(self, age: Age) -> Iterator[str]:
        subject, stamp = age.subject, age.subject.stamp
        what = f"the {subject.kind}"
        if not stamp.revision:
            yield f"{what} does not say which commit it is from: it was not built through guard"
        elif age.head is None:
            shallow = self._repository.git("rev-parse", "--is-shallow-repository") == b"true\n"
            rest = "; this clone is shallow: git fetch --unshallow" if shallow else ""
            commit = stamp.revision[:10]
            yield f"{what} is from commit {commit}, which is not in this repository{rest}"
        elif age.head.behind:
            runs = "runs" if subject.kind == "container" else "is"
            other = f", and {commits(age.head.ahead)} off this branch" if age.head.ahead else ""
            of = "" if age.head.name == "HEAD" else f" {age.head.name}"
            yield f"{what} {runs} {commits(age.head.behind)} behind{of}{other}"
        if stamp.dirt is not None and (stamp.dirt.digest or not stamp.dirt.reason):
            reason = stamp.dirt.reason or "no reason given"
            yield f"{what} holds changes that are in no commit: {reason}"
        if subject.superseded:
            yield (
                f"{what} was made before {subject.image} was built anew: it runs "
                f"{short(subject.image_id)}, the name means {short(subject.superseded)}"
            )


def distance(repository: Repository, commit: str, name: str, other: str) -> Distance:
    """How `commit` lies to `other`, which is called `name`."""
    counted = repository.git("rev-list", "--left-right", "--count", f"{commit}...{other}")
    ahead, behind = (int(number) for number in counted.split())
    missing: tuple[str, ...] = ()
    if behind:
        asked = ["log", f"-{SUBJECTS}", "--no-show-signature", "--format=%h %s"]
        listed = repository.git(*asked, f"{commit}..{other}").decode(errors="replace")
        missing = tuple(listed.splitlines())
    return Distance(name, other, ahead, behind, missing)


def upstream(
    repository: Repository, *, offline: bool
) -> tuple[tuple[str, str] | None, tuple[str, ...]]:
    """The branch of the remote as (name, commit), and what limits that knowledge."""
    asked = ["rev-parse", "--verify", "--quiet", "--symbolic-full-name"]
    remotes = repository.git("remote").decode().splitlines()
    candidates = ["@{upstream}"]
    candidates += [f"refs/remotes/{r}/HEAD" for r in ("origin", *remotes)]
    for candidate in candidates:
        full = repository.git(*asked, candidate, accept=(0, 1, 128)).decode().strip()
        if full.startswith("refs/remotes/"):
            break
    else:
        return None, ()
    name, commit = full.removeprefix("refs/remotes/"), repository.commit(full)
    remote = max((r for r in remotes if name.startswith(r + "/")), key=len, default="")
    if offline or not remote:
        return (name, commit), ()
    return (name, commit), moved_on(repository, remote, name.removeprefix(remote + "/"), commit)


def moved_on(repository: Repository, remote: str, branch: str, commit: str) -> tuple[str, ...]:
    """What the remote itself says of its branch, where that differs from what was fetched."""
    from subprocess import TimeoutExpired

    from guard.program import run

    asked = ["ls-remote", remote, f"refs/heads/{branch}"]
    try:
        said = run(asked, cwd=repository.root, env=repository.env, timeout=PATIENCE)
    except (GitError, TimeoutExpired):
        return (f"{remote} could not be asked: {remote}/{branch} is as of the last fetch",)
    tip = said.decode().partition("\t")[0]
    if not tip:
        return (f"{remote} has no branch {branch} any more",)
    if tip != commit:
        return (f"{remote}/{branch} has moved on since the last fetch: git fetch {remote}",)
    return ()


def commits(number: int) -> str:
    """`1 commit`, `3 commits`."""
    return f"{number} commit" + "s" * (number != 1)


def short(image_id: str) -> str:
    """The id of an image as docker abbreviates it."""
    return image_id.removeprefix("sha256:")[:12]
