"""Judges contracts: which of them a run is about, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from guard.contracts import relations
from guard.contracts.declared import UNREADABLE, Contract, judge
from guard.contracts.place import Place, parsed
from guard.contracts.places import Files
from guard.contracts.question import Question
from guard.contracts.values import WITH_CREDENTIALS, Broken, Missing, looks_secret
from guard.errors import ConfigError
from guard.finding import Finding, Location


def mounted(question: Question) -> Iterator[Finding]:
    """Imported when a contract needs it."""
    from guard.contracts.needs import mounted

    yield from mounted(question)


def defined(question: Question) -> Iterator[Finding]:
    """Imported when a contract needs it."""
    from guard.contracts.needs import defined

    yield from defined(question)


JUDGES: Mapping[str, Callable[[Question], Iterator[Finding]]] = {
    "same": relations.same,
    "one_of": relations.one_of,
    "subset": relations.subset,
    "unique": relations.unique,
    "exists": relations.exists,
    "ordered": relations.ordered,
    "newer": relations.newer,
    "mounted": mounted,
    "defined": defined,
}


def evaluate(contracts: Mapping[str, Contract], files: Files) -> list[Finding]:
    """The findings of some contracts; a ConfigError where a place means nothing any more."""
    findings: list[Finding] = []
    broken: list[tuple[str, Missing]] = []
    for name, contract in contracts.items():
        judge(name, contract)
        question = Question(name, contract, files)
        try:
            findings += list(JUDGES[contract.relation](question))
        except Missing as problem:
            conflict = conflicted(contract, files)
            if conflict is None:
                broken.append((name, problem))
            else:
                findings.append(unreadable(name, conflict))
        except Broken as problem:
            findings.append(unreadable(name, problem))
    if broken:
        raise ConfigError(*complaint(broken))
    return [guarded(finding, files) for finding in findings]


CONFLICT = re.compile(r"^<{7} .*\n(?:.*\n)*?={7}\r?\n(?:.*\n)*?>{7} ", re.MULTILINE)
"""A merge conflict as git leaves it."""


def conflicted(contract: Contract, files: Files) -> Broken | None:
    """What to say of the first file of a contract that git left a merge conflict in."""
    for path in (path for written in contract.places() for path in parsed(written).paths):
        source = files.source(path)
        match = (
            None
            if source is None or "<<<<<<< " not in source.text
            else CONFLICT.search(source.text)
        )
        if source is not None and match is not None:
            return Broken(source, "a merge conflict in it is not resolved", match.start())
    return None


def complaint(broken: Sequence[tuple[str, Missing]]) -> tuple[str, str]:
    """The message and the hint of an error that speaks of every contract that makes no sense."""
    if len(broken) == 1:
        name, problem = broken[0]
        return f"contract {name}: {problem.message}", problem.hint
    lines = [f"{len(broken)} contracts name what is not there"]
    for name, problem in broken:
        lines.append(
            f"  {name}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")
        )
    return "\n".join(lines), "mend their places in the configuration"


def unreadable(name: str, problem: Broken) -> Finding:
    """The finding for a file that cannot be parsed: nothing is known of what it holds."""
    return Finding(
        UNREADABLE,
        f"{problem.message}, so contract {name} cannot be judged",
        problem.at,
        hint="mend the file",
        symbol=name,
        secret=True,
    )


def guarded(finding: Finding, files: Files) -> Finding:
    """The finding, marked secret where a line that a report would quote looks like holding one.

    Where a secret ends, or what comes behind it begins, would tell how long it is.
    """
    if not finding.secret:
        quotes = (line for at in (finding.at, *finding.related) for line in quoted(at, files))
        return (
            replace(finding, secret=True) if any(holds_secret(line) for line in quotes) else finding
        )
    at, *related = (begun(place, files) for place in (finding.at, *finding.related))
    return replace(finding, at=at, related=tuple(related))


def begun(at: Location, files: Files) -> Location:
    """Where a secret begins, and nothing of how long it or one before it on its line is."""
    source = files.source(at.path)
    before = "" if source is None else source.lines.line(at.line)[: at.column - 1]
    behind = any(
        looks_secret(word[0]) and before[word.end() :].strip(DELIMITERS)
        for word in re.finditer(r"[\w-]+", before)
    )
    column = 1 if behind or WITH_CREDENTIALS.search(before) else at.column
    return replace(at, column=column, end_line=at.line, end_column=column + 1)


DELIMITERS = " \t\"'`:=,{}[]()$-?"
"""What stands between the name of a secret and the secret."""


def quoted(at: Location, files: Files) -> Iterator[str]:
    """The lines that a report shows of a location."""
    source = files.source(at.path)
    if source is not None:
        yield from (source.lines.line(number) for number in range(at.line, at.end_line + 1))


def holds_secret(line: str) -> bool:
    """Whether a line gives a secret: a name that looks it beside a value, or a URL with one."""
    if WITH_CREDENTIALS.search(line):
        return True
    return any(looks_secret(word) for word in re.findall(r"[\w-]+", line))


def touched(contract: Contract, paths: Sequence[str]) -> bool:
    """Whether a change of these files may change what a contract says."""
    return any(parsed(written).touches(paths) for written in contract.places())


def chosen(
    contracts: Mapping[str, Contract], paths: Iterable[str], config: Sequence[str]
) -> dict[str, Contract]:
    """The contracts that a change of `paths` is about: all of them where the configuration is."""
    changed = list(paths)
    if any(path in config for path in changed):
        return dict(contracts)
    return {name: c for name, c in contracts.items() if touched(c, changed)}


def vanished(contracts: Mapping[str, Contract], files: Files) -> dict[str, Contract]:
    """The contracts that name a file that there is not, or none: no run over files passes them."""
    places = {name: [parsed(p) for p in c.places()] for name, c in contracts.items()}
    named = {path for held in places.values() for p in held if not p.is_glob for path in p.paths}
    there = files.snapshot.find(named)
    return {
        name: contracts[name]
        for name, held in places.items()
        if not held or any(empty(place, there, files) for place in held)
    }


def empty(place: Place, there: Container[str], files: Files) -> bool:
    """Whether a place means no file that there is."""
    if place.is_glob:
        return not place.means(list(files.snapshot.files()))
    return any(path not in there for path in place.paths)


def of_services(
    contracts: Mapping[str, Contract], services: Iterable[str], files: Files
) -> dict[str, Contract]:
    """The contracts that speak of some compose services: by name, or by a file of their images."""
    from guard.contracts.services import folders

    names = set(services)
    below = folders(names, files)
    return {
        name: contract
        for name, contract in contracts.items()
        if any(
            speaks_of(place, names) or any(p.startswith(f) for p in place.paths for f in below)
            for place in map(parsed, contract.places())
        )
    }


def built(
    contracts: Mapping[str, Contract], paths: Sequence[str], files: Files
) -> dict[str, Contract]:
    """The contracts of the images that `paths` are built into.

    Those that name a file that enters, or a service whose Dockerfile is among the files.
    """
    from guard.contracts.services import built as services_built

    names = services_built(set(paths), files)
    return {
        name: contract
        for name, contract in contracts.items()
        if any(
            speaks_of(place, names) or (not place.is_compose and place.means(paths))
            for place in map(parsed, contract.places())
        )
    }


SERVICE = re.compile(r"(?:\$?\.?services\.)?\"?([\w-]+)\"?(?:[.\[]|$)")


def speaks_of(place: Place, services: set[str]) -> bool:
    """Whether a place in a compose file names one of some services, or all there are."""
    if not place.is_compose or not services:
        return False
    match = SERVICE.match(place.selector)
    return place.selector.startswith("services.*") or (match is not None and match[1] in services)
