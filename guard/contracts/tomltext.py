"""Contracts as they stand in guard.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guard.contracts.declared import Contract, Defined
from guard.contracts.discovery.pairs import Proposal


def declaration(proposal: Proposal, prefix: str = "contracts") -> str:
    """The proposal as it would stand in guard.toml."""
    return "\n".join(table(f"{prefix}.{proposal.name}", proposal.contract)) + "\n"


def table(header: str, contract: Contract) -> Iterator[str]:
    """The lines of one contract."""
    yield f"[{header}]"
    yield f"why = {text(contract.why)}"
    if contract.same:
        yield from listed("same", contract.same)
    if contract.subset:
        yield f"[{header}.subset]"
        yield from listed("values", contract.subset.values)
        yield from listed("of", contract.subset.of)
    for name, about in (("mounted", contract.mounted), ("defined", contract.defined)):
        if about:
            yield f"[{header}.{name}]"
            yield from listed("code", about.code)
            yield f"service = {text(about.service)}"
            if isinstance(about, Defined) and not about.unread:
                yield "unread = false"


def listed(key: str, places: Iterable[str]) -> Iterator[str]:
    """A list of places, one a line."""
    yield f"{key} = ["
    yield from (f"  {text(place)}," for place in places)
    yield "]"


def text(value: str) -> str:
    """A TOML string: a literal one where that saves escapes."""
    if "'" not in value and ("\\" in value or '"' in value) and value.isprintable():
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
