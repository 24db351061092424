"""What the tree check says of a repository as a whole: half done, misled, unpushed, behind."""

from __future__ import annotations

from collections.abc import Iterator

from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.tree import mend
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.treestate import Remote, TreeState


def repository(state: TreeState, inside: str = "") -> Iterator[Finding]:
    """The findings about one repository as a whole."""
    place = Location(inside or REPOSITORY)
    if state.in_progress:
        yield Finding(
            "tree/in-progress",
            f"a {state.in_progress} is half done",
            place,
            hint=mend.finish(state.in_progress),
        )
    for path in state.replaced:
        yield Finding(
            "tree/replaced",
            "a replace ref shows another content here than the commit has for everyone else",
            place if path == "HEAD" else Location(f"{inside}/{path}" if inside else path),
            hint="git replace --list\ngit replace -d ID\ngit checkout -f HEAD -- .",
        )
    if state.replaces and not state.replaced:
        yield Finding(
            "tree/replaced",
            "there are replace refs; what is judged here is what everyone else has",
            place,
            hint="git replace --list",
            severity=Severity.WARNING,
        )
    if state.sparse:
        yield Finding(
            "tree/sparse",
            f"{len(state.sparse)} files of the commit are not checked out, as {state.sparse[0]}",
            place,
            hint="git sparse-checkout disable",
            severity=Severity.WARNING,
        )
    for remote in state.remotes:
        if remote.problem:
            yield Finding(
                "tree/unreachable",
                f"{remote.name} could not be asked ({remote.problem}): {instead(remote)}",
                place,
                hint=f"git ls-remote {remote.name}\nto build without asking: --offline",
                severity=Severity.WARNING,
            )


def instead(remote: Remote) -> str:
    """What counts where a remote did not answer."""
    from datetime import UTC, datetime

    if remote.fetched is None:
        return "what was last fetched counts"
    when = datetime.fromtimestamp(remote.fetched, UTC)
    return f"what was last fetched counts, of {when:%Y-%m-%d %H:%M} UTC"


def commit(state: TreeState, *, pushed: bool) -> Iterator[Finding]:
    """The findings about the commit with regard to the remotes."""
    if state.head is None:
        yield Finding(
            "tree/unborn",
            "there is no commit yet",
            Location(REPOSITORY),
            hint="\n".join(["git add -A", *mend.committed(state)]),
        )
        return
    upstream = state.upstream
    if pushed and not state.on_remotes and not (upstream and upstream.rewritten):
        yield Finding(
            "tree/unpushed",
            f"commit {state.head[:10]} is on no remote{unasked(state)}",
            Location(REPOSITORY),
            hint=mend.push(state),
        )
    if upstream is not None:
        yield from following(state)


def unasked(state: TreeState) -> str:
    """A remark where no remote was asked, so that nobody takes old news for new."""
    old = state.remotes and not any(remote.answered for remote in state.remotes)
    return ", as last fetched" if old else ""


def following(state: TreeState) -> Iterator[Finding]:
    """The findings about the branch with regard to its upstream."""
    upstream = state.upstream
    assert upstream is not None
    if upstream.tip is None:
        if upstream.configured and upstream.existed:
            yield Finding(
                "tree/upstream-gone",
                f"{upstream.name}, which {state.branch} follows, does not exist any more",
                Location(REPOSITORY),
                hint=mend.refollow(state),
            )
    elif upstream.rewritten:
        yield Finding(
            "tree/rewritten",
            f"{upstream.name} was force-pushed and no longer has what is checked out here",
            Location(REPOSITORY),
            hint=mend.follow_rewrite(state),
        )
    elif upstream.behind != 0:
        count = upstream.behind
        by = "it has moved on" if count is None else f"{count} commit{'s' * (count != 1)} behind"
        by += unasked(state)
        # A branch of its own name that has commits of its own only left where the other now is.
        apart = upstream.ahead > 0 and upstream.branch != state.branch
        yield Finding(
            "tree/behind",
            f"{state.branch} is not up to date with {upstream.name}: {by}",
            Location(REPOSITORY),
            hint=mend.catch_up(state),
            severity=Severity.WARNING if apart else Severity.ERROR,
        )
