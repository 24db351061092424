"""One fix that must not get lost: what its rule says, and which files it is about."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from guard.errors import ConfigError, nearest
from guard.finding import Severity
from guard.fixes.language import Language
from guard.fixes.seen import Need
from guard.globs import matcher
from guard.snapshot import Snapshot
from guard.values import dataclass, field

FOLDER = ".guard/fixes"
"""Where rule files are, unless guard.toml says otherwise."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What the text of a metavariable must be like."""

    regex: str = ""
    """A regular expression that must be found in it."""

    not_regex: str = ""
    """A regular expression that must not be found in it."""

    kind: str = ""
    """The kind of code, of those that a rule file can name; empty for any."""


@dataclass(frozen=True)
class Rule:
    """One fix that must not get lost."""

    id: str
    """The name of its file without `.toml`; findings are called `fix/ID`."""

    file: str
    """Where it was read from."""

    why: str
    """What goes wrong without the fix."""

    language: Language
    """What the code is written in."""

    incident: str = ""
    """A link to what happened."""

    commit: str = ""
    """The commit that fixed it."""

    paths: tuple[str, ...] = ()
    """Globs of the files it is about; empty: every file of the language."""

    function: str = ""
    """The function it is about; empty: anywhere."""

    class_: str = ""
    """The class it is about; empty: anywhere."""

    forbid: tuple[Any, ...] = ()
    """Patterns of code that must not come back."""

    require: tuple[Any, ...] = ()
    """Patterns of code that must stay."""

    replace: Any = None
    """The pattern's repair; None where there is none."""

    inside: tuple[Any, ...] = ()
    """A match must lie within a match of one of these, where there are any."""

    not_inside: tuple[Any, ...] = ()
    """A match must lie within no match of these."""

    unless: tuple[Any, ...] = ()
    """A match that is also one of these is none."""

    where: Mapping[str, Condition] = field(default_factory=dict)
    """Conditions on metavariables."""

    bad: tuple[str, ...] = ()
    """Examples of the mistake."""

    good: tuple[str, ...] = ()
    """Examples of code that is right; where there is a repair, the mended `bad` is among them."""

    severity: Severity = Severity.ERROR
    """Whether a finding fails the run."""

    expires: datetime.date | None = None
    """The first day on which the rule no longer holds."""

    text: str = field(default="", repr=False)
    """The file as it stands."""

    @property
    def name(self) -> str:
        """What its findings are called."""
        return f"fix/{self.id}"

    @property
    def files(self) -> tuple[str, ...]:
        """The files it names: paths without wildcards."""
        return tuple(p.lstrip("/") for p in self.paths if not re.search(r"[*?\[!]|/$", p))

    @cached_property
    def needs(self) -> list[tuple[Need, ...]]:
        """For each pattern of forbidden code, what every file that has it contains."""
        return [self.language.needs(pattern) for pattern in self.forbid]


def paths_of(snapshot: Snapshot, folder: str) -> list[str]:
    """The rule files in a snapshot."""
    folder = folder.strip("/") + "/"
    return sorted(path for path in snapshot.below(folder) if path.endswith(".toml"))


def expired(rule: Rule) -> bool:
    """Whether the rule's last day is over."""
    return rule.expires is not None and datetime.date.today() >= rule.expires


def concerned(rule: Rule, paths: Iterable[str]) -> list[str]:
    """Those of `paths` that the rule is about; a rule file shows mistakes, and is none."""
    ends = rule.language.suffixes
    named = frozenset(rule.files)
    matches = matcher(rule.paths) if rule.paths else lambda path: True
    return [
        path
        for path in paths
        if matches(path)
        and (not ends or path in named or path.lower().endswith(ends))
        and (path in named or not is_rule(path, rule))
    ]


def is_rule(path: str, rule: Rule) -> bool:
    """Whether a file is a rule file beside that of `rule`, or its own."""
    folder = posixpath.dirname(rule.file)
    return path.endswith(".toml") and bool(folder) and posixpath.dirname(path) == folder


def unknown(name: str, known: list[str]) -> ConfigError:
    """The error for a rule that does not exist; `known` are the ids of those that do."""
    hint = nearest(name, known) if known else "none is recorded here; see: guard fixes new"
    return ConfigError(f"there is no fix {name!r}", hint)
