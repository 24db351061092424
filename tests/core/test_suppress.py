"""Suppressions: a reason is needed, the right rule, the right line, and a finding to excuse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guard.check import NoOptions, check, discover
from guard.errors import CheckCrashed
from guard.finding import Finding, Location
from guard.pipeline import Outcome, Plan, run
from guard.snapshot import Snapshot
from guard.suppress import Ignore, directives


def bad(snapshot: Snapshot, options: NoOptions) -> Iterator[Finding]:
    """Every line that holds BAD."""
    for file in snapshot.targets():
        for number, line in enumerate(snapshot.text(file).splitlines(), 1):
            if "BAD" in line:
                yield Finding("bad/line", "bad", Location(file.path, number))
            if "CRASH" in line:
                raise RuntimeError("a bug in a check")


def outcome(text: str, *ignores: Ignore, base: str | None = None, by_file: bool = False) -> Outcome:
    from guard.check import CHECKS

    check(rules={"bad/line": "Bad"}, suffixes=(".x",), by_file=by_file)(bad)
    plan = Plan((CHECKS.pop("bad"),), {"bad": NoOptions()}, ignores=ignores, file="guard.toml")
    return run(plan, Snapshot.of({"a.x": text}, base=None if base is None else {"a.x": base}))


CASES = [
    pytest.param("BAD", ["bad/line"], 0, id="none"),
    pytest.param("BAD # guard: ignore[bad/line] known", [], 1, id="on the line"),
    pytest.param("# guard: ignore[bad/line] known\nBAD", [], 1, id="alone above the line"),
    pytest.param("x # guard: ignore[bad/line] known\nBAD", ["bad/line", "guard/unused-ignore"], 0, id="not alone: the next line is not covered"),
    pytest.param("BAD // guard: ignore[bad/line]: known", [], 1, id="slashes and a colon"),
    pytest.param("BAD /* guard: ignore[bad/line] known */", [], 1, id="a block comment"),
    pytest.param("BAD <!-- guard: ignore[bad/line] known -->", [], 1, id="a comment in HTML"),
    pytest.param("BAD # guard: ignore[bad/*] known", [], 1, id="a whole check"),
    pytest.param("BAD # guard: ignore[x/y, bad/line] known", [], 1, id="one of several rules"),
    pytest.param("BAD # guard: ignore[bad/other] known", ["bad/line", "guard/unused-ignore"], 0, id="another rule"),
    pytest.param("BAD # guard: ignore[bad/line]", ["bad/line", "guard/ignore-without-reason"], 0, id="no reason, no suppression"),
    pytest.param("BAD <!-- guard: ignore[bad/line] -->", ["bad/line", "guard/ignore-without-reason"], 0, id="the end of a comment is no reason"),
    pytest.param("/* guard: ignore[bad/line] */ BAD", ["bad/line", "guard/ignore-without-reason"], 0, id="nor is the code behind it"),
    pytest.param("{/* guard: ignore[bad/line] known */}\nBAD", [], 1, id="alone as JSX has it"),
    pytest.param("{# guard: ignore[bad/line] known #}\nBAD", [], 1, id="a comment of a template"),
    pytest.param("rem guard: ignore[bad/line] known\r\nBAD", [], 1, id="a comment of a batch file"),
    pytest.param("# guard: ignore[bad/line] known\n# guard: ignore[javascript/orphan] x\nBAD", [], 1, id="one above another"),
    pytest.param("# guard: ignore[bad/line] known\nx # guard: ignore[javascript/orphan] x\nBAD", ["bad/line", "guard/unused-ignore"], 0, id="not over code"),
    pytest.param("BAD # guard: ignore [bad/line] known", [], 1, id="a space before the bracket"),
    pytest.param("BAD # guard: ignore", ["bad/line"], 0, id="no rule, no suppression"),
    pytest.param("fine # guard: ignore[bad/line] known", ["guard/unused-ignore"], 0, id="nothing to excuse"),
    pytest.param("fine # guard: ignore[javascript/orphan] x", [], 0, id="of a check that did not run"),
    pytest.param("fine # guard: ignore[fix/mine] x", [], 0, id="of a rule that the repository declares"),
    pytest.param("BAD # guard: ignore[javascrpt/orphan] x", ["bad/line", "guard/unused-ignore"], 0, id="of no check at all"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rules", "ignored"), CASES)
def test_comments(text: str, rules: list[str], ignored: int) -> None:
    result = outcome(text)
    assert sorted(f.rule for f in result.findings if f.ignored is None) == sorted(rules)
    assert result.ignored == ignored


@pytest.mark.parametrize(
    "text",
    [
        "BAD # guard: ignore[bad/line] the vendor's bug",
        "BAD # guard: ignore[bad/line] -- the vendor's bug \r\n",
        "/* guard: ignore[bad/line] the vendor's bug */ BAD /* x */",
        "<!-- guard: ignore[bad/line]: the vendor's bug --> BAD",
        "{/* guard: ignore[bad/line] the vendor's bug */}\nBAD",
        "<%# guard: ignore[bad/line] the vendor's bug %>\nBAD",
    ],
)
def test_a_suppressed_finding_keeps_its_reason(text: str) -> None:
    excused = [(f.ignored, f.ignored_in) for f in outcome(text).findings]
    assert excused == [("the vendor's bug", "a.x")]


def test_the_configuration_excuses_paths() -> None:
    excused = outcome("BAD", Ignore("bad/line", "*.x", "old"))
    assert [(f.ignored, f.ignored_in) for f in excused.findings] == [("old", "guard.toml")]
    result = outcome("BAD", Ignore("bad/line", "*.y", "old"))
    assert sorted(f.rule for f in result.findings) == ["bad/line", "guard/unused-ignore"]
    assert {f.at.path for f in result.findings} == {"a.x", "guard.toml"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("BAD # guard: ignore[bad/lien] known", "what was found here is bad/line", id="a typing error"),
        pytest.param("BAD # guard: ignore[bad] known", "what was found here is bad/line", id="a check, not a rule"),
        pytest.param("fine # guard: ignore[bad/line] known", "remove the comment", id="nothing found"),
        pytest.param("fine # guard: ignore[javascrpt/orphan] known", "did you mean 'javascript/orphan'?", id="no such check"),
        pytest.param("fine # guard: ignore[javascript] known", "did you mean 'javascript/*'?", id="a check that did not run"),
        pytest.param("fine # guard: ignore[E501] known", "the rules: guard list", id="another tool's"),
    ],
)  # fmt: skip
def test_an_unused_comment_is_told_what_was_found(text: str, hint: str) -> None:
    assert [f.hint for f in outcome(text).findings if f.rule == "guard/unused-ignore"] == [hint]


def test_a_run_about_some_files_does_not_ask_for_what_excuses_others() -> None:
    from guard.check import CHECKS

    check(rules={"bad/line": "Bad"}, suffixes=(".x",))(bad)
    ignores = (Ignore("bad/line", "b.x", "old"), Ignore("bad/line", "gone.x", "old"))
    plan = Plan((CHECKS.pop("bad"),), {}, ignores=ignores, file="guard.toml")
    named = Snapshot.of({"a.x": "fine", "b.x": "BAD"}).narrowed(["a.x"])
    assert [f.message for f in run(plan, named).findings] == [
        "no finding of bad/line in gone.x needs suppressing"
    ]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param("fine # guard: ignore[bad/line] known", [], id="not asked for what is not needed"),
        pytest.param("BAD # guard: ignore[bad/lien] known", ["bad/line", "guard/unused-ignore"], id="why something is not excused"),
    ],
)  # fmt: skip
def test_a_run_about_a_change(text: str, rules: list[str]) -> None:
    assert [f.rule for f in outcome(text, base="").findings] == rules


@pytest.mark.parametrize("by_file", [True, False])
def test_a_bug_in_a_check_names_the_check_and_the_file(by_file: bool) -> None:
    with pytest.raises(CheckCrashed, match=r"the check 'bad' failed on a\.x") as caught:
        outcome("CRASH", by_file=by_file)
    assert "a bug in a check" in caught.value.cause


def test_an_unused_entry_is_pointed_at() -> None:
    config = (
        '[[ignore]]\nrule = "bad/line"\npath = "*.x"\nreason = "old"\n'
        '[[ignore]]\nrule = "bad/line"\npath = "*.y"\nreason = "gone"\n'
    )
    ignores = [Ignore("bad/line", "*.x", "old"), Ignore("bad/line", "*.y", "gone")]
    from guard.check import CHECKS

    check(rules={"bad/line": "Bad"}, suffixes=(".x",))(bad)
    plan = Plan(
        (CHECKS.pop("bad"),), {"bad": NoOptions()}, ignores=tuple(ignores), file="guard.toml"
    )
    found = run(plan, Snapshot.of({"a.x": "BAD", "guard.toml": config})).findings
    assert [(f.at.path, f.at.line) for f in found if f.ignored is None] == [("guard.toml", 6)]


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.js", "a('// guard: ignore[x/y] why');\nb() // guard: ignore[x/y] why", [2]),
        ("a.js", "a(`\n// guard: ignore[x/y] why\n${b // guard: ignore[x/y] why\n}`)", [3]),
        ("a.js", "a = `unclosed\n// guard: ignore[x/y] why", []),
        ("a.jsx", "a = <b title='// guard: ignore[x/y] why' />", []),
        ("a.mjs", "a = /[/]/ // guard: ignore[x/y] why", [1]),
        ("a.cjs", "a(\"it's\") /* guard: ignore[x/y] why */", [1]),
        ("a.py", "a = '# guard: ignore[x/y] why'\nb = 1  # guard: ignore[x/y] why", [2]),
        ("a.py", 'def f():\n    """Say\n    # guard: ignore[x/y] why\n    """\n', []),
        ("a.py", "a = f'# guard: ignore[x/y] {b} # guard: ignore[x/y] why'", []),
        ("a.py", "a = (  # guard: ignore[x/y] why\n", [1]),
        ("a.html", "<script>a('// guard: ignore[x/y] why')</script>\n<!-- guard: ignore[x/y] why -->", [2]),
        ("a.vue", "<script>\na() // guard: ignore[x/y] why\n</script>", [2]),
        ("a.yml", "a: b # guard: ignore[x/y] why", [1]),
    ],
)  # fmt: skip
def test_what_stands_in_a_string_is_no_comment(path: str, text: str, lines: list[int]) -> None:
    assert [found.at.line for found in directives(path, text)] == lines


CONFLICT = "function f() {\n<<<<<<< HEAD\n  a();\n=======\n  b();\n>>>>>>> topic\n}\n"
HALF = "function f() {\n  a();\n>>>>>>> 1a2b3c4 (topic)\n}\n"


@pytest.mark.parametrize(
    ("files", "checks", "rules"),
    [
        ({"a.js": CONFLICT}, ["conflicts", "javascript"], ["javascript/orphan"]),
        ({"a.js": HALF}, ["conflicts", "javascript"], ["javascript/orphan"]),
        ({"a.js": CONFLICT}, ["conflicts"], ["conflicts/marker"]),
        ({"a.js": CONFLICT}, ["javascript"], ["javascript/orphan"]),
        ({"a.js": "/*\n" + CONFLICT + "*/"}, ["conflicts", "javascript"], ["conflicts/marker"]),
        ({"a.ts": CONFLICT}, ["conflicts", "javascript"], ["conflicts/marker"]),
        ({"a.js": CONFLICT, "a.md": CONFLICT}, ["conflicts", "javascript"], ["javascript/orphan", "conflicts/marker"]),
        ({"a.html": f"<script>\n{CONFLICT}</script>"}, ["conflicts", "javascript"], ["javascript/orphan"]),
    ],
)  # fmt: skip
def test_a_conflict_is_told_once(
    files: dict[str, str], checks: list[str], rules: list[str]
) -> None:
    plan = Plan(tuple(discover()[name] for name in checks), {})
    assert [f.rule for f in run(plan, Snapshot.of(files)).findings] == rules


def test_a_conflict_that_one_check_is_told_to_excuse_is_still_told_by_the_other() -> None:
    excuse = Ignore("javascript/orphan", "a.js", "an example")
    plan = Plan((discover()["conflicts"], discover()["javascript"]), {}, ignores=(excuse,))
    found = run(plan, Snapshot.of({"a.js": CONFLICT})).findings
    assert [(f.rule, f.ignored) for f in found] == [
        ("conflicts/marker", None),
        ("javascript/orphan", "an example"),
    ]
