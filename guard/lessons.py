"""What the repository knows that teaches a rule: the files of a fix, and the code since then."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from guard import history
from guard.blobs import Blobs
from guard.entries import Change, File
from guard.errors import GuardError
from guard.fixes.judge import broken
from guard.fixes.learning.lines import SCRIPT, Text
from guard.fixes.learning.sample import Fix, Sample
from guard.fixes.learning.sites import DEFINITIONS
from guard.fixes.rule import Rule
from guard.git import Repository
from guard.snapshot import Snapshot
from guard.values import replace

TESTS = re.compile(
    r"(^|/)(tests?|testing|t)/|(^|/)(test_[^/]*|conftest)\.py$|_test\.py$|[._](test|spec)\.\w+$"
)
"""What a fix adds tests to: that they are there is not what must not get lost."""

MADE = re.compile(r"\.(lock|min\.js|map|svg|sum)$|(^|/)[\w-]+[-.]lock\.\w+$", re.IGNORECASE)
"""What programs write and nobody mends by hand."""

NO_CODE = re.compile(r"\.(md|rst|txt|po|csv)$|(^|/)\.guard/|(^|/)(CHANGES|CHANGELOG|NEWS)", re.I)
"""What is for people, or says itself what must not come back."""

LINK = re.compile(r"https?://[^\s)>\]]+")

SUFFIXES = (".py", ".pyi", ".pyw")

NOWHERE = File("", "", "")


def committed(repository: Repository, commit: str) -> list[Change]:
    """How a commit differs from its first parent; a GuardError where it has none."""
    parent = repository.parent(commit)
    if parent is None:
        ends = history.shallow(repository)
        raise GuardError(
            f"{commit[:10]} has no parent here, so it is not known what it fixed"
            if ends
            else f"{commit[:10]} has no parent: no code stood there before that it fixed",
            "fetch more of the history: git fetch --unshallow"
            if ends
            else "name the commit that made the fix, or write the rule by hand: guard fixes new ID",
        )
    return repository.between(parent, commit)


def fix(repository: Repository, commit: str) -> Fix:
    """What a commit says of the fix that it made."""
    about = history.described(repository, [commit])[commit]
    link = LINK.search(about.body)
    return Fix(commit[:12], about.subject, link[0].rstrip(".,;:'\"`") if link else "")


def merges(repository: Repository, commit: str) -> bool:
    """Whether a commit is a merge."""
    return len(repository.git("rev-list", "--parents", "-n1", commit).split()) > 2


def staged(repository: Repository) -> list[Change]:
    """How the index differs from HEAD."""
    if not repository.head:
        raise GuardError("there is no commit yet, so there is nothing to compare with")
    return repository.staged()


def unsuitable(change: Change) -> tuple[str, str]:
    """A changed file, and why it teaches nothing."""
    path = (change.new or change.old or NOWHERE).path
    if change.old is None or change.new is None:
        return path, "is new" if change.old is None else "was deleted"
    if not (change.old.is_regular and change.new.is_regular):
        return path, "is a link or a submodule"
    return path, "is written by a program" if MADE.search(path) else "is a document"


def explained(sample: Sample | Text, why: str) -> Sample | Text:
    """A sample of a fix of which is known what it is for."""
    return replace(sample, fix=replace(sample.fix, subject=why))


def samples(repository: Repository, changed: Sequence[Change], fix: Fix) -> list[Sample | Text]:
    """Changed files with their contents; tests are left out unless nothing else changed.

    Where code changed, other files are left out as well: most of them only go along with it.
    """
    blobs = Blobs(repository)
    both = [(c.old, c.new) for c in changed if c.old is not None and c.new is not None]
    both = [(o, n) for o, n in both if o.is_regular and n.is_regular]
    code = [(o, n) for o, n in both if n.path.lower().endswith((*SUFFIXES, *SCRIPT))]
    fixed = [(o, n) for o, n in code if not TESTS.search(n.path)]
    texts = [(o, n) for o, n in both if (o, n) not in code and not NO_CODE.search(n.path)]
    chosen = [(o, n) for o, n in fixed or texts or code if not MADE.search(n.path)]
    return [
        (Sample if n.path.endswith(SUFFIXES) else Text)(
            n.path, blobs.read(o.oid), blobs.read(n.oid), fix
        )
        for o, n in chosen
    ]


def elsewhere(snapshot: Snapshot, rule: Rule, path: str, symbol: str) -> list[str]:
    """Places, `path:line`, that a rule would forbid in a snapshot besides where its fix was."""
    found = []
    for finding in broken(snapshot, [replace(rule, replace=None)]):  # repairs would be tried out
        at = finding.at
        if at.path != path or symbol_at(snapshot, path, at.line) != symbol:
            found.append(f"{at.path}:{at.line}")
    return found


def symbol_at(snapshot: Snapshot, path: str, line: int) -> str:
    """The qualified name of the innermost function or class at a line; empty for none."""
    file = snapshot.file(path)
    if file is None:
        return ""
    try:
        tree = ast.parse(snapshot.read(file))
    except (SyntaxError, ValueError):
        return ""
    return ".".join(enclosing(tree, line))


def enclosing(node: ast.AST, line: int) -> Iterator[str]:
    """The names of the functions and classes around a line, the outermost first."""
    for child in ast.iter_child_nodes(node):
        if getattr(child, "lineno", line) <= line <= getattr(child, "end_lineno", line):
            if isinstance(child, DEFINITIONS):
                yield child.name
            yield from enclosing(child, line)
