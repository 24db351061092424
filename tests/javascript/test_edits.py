"""Edits gone wrong as people make them: what guard says of each kind, on a small sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_members import sound
from edits import KINDS, Edit, edits

from guard.check import discover
from guard.finding import Finding
from guard.repair import edited
from guard.snapshot import Snapshot

DATA = Path(__file__).parent.parent / "data" / "javascript"
TEXTS = {path.name: path.read_text() for path in sorted(DATA.iterdir())}
MADE = [edit for _, edit in edits(TEXTS, seed=5, each=2)]


def finding(edit: Edit, *, history: bool) -> Finding:
    check = discover()["javascript"]
    base = {"a.js": edit.old} if history else None
    first, *_ = check.run(Snapshot.of({"a.js": edit.new}, base=base), check.options())
    return first


def plain(text: str) -> str:
    return "".join(text.split())


def right(edit: Edit, found: Finding) -> bool:
    """Whether the region is one of those that are right, or what comes out of the repair is."""
    last = found.at.end_line if found.at.end_column > 1 else found.at.end_line - 1
    if edit.missing and any(abs(found.at.line - first) <= 1 for first, _ in edit.regions):
        return True
    mended = edited(edit.new, found.edits) if found.edits else edit.new
    return (found.at.line, last) in edit.regions or plain(mended) in map(plain, edit.mended)


@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_most_are_named_and_every_repair_parses(history: bool) -> None:
    assert len({edit.kind for edit in MADE}) >= len(KINDS) - 4
    named = placed = 0
    for edit in MADE:
        found = finding(edit, history=history)
        assert found.rule in ("javascript/orphan", "javascript/syntax")
        if found.edits:
            assert sound(edited(edit.new, found.edits)), (edit.kind, found)
        placed += right(edit, found)
        named += found.symbol in edit.symbols
    assert placed >= 0.9 * len(MADE)
    assert named >= 0.95 * len(MADE)


PAGE = """\
function list(kind) {
  const items = load(kind);
  switch (kind) {
    case "new":
      items.sort();
      break;
    case "old":
      items.reverse();
      break;
    default:
      break;
  }
  items.forEach((item) => {
    if (item.ready) {
      show(item);
    }
  });
}

/**
 * Opens a page.
 */
function open(page) {
  const options = {
    page: page,
    retries: 3,
    timeout: 9,
  };
  return fetch(options);
}
"""

BROKEN = [
    pytest.param("    }\n  });\n", "    });\n  }\n", (16, 17), "list", id="closing lines the wrong way round"),
    pytest.param("/**\n", "", (20, 20), "open", id="a comment without its start"),
    pytest.param("}\n\n/**", "}\nready(value) {\n  return value;\n}\n\n/**", (19, 21), "list", id="a member among statements"),
    pytest.param("  items.forEach", "  } else {\n    items.pop();\n  }\n  items.forEach", (13, 15), "list", id="an else without its if"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "lines", "symbol"), BROKEN)
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_what_stands_where_it_cannot(
    old: str, new: str, lines: tuple[int, int], symbol: str, history: bool
) -> None:
    broken = PAGE.replace(old, new, 1)
    check = discover()["javascript"]
    base = {"a.js": PAGE} if history else None
    first, *_ = check.run(Snapshot.of({"a.js": broken}, base=base), check.options())
    last = first.at.end_line if first.at.end_column > 1 else first.at.end_line - 1
    assert (first.rule, first.at.line, max(last, first.at.line)) == ("javascript/orphan", *lines)
    assert first.symbol in (symbol, "ready")
    assert sound(edited(broken, first.edits))


REST = {
    "of a switch": ('    case "new":\n      items.sort();\n      break;\n', '    case "new":\n      sort(items);\n      break;\n  }\n', (8, 13), "list"),
    "of an object": ("    page: page,\n", "    page: page.url,\n    limit: 2,\n  };\n", (28, 30), "open"),
    "of a function that was renamed": (
        "function open(page) {\n", "function show(page) {\n  return fetch(page.url);\n}\n", (26, 32), "show",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REST.values(), ids=REST.keys())
def test_the_rest_of_what_was_written_anew(case: tuple[str, str, tuple[int, int], str]) -> None:
    old, new, lines, symbol = case
    edit = Edit("", PAGE, PAGE.replace(old, new, 1), (lines,), (), (symbol,))
    found = finding(edit, history=True)
    assert (found.at.line, found.at.end_line, found.symbol) == (*lines, symbol)
    assert sound(edited(edit.new, found.edits))
