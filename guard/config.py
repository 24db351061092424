"""Reads guard.toml, or [tool.guard] of pyproject.toml, through a snapshot into frozen values."""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping, Sequence

from guard.check import Check, discover
from guard.entries import SYMLINK
from guard.errors import ConfigError, GuardError, nearest
from guard.pipeline import Plan
from guard.snapshot import Snapshot
from guard.suppress import Ignore, meant
from guard.values import MISSING, TYPE_CHECKING, dataclass, field, fields, is_dataclass

if TYPE_CHECKING:
    from typing import Any

FILE, SHARED_FILE = "guard.toml", "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The keys of guard.toml that are no check's table."""

    exclude: tuple[str, ...] = ()
    """Globs as in .gitignore: files that no check looks at."""

    skip: tuple[str, ...] = ()
    """Checks that are off."""

    ignore: tuple[Ignore, ...] = ()
    """Suppressions of single rules on paths, each with its reason."""

    exact: tuple[str, ...] = ()
    """Compose services and bake targets built from the commit itself; `*` for every build."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the repository says about how it is to be guarded."""

    settings: Settings = Settings()
    """The general keys."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """For each check that has a table, its options."""

    file: str = ""
    """The file they were read from; empty where there is none."""


def plan(snapshot: Snapshot, select: Sequence[str] = (), skip: Sequence[str] = ()) -> Plan:
    """What to run: the checks that the command line and the configuration leave on.

    A GuardError for the name of a check that does not exist, a ConfigError from the file.
    """
    checks = discover()
    for name in (*select, *skip):
        if name not in checks:
            raise GuardError(f"there is no check {name!r}", nearest(name, [*checks]))
    config = load(snapshot, checks)
    off = {*skip} if select else {*skip, *config.settings.skip}
    chosen = [
        check
        for name, check in sorted(checks.items())
        if name not in off
        and (name in select or not select)
        and (snapshot.has_state or not check.needs_state)
        and (name in config.options or not check.needs_table)
    ]
    return Plan(
        checks=tuple(chosen),
        options=config.options,
        exclude=config.settings.exclude,
        ignores=config.settings.ignore,
        file=config.file,
    )


def load(snapshot: Snapshot, checks: Mapping[str, Check]) -> Config:
    """The configuration in `snapshot`; a ConfigError that names the key where it is wrong."""
    found = snapshot.find([FILE, SHARED_FILE])
    for name in (FILE, SHARED_FILE):
        if name not in found:
            continue
        if found[name].mode == SYMLINK:
            raise ConfigError(
                f"{name} is a symlink, and guard reads it as it is committed",
                "put the file itself there",
            )
        content = snapshot.read(found[name])
        if name == SHARED_FILE and b"guard" not in content:
            continue
        table = parsed(name, content)
        if name == SHARED_FILE:
            tool = table.get("tool", {})
            if isinstance(tool, Mapping) and "treeguard" in tool:
                raise ConfigError(f"{name}: tool.treeguard is read by nobody", "call it tool.guard")
            if not isinstance(tool, Mapping) or "guard" not in tool:
                continue
            table = tool["guard"]
        return understood(name, table, checks)
    return Config()


def parsed(name: str, content: bytes) -> dict[str, Any]:
    """The TOML of one file; a ConfigError with the parser's own words."""
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))  # some editors write the mark
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ConfigError(
            f"{name} is not valid TOML: line {line} is not UTF-8", "save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{name} is not valid TOML: {problem}", "mend the file") from None
    except ValueError:  # more digits than Python reads
        raise ConfigError(f"{name}: a number in it is too long", "mend the file") from None
    except RecursionError:
        raise ConfigError(f"{name} is nested too deeply", "mend the file") from None


def understood(name: str, table: Mapping[str, Any], checks: Mapping[str, Check]) -> Config:
    """The values of a configuration table; every key must be known."""
    if not isinstance(table, Mapping):
        raise ConfigError(f"{name}: tool.guard must be a table, not {kind(table)}")
    general = {f.name for f in fields(Settings)}
    for key in table:
        if key not in general and key not in checks:
            raise ConfigError(f"{name}: unknown key {key!r}", nearest(key, [*general, *checks]))
    try:
        settings = fill(Settings, {k: v for k, v in table.items() if k in general}, "")
        options = {k: fill(checks[k].options, v, k) for k, v in table.items() if k in checks}
    except ConfigError as problem:
        raise ConfigError(f"{name}: {problem.message}", problem.hint) from None
    for check in settings.skip:
        if check not in checks:
            raise ConfigError(f"{name}: skip: no check {check!r}", nearest(check, [*checks]))
    for ignore in settings.ignore:
        if not ignore.reason.strip():
            raise ConfigError(
                f"{name}: the suppression of {ignore.rule!r} has no reason",
                'say why the code may stay: reason = "…"',
            )
        if words := meant(ignore.rule):
            raise ConfigError(f"{name}: ignore: there is no rule {ignore.rule!r}", words)
    return Config(settings, options, name)


def fill(cls: type, table: Any, where: str) -> Any:
    """A frozen dataclass made from a TOML table, each key known and of its field's type.

    Fields may be str, int, float, bool, tuples, mappings and other such dataclasses, or unions
    of those with None. A `Mapping[str, D]` is a table of tables; with the metadata `rest` it takes
    the keys that name no field. The metadata `within` of a number are the least and the most that
    it may be.
    """
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where} must be a table, not {kind(table)}")
    hints = hints_of(cls)
    known = {f.name: f for f in fields(cls)}
    rest = next((f.name for f in known.values() if f.metadata.get("rest")), None)
    if rest is not None:  # `[contracts.NAME]`: what is no field's name is an entry of this one
        inner = {k: v for k, v in table.items() if k.replace("-", "_") not in {*known} - {rest}}
        table = {k: v for k, v in table.items() if k not in inner} | {rest: inner}
    values = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in known:
            names = [f if "_" in key else f.replace("_", "-") for f in known]
            raise ConfigError(f"{where}: unknown key {key!r}", nearest(key, names))
        inside = where if name == rest else f"{where}.{key}" if where else key
        values[name] = typed(hints[name], value, inside)
        bounds = known[name].metadata.get("within")
        if bounds and not bounds[0] <= values[name] <= bounds[1]:  # so is nan: it is not a number
            least, most = bounds
            raise ConfigError(f"{inside} must be from {least:g} to {most:g}, not {value}")
    for name, spec in known.items():
        needed = spec.default is MISSING
        if needed and spec.default_factory is MISSING and name not in values:
            raise ConfigError(f"{where}: the key {name!r} is missing")
    return cls(**values)


@functools.cache
def hints_of(cls: type) -> dict[str, Any]:
    """The types of the fields of a class, worked out once: it compiles every annotation."""
    import typing

    return typing.get_type_hints(cls, localns={"Literal": typing.Literal})


def typed(hint: Any, value: Any, where: str) -> Any:
    """`value` as the type `hint` asks for; a ConfigError where it is another."""
    import typing

    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is typing.Any:
        return value
    if is_dataclass(hint):
        return fill(typing.cast(type, hint), value, where)
    if origin in (types.UnionType, typing.Union):
        options = [a for a in args if a is not type(None)]
        simple = [a for a in options if isinstance(a, type) and type(value) is a]
        return typed(simple[0] if simple else options[-1], value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{where} must be a list, not {kind(value)}")
        return tuple(typed(args[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where} must be a table, not {kind(value)}")
        return {key: typed(args[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is typing.Literal:
        if value not in args:
            known = [str(a) for a in args]
            raise ConfigError(f"{where} cannot be {value!r}", nearest(str(value), known))
        return value
    if hint is float and type(value) is int:
        return float(value) if abs(value) < 1 << 1000 else float("inf")
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise ConfigError(f"{where} must be {NAMES.get(hint, hint)}, not {kind(value)}")


NAMES: Mapping[Any, str] = {
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def kind(value: Any) -> str:
    """What TOML calls the type of a value."""
    return NAMES.get(type(value), type(value).__name__)
