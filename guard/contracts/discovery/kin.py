"""Which secrets are one secret: equal by more than chance, or called alike by two sides."""

from __future__ import annotations

import re

from guard.contracts.discovery.fact import Fact
from guard.contracts.discovery.facts import Facts

GENERIC = frozenset("true false none null yes no localhost admin root postgres user test".split())


def beside(facts: Facts, one: Fact, other: Fact) -> bool:
    """Whether two files say this, and what they are about runs together."""
    return one.path != other.path and not facts.apart(one, other)


def strong(value: str) -> bool:
    """Whether a secret is no word that two places would come to hold by chance."""
    if len(value) < 8 or value.lower() in GENERIC or PLACEHOLDER.fullmatch(value):
        return False
    return bool(re.search(r"\d", value)) or len(value) >= 16


PLACEHOLDER = re.compile(r"(?:change|default|example|dummy|secret|password|my|your)[\w -]*", re.I)


def akin(one: Fact, other: Fact) -> bool:
    """Whether the names of two secrets of two services say that they are one.

    The same name in a configuration and elsewhere does; so do `AGENT_TOKEN` of the backend and
    `auth_token` in the configuration of the service `agent`.
    """
    if one.owner == other.owner or one.path == other.path or not (one.sure and other.sure):
        return False
    a, b = words(one.role), words(other.role)
    if a == b and len(a) > 1 and in_config(one) != in_config(other):
        return True
    if not a or not b or a[-1] != b[-1] or a[-1] not in ("token", "password", "secret"):
        return False
    return bool({*words(other.owner)} & {*a[:-1]}) or bool({*words(one.owner)} & {*b[:-1]})


def in_config(fact: Fact) -> bool:
    """Whether a fact stands in a configuration of the program's own."""
    ends = (".json", ".toml", ".yml", ".yaml")
    return fact.path == fact.base and fact.path.endswith(ends) and ":: services." not in fact.place


def words(name: str) -> list[str]:
    """The words of a name: `agentToken`, `AGENT_TOKEN`, `agent-token`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [w.lower() for w in re.split(r"[^A-Za-z0-9]+", spaced) if w]
