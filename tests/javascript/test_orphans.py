"""Orphans: named, placed and mended, on botched edits written by hand."""

from __future__ import annotations

import pytest
from corpus_members import sound

from guard.check import discover
from guard.finding import Finding
from guard.repair import choose, edited
from guard.snapshot import Snapshot

PAGE = """\
class Store {
  constructor(url) {
    this.url = url;
  }
  async load(filter) {
    const r = await fetch(this.url + "?f=" + filter);
    if (!r.ok) {
      this.error = "failed";
      return null;
    }
    return r.json();
  }
  remove(id) {
    this.items = this.items.filter((i) => i.id !== id);
    this.notify(`removed ${id}`);
  }
}
function render(store) {
  const rows = store.items.map((item) => {
    return `<tr>${item.name}</tr>`;
  });
  document.body.innerHTML = rows.join("");
}
"""


def plain(text: str) -> str:
    return "".join(text.split())


def only_finding(broken: str, history: bool) -> Finding:
    """The one finding of a page that was broken, with or without its last version."""
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": broken}, base={"a.js": PAGE} if history else None)
    (finding,) = check.run(snapshot, check.options())
    return finding


@pytest.mark.parametrize(
    ("old", "new", "line", "symbol"),
    [
        pytest.param('"failed"', '"failed', 8, "load", id="a string, its end"),
        pytest.param("`removed ${id}`", "`removed ${id}", 15, "remove", id="a template, behind a substitution"),
        pytest.param("`<tr>$", "<tr>$", 20, "render", id="a template, its beginning"),
        pytest.param(
            'rows.join("");\n}\n',
            'rows.join("");\n}\n    return `<tr>${item.name}</tr>`;\n  });\n  show(rows);\n}\n',
            24, "render", id="a tail that begins with a return",
        ),
        pytest.param(
            "  async load(filter) {\n",
            "  async load(filter) {\n    const r = await this.get();\n  async load(filter) {\n",
            5, "load", id="a head that was changed",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_a_small_fault_is_mended_by_a_small_edit(
    old: str, new: str, line: int, symbol: str, history: bool
) -> None:
    broken = PAGE.replace(old, new, 1)
    finding = only_finding(broken, history)
    assert (finding.rule, finding.at.line, finding.symbol) == ("javascript/orphan", line, symbol)
    assert edited(broken, finding.edits) == PAGE


@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_each_of_several_orphans_carries_the_whole_repair(history: bool) -> None:
    broken = PAGE.replace("(!r.ok) {", "(!r.ok {", 1).replace('join("");', 'join("";', 1)
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": broken}, base={"a.js": PAGE} if history else None)
    found = list(check.run(snapshot, check.options()))
    assert [(f.rule, f.at.line, f.symbol) for f in found] == [
        ("javascript/orphan", 7, "load"),
        ("javascript/orphan", 22, "render"),
    ]
    for finding in found:
        assert edited(broken, finding.edits) == PAGE
    assert len(choose(found, lambda path: True)) == 2
    assert edited(broken, {edit for f in found for edit in f.edits}) == PAGE


def test_most_of_a_file_is_never_what_is_left_over() -> None:
    broken = PAGE.replace("`<tr>${item.name}</tr>`", "<tr>${item.name}</tr>`")[10:]
    check = discover()["javascript"]
    for finding in check.run(Snapshot.of({"a.js": broken}), check.options()):
        assert edited(broken, finding.edits).count("\n") > broken.count("\n") // 2


HALF_RESOLVED = [
    ("<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> topic\n", 6, 10, ""),
    ("A\n=======\nB\n>>>>>>> topic\n", 7, 9, ""),
    ("<<<<<<< HEAD\nA\n=======\nB\n", 6, 8, ""),
    ("<<<<<<< HEAD\nA\n||||||| 1a2b3c4\n=======\nB\n", 6, 9, ""),
    ("A\n>>>>>>> 1a2b3c4 (topic)\n", 7, 7, "A\n"),
    ("<<<<<<< HEAD\nA\n", 6, 6, "A\n"),
]


@pytest.mark.parametrize(("lines", "first", "last", "mended"), HALF_RESOLVED)
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_what_is_left_of_a_conflict(
    lines: str, first: int, last: int, mended: str, history: bool
) -> None:
    head, tail = PAGE.split("    const r = await")
    lines = lines.replace("A", "    this.a(1);").replace("B", "    this.b(2);")
    broken = f"{head}{lines}    const r = await{tail}"
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": broken}, base={"a.js": PAGE} if history else None)
    (finding,) = check.run(snapshot, check.options())
    assert (finding.rule, finding.symbol) == ("javascript/orphan", "load")
    assert (finding.at.line, finding.at.end_line) == (first, last)
    assert "conflict" in finding.message
    whole = f"{head}{mended.replace('A', '    this.a(1);')}    const r = await{tail}"
    assert edited(broken, finding.edits) == (whole if mended else broken)


@pytest.mark.parametrize(
    ("old", "new", "line", "symbol"),
    [
        pytest.param("filter);\n    if", "filter;\n    if", 6, "load", id="a parenthesis, its end"),
        pytest.param("(!r.ok) {", "(!r.ok {", 7, "load", id="of a condition"),
        pytest.param('join("");', 'join("";', 22, "render", id="of a call of nothing else"),
        pytest.param("id !== id);", "id !== id));", 14, "remove", id="one too many"),
        pytest.param('"?f="', '?f="', 6, "load", id="a string, its beginning"),
        pytest.param("`removed $", "removed $", 15, "remove", id="a template, its beginning"),
        pytest.param(
            "  remove(id) {\n", "  remove(id) {\n    this.log(id);\n    if (id) {\n  remove(id) {\n",
            13, "remove", id="a head in front of the same head",
        ),
        pytest.param("    this.url = url;\n  }\n", "    this.url = url;\n  }\n    }\n", 5, "load", id="a brace askew"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_within_a_line_and_between_functions(
    old: str, new: str, line: int, symbol: str, history: bool
) -> None:
    broken = PAGE.replace(old, new, 1)
    finding = only_finding(broken, history)
    assert (finding.rule, finding.at.line) == ("javascript/orphan", line)
    assert finding.symbol in (symbol, "constructor")
    assert edited(broken, finding.edits) == PAGE


def test_the_line_above_a_block_comes_back_where_the_last_version_has_it() -> None:
    broken = PAGE.replace("    if (!r.ok) {\n", "", 1)
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": broken}, base={"a.js": PAGE})
    (finding,) = check.run(snapshot, check.options())
    assert "'if (!r.ok) {' of load() is missing" in finding.message
    assert edited(broken, finding.edits) == PAGE


def test_a_member_that_stands_twice_without_a_comma_between_is_one_too_many() -> None:
    first, second = "  a() {\n    b();\n    c();\n  }", "  d() {\n    e();\n  }"
    broken = f"x = {{\n{first}\n{first},\n{second},\n}};\n"
    check = discover()["javascript"]
    (finding,) = check.run(Snapshot.of({"a.js": broken}), check.options())
    assert (finding.at.line, finding.symbol) == (2, "a")
    assert edited(broken, finding.edits) == f"x = {{\n{first},\n{second},\n}};\n"


def test_a_brace_that_is_missing_far_from_where_the_parser_gives_up() -> None:
    filler = "".join(f"function f{n}() {{\n  return {n};\n}}\n" for n in range(600))
    broken = PAGE.replace("    return r.json();\n  }\n", "    return r.json();\n", 1) + filler
    check = discover()["javascript"]
    (finding,) = check.run(Snapshot.of({"a.js": broken}), check.options())
    assert (finding.at.line, finding.symbol) == (11, "load")
    inner = "".join(f"  {line}\n" for line in filler.splitlines())
    far = (
        "(function () {\n" + inner.replace("    return 3;\n  }\n", "    return 3;\n", 1) + "})();\n"
    )
    (finding,) = check.run(Snapshot.of({"a.js": far}), check.options())
    assert (finding.at.line, finding.symbol) == (12, "f3")


OPENED = {
    "at the end of a method": ("    return r.json();\n", "    if (filter) {\n", 12, "load"),
    "two of them, one closed": ("    return r.json();\n", "    if (filter) {\n    if (r.ok) {\n    }\n", 13, "load"),
    "around new lines": ("    this.url = url;\n", "    if (url) {\n      this.open();\n", 5, "constructor"),
    "at the end of a function": ('rows.join("");\n', "  if (rows) {\n", 23, "render"),
}  # fmt: skip


@pytest.mark.parametrize("case", OPENED.values(), ids=OPENED.keys())
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_a_new_block_is_closed_and_not_an_old_one_cut(
    case: tuple[str, str, int, str], history: bool
) -> None:
    old, new, line, symbol = case
    broken = PAGE.replace(old, old + new, 1)
    finding = only_finding(broken, history)
    assert (finding.rule, finding.symbol) == ("javascript/orphan", symbol)
    mended = edited(broken, finding.edits)
    assert sound(mended)
    if history:
        assert finding.at.line == line
        assert plain(mended) == plain(PAGE.replace(old, f"{old}{new}}}", 1))


EDITS = {
    "lines pasted from elsewhere, not the tail behind them": (
        "    this.url = url;\n",
        "    this.url = url;\n    this.notify(`removed ${id}`);\n  }\n",
        (4, 5), "constructor",
    ),
    "a block whose only line above came back": (
        "  remove(id) {\n    this.items", "    this.items", (13, 12), "remove",
    ),
    "a closer behind what was written anew": (
        '    const r = await fetch(this.url + "?f=" + filter);\n    if (!r.ok) {\n'
        '      this.error = "failed";\n      return null;\n    }\n    return r.json();\n  }\n',
        "    const r = await get(filter);\n    return r;\n  }\n  }\n",
        (9, 9), "load",
    ),
    "a fence around pasted code": (
        "    return r.json();\n  }\n", "    return r.json();\n  }\n```javascript\n", (13, 13), "load",
    ),
    "a mark of a patch": (
        "    return r.json();\n", "@@ -9,7 +9,9 @@\n    return r.json();\n", (11, 11), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EDITS.values(), ids=EDITS.keys())
def test_botched_edits_beside_the_last_version(
    case: tuple[str, str, tuple[int, int], str],
) -> None:
    old, new, lines, symbol = case
    broken = PAGE.replace(old, new, 1)
    assert broken != PAGE
    finding = only_finding(broken, history=True)
    last = finding.at.end_line if finding.at.end_column > 1 else finding.at.end_line - 1
    assert (finding.rule, finding.at.line, last) == ("javascript/orphan", *lines)
    assert finding.symbol == symbol or not symbol
    assert sound(edited(broken, finding.edits))


@pytest.mark.parametrize(
    ("gone", "first", "last"),
    [
        pytest.param("    if (!r.ok) {\n", 7, 9, id="of a condition"),
        pytest.param("  remove(id) {\n", 13, 15, id="of a method"),
        pytest.param("function render(store) {\n", 18, 22, id="of a function"),
    ],
)
def test_without_a_last_version_a_block_without_its_first_line_is_what_is_left(
    gone: str, first: int, last: int
) -> None:
    finding = only_finding(PAGE.replace(gone, "", 1), history=False)
    assert (finding.rule, finding.at.line, finding.at.end_line) == (
        "javascript/orphan",
        first,
        last,
    )


def test_what_comes_back_stands_on_lines_of_its_own_and_ends_as_the_file_does() -> None:
    check = discover()["javascript"]
    for old in (PAGE, PAGE.replace("\n", "\r\n")):
        broken = old[: old.index("    return r.json();")].rstrip()
        snapshot = Snapshot.of({"a.js": broken}, base={"a.js": old})
        (finding,) = check.run(snapshot, check.options())
        assert edited(broken, finding.edits).rstrip() == old.rstrip()


def test_a_syntax_error_is_told_with_the_function_around_it() -> None:
    broken = PAGE.replace("    return r.json();", "    const x = ;\n    return r.json();")
    finding = only_finding(broken, history=True)
    assert (finding.rule, finding.symbol) == ("javascript/syntax", "load")
