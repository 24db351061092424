"""Says why a build is refused and which commands mend it, for a developer in a hurry."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Sequence

from guard.checks.javascript import LEFTOVERS
from guard.docker.context.scope import around
from guard.docker.gate import Verdict
from guard.finding import REPOSITORY, Finding, Severity
from guard.report.text import place, plain, render, shown
from guard.tree.mend import KEPT_OUT, joined, quoted
from guard.values import replace

MOST = 10
"""So many files are named; of the others there is a count."""

ALL = "guard check --all"
"""The command that shows what stands in a repository."""

COMMITTED_BY = ("tree/dirty", "tree/untracked")
"""Rules that a commit mends."""


def lines(verdict: Verdict, cwd: str, style: Callable[..., str] = plain) -> Iterator[str]:
    """The report on one verdict: the files by rule, the other findings in full, the mend."""
    found = [f for f in verdict.outcome.findings if f.ignored is None]
    tree = [f for f in found if f.check == "tree"]
    # What may wait until the next commit does not hold up a build.
    rest = tuple(f for f in found if f.check != "tree" and f.severity is Severity.ERROR)
    if rest:
        yield from list(render(replace(verdict.outcome, findings=rest), texts(verdict), style))[:-1]
    yield from let_through([f for f in found if f.rule in LEFTOVERS], style)
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in tree:
        about = "" if finding.at.path != REPOSITORY else finding.message
        groups.setdefault((finding.rule, about), []).append(finding)
    for (rule, _), members in groups.items():
        yield from group(rule, members, style)
    mends = mend(verdict, tree, cwd)
    if mends:
        yield style("to build what you have here:", bold=True)
        yield from (f"    {command}" for command in mends)
        yield ""


def let_through(leftovers: Sequence[Finding], style: Callable[..., str]) -> Iterator[str]:
    """A line for each of up to ten left-overs that parse, which hold up no build."""
    for finding in leftovers[:MOST]:
        word = style(str(finding.severity), fg="yellow", bold=True)
        rule = style(finding.rule, fg="cyan")
        yield f"{place(finding.at)}: {word}: {finding.message} [{rule}]"
    if len(leftovers) > MOST:
        yield f"… and {len(leftovers) - MOST} more"
    if leftovers:
        yield f"  {style('help', fg='green')}: these hold up no build; with their lines: {ALL}"
        yield ""


def committed_by(finding: Finding) -> bool:
    """Whether a commit mends it: caches and secrets that git does not know are not to be added."""
    return finding.rule in COMMITTED_BY and not finding.hint.startswith(KEPT_OUT)


def texts(verdict: Verdict) -> Callable[[str], str | None]:
    """The text of the files that were judged."""

    def text(path: str) -> str | None:
        file = verdict.snapshot.file(path)
        return verdict.snapshot.text(file) if file is not None and file.is_regular else None

    return text


def group(rule: str, members: Sequence[Finding], style: Callable[..., str]) -> Iterator[str]:
    """What one rule found: a heading, and up to ten files."""
    first = members[0]
    error = first.severity is Severity.ERROR
    word = style(str(first.severity), fg="red" if error else "yellow", bold=True)
    if first.at.path == REPOSITORY:
        yield f"{word}: {first.message} [{style(rule, fg='cyan')}]"
    else:
        heading = counted(rule, len(members), first.message)
        yield f"{word}: {heading} [{style(rule, fg='cyan')}]"
        for finding in members[:MOST]:
            yield f"    {shown(finding.at.path)}  ({finding.message})"
        if len(members) > MOST:
            yield f"    … and {len(members) - MOST} more"
    # Others are mended by the commands at the end, which also say in which repository.
    hints = [f.hint for f in members[:MOST] if not committed_by(f)]
    if rule != "tree/unpushed":
        for number, line in enumerate(joined(hints)):
            yield ("  " + style("help", fg="green") + ": " if not number else "        ") + line
    yield ""


HEADINGS = {
    "tree/dirty": "changed and not committed",
    "tree/untracked": "not in git and sent into the image",
    "tree/hidden": "changed, hidden from git status, and sent into the image",
    "tree/filtered": "not what a checkout gives, behind a filter or converted line ends",
    "tree/secret": "that looks like a secret, ignored by git and sent into the image",
    "tree/ignored": "ignored by git and sent into the image",
    "tree/nested": "of a repository in the repository, sent into the image",
    "tree/lfs-pointer": "with a pointer of Git LFS and not the content",
    "tree/submodule-dirty": "of a submodule changed or not in git",
    "tree/submodule-moved": "not at the commit that is recorded",
    "tree/submodule-unpushed": "at a commit that is on no remote",
    "tree/submodule-missing": "not checked out",
    "tree/replaced": "shown otherwise by a replace ref than the commit has it",
    "tree/archive": "of the tar on stdin are not what the commit holds",
}


def counted(rule: str, number: int, otherwise: str) -> str:
    """How many things are wrong in one way: `2 files changed and not committed`."""
    of_files = not rule.startswith("tree/submodule-") or rule == "tree/submodule-dirty"
    noun = "file" if of_files else "submodule"
    return f"{number} {noun}{'s' * (number != 1)} {HEADINGS.get(rule, otherwise)}"


def mend(verdict: Verdict, tree: Sequence[Finding], cwd: str) -> list[str]:
    """The commands that make the build pass, as they can be typed in `cwd`."""
    state = verdict.state
    if state is None:
        return []
    paths = sorted({f.at.path for f in tree if committed_by(f)})
    commands = []
    here = around(cwd)
    git = "git"
    if here is None or here.root != state.root:
        git, cwd = f"git -C {shlex.quote(os.path.relpath(state.root, cwd))}", state.root
    if paths:
        named = [os.path.relpath(os.path.join(state.root, path), cwd) for path in paths]
        if len(named) > MOST:
            common = os.path.commonpath([os.path.dirname(name) or "." for name in named])
            named = ["-A", "--", common or "."]
        else:
            named = ["--", *named] if any(name.startswith("-") for name in named) else named
        commands += [f"{git} add {' '.join(map(quoted, named))}", f'{git} commit -m "…"']
    if paths or any(f.rule == "tree/unpushed" for f in tree):
        commands += push(git, [remote.name for remote in state.remotes], state.branch)
    return commands


def push(git: str, remotes: Sequence[str], branch: str | None) -> list[str]:
    """The commands that put HEAD on a remote."""
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    where = "HEAD:refs/heads/NAME" if branch is None else shlex.quote(branch)
    pushed = f"{git} push {'' if branch is None else '-u '}{remote} {where}"
    return [pushed] if remotes else [f"{git} remote add origin URL", pushed]


def blocked(verdicts: Sequence[Verdict], words: Sequence[str]) -> str:
    """The last line of a refusal: how many files of which kind, what of the repository."""
    errors = [
        f
        for verdict in verdicts
        for f in verdict.outcome.findings
        if f.severity is Severity.ERROR and f.ignored is None
    ]
    reasons = []
    for rule in dict.fromkeys(f.rule for f in errors if f.at.path != REPOSITORY):
        files = len({f.at.path for f in errors if f.rule == rule})
        reasons.append(counted(rule, files, f"with {rule}"))
    reasons += [f.message for f in errors if f.at.path == REPOSITORY]
    why = "; ".join(dict.fromkeys(reasons))
    return f"guard: blocked: {why} ({os.path.basename(words[0])} did not run)"
