"""Compose: who waits for whom, and who says how healthy it is."""

from __future__ import annotations

from collections.abc import Iterator

from guard.contracts.formats.tree import Map, Seq
from guard.contracts.lint.stack import Stack, found, key_of
from guard.contracts.services import Service
from guard.contracts.values import Value
from guard.finding import Finding, Location


def dependencies(service: Service) -> Iterator[tuple[str, str, Location]]:
    """What a service depends on: name, condition, place."""
    held = service.node.get("depends_on")
    if isinstance(held, Map):
        for name, entry in held.items():
            said = entry.node.get("condition") if isinstance(entry.node, Map) else None
            condition = said.text if isinstance(said, Value) else ""
            yield name, condition, held.source.at(entry.start, entry.end)


def has_check(service: Service) -> bool | None:
    """Whether a service has a health check; None where its image may have one unseen."""
    held = service.node.get("healthcheck")
    if isinstance(held, Map):
        disabled, test = held.get("disable"), held.get("test")
        if isinstance(disabled, Value) and disabled.text == "true":
            return False
        first = test.items[0] if isinstance(test, Seq) and test.items else test
        if isinstance(first, Value) and first.text == "NONE":
            return False
        if test is not None:
            return True
    built = service.dockerfile()
    if built is None:
        return None if service.value("image") is not None and service.build() is None else False
    checks = [i for i in built.final() if i.keyword == "HEALTHCHECK"]
    return bool(checks) and not (checks[-1].words and checks[-1].words[0].text == "NONE")


def depends_without_health(stack: Stack) -> Iterator[Finding]:
    """A depends_on that waits for the start only, where the target says when it is healthy."""
    named = {service.name: service for service in stack.services}
    for service in stack.services:
        for name, condition, at in dependencies(service):
            target = named.get(name)
            if condition in ("", "service_started") and target is not None and has_check(target):
                yield found(
                    f"{service.name} waits until {name} has started, not until it is healthy",
                    at,
                    f"depends_on:\n  {name}:\n    condition: service_healthy",
                    service.name,
                )


def no_healthcheck(stack: Stack) -> Iterator[Finding]:
    """A service that others depend on and that says nothing of its health."""
    needed: dict[str, list[str]] = {}
    for service in stack.services:
        for name, condition, _ in dependencies(service):
            if condition != "service_completed_successfully":
                needed.setdefault(name, []).append(service.name)
    for service in stack.services:
        if service.name in needed and not has_check(service):
            who = " and ".join(needed[service.name][:3])
            verb = "depends" if len(needed[service.name]) == 1 else "depend"
            unseen = " (its image may have one)" if has_check(service) is None else ""
            yield found(
                f"{who} {verb} on {service.name}, for which no health check is written{unseen}",
                key_of(stack, service),
                f"{service.name}:\n  healthcheck:\n    test: [CMD, …]",
                service.name,
            )
