"""Edits that went wrong in the hands of people and of tools: what is said, and what is mended."""

from __future__ import annotations

import pytest
from corpus_members import sound

from guard.check import discover
from guard.finding import Finding
from guard.repair import edited
from guard.snapshot import Snapshot

PAGE = """\
'use strict';

/**
 * Reads what is stored.
 */
function load(store, key) {
  const found = store.get(key, 'none');
  if (!found && typeof key === 'string') {
    store.miss(key, 'gone');
    return null;
  }
  return found;
}

/**
 * Writes it.
 */
function save(store, key, value) {
  if (store.locked) {
    throw new Error('locked');
  }
  store.put(key, value);
  store.each((one) => {
    one.told(key);
  });
  return value;
}

function clear(store) {
  store.drop();
  store.told = 0;
  log('cleared', store);
}
"""
VIEW = """\
const List = (props) => {
  return (
    <div>
      <h1>Names</h1>
      <ul>
        {props.names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <hr />
      <Link to="/new">More</Link>
    </div>
  );
};
"""

IF = "  if (!found && typeof key === 'string') {\n"
PUT = "  store.put(key, value);\n"
LOAD = PAGE[PAGE.index("function load") : PAGE.index("\n/**\n * Writes")]
SAVE = PAGE[PAGE.index("/**\n * Writes") : PAGE.index("function clear")]
EACH = "  store.each((one) => {\n    one.told(key);\n"

BOTH = {
    "a hunk applied twice": (EACH, EACH + EACH, (23, 24), "save", "stand twice", PAGE),
    "the first lines of a block twice": (
        IF, IF + "    store.miss(key, 'gone');\n" + IF, (8, 9), "load", "stand twice", PAGE,
    ),
    "the old line above the new one": (
        IF, IF + "  if (!found) {\n", None, "load", "two versions", PAGE.replace(IF, "  if (!found) {\n"),
    ),
    "a short line above its longer version": (
        "  if (store.locked) {\n", "  if (store.locked) {\n  if (store.locked && key) {\n", None, "save", "two versions",
        None,
    ),
    "a sentence between functions": (
        "function clear", "I've added a check to it.\n\nfunction clear", (29, 29), "save", "none itself", PAGE,
    ),
    "a fence and a sentence": (
        "function clear", "```\n\nHere is the rest of it:\n\nfunction clear", (29, 31), "save", "none itself",
        PAGE,
    ),
    "lines with their numbers": (
        LOAD, "".join(f"{n:4}: {line}\n" for n, line in enumerate(LOAD.splitlines(), 6)),
        (6, 13), "load", "line numbers", PAGE,
    ),
    "a patch pasted and not applied": (
        PUT, "-  store.put(key, value);\n+  const put = store.put(key);\n", (22, 23), "save",
        "signs of a patch", PAGE.replace(PUT, "  const put = store.put(key);\n"),
    ),
    "typographic quotes": (
        "new Error('locked')", "new Error(\u2018locked\u2019)", (20, 20), "save", "typographic quotes", PAGE,
    ),
    "two blocks opened and not closed": (
        "  return found;\n", "  return found;\n  if (key) {\n    if (store) {\n", (14, 14), "load",
        "'} }' of load() is missing", None,
    ),
    "a comment without its start": (
        "/**\n * Writes", " * Writes", (15, 14), "save", "'/**' of save() is missing", PAGE,
    ),
}  # fmt: skip


def told(broken: str, base: str | None, path: str = "a.js") -> Finding:
    check = discover()["javascript"]
    snapshot = Snapshot.of({path: broken}, base={path: base} if base is not None else None)
    (finding,) = check.run(snapshot, check.options())
    return finding


def lines(finding: Finding) -> tuple[int, int]:
    at = finding.at
    return at.line, at.end_line if at.end_column > 1 else at.end_line - 1


@pytest.mark.parametrize("case", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_with_and_without_a_last_version(
    case: tuple[str, str, tuple[int, int] | None, str, str, str | None], history: bool
) -> None:
    old, new, region, symbol, words, mended = case
    broken = PAGE.replace(old, new, 1)
    assert broken != PAGE
    assert not sound(broken)
    finding = told(broken, PAGE if history else None)
    assert (finding.rule, finding.symbol) == ("javascript/orphan", symbol)
    assert words in finding.message
    whole = edited(broken, finding.edits)
    assert sound(whole)
    if region is not None:
        assert lines(finding) == region
    if mended is not None and (history or region is not None):
        assert "".join(whole.split()) == "".join(mended.split())


TELLING = {
    "the end of a deleted function": (
        SAVE, "  return value;\n}\n\n", (15, 16), "save", "left-over of save()",
        PAGE.replace(SAVE, ""),
    ),
    "the beginning of a deleted function": (
        SAVE, SAVE[SAVE.index("function") : SAVE.index("    throw")] + "\n", (15, 16), "save",
        "left-over of save()", PAGE.replace(SAVE, ""),
    ),
    "the comment of a deleted function": (
        SAVE, "/**\n\n", (15, 15), "save", "left-over of save()", PAGE.replace(SAVE, ""),
    ),
    "the file breaks off within a line": (
        PAGE[PAGE.index("re.told = 0") :], "", (31, 31), "clear",
        "3 lines of the last version are missing", PAGE,
    ),
    "the rest is as it was, says a comment": (
        PAGE[PAGE.index("  store.told") :], "  // ... rest of code unchanged\n", (31, 31), "clear",
        "the file breaks off here in clear()", PAGE,
    ),
    "the old version of lines that came": (
        PUT, "  const put = open(store, key);\n  if (put.ready(key)) {\n  put.done();\n  }\n  if (put.ready(key)) {\n"
        "    put.write(value);\n",
        None, "save", "", None,
    ),
    "a sign that an earlier line has": (
        "    return null;\n  }\n", "    return null;\n  })\n", (11, 11), "load", "a sign too many", PAGE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TELLING.values(), ids=TELLING.keys())
def test_what_the_last_version_tells(
    case: tuple[str, str, tuple[int, int] | None, str, str, str | None],
) -> None:
    old, new, region, symbol, words, mended = case
    broken = PAGE.replace(old, new, 1)
    assert broken != PAGE
    finding = told(broken, PAGE)
    assert (finding.rule, finding.symbol) == ("javascript/orphan", symbol)
    assert words in finding.message
    whole = edited(broken, finding.edits)
    assert sound(whole)
    assert region is None or lines(finding) == region
    assert mended is None or whole.split() == mended.split()


def test_quotes_that_a_formatter_changed_everywhere_hide_no_old_tail() -> None:
    tail = "  log('cleared', store);\n}\n"
    broken = (PAGE.replace("  store.told = 0;\n", "") + tail).replace("'", '"')
    finding = told(broken, PAGE)
    assert (lines(finding), finding.symbol) == ((33, 34), "clear")


def test_a_double_far_above_the_place_where_the_parser_gives_up() -> None:
    table = "const rows = [\n" + "  { a: 1, b: [2, 3] },\n" * 700 + "];\n"
    first = "  for (let i = 0; i < rows.length; i++) {\n"
    old = f"function all(rows) {{\n{first}    use(rows[i]);\n  }}\n}}\n"
    broken = old.replace(first, first + first.replace("let", "var")) + table
    finding = told(broken, old + table)
    assert (finding.symbol, lines(finding)) == ("all", (2, 2))
    assert edited(broken, finding.edits) == (old + table).replace("let i", "var i", 1)


def test_a_file_that_breaks_off_without_a_last_version_gets_no_repair() -> None:
    broken = PAGE[: PAGE.index("    one.told")]
    finding = told(broken, None)
    assert (finding.rule, finding.symbol, lines(finding)) == ("javascript/orphan", "save", (23, 23))
    assert "breaks off here in save()" in finding.message
    assert not finding.edits


TAGS = [
    pytest.param("      </ul>\n", "", 9, "</ul>", id="an element over several lines"),
    pytest.param("<h1>Names</h1>", "<h1>Names", 4, "</h1>", id="an element of one line"),
    pytest.param("<hr />", "<hr>", 10, "/", id="an element that holds nothing"),
    pytest.param("More</Link>", "More", 11, "</Link>", id="an element before the end of another"),
    pytest.param("      </ul>\n", "      </ul>\n      </ul>\n", 9, "", id="an end too many"),
]


@pytest.mark.parametrize(("old", "new", "line", "text"), TAGS)
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_tags_of_jsx(old: str, new: str, line: int, text: str, history: bool) -> None:
    broken = VIEW.replace(old, new, 1)
    finding = told(broken, VIEW if history else None, "a.jsx")
    assert (finding.rule, finding.at.line, finding.symbol) == ("javascript/orphan", line, "List")
    assert text in finding.message
    assert "".join(edited(broken, finding.edits).split()) == "".join(VIEW.split())
