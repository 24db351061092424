"""What guard.toml can say in a `[contracts.NAME]` table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guard.contracts.place import parsed
from guard.errors import ConfigError, nearest
from guard.values import dataclass, field


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that must be one of several."""

    value: str
    """The place of the value; a place that means several wants each of them to be one."""

    among: tuple[str, ...]
    """What is allowed: literal values, and places whose values are allowed."""


@dataclass(frozen=True, slots=True)
class Subset:
    """Values that must all be found among others."""

    values: tuple[str, ...]
    """Places of the values."""

    of: tuple[str, ...]
    """Places of the values that there may be."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """Absolute paths that code opens must lie in a mount or in the image of a service."""

    code: tuple[str, ...]
    """Globs of the code that runs in the service."""

    service: str
    """The service: `docker-compose.yml :: services.backend`."""

    ignore: tuple[str, ...] = ()
    """Globs of paths in the container that are there for another reason."""


@dataclass(frozen=True, slots=True)
class Defined:
    """Environment variables that code reads must be given or have a default, and the reverse."""

    code: tuple[str, ...]
    """Globs of the code that runs in the service."""

    service: str
    """The service: `docker-compose.yml :: services.backend`."""

    ignore: tuple[str, ...] = ()
    """Variables that come from, or go, somewhere else."""

    unread: bool = True
    """Whether a variable that is given and that no code reads is a fault."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One statement about several places; exactly one relation."""

    why: str
    """What goes wrong where it does not hold."""

    same: tuple[str, ...] = ()
    """Places that hold the same value; `as "http://localhost:{}"` behind one is a template."""

    one_of: OneOf | None = None
    """A value that is one of several."""

    subset: Subset | None = None
    """Values that are all among others."""

    mounted: Mounted | None = None
    """Paths that code opens, and what is mounted."""

    defined: Defined | None = None
    """Environment variables that code reads, and what is given."""

    exists: tuple[str, ...] = ()
    """Files that must be in the repository, or places whose values name such files."""

    unique: tuple[str, ...] = ()
    """Places whose values must all differ."""

    ordered: tuple[str, ...] = ()
    """Places of versions, none older than the one before it."""

    newer: tuple[str, ...] = ()
    """Places of versions: the first is newer than each of the others."""

    truth: str = ""
    """The place, or its path, that `--fix` copies the value from."""

    secret: bool = False
    """Whether the values are to be shown to nobody; places that look it need not be marked."""

    shows: str = ""
    """A command that shows the fault."""

    ignore: tuple[str, ...] = ()
    """Values that the relation leaves out."""

    @property
    def relation(self) -> str:
        """The name of its relation."""
        return next((name for name in RELATIONS if getattr(self, name)), "")

    def places(self) -> Iterator[str]:
        """Every place it names, as written."""
        yield from (*self.same, *self.exists, *self.unique, *self.ordered, *self.newer)
        if self.one_of:
            yield self.one_of.value
            yield from (text for text in self.one_of.among if " :: " in text)
        if self.subset:
            yield from (*self.subset.values, *self.subset.of)
        for about in (self.mounted, self.defined):
            if about:
                yield from (*about.code, about.service)


RELATIONS = tuple("same one_of subset mounted defined exists unique ordered newer".split())
UNREADABLE = "contract/unreadable"
"""The rule that is no contract's: a file that one speaks of cannot be parsed."""

FEWEST = {"same": 2, "ordered": 2, "newer": 2}


@dataclass(frozen=True, slots=True)
class Options:
    """The contracts of a repository."""

    contracts: Mapping[str, Contract] = field(default_factory=dict, metadata={"rest": True})
    """Each by its name, which is the name of its rule: `contract/NAME`."""


def judge(name: str, contract: Contract) -> None:
    """A ConfigError where a declaration makes no sense by itself."""
    where = f"contracts.{name}"
    if not name.strip() or not name.isprintable() or f"contract/{name}" == UNREADABLE:
        raise ConfigError(f"{where}: {name!r} cannot be the name of a contract", "take another")
    given = [r for r in RELATIONS if getattr(contract, r)]
    known = ", ".join(r.replace("_", "-") for r in RELATIONS)
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "has no relation"
        raise ConfigError(f"{where} {said.replace('_', '-')}, one is needed", f"one of: {known}")
    if not contract.why.strip():
        raise ConfigError(f"{where} gives no why", 'why = "what goes wrong where it does not hold"')
    places, few = tuple(contract.places()), FEWEST.get(given[0], 1)
    if len(places) < few and not (given[0] == "same" and parsed(places[0]).several):
        raise ConfigError(f"{where}: {given[0]} needs at least {few} places", "name another one")
    for key in ("among", "values", "of", "code"):
        if getattr(getattr(contract, given[0]), key, True) == ():
            raise ConfigError(f"{where}.{given[0].replace('_', '-')}: {key} is empty", "fill it")
    if contract.truth:
        paths = [p.split(" :: ")[0].strip() for p in contract.same]
        if contract.truth not in (*paths, *(p.strip() for p in contract.same)):
            hint = nearest(contract.truth, paths) if paths else "only the relation same has a truth"
            raise ConfigError(f"{where}: truth is none of the places: {contract.truth!r}", hint)
        if paths.count(contract.truth) > 1:
            raise ConfigError(f"{where}: truth means several places", "give the whole place")
