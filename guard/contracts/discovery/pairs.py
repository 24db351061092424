"""Which facts make a contract: the rules of discovery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from guard.contracts.declared import Contract, Defined, Mounted, Subset
from guard.contracts.discovery.fact import Fact
from guard.contracts.discovery.facts import Facts
from guard.contracts.discovery.kin import akin, beside, strong
from guard.contracts.places import Files
from guard.finding import Finding, Location


@dataclass(frozen=True, slots=True)
class Proposal:
    """One contract that the repository seems to keep, or to have broken."""

    name: str
    """What it would be called."""

    contract: Contract
    """What it would say."""

    reason: str
    """Why it is proposed."""

    rank: int
    """The higher the surer."""

    findings: tuple[Finding, ...] = field(default=(), repr=False)
    """What it would say today; none where it holds."""

    @property
    def holds(self) -> bool:
        """Whether it holds today."""
        return not self.findings


def proposals(facts: Facts, files: Files) -> Iterator[Proposal]:
    """Every proposal, as the rules make them."""
    yield from tunnels(facts)
    yield from container_ports(facts)
    yield from upstreams(facts)
    yield from documented(facts)
    yield from secrets(facts)
    yield from databases(facts)
    yield from mounts(facts)
    yield from variables(facts)
    yield from versions(facts)


def same(name: str, why: str, reason: str, rank: int, *facts: Fact) -> Proposal:
    """A proposal that facts are equal."""
    places = tuple(dict.fromkeys(fact.place for fact in facts))
    return Proposal(name, Contract(why=why, same=places), reason, rank)


def tunnels(facts: Facts) -> Iterator[Proposal]:
    """The remote side of a tunnel, and the port that is published there."""
    for tunnel in facts.of("tunnel"):
        published = facts.of("published")
        if not published:
            continue
        equal = [fact for fact in published if fact.text == tunnel.text]
        near = [f for f in published if close(tunnel.text, f.text)]
        chosen = equal or (near if len(near) == 1 else published if len(published) == 1 else [])
        if not chosen:
            continue
        end = chosen[0]
        yield same(
            f"{end.owner}-tunnel-port",
            f"{end.owner} is reached through the tunnel, which must end at the port it publishes",
            f"{tunnel.path} forwards to {tunnel.text}, {end.path} publishes {end.text}",
            95 if equal else 90,
            tunnel,
            end,
        )


def close(one: str, other: str) -> bool:
    """Whether two ports are so near each other that one may be the other, mistyped or moved."""
    return one.isdigit() and other.isdigit() and abs(int(one) - int(other)) <= 20


def container_ports(facts: Facts) -> Iterator[Proposal]:
    """The port that a service listens on: in its image, its code, its health check, compose."""
    for service in facts.owners("target"):
        targets = [f for f in facts.of("target") if f.owner == service]
        listens = [f for f in facts.of("listens") if f.owner == service]
        numbers = {f.text for f in targets}
        told: set[tuple[str, str]] = set()
        for fact in listens:
            # nginx names a port once for each address: that is one statement.
            if (fact.path, fact.text) in told:
                continue
            told.add((fact.path, fact.text))
            equal = [t for t in targets if t.text == fact.text]
            alone = len(targets) == 1 and len({f.text for f in listens if f.kind == fact.kind}) == 1
            # What a health check asks may well be another port, for that alone.
            if not equal and not (alone and fact.sure and fact.role != "health"):
                continue
            target = equal[0] if equal else targets[0]
            yield same(
                f"{service}-{fact.role}-port",
                f"{service} is reached at the port it listens on",
                f"{fact.path} says {fact.text}, {target.path} forwards to "
                f"{', '.join(sorted(numbers))}",
                80 if equal else 70,
                fact,
                target,
            )


def upstreams(facts: Facts) -> Iterator[Proposal]:
    """A URL that names a service, and the port that the service listens on."""
    for url in facts.of("upstream"):
        ends = [f for f in (*facts.of("target"), *facts.of("listens")) if f.owner == url.owner]
        ends = [f for f in ends if f.place != url.place and not facts.apart(url, f)]
        equal = [f for f in ends if f.text == url.text]
        if not ends or (not equal and len({f.text for f in ends}) > 1):
            continue
        # A service may well listen on ports that it does not publish.
        published = all(f.kind == "target" for f in ends)
        if not equal and published and not close(url.text, ends[0].text):
            continue
        end = (equal or ends)[0]
        yield same(
            f"{url.role}-{url.owner}-port",
            f"{url.role} calls {url.owner} at the port it listens on",
            f"{url.path} calls {url.owner}:{url.text}, {end.path} says {end.text}",
            85 if equal else 75,
            url,
            end,
        )


def documented(facts: Facts) -> Iterator[Proposal]:
    """The ports that documents tell people to open, and those that are published."""
    published = facts.of("published")
    ports = {f.text for f in published}
    said = [f for f in facts.of("documented") if {*f.text.split(",")} <= ports]
    wrong = [f for f in facts.of("documented") if not {*f.text.split(",")} & ports]
    # A document that names one port, where one is published, means that one.
    said += wrong if len(ports) == 1 and all("," not in f.text for f in wrong) else []
    if published and said:
        places = dict.fromkeys(f"{f.path} :: services.*.ports[*].published" for f in published)
        numbers = ", ".join(sorted({n for f in said for n in f.text.split(",")}))
        yield Proposal(
            "documented-ports",
            Contract(
                why="people follow the document to a port where nothing answers",
                subset=Subset(tuple(f.place for f in said), tuple(places)),
            ),
            f"{', '.join(f.path for f in said[:3])} name {numbers}",
            60,
        )


def secrets(facts: Facts) -> Iterator[Proposal]:
    """One secret in several files, an end of which configures a running service."""
    held: dict[Location | None, Fact] = {}
    for fact in facts.of("secret"):
        held.setdefault(fact.at, fact)  # what stands once cannot disagree
    equal: dict[str, list[Fact]] = {}
    for fact in held.values():
        equal.setdefault(fact.text, []).append(fact)
    matched: set[str] = set()
    for text_, group in equal.items():
        chosen = [f for f in group if strong(text_) or any(akin(f, o) for o in group if o is not f)]
        chosen = [f for f in chosen if any(beside(facts, f, other) for other in chosen)]
        if len({f.path for f in chosen}) > 1 and any(f.sure for f in chosen):
            matched |= {f.place for f in chosen}
            yield same(
                max((f.role for f in chosen), key=len),
                "one side turns the other away",
                f"{', '.join(dict.fromkeys(f.path for f in chosen))} hold the same secret",
                88,
                *chosen,
            )
    for one, other in combinations(held.values(), 2):
        if one.place in matched and other.place in matched:
            continue
        if facts.apart(one, other):
            continue
        if one.text != other.text and one.text and other.text and akin(one, other):
            matched |= {one.place, other.place}
            yield same(
                max(one.role, other.role, key=len),
                "one side turns the other away",
                f"{one.path} and {other.path} hold what seems to be one secret, "
                f"{one.role} and {other.role}",
                65,
                one,
                other,
            )


def databases(facts: Facts) -> Iterator[Proposal]:
    """What a URL says of a database, and what the database's container is told."""
    for url in facts.of("database"):
        for told in facts.of("told"):
            if told.role == url.role and told.owner == url.sure_owner and told.base == url.base:
                yield same(
                    f"{url.owner}-{told.owner}-{told.role}",
                    f"{url.owner} cannot log in to {told.owner} otherwise",
                    f"{url.path} names the {told.role} that {told.path} makes",
                    78,
                    url,
                    told,
                )


def mounts(facts: Facts) -> Iterator[Proposal]:
    """Absolute paths that a service's code opens."""
    for fact in facts.of("opens"):
        contract = Contract(
            why=f"{fact.owner} answers file not found for what is not mounted",
            mounted=Mounted(code=(fact.place,), service=fact.text),
        )
        yield Proposal(f"{fact.owner}-paths", contract, f"the code opens {fact.role}", 82)


def variables(facts: Facts) -> Iterator[Proposal]:
    """Environment variables that a service's code reads."""
    for fact in facts.of("reads"):
        contract = Contract(
            why=f"{fact.owner} runs without what it is not given",
            defined=Defined(code=(fact.place,), service=fact.text, unread=fact.sure),
        )
        yield Proposal(f"{fact.owner}-environment", contract, f"the code reads {fact.role}", 72)


def versions(facts: Facts) -> Iterator[Proposal]:
    """One image, one language or the project itself in several versions."""
    for kind in ("image", "language"):
        for name, held in named(facts.of(kind)).items():
            chosen = [fact for fact in held if fact.sure] or held
            if len({f.text for f in chosen}) > 1:
                continue
            # What tests run with may differ; where it does not, it is to stay so.
            chosen += [f for f in held if f not in chosen and f.text == chosen[0].text]
            if len(chosen) < 2:
                continue
            what = "image" if kind == "image" else "version"
            yield same(
                f"{name.rpartition('/')[2]}-{what}",
                f"what is tested with one version of {name} runs with another",
                f"{len(chosen)} places name a version of {name}",
                55,
                *chosen,
            )
    own = facts.of("project")
    top = next((f for f in own if "/" not in f.path), None)
    # Only an equal one is the same project's: another file's may be another thing's.
    alike = [f for f in own if top is not None and f.text == top.text]
    if len({f.path for f in alike}) > 1:
        why = "one release goes by two versions"
        reason = f"{len(alike)} places name the version of the project"
        yield same("project-version", why, reason, 55, *alike)


def named(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Facts by what each is about, each place once."""
    found: dict[str, list[Fact]] = {}
    for fact in {fact.place: fact for fact in facts}.values():
        found.setdefault(fact.role, []).append(fact)
    return found
