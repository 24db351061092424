"""The contracts of a repository as a table, as SVG, and as one HTML page without dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from guard.contracts.written import Entry, Row, by_file, named_by

ROW, LEFT, MIDDLE, RIGHT = 34, 300, 220, 240
"""Height of a box's row, width of the files, of the lines between, of the contracts, in pixels."""

STATES = {"holds": "#2a7", "broken": "#c33", "error": "#c80"}

STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; }
td { border-top: 1px solid #8884; }
code { font-size: .92em; overflow-wrap: anywhere; }
.holds { color: #2a7; } .broken { color: #c33; } .error { color: #c80; }
.why { opacity: .75; } figure { margin: 1.5rem 0; overflow-x: auto; }
"""


def table(found: Sequence[Entry]) -> Iterator[str]:
    """Lines for a terminal: each contract, its state, its places and what they say."""
    for one in found:
        relation = one.contract.relation.replace("_", " ")
        yield f"{one.name}: {relation}, {one.state}"
        yield f"  {one.contract.why.strip()}"
        width = max((len(row.where) for row in one.rows), default=0)
        for row in one.rows:
            yield f"  {row.where:<{width}}  {said(row)}  ({named_by(row)})"
        if one.problem:
            yield f"  {one.problem}"
        yield ""


def said(row: Row) -> str:
    """What a place says, and who says so."""
    return f"{row.value} {row.note}".strip()


def markdown(found: Sequence[Entry]) -> Iterator[str]:
    """A table for a README."""
    yield "| contract | relation | place | says | today | why |"
    yield "|---|---|---|---|---|---|"
    for one in found:
        for number, row in enumerate(one.rows):
            first = number == 0
            cells = [
                one.name if first else "",
                one.contract.relation.replace("_", " ") if first else "",
                f"`{row.where}` {named_by(row)}",
                said(row),
                one.state if first else "",
                one.contract.why.strip() if first else "",
            ]
            yield "| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |"


def svg(found: Sequence[Entry]) -> str:
    """The graph: files on the left, contracts on the right, a line for each place."""
    files = list(dict.fromkeys(row.path for one in found for row in one.rows))
    height = max(len(files), len(found), 1) * ROW + 20
    width = LEFT + MIDDLE + RIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif" font-size="13">',
        "<title>Which files must agree</title>",
    ]
    tops = {path: 10 + n * ROW for n, path in enumerate(files)}
    for number, one in enumerate(found):
        top = 10 + number * ROW
        colour = STATES[one.state]
        for path, rows in by_file(one.rows).items():
            start, end = tops[path] + ROW / 2 - 3, top + ROW / 2 - 3
            places = escape(", ".join(named_by(row) for row in rows))
            parts.append(
                f'<path d="M{LEFT + 10} {start} C{LEFT + 110} {start} {LEFT + MIDDLE - 90} {end} '
                f'{LEFT + MIDDLE + 10} {end}" fill="none" stroke="{colour}" stroke-width="1.5">'
                f"<title>{places}</title></path>"
            )
        parts.append(box(LEFT + MIDDLE + 10, top, RIGHT, one.name, colour, one.contract.why))
    parts += [box(10, top, LEFT, path, "#888", path) for path, top in tops.items()]
    return "\n".join([*parts, "</svg>"])


def box(left: float, top: float, width: int, text: str, colour: str, title: str) -> str:
    """One box with a name in it."""
    most = width // 8
    short = text if len(text) <= most else f"…{text[-most + 1 :]}"
    return (
        f'<g><title>{escape(title)}</title><rect x="{left}" y="{top}" width="{width}" '
        f'height="{ROW - 6}" rx="5" fill="{colour}" fill-opacity=".12" stroke="{colour}"/>'
        f'<text x="{left + 10}" y="{top + 19}" fill="currentColor">{escape(short)}</text></g>'
    )


def page(found: Sequence[Entry], title: str) -> str:
    """The page: the graph, then every contract with its places."""
    broken = sum(one.state != "holds" for one in found)
    said = f"{len(found)} contracts, {broken} broken" if broken else f"{len(found)} contracts hold"
    rows = "\n".join(line for one in found for line in table_rows(one))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style></head><body>\n"
        f"<h1>{escape(title)}</h1>\n<p>{said}</p>\n<figure>{svg(found)}</figure>\n"
        f"<table><thead><tr><th>contract</th><th>place</th><th>says</th></tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>\n</body></html>\n"
    )


def table_rows(one: Entry) -> Iterator[str]:
    """The rows of one contract."""
    relation = one.contract.relation.replace("_", " ")
    span = max(len(one.rows), 1)
    head = (
        f'<td rowspan="{span}"><strong>{escape(one.name)}</strong> {relation}, '
        f'<span class="{one.state}">{one.state}</span><br>'
        f'<span class="why">{escape(one.contract.why.strip())}</span>'
        f"{'<br>' + escape(one.problem) if one.problem else ''}</td>"
    )
    cells = [
        f"<td><code>{escape(row.where)}</code><br>{escape(named_by(row))}</td>"
        f"<td>{escape(said(row))}</td>"
        for row in one.rows
    ] or ["<td></td><td></td>"]
    yield f"<tr>{head}{cells[0]}</tr>"
    yield from (f"<tr>{cell}</tr>" for cell in cells[1:])
