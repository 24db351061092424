"""A rule as the search through a history sees it: which files, and what each version violates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from guard.fixes.judge import possible
from guard.fixes.keep import held
from guard.fixes.language import Language
from guard.fixes.matching.pattern import TooMuchWork, Unreadable
from guard.fixes.rule import Rule
from guard.fixes.search import forbidden, lies_in, scopes
from guard.fixes.seen import Seen
from guard.fixes.tracing.values import HOLDS, MENDED, UNREAD
from guard.globs import matcher
from guard.values import dataclass

Violated = Callable[[str, bytes], frozenset[str]]
"""The pieces of a rule that a file violates: its path as the rule knows it, and its content."""

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lens:
    """A rule, as far as the search for it must know it."""

    id: str
    """The name of the rule."""

    why: str
    """What it says of itself."""

    fix: str
    """The commit that made the fix; empty where the rule names none."""

    wants: Callable[[str], bool]
    """Whether the rule is about the file at a path."""

    violated: Violated
    """What a file violates."""

    required: tuple[str, ...] = ()
    """The files that must hold a required piece."""

    some: bool = False
    """Whether some file, no matter which, must hold a required piece."""

    file: str = ""
    """Where the rule itself is."""

    digest: str = ""
    """Differs where the rule does: what verdicts are kept under."""

    globs: tuple[str, ...] = ()
    """Globs, as git knows them, of all the files that may matter; empty for any."""


@lru_cache(maxsize=1)
def parsed(language: Language, content: bytes) -> Any:
    """A file as patterns are found in it; several rules in turn look at each version."""
    return language.read(content)


def lens(rule: Rule) -> Lens:
    """A rule of a rule file, as the search for it sees it."""
    ends, named = rule.language.suffixes, frozenset(rule.files)
    matches = matcher(rule.paths) if rule.paths else lambda path: True
    forbids = [rule.language.needs(pattern) for pattern in rule.forbid]
    some = bool(rule.require) and not rule.files
    # Of a rule that only forbids, what it writes instead says that the fix is there.
    written = rule.replace if not rule.require and rule.language.name != "text" else None
    instead = rule.language.needs(written) if written is not None else ()

    @cache
    def wants(path: str) -> bool:
        return matches(path) and (not ends or path in named or path.lower().endswith(ends))

    def violated(path: str, content: bytes) -> frozenset[str]:
        seen = Seen(content)
        searched = any(possible(seen, needs) for needs in forbids)
        holding = bool(rule.require) and (path in named or some)
        replaced = bool(instead) and possible(seen, instead)
        if not searched and not holding and not replaced:
            return NOTHING
        try:
            file = parsed(rule.language, content)
            has = holding and (
                all(held(rule, pattern, file) for pattern in rule.require)
                or called_otherwise(rule, file)
            )
            found = searched and any(
                lies_in(m, scopes(rule, file)) for _, m in forbidden(rule, file)
            )
            there = replaced and written is not None and bool(written.find(file))
        except (Unreadable, TooMuchWork, RecursionError):
            return frozenset({UNREAD})
        pieces = {"forbid"} if found else {MENDED} if there else set()
        if holding and not some and not has:
            pieces.add("require")
        return frozenset(pieces | ({HOLDS} if some and has else set()))

    return Lens(
        id=rule.id,
        why=rule.why.splitlines()[0],
        fix=rule.commit,
        wants=wants,
        violated=violated,
        required=rule.files if rule.require else (),
        some=some,
        file=rule.file,
        digest=hashlib.blake2b(rule.text.encode(), digest_size=8).hexdigest(),
        globs=globs(rule),
    )


def called_otherwise(rule: Rule, file: Any) -> bool:
    """Whether the function of a rule is gone and another has all the pieces: it was renamed."""
    if scopes(rule, file) != []:
        return False
    found = [pattern.find(file) for pattern in rule.require]
    return any(
        all(any(lies_in(match, [(start, end)]) for match in matches) for matches in found)
        for _, _, start, end in rule.language.definitions(file)
    )


def globs(rule: Rule) -> tuple[str, ...]:
    """Globs, as git knows them, of the files whose changes matter to a rule."""
    plain = not rule.require and rule.paths and len(rule.files) == len(rule.paths)
    if plain:  # what is only forbidden is not followed over a rename
        return rule.files
    ends = rule.language.suffixes
    both = [*ends, *(end.upper() for end in ends)]
    return (*(f"**/*{end}" for end in both), *rule.files) if ends else ()
