"""What a merge or a rebase did to the known fixes: also the rules that it dropped itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guard import sources
from guard.finding import Finding
from guard.fixes.judge import broken
from guard.fixes.keep import lost
from guard.fixes.proof import proven
from guard.fixes.rule import Rule, paths_of
from guard.fixes.rulefile import parse
from guard.git import Repository
from guard.snapshot import Snapshot
from guard.values import replace


def dropped(
    repository: Repository, origins: Sequence[str], snapshot: Snapshot, folder: str
) -> Iterator[tuple[str, Rule]]:
    """The rules that one of `origins` brought and HEAD does not have, each with that commit.

    A rule that was there when the histories parted and is not in HEAD was retired by one side,
    and that is meant; one that came since then was dropped.
    """
    head = repository.head
    if head is None:
        return
    here = {*paths_of(snapshot, folder)}
    for origin in origins:
        theirs = sources.committed(repository, origin)
        added = [path for path in paths_of(theirs, folder) if path not in here]
        others = [one for one in (*origins, head) if one != origin]
        bases = [repository.merge_base(origin, other) for other in others]
        bases = [base for base in bases if base != origin]
        for path, file in theirs.find(added).items():
            known = any(repository.tree(base, [path]) for base in bases)
            if not known and bases:
                yield origin, proven(parse(path, theirs.read(file)))
                here.add(path)


def findings(
    repository: Repository, origins: Sequence[str], snapshot: Snapshot, folder: str
) -> list[Finding]:
    """What dropped rules say of HEAD."""
    found = []
    for origin, rule in dropped(repository, origins, snapshot, folder):
        for finding in (*broken(snapshot, [rule]), *lost(snapshot, [rule])):
            back = f"the rule was dropped, too; bring it back: git checkout {origin[:10]} -- "
            found.append(replace(finding, hint=f"{finding.hint}\n{back}{rule.file}"))
    return found
