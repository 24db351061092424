"""Where a fix is and was, for people on a terminal and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from guard.fixes.tracing.values import Event, Kind, Place, State, Trace
from guard.report.json import valid
from guard.report.text import Style, plain, shown

SIGNS = {
    State.HELD: ("✓", "green"),
    State.LOST: ("✗", "red"),
    State.BEFORE: ("·", "yellow"),
    State.ABSENT: ("·", None),
}

SAID = {
    State.BEFORE: "the fix has not come here",
    State.ABSENT: "neither the fix nor the code it is about",
}

ORDER = ("branch", "HEAD", "index", "work tree", "stash", "kept", "image", "remote")
"""What is here comes first: of remote branches there may be hundreds. Tags are told apart."""

MOST = 12
"""A longer list of branches that agree is cut."""


def render(trace: Trace, style: Style = plain) -> Iterator[str]:
    """The lines of the report."""
    yield style(headline(trace), fg="red" if trace.lost else "green", bold=True)
    if trace.why:
        yield f"  {shown(trace.why)}"
    yield ""
    yield style("what happened", bold=True)
    if not trace.events:
        yield f"  nothing in {trace.commits} commits brought it or took it away"
    for event in trace.events:
        yield from told(event, trace, style)
    yield ""
    yield style("where it is now", bold=True)
    for state in (State.LOST, State.BEFORE, State.HELD, State.ABSENT):
        places = [place for place in trace.places if place.state is state]
        others = [place for kind in ORDER for place in places if place.kind == kind]
        for place in others[:MOST]:
            yield standing(place, trace, style)
        if len(others) > MOST:
            yield f"    and {len(others) - MOST} more that are {state}"
        if words := tagged(places):
            sign, colour = SIGNS[state]
            yield f"  {style(sign, fg=colour)} {style(f'{state:7}', fg=colour)} {words}"
    loose = uncommitted(trace)
    if trace.unpushed or loose:
        yield ""
        yield style("not pushed", bold=True)
    for place in loose:
        yield f"  {called(place)} has it, and the commit below does not"
    for one in trace.unpushed:
        event = trace.events[one.event]
        where = ", ".join(one.places) or "no branch"
        by = shown(event.about.author)
        yield f"  {event.commit[:10]} by {by} is on no remote; it is on {where}"
    yield from (f"note: {note}" for note in trace.notes)


def called(place: Place) -> str:
    """What a place is called, with its kind."""
    words = [place.kind, shown(place.name)] if place.name != place.kind else [place.kind]
    return " ".join(words).strip()


def uncommitted(trace: Trace) -> list[Place]:
    """The places beside the history that hold the fix where their commit does not."""
    kinds = ("index", "work tree", "stash")
    return [
        place
        for place in trace.places
        if place.kind in kinds and place.state is State.HELD and place.event is None
    ]


def tagged(places: Sequence[Place]) -> str:
    """The tags among some places, in a few words; empty where there are none."""
    tags = [shown(place.name) for place in places if place.kind == "tag"]
    if len(tags) > 3:
        return f"{len(tags)} tags: {tags[0]} … {tags[-1]}"
    return f"tag{'s' * (len(tags) != 1)} {', '.join(tags)}" if tags else ""


def headline(trace: Trace) -> str:
    """One line: in how many places the fix is lost."""
    judged = [p for p in trace.places if p.state in (State.HELD, State.LOST)]
    if trace.lost:
        return f"fix/{trace.id}: lost in {len(trace.lost)} of {len(judged)} places"
    if judged:
        return (
            f"fix/{trace.id}: held in {len(judged)} place{'s' * (len(judged) != 1)}, lost in none"
        )
    return f"fix/{trace.id}: in no place yet"


def told(event: Event, trace: Trace, style: Style) -> Iterator[str]:
    """The lines about one event."""
    sign, colour = ("+", "green") if event.kind.good else ("-", "red")
    what = style(f"{sign} {event.kind}", fg=colour)
    when = event.about.when[:16].replace("T", " ")
    by = shown(event.about.author)
    yield f"  {when:16}  {event.commit[:10]}  {what}  {by}: {shown(event.about.subject)}"
    indent = " " * 32
    for path in event.paths[:3]:
        yield f"{indent}{shown(path)}" + " (deleted)" * (path in event.deleted)
    if event.cause is not None:
        cause = trace.events[event.cause]
        yield f"{indent}from {cause.commit[:10]}, {cause.kind}: {shown(cause.about.subject)}"
    if event.restored:
        yield f"{indent}the whole file is again as it was in {event.restored[:10]}"


def standing(place: Place, trace: Trace, style: Style) -> str:
    """The line about one place."""
    sign, colour = SIGNS[place.state]
    words = f"  {style(sign, fg=colour)} {style(f'{place.state:7}', fg=colour)} {called(place)}"
    if place.state in SAID:
        words += f": {SAID[place.state]}"
    elif place.event is not None:
        event = trace.events[place.event]
        words += f": {event.kind} {event.commit[:10]}, {event.about.when[:10]}"
        words += f" by {shown(event.about.author)}"
    return words + (f" ({place.note})" if place.note else "")


def as_json(trace: Trace) -> dict[str, Any]:
    """One object, its keys stable."""
    return {
        "schema": 1,
        "fix": trace.id,
        "why": trace.why,
        "commits": trace.commits,
        "lost": len(trace.lost),
        "notes": list(trace.notes),
        "events": [event_json(event, trace) for event in trace.events],
        "places": [place_json(place, trace) for place in trace.places],
        "unpushed": [
            {"commit": trace.events[u.event].commit,
             "author": trace.events[u.event].about.author,
             "branches": [*map(valid, u.places)]}
            for u in trace.unpushed
        ],
    }  # fmt: skip


def event_json(event: Event, trace: Trace) -> dict[str, Any]:
    """One event."""
    cause = None if event.cause is None else trace.events[event.cause].commit
    return {
        "kind": KEYS[event.kind],
        "commit": event.commit,
        "author": event.about.author,
        "email": event.about.email,
        "date": event.about.when,
        "subject": event.about.subject,
        "paths": [*map(valid, event.paths)],
        "deleted": [*map(valid, event.deleted)],
        "cause": cause,
        "restored": event.restored or None,
    }


KEYS = {
    Kind.BROUGHT: "brought",
    Kind.MERGED: "merged",
    Kind.TAKEN: "taken",
    Kind.REVERTED: "reverted",
    Kind.DROPPED: "dropped",
    Kind.INHERITED: "inherited",
}
"""The words for events that programs rely on."""


def place_json(place: Place, trace: Trace) -> dict[str, Any]:
    """One place."""
    return {
        "kind": place.kind,
        "name": valid(place.name),
        "state": str(place.state),
        "commit": place.commit or None,
        "event": None if place.event is None else trace.events[place.event].commit,
        "paths": [*map(valid, place.paths)],
        "note": place.note,
        "history": [{"state": str(s.state), "since": s.commit} for s in place.stretches],
    }
