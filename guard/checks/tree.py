"""The tree check: what enters an image is committed, pushed, up to date and what it seems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from guard.check import check
from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.snapshot import Snapshot
from guard.tree import mend, whole
from guard.tree.rules import LITTER, RULES, SECRETS, Level, Options
from guard.values import TYPE_CHECKING, replace

if TYPE_CHECKING:
    from guard.treestate import Dirty, Extra, Submodule, TreeState


@check(rules=RULES, options=Options, needs_state=True)
def tree(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """What an image is built from must be committed, pushed, not behind, and what it seems.

    An image holds whatever lies in the folder at the moment of the build. Code that is not
    committed, or committed and not pushed, is then running somewhere and can be found nowhere;
    a branch that is behind builds yesterday's code. Only files that enter the image count: what
    the `.dockerignore` keeps out may be in any state.
    """
    state = snapshot.state
    if state is None:
        return
    if not state.repository:
        if options.repository:
            yield about_none(state)
        return
    yield from files(state, options)
    yield from submodules(state, options)
    yield from whole.repository(state)
    yield from whole.commit(state, pushed=options.pushed)


def about_none(state: TreeState) -> Finding:
    """The finding about a folder in no repository."""
    return Finding(
        "tree/no-repository",
        f"{state.root} is in no git repository: what is built from it could not be built again",
        Location(REPOSITORY),
        hint="git init, commit and push\n"
        "or, to build without, in a guard.toml in that folder:\n[tree]\nrepository = false",
    )


def files(state: TreeState, options: Options, inside: str = "") -> Iterator[Finding]:
    """The findings about single files of one repository, itself at `inside`."""
    prefix = inside and inside + "/"
    for file in state.dirty:
        rule = "tree/hidden" if file.hidden else "tree/dirty"
        rule = "tree/submodule-dirty" if inside and not file.hidden else rule
        hint = mend.commit(file, state, inside)
        yield Finding(rule, changed(file), Location(prefix + file.path), hint=hint)
    if state.untracked:
        from guard.globs import matcher

        litter, secret = matcher(LITTER), matcher((*SECRETS, *options.secrets))
    for path in state.untracked:
        rule = "tree/submodule-dirty" if inside else "tree/untracked"
        unmeant = litter(path) or secret(path)
        hint = mend.keep_out(path, litter) if unmeant else mend.add(path, state, inside)
        yield Finding(rule, "not in git, and it enters the image", Location(prefix + path), hint)
    for path in state.filtered:
        yield Finding(
            "tree/filtered",
            "not what a checkout gives; a filter or line ends hide that from git status",
            Location(prefix + path),
            hint="see what a checkout would give:\n"
            + mend.on("cat-file --filters", "HEAD:" + path, inside),
        )
    for path in state.pointers:
        yield Finding(
            "tree/lfs-pointer",
            "a pointer of Git LFS and not the content",
            Location(prefix + path),
            hint=mend.on("lfs pull --include", path, inside),
        )
    yield from extras(state, options, prefix)


def changed(file: Dirty) -> str:
    """How a file differs from HEAD, in words."""
    unstaged = file.status[1]
    if file.unmerged:
        return "in conflict: a merge left both sides in it"
    if file.gone:
        what = "deleted here, while the commit still has it"
    elif unstaged == "X":
        what = "its executable bit is not the commit's"
    elif "T" in file.status:
        what = "of another type than in the commit (file, symlink)"
    elif file.status == "AD":
        what = "added to the index, and gone from disk"
    elif "A" in file.status:
        what = "added and not committed"
    elif unstaged == ".":
        what = "staged and not committed"
    else:
        what = "changed and not committed"
    return f"{what}; hidden from git status by {file.hidden}" if file.hidden else what


def extras(state: TreeState, options: Options, prefix: str) -> Iterator[Finding]:
    """The findings about what git ignores, and about repositories in the repository."""
    from guard.globs import matcher

    looks_secret = matcher((*SECRETS, *options.secrets)) if state.ignored else None
    for extra in state.ignored:
        assert looks_secret is not None
        secret = [f for f in extra.files if f in extra.private or secretive(f, extra, looks_secret)]
        for path in secret:
            yield from levelled(
                options.secret,
                Finding(
                    "tree/secret",
                    "looks like a secret; git ignores it, and it enters the image",
                    Location(prefix + path),
                    hint=mend.leave_out(path),
                ),
            )
        if len(secret) < len(extra.files):
            yield from levelled(
                options.ignored,
                Finding(
                    "tree/ignored",
                    "git ignores it, and it enters the image",
                    Location(prefix + extra.path),
                    hint=mend.leave_out(extra.path),
                ),
            )
    for extra in state.nested:
        yield Finding(
            "tree/nested",
            "a repository of its own: its files enter the image, and no commit here holds them",
            Location(prefix + extra.path),
            hint=f"make it a submodule:\ngit submodule add URL {extra.path}\n"
            f"or {mend.leave_out(extra.path)}",
        )


def secretive(path: str, extra: Extra, looks_secret: Callable[[str], bool]) -> bool:
    """Whether the name says secret, and the content does not say otherwise."""
    return path not in extra.public and looks_secret(path)


def levelled(level: Level, finding: Finding) -> Iterable[Finding]:
    """The finding at the severity that the options give it; none where it is off."""
    return () if level == "off" else (replace(finding, severity=Severity(level)),)


def submodules(state: TreeState, options: Options, inside: str = "") -> Iterator[Finding]:
    """The findings about submodules, and those inside them."""
    for module in state.submodules:
        path = f"{inside}/{module.path}" if inside else module.path
        if module.state is None:
            yield missing(module, path, inside)
            continue
        if module.recorded and module.state.head != module.recorded:
            at = (module.state.head or "no commit")[:10]
            yield Finding(
                "tree/submodule-moved",
                f"the submodule is at {at}, the commit records {module.recorded[:10]}",
                Location(path),
                hint="go to what is recorded:\n"
                + mend.on("submodule update", module.path, inside)
                + "\nor record where it is:\n"
                + "\n".join([mend.on("add", module.path, inside), *mend.committed(state, inside)]),
            )
        yield from files(module.state, options, path)
        yield from whole.repository(module.state, path)
        if options.pushed and module.state.head and not module.state.on_remotes:
            yield Finding(
                "tree/submodule-unpushed",
                f"the submodule's commit {module.state.head[:10]} is on no remote of its own",
                Location(path),
                hint=mend.push(module.state, path),
            )
        yield from submodules(module.state, options, path)


def missing(module: Submodule, path: str, inside: str) -> Finding:
    """The finding about a submodule that is not checked out."""
    if module.url:
        return Finding(
            "tree/submodule-missing",
            "the submodule is not checked out: its folder would be empty in the image",
            Location(path),
            hint=mend.on("submodule update --init", module.path, inside),
        )
    return Finding(
        "tree/submodule-missing",
        "a submodule that .gitmodules does not know: nobody can check it out",
        Location(path),
        hint=f"say where it can be had:\ngit submodule add URL {module.path}\n"
        f"or take it out:\n{mend.on('rm --cached', module.path, inside)}",
    )
