"""Compose: two services on one host port."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guard.contracts.formats.tree import Map
from guard.contracts.lint.stack import Stack, found
from guard.contracts.question import noted, where
from guard.contracts.services import Service
from guard.contracts.values import Value
from guard.finding import Finding


def ports(service: Service) -> Iterator[tuple[str, str, int, Value]]:
    """The host ports that a service takes: address, protocol, number, place."""
    listed = service.node.get("ports")
    for item in getattr(listed, "items", []):
        if not isinstance(item, Map):
            continue
        published, target = item.get("published"), item.get("target")
        address, protocol = item.get("host_ip"), item.get("protocol")
        if not isinstance(published, Value) or not isinstance(target, Value):
            continue
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", published.text)
        if match is None:
            continue
        low, high = int(match[1]), int(match[2] or match[1])
        if "-" not in target.text and high > low:
            continue  # docker picks one that is free
        ip = address.text if isinstance(address, Value) else ""
        kind = protocol.text if isinstance(protocol, Value) else "tcp"
        for number in range(low, min(high, low + 1000) + 1):
            yield ("" if ip in ("0.0.0.0", "::", "[::]") else ip), kind, number, published


def together(one: Service, other: Service) -> bool:
    """Whether two services may be up at once, as far as their profiles say."""
    sets = []
    for service in (one, other):
        held = service.node.get("profiles")
        sets.append({i.text for i in getattr(held, "items", []) if isinstance(i, Value)})
    return not sets[0] or not sets[1] or bool(sets[0] & sets[1])


def port_taken(stack: Stack) -> Iterator[Finding]:
    """Two services, or one twice, on one host port."""
    seen: list[tuple[Service, str, str, int, Value]] = []
    told: set[tuple[str, str]] = set()
    for service in stack.services:
        for address, kind, number, value in ports(service):
            for other, ip, protocol, taken, at in seen:
                clash = (
                    taken == number
                    and protocol == kind
                    and (ip == address or not ip or not address)
                )
                if not clash or not together(service, other) or at.at == value.at:
                    continue
                if (service.name, other.name) in told:
                    continue
                told.add((service.name, other.name))
                who = "both" if other is not service else "twice"
                names = f"{other.name} and {service.name}" if who == "both" else service.name
                verb = "both publish" if who == "both" else "publishes"
                end = "" if who == "both" else " twice"
                yield found(
                    f"{names} {verb} the host port {number}{end} ({where(at)} and {where(value)})",
                    value.at,
                    "give one of them another port, or profiles that are never up together",
                    service.name,
                    noted(at.at, f"{other.name} publishes it here"),
                )
            seen.append((service, address, kind, number, value))
