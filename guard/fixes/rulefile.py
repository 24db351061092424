"""Rule files: the text of one read into the values of a rule, refused where it is not sound."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from guard.errors import ConfigError, nearest
from guard.finding import Severity
from guard.fixes.language import Language, language, of_paths
from guard.fixes.rule import Condition, Rule

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


NAMES: Mapping[Any, str] = {
    str: "a string",
    STRINGS: "a string or a list of strings",
    dict: "a table",
    list: "a list",
    bool: "true or false",
    int: "a number",
    float: "a number",
    datetime.date: "a date like 2030-12-31, without quotes",
    datetime.datetime: "a time",
}
"""What TOML calls the types of the keys, and of what stands there instead."""


def kind(value: Any) -> str:
    """What TOML calls the type of a value."""
    return "a date" if type(value) is datetime.date else NAMES.get(type(value), "that")


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def parse(path: str, content: bytes) -> Rule:
    """The rule in one file; a ConfigError that names the file and the key."""
    name = path.rpartition("/")[2].removesuffix(".toml")
    try:
        text = content.decode("utf-8-sig")  # some editors write the mark
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is not valid TOML: {problem}", "mend the file") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a list a thousand deep
        raise ConfigError(f"{path} is longer or deeper than is read", "mend the file") from None
    if not ID.match(name):
        raise ConfigError(f"{path}: {name!r} is no name for a fix", "use letters, digits, - and _")
    for key, value in table.items():
        if key not in KEYS:
            raise ConfigError(f"{path}: unknown key {key!r}", nearest(key, [*KEYS]))
        if not isinstance(value, KEYS[key]) or isinstance(value, datetime.datetime):
            raise ConfigError(f"{path}: {key} must be {NAMES[KEYS[key]]}, not {kind(value)}")
    if not table.get("why", "").strip():
        raise ConfigError(f"{path}: the key 'why' is missing", "say what goes wrong without it")
    return built(path, name, text, table)


def built(path: str, name: str, text: str, table: Mapping[str, Any]) -> Rule:
    """The values of a rule file."""
    paths = strings(path, table, "paths")
    for one in paths:
        if not one.strip() or ".." in one.split("/"):
            raise ConfigError(f"{path}: paths: {one!r} is no file of the repository")
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
                raise ConfigError(f"{path}: where.{name}.{key} must be a string, not {kind(value)}")
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
