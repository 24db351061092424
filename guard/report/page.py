"""Where a fix is and was, as one HTML page that needs nothing besides itself.

The picture has a lane for each branch (those that agree share one) and a column for each commit
that changed something; a lane's colour says what the branch said of the fix at that time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from guard.fixes.tracing.values import Event, Place, State, Stretch, Trace
from guard.report.text import shown
from guard.report.timeline import KEYS, SAID, SIGNS, called, headline, tagged, uncommitted
from guard.values import dataclass

LABEL, LANE, TOP = 250, 34, 16
"""Widths and heights in pixels: the names on the left, one lane, the space above the first."""

WIDEST, NARROWEST = 120, 22
"""How far apart columns stand."""

MOST_LANES = 40

RANK = {State.LOST: 0, State.HELD: 1, State.BEFORE: 2, State.ABSENT: 3}
"""The lanes that matter most are at the top."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the picture."""

    places: tuple[Place, ...]
    """Those that have the same history."""

    stretches: tuple[Stretch, ...]


def render(trace: Trace) -> str:
    """The page."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(headline(trace))}</title>",
            f"<style>{STYLE}</style></head><body>",
            f'<h1 class="{"lost" if trace.lost else "held"}">{escape(headline(trace))}</h1>',
            f"<p>{escape(trace.why)}</p>" if trace.why else "",
            '<div class="picture">',
            *picture(trace),
            "</div>",
            legend(),
            "<h2>What happened</h2>",
            *history(trace),
            "<h2>Where it is now</h2>",
            *whereabouts(trace),
            *unpushed(trace),
            f"<footer>{trace.commits} commits looked at. {escape('; '.join(trace.notes))}</footer>",
            "</body></html>",
            "",
        ]
    )


def lanes(trace: Trace) -> list[Lane]:
    """The lines of the picture, tags left out: places with equal histories share one."""
    groups: dict[object, list[Place]] = {}
    for number, place in enumerate(p for p in trace.places if p.kind != "tag"):
        key: object = place.stretches or number
        groups.setdefault(key, []).append(place)
    made = [Lane(tuple(places), places[0].stretches) for places in groups.values()]
    return sorted(made, key=lambda lane: RANK[lane.places[0].state])[:MOST_LANES]


def columns(trace: Trace, shown_lanes: Sequence[Lane]) -> list[str]:
    """The commits that are columns, in the order of their dates."""
    wanted = {s.commit for lane in shown_lanes for s in lane.stretches}
    wanted |= {event.commit for event in trace.events}
    order = {event.commit: number for number, event in enumerate(trace.events)}
    return sorted(wanted, key=lambda c: (instant(trace.dates.get(c, "")), order.get(c, 0), c))


def instant(date: str) -> float:
    """Seconds since the epoch for an ISO date; 0 where there is none."""
    from datetime import datetime

    return datetime.fromisoformat(date).timestamp() if date else 0.0


def picture(trace: Trace) -> Iterator[str]:
    """The SVG."""
    drawn = lanes(trace)
    commits = columns(trace, drawn)
    step = max(NARROWEST, min(WIDEST, 900 // max(len(commits), 1)))
    at = {commit: LABEL + 14 + step * number for number, commit in enumerate(commits)}
    now = LABEL + 14 + step * max(len(commits), 1)
    height = TOP + LANE * len(drawn) + 64
    title = escape(f"History of the fix {trace.id}")
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{now + 90}" height="{height}" '
        f'viewBox="0 0 {now + 90} {height}" role="img" aria-label="{title}">'
    )
    yield (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="lost"/>'
        '<line x1="0" y1="0" x2="0" y2="6" stroke="#fff" stroke-opacity=".45" stroke-width="2"/>'
        "</pattern></defs>"
    )
    yield from axis(trace, commits, at, now, TOP + LANE * len(drawn))
    events = {event.commit: event for event in trace.events}
    for number, lane in enumerate(drawn):
        yield from line(lane, TOP + LANE * number, at, now, events)
    yield "</svg>"


def axis(
    trace: Trace, commits: Sequence[str], at: Mapping[str, int], now: int, bottom: int
) -> Iterator[str]:
    """The dates below the lanes, as many as there is room for."""
    last = -100
    for commit in commits:
        x = at[commit]
        yield f'<line class="grid" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{bottom}"/>'
        if x - last >= 78:
            date = escape(trace.dates.get(commit, "")[:10])
            yield f'<text class="date" x="{x}" y="{bottom + 18}">{date}</text>'
            yield f'<text class="date" x="{x}" y="{bottom + 32}">{commit[:7]}</text>'
            last = x
    yield f'<line class="grid" x1="{now}" y1="{TOP - 6}" x2="{now}" y2="{bottom}"/>'
    yield f'<text class="date" x="{now}" y="{bottom + 18}">now</text>'


def line(
    lane: Lane, y: int, at: Mapping[str, int], now: int, events: Mapping[str, Event]
) -> Iterator[str]:
    """One lane: its name, its stretches, the events that stand on it, and how it is now."""
    middle = y + LANE // 2
    names = ", ".join(label(place) for place in lane.places)
    yield (
        f'<text class="name" x="{LABEL - 8}" y="{middle + 4}">{escape(cut(names))}'
        f"<title>{escape(names)}</title></text>"
    )
    ends = [*(at[s.commit] for s in lane.stretches[1:]), now]
    for stretch, end in zip(lane.stretches, ends, strict=False):
        start = at[stretch.commit]
        fill = ' fill="url(#hatch)"' if stretch.state is State.LOST else ""
        thin = stretch.state in (State.BEFORE, State.ABSENT)
        height = 6 if thin else 14
        yield (
            f'<rect class="{stretch.state}" x="{start}" y="{middle - height // 2}" '
            f'width="{max(end - start, 2)}" height="{height}" rx="3"{fill}>'
            f"<title>{stretch.state} since {stretch.commit[:10]}</title></rect>"
        )
    for stretch in lane.stretches:
        if event := events.get(stretch.commit):
            yield mark(event, at[stretch.commit], middle)
    state = lane.places[0].state
    yield f'<circle class="{state}" cx="{now}" cy="{middle}" r="8"><title>{state}</title></circle>'
    yield f'<text class="sign" x="{now}" y="{middle + 4}">{SIGNS[state][0]}</text>'
    yield f'<text class="state" x="{now + 14}" y="{middle + 4}">{state}</text>'


def mark(event: Event, x: int, y: int) -> str:
    """An event on a lane: a disc for what brought the fix, a diamond for what took it."""
    words = f"{event.kind} by {shown(event.about.author)}: {shown(event.about.subject)}"
    title = f"<title>{escape(words)} ({event.commit[:10]})</title>"
    if event.kind.good:
        return f'<circle class="mark held" cx="{x}" cy="{y}" r="7">{title}</circle>'
    return f'<path class="mark lost" d="M{x} {y - 9} l9 9 l-9 9 l-9 -9 z">{title}</path>'


def label(place: Place) -> str:
    """What a place is called."""
    return shown(place.name) if place.kind in ("branch", "remote") else called(place)


def cut(text: str, most: int = 34) -> str:
    """A text that fits beside its lane."""
    return text if len(text) <= most else text[: most - 1] + "…"


def legend() -> str:
    """What the colours mean."""
    words = {
        State.HELD: "held",
        State.LOST: "lost: the fix was here and is gone",
        State.BEFORE: "before the fix",
        State.ABSENT: "neither the fix nor its code",
    }
    chips = (f'<span><i class="chip {state}"></i>{text}</span>' for state, text in words.items())
    return f'<p class="legend">{"".join(chips)}</p>'


def history(trace: Trace) -> Iterator[str]:
    """The table of events."""
    if not trace.events:
        yield "<p>No commit brought the fix or took it away.</p>"
        return
    yield '<div class="picture"><table><tr><th>When<th>Commit<th>What<th>Who<th>Subject</tr>'
    for event in trace.events:
        kind = "held" if event.kind.good else "lost"
        about = [escape(shown(path)) for path in event.paths]
        if event.cause is not None:
            about.append(f"carried from {trace.events[event.cause].commit[:10]}")
        if event.restored:
            about.append(f"the whole file is again as it was in {event.restored[:10]}")
        yield (
            f'<tr class="{KEYS[event.kind]}"><td>{escape(event.about.when[:16].replace("T", " "))}'
            f"<td><code>{event.commit[:10]}</code>"
            f'<td><b class="{kind}">{event.kind}</b>'
            f"<td>{escape(shown(event.about.author))}"
            f"<td>{escape(shown(event.about.subject))}"
            f"<small>{'<br>'.join(about)}</small></tr>"
        )
    yield "</table></div>"


def whereabouts(trace: Trace) -> Iterator[str]:
    """The table of places."""
    yield '<div class="picture"><table><tr><th>Place<th>State<th>Since</tr>'
    for place in (place for place in trace.places if place.kind != "tag"):
        since = SAID.get(place.state, "")
        if place.state not in SAID and place.event is not None:
            event = trace.events[place.event]
            since = f"{event.kind} {event.commit[:10]}, {event.about.when[:10]}"
            since += f" by {shown(event.about.author)}"
        since += f" ({place.note})" if place.note else ""
        yield (
            f"<tr><td>{escape(called(place))}"
            f'<td><b class="{place.state}">{SIGNS[place.state][0]} {place.state}</b>'
            f"<td>{escape(since)}</tr>"
        )
    for state, (sign, _) in SIGNS.items():
        if words := tagged([place for place in trace.places if place.state is state]):
            yield f'<tr><td>{escape(words)}<td><b class="{state}">{sign} {state}</b><td></tr>'
    yield "</table></div>"


def unpushed(trace: Trace) -> Iterator[str]:
    """What has the fix and is on no remote."""
    loose = uncommitted(trace)
    if trace.unpushed or loose:
        yield "<h2>Not pushed</h2><ul>"
    for place in loose:
        yield f"<li>{escape(called(place))} has it, and the commit below does not</li>"
    for one in trace.unpushed:
        event = trace.events[one.event]
        where = ", ".join(shown(place) for place in one.places) or "no branch"
        yield (
            f"<li><code>{event.commit[:10]}</code> by {escape(shown(event.about.author))} is on no "
            f"remote; it is on {escape(where)}</li>"
        )
    if trace.unpushed or loose:
        yield "</ul>"


STYLE = """
:root{color-scheme:light dark;--bg:#fff;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;
--held:#1a7f37;--lost:#cf222e;--before:#9a6700;--absent:#8c959f}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;
--held:#3fb950;--lost:#f85149;--before:#d29922;--absent:#656c76}}
body{margin:2rem auto;max-width:1240px;padding:0 1rem;background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:1.8rem 0 .5rem}
.picture{overflow-x:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
svg .name{text-anchor:end}svg .date{text-anchor:middle;fill:var(--dim);font-size:11px}
svg .grid{stroke:var(--line);stroke-dasharray:2 3}
svg .sign{text-anchor:middle;fill:#fff;font-weight:700;font-size:11px}
svg .held{fill:var(--held)}svg .lost{fill:var(--lost)}svg .before{fill:var(--before)}
svg .absent{fill:var(--absent)}
svg rect.lost{fill:url(#hatch)}svg pattern rect.lost{fill:var(--lost)}
svg .mark{stroke:var(--bg);stroke-width:2}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;
border-bottom:1px solid var(--line)}th{color:var(--dim);font-weight:600}
small{display:block;color:var(--dim)}code{font-size:.9em}
b.held,h1.held{color:var(--held)}b.lost,h1.lost{color:var(--lost)}b.before{color:var(--before)}
b.absent{color:var(--dim)}
.legend span{margin-right:1.4rem;color:var(--dim)}
.chip{display:inline-block;width:14px;height:10px;border-radius:3px;margin-right:.4rem}
.chip.held{background:var(--held)}.chip.before{background:var(--before)}
.chip.absent{background:var(--absent)}.chip.lost{background:repeating-linear-gradient(45deg,
var(--lost) 0 3px,color-mix(in srgb,var(--lost),#fff 45%) 3px 5px)}
footer{margin-top:2rem;color:var(--dim)}
""".replace("\n", "")
