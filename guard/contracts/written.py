"""Every configuration dependency written down: rows, a Mermaid graph, a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guard.contracts.code import Code, code_files
from guard.contracts.declared import Contract, judge
from guard.contracts.evaluate import evaluate
from guard.contracts.image import below
from guard.contracts.needs import grouped
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.question import Question, shown
from guard.contracts.services import named
from guard.contracts.tomltext import text
from guard.contracts.values import Broken, looks_secret
from guard.errors import GuardError
from guard.finding import Finding

SECRET, UNKNOWN = "(secret)", "(known when it runs)"


@dataclass(frozen=True, slots=True)
class Row:
    """One place of one contract."""

    place: str
    """As the configuration names it."""

    where: str
    """`path:line`; only the path where there is no line to name."""

    value: str
    """What it says today; of a secret only that it is one."""

    note: str = ""
    """Who says so, where that is not the place itself."""

    @property
    def path(self) -> str:
        """The file."""
        return self.where.rpartition(":")[0] or self.where


@dataclass(frozen=True, slots=True)
class Entry:
    """One contract as it stands today."""

    name: str
    """Its name."""

    contract: Contract
    """What it says."""

    rows: tuple[Row, ...]
    """Its places."""

    findings: tuple[Finding, ...] = field(default=(), repr=False)
    """What is wrong with it."""

    problem: str = ""
    """Why it cannot be judged; empty where it can."""

    secret: bool = False
    """Whether its values are shown to nobody."""

    @property
    def state(self) -> str:
        """`holds`, `broken` or `error`."""
        return "error" if self.problem else "broken" if self.findings else "holds"


def entries(contracts: Mapping[str, Contract], files: Files) -> list[Entry]:
    """Every contract as it stands today, in the order of the configuration."""
    return [entry(name, contract, files) for name, contract in contracts.items()]


def entry(name: str, contract: Contract, files: Files) -> Entry:
    """One contract as it stands today."""
    judge(name, contract)
    question = Question(name, contract, files)
    try:
        rows = tuple(needs(question) if contract.mounted or contract.defined else held(question))
        found = tuple(evaluate({name: contract}, files))
    except Broken as problem:
        rows = tuple(Row(p, parsed(p).paths[0], "") for p in contract.places())
        return Entry(name, contract, rows, problem=f"{problem.at.path}: {problem.message}")
    except GuardError as problem:
        rows = tuple(Row(p, parsed(p).paths[0], "") for p in contract.places())
        return Entry(name, contract, rows, problem=problem.message)
    return Entry(name, contract, rows, found, secret=question.secret)


def held(question: Question) -> list[Row]:
    """The places of a contract with what they hold."""
    places = [p for p in question.contract.places() if parsed(p).selector]
    plain = [p for p in question.contract.places() if not parsed(p).selector]
    values = question.held(places)
    rows = [
        Row(
            h.place.written,
            f"{h.value.at.path}:{h.value.at.line}",
            SECRET if question.secret else UNKNOWN if h.value.unresolved else shown(h.value.text),
        )
        for h in values
    ]
    return [*rows, *(Row(p, parsed(p).paths[0], "a file") for p in plain)]


def needs(question: Question) -> Iterator[Row]:
    """What code needs of a service: paths and their mounts, variables and who gives them."""
    contract, files = question.contract, question.files
    relation = contract.mounted or contract.defined
    assert relation is not None
    service = named(relation.service, files)
    paths = code_files(files, relation.code)
    given = service.environment()
    if contract.mounted:
        mounts = list(service.mounts())
        image = service.image()
        for path, opened in grouped(Code(files, paths, given).opened()).items():
            over = next((m for m in mounts if below(path, m.target)), None)
            at = opened[0].at
            how = f"mounted from {over.source or 'a volume'}" if over else "in the image"
            if over is None and (image is None or not image.has(path)):
                how = "missing"
            yield Row(path, f"{at.path}:{at.line}", how)
        return
    seen = set()
    for read in Code(files, paths, {}).reads():
        if read.name in seen:
            continue
        seen.add(read.name)
        at = read.at.at
        value = given.get(read.name) or read.default
        how = "missing" if value is None else UNKNOWN if value.unresolved else shown(value.text)
        if value is not None and (looks_secret(read.name) or value.secret):
            how = SECRET
        by = f"from {relation.service}" if read.name in given else "by default" if value else ""
        yield Row(read.name, f"{at.path}:{at.line}", how, by)


def mermaid(found: Sequence[Entry]) -> Iterator[str]:
    """A graph for a README: files, contracts, and which place ties them."""
    yield "flowchart LR"
    files: dict[str, str] = {}
    for one in found:
        for row in one.rows:
            files.setdefault(row.path, f"f{len(files)}")
    for path, node in files.items():
        yield f'  {node}["{escaped(path)}"]'
    for number, one in enumerate(found):
        relation = one.contract.relation.replace("_", " ")
        yield f'  c{number}{{{{"{escaped(one.name)}<br/>{relation}"}}}}'
        for path, rows in by_file(one.rows).items():
            label = "<br/>".join(escaped(named_by(row)) for row in rows[:4])
            more = f"<br/>… {len(rows) - 4} more" if len(rows) > 4 else ""
            yield f'  {files[path]} ---|"{label}{more}"| c{number}'
    broken = [f"c{n}" for n, one in enumerate(found) if one.state != "holds"]
    if broken:
        yield "  classDef broken stroke:#c00,stroke-width:3px"
        yield f"  class {','.join(broken)} broken"


def by_file(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by their file."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.path, []).append(row)
    return found


def named_by(row: Row) -> str:
    """What a place is called inside its file."""
    return row.place.partition(" :: ")[2] or row.place


def escaped(text: str) -> str:
    """Text as a quoted Mermaid label takes it."""
    return re.sub(r'["<>&#|\[\]{}]', lambda m: f"#{ord(m[0])};", text)


HEAD = """\
# Every value that must agree across files, by contract. Secrets are left empty: fill them in
# where the machine keeps its secrets, never here. Written by: guard contracts template
"""


def template(found: Sequence[Entry]) -> str:
    """A TOML file that names every place and holds no secret."""
    lines = [HEAD]
    for one in found:
        bare = re.fullmatch(r"[\w-]+", one.name)
        lines.append(f"[{one.name if bare else text(one.name)}]")
        lines.append(f"# {' '.join(one.contract.why.split())}")
        lines.append(f"# {one.contract.relation.replace('_', ' ')}")
        taken: dict[str, list[str]] = {}
        for row in one.rows:
            taken.setdefault(row.place, []).append(row.value)
        for place, values in taken.items():
            secret = any(value.startswith(SECRET) for value in values)
            unknown = any(value.startswith(UNKNOWN) for value in values)
            shown_ = [] if secret or unknown else values
            written = text(shown_[0]) if len(shown_) == 1 else f"[{', '.join(map(text, shown_))}]"
            written = '""' if secret or unknown else written
            note = "  # a secret" if secret else "  # known when it runs" if unknown else ""
            lines.append(f"{text(place)} = {written}{note}")
        lines.append("")
    return "\n".join(lines)
