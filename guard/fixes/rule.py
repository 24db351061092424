"""Rule files: one fix each, read into values, refused where their examples do not prove them."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guard.errors import ConfigError, nearest
from guard.finding import Severity
from guard.fixes.language import Language, language, of_paths
from guard.fixes.seen import Need
from guard.globs import matcher
from guard.snapshot import Snapshot

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
    """One of KINDS; empty for any."""


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


KINDS = frozenset(
    "string bytes number int float bool none literal name attribute call list dict set tuple"
    " lambda fstring".split()
)
"""What `kind` of a condition can be."""

STRINGS: Any = (str, list)
KEYS: Mapping[str, Any] = {
    "why": str,
    "incident": str,
    "commit": str,
    "paths": STRINGS,
    "language": str,
    "function": str,
    "class": str,
    "forbid": STRINGS,
    "require": STRINGS,
    "replace": str,
    "inside": STRINGS,
    "not-inside": STRINGS,
    "unless": STRINGS,
    "where": dict,
    "bad": STRINGS,
    "good": STRINGS,
    "severity": str,
    "expires": datetime.date,
}
"""The keys of a rule file and their types."""

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def paths_of(snapshot: Snapshot, folder: str) -> list[str]:
    """The rule files in a snapshot."""
    folder = folder.strip("/") + "/"
    return sorted(
        path
        for path, file in snapshot.below(folder).items()
        if path.endswith(".toml") and file.is_regular
    )


def load(snapshot: Snapshot, folder: str = FOLDER) -> list[Rule]:
    """Every rule of a snapshot, proven; a ConfigError names the file that is wrong."""
    return read(snapshot, paths_of(snapshot, folder))


def read(snapshot: Snapshot, paths: Iterable[str]) -> list[Rule]:
    """The rules in the files at `paths`, proven; a ConfigError names the file that is wrong."""
    found = {path: file for path, file in snapshot.find(paths).items() if file.is_regular}
    snapshot.read_ahead(found.values())
    rules = [parse(path, snapshot.read(file)) for path, file in sorted(found.items())]
    # What is repaired in earnest is compared with libcst then: no run waits for that here.
    return [proven(rule, compared=False) for rule in rules]


def parse(path: str, content: bytes) -> Rule:
    """The rule in one file; a ConfigError that names the file and the key."""
    name = path.rpartition("/")[2].removesuffix(".toml")
    try:
        text = content.decode()
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is not valid TOML: {problem}", "mend the file") from None
    if not ID.match(name):
        raise ConfigError(f"{path}: {name!r} is no name for a fix", "use letters, digits, - and _")
    for key, value in table.items():
        if key not in KEYS:
            raise ConfigError(f"{path}: unknown key {key!r}", nearest(key, [*KEYS]))
        if not isinstance(value, KEYS[key]):
            raise ConfigError(f"{path}: {key} has the wrong type")
    if not table.get("why", "").strip():
        raise ConfigError(f"{path}: the key 'why' is missing", "say what goes wrong without it")
    return built(path, name, text, table)


def built(path: str, name: str, text: str, table: Mapping[str, Any]) -> Rule:
    """The values of a rule file."""
    paths = strings(path, table, "paths")
    try:
        spoken = language(table.get("language") or of_paths(paths))
    except ConfigError as problem:
        raise ConfigError(f"{path}: {problem.message}", problem.hint) from None

    def patterns(key: str) -> tuple[Any, ...]:
        return tuple(pattern(path, key, spoken, source) for source in strings(path, table, key))

    if spoken.name == "text":
        for key in ("function", "class"):
            if table.get(key):
                raise ConfigError(f"{path}: text has no {key}", f"leave {key} out")
        if not paths:
            raise ConfigError(f"{path}: a rule about text must say paths")
    forbid, require = patterns("forbid"), patterns("require")
    if not forbid and not require:
        raise ConfigError(f"{path}: nothing is forbidden and nothing required")
    replace = None
    if table.get("replace") is not None:
        if not forbid:
            raise ConfigError(f"{path}: a replacement without anything that is forbidden")
        replace = pattern(path, "replace", spoken, table["replace"])
        for one in forbid:
            for missing in sorted(replace.metavariables - one.metavariables):
                raise ConfigError(f"{path}: replace: ${missing} does not stand in forbid")
    try:
        severity = Severity(table.get("severity", "error"))
    except ValueError:
        known = [str(s) for s in Severity]
        hint = nearest(table["severity"], known)
        raise ConfigError(f"{path}: there is no severity {table['severity']!r}", hint) from None
    return Rule(
        id=name,
        file=path,
        why=table["why"].strip(),
        language=spoken,
        incident=table.get("incident", ""),
        commit=table.get("commit", ""),
        paths=paths,
        function=table.get("function", ""),
        class_=table.get("class", ""),
        forbid=forbid,
        require=require,
        replace=replace,
        inside=patterns("inside"),
        not_inside=patterns("not-inside"),
        unless=patterns("unless"),
        where=conditions(path, table.get("where", {}), forbid),
        bad=strings(path, table, "bad"),
        good=strings(path, table, "good"),
        severity=severity,
        expires=table.get("expires"),
        text=text,
    )


def strings(path: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A string, or a list of them."""
    value = table.get(key, [])
    listed = [value] if isinstance(value, str) else value
    for item in listed:
        if not isinstance(item, str):
            raise ConfigError(f"{path}: {key} must be a string or a list of strings")
    return tuple(listed)


def pattern(path: str, key: str, spoken: Language, source: str) -> Any:
    """A pattern of a rule file; a ConfigError that says which."""
    try:
        return spoken.template(source) if key == "replace" else spoken.compile(source)
    except ConfigError as problem:
        raise ConfigError(f"{path}: {key}: {problem.message}", problem.hint) from None


def conditions(path: str, table: Mapping[str, Any], forbid: Sequence[Any]) -> dict[str, Condition]:
    """The conditions on metavariables."""
    found = {}
    for name, values in table.items():
        known = ("regex", "not-regex", "kind")
        if not isinstance(values, dict):
            raise ConfigError(f"{path}: where.{name} must be a table")
        name = name.lstrip("$")
        if not all(name in one.metavariables for one in forbid):
            raise ConfigError(f"{path}: where.{name}: ${name} does not stand in forbid")
        for key, value in values.items():
            if key not in known:
                raise ConfigError(
                    f"{path}: where.{name}: unknown key {key!r}", nearest(key, [*known])
                )
            if not isinstance(value, str):
                raise ConfigError(f"{path}: where.{name}.{key} must be a string")
            if key == "kind" and value not in KINDS:
                problem = f"{path}: where.{name}: there is no kind {value!r}"
                raise ConfigError(problem, nearest(value, sorted(KINDS)))
            if key != "kind":
                try:
                    re.compile(value)
                except re.error as error:
                    raise ConfigError(f"{path}: where.{name}.{key}: {error}") from None
        found[name] = Condition(**{k.replace("-", "_"): v for k, v in values.items()})
    return found


def proven(rule: Rule, *, compared: bool = True) -> Rule:
    """The rule itself; a ConfigError where its examples do not prove it; see `failures`."""
    from guard.fixes.proof import failures

    problems = failures(rule, compared=compared)
    if problems:
        raise ConfigError(
            f"{rule.file}: the examples do not prove this rule\n" + "\n".join(problems),
            f"mend bad and good, then: guard fixes test {rule.id}",
        )
    return rule


def expired(rule: Rule) -> bool:
    """Whether the rule's last day is over."""
    return rule.expires is not None and datetime.date.today() >= rule.expires


def concerned(rule: Rule, paths: Iterable[str]) -> list[str]:
    """Those of `paths` that the rule is about."""
    ends = rule.language.suffixes
    named = frozenset(rule.files)
    matches = matcher(rule.paths) if rule.paths else lambda path: True
    return [
        path
        for path in paths
        if matches(path) and (not ends or path in named or path.lower().endswith(ends))
    ]


def unknown(name: str, known: list[str]) -> ConfigError:
    """The error for a rule that does not exist; `known` are the ids of those that do."""
    hint = nearest(name, known) if known else "none is recorded here; see: guard fixes new"
    return ConfigError(f"there is no fix {name!r}", hint)
