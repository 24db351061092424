"""What a repository says of ports, secrets, paths, variables and versions, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from guard.contracts.discovery.fact import Fact
from guard.contracts.discovery.files import homes, of_file
from guard.contracts.discovery.services import of_needs, of_project, of_service
from guard.contracts.formats.compose import load
from guard.contracts.leftout import LEFT_OUT
from guard.contracts.place import COMPOSE
from guard.contracts.places import Files
from guard.contracts.services import Service
from guard.contracts.values import Broken, Missing


@dataclass(slots=True)
class Facts:
    """All that was gathered."""

    held: list[Fact] = field(default_factory=list)
    """In the order of discovery."""

    rivals: frozenset[frozenset[str]] = frozenset()
    """Pairs of compose files that are run one or the other, and never together."""

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind."""
        return [fact for fact in self.held if fact.kind == kind]

    def owners(self, kind: str) -> list[str]:
        """The services that have facts of a kind."""
        return list(dict.fromkeys(fact.owner for fact in self.of(kind)))

    def apart(self, one: Fact, other: Fact) -> bool:
        """Whether what one fact is about never runs beside what the other is about."""
        return frozenset((one.base, other.base)) in self.rivals


def gathered(files: Files, progress: Callable[[int, int], None] | None = None) -> Facts:
    """Everything that the files of a snapshot say; files that do not parse say nothing."""
    facts = Facts()
    paths = [
        p for p, f in files.snapshot.files().items() if f.is_regular and not LEFT_OUT.search(p)
    ]
    services: list[Service] = []
    files_of: dict[str, list[Service]] = {}
    for path in paths:
        if COMPOSE.search(path):
            try:
                project = load((path,), files.source)
            except (Broken, Missing):
                continue
            found = of_project(project, files)
            services += found
            files_of[path] = found
            for service in found:
                facts.held += [*of_service(service, path), *of_needs(service, path)]
    facts.rivals = frozenset(
        frozenset(pair)
        for pair in combinations(files_of, 2)
        if rival(files_of[pair[0]], files_of[pair[1]])
    )
    places = homes(services)
    for done, path in enumerate(paths):
        if progress is not None:
            progress(done, len(paths))
        try:
            facts.held += of_file(path, files, services, places)
        except (Broken, Missing):
            continue
    return facts


def rival(one: Sequence[Service], other: Sequence[Service]) -> bool:
    """Whether two compose files both say all of a service: neither is laid over the other."""
    whole = ({s.name: complete(s) for s in services} for services in (one, other))
    a, b = whole
    return bool(a.keys() & b.keys()) and all(a[name] and b[name] for name in a.keys() & b.keys())


def complete(service: Service) -> bool:
    """Whether a service says what it runs."""
    return service.value("image") is not None or service.context() is not None
