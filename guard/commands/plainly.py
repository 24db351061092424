"""The words of `guard check` that are said most, understood without click.

Importing click would make such a run half as slow again. Whatever is not plain is left to click,
which has the words for what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence


def understood(words: Sequence[str]) -> dict[str, list[str]] | None:
    """By option the values given with it; None where click has to look at the words."""
    said: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        value = word
        if word in ("--rev", "--select", "--skip"):
            value = next(rest, "")
            if not value or value.startswith("-"):
                return None
        elif word not in ("--staged", "--all"):
            return None
        said.setdefault(word, []).append(value)
    pictures = sum(len(said.get(word, ())) for word in ("--staged", "--all", "--rev"))
    return said if pictures < 2 else None


def check(words: Sequence[str]) -> int | None:
    """Runs `guard check` with these words and returns its status; None where that is click's."""
    said = understood(words)
    if said is None:
        return None
    rev = said["--rev"][0] if "--rev" in said else None
    select, skip = (tuple(said.get(word, ())) for word in ("--select", "--skip"))
    staged, state = "--staged" in said, "tree" in select
    look = None
    if staged or not state:  # git works while the rest is imported
        from guard.look import Look

        look = Look(rev, staged=staged)
    from guard.commands.picture import Asked, Wanted, take, whole

    asked = Asked(staged=staged, everything="--all" in said, rev=rev, state=state)
    picture = None if whole(asked) else take(asked, look)
    from guard.commands.judging import judge

    return judge(asked, Wanted(select, skip), look, picture)
