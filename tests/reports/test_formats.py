"""The four formats, held to their contracts: text for people, JSON, SARIF, GitHub's commands."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from conftest import HERE

from guard.finding import Edit, Finding, Location, Severity
from guard.pipeline import Outcome
from guard.report import github, sarif, text
from guard.report import json as json_report
from guard.values import replace

SOURCE = "let a = 1;\nlet b = {\n\tc: 2\n};\n"

PLAIN = Finding(
    "javascript/orphan",
    "a left-over",
    Location("web/a.js", 2, 5, 4, 2),
    hint="remove it\ngit add web/a.js",
    symbol="stop",
    related=(Location("web/a.js", 1, 1, 1, 4, "ends here"),),
    edits=(Edit(Location("web/a.js", 2, 5, 4, 2), ""),),
)
REPOSITORY = Finding("tree/unpushed", "commit 1a is on no remote", Location("."))
WARNING = Finding(
    "a/b", "50% odd, really: yes", Location("a,b:c\n.js", 1, 1), severity=Severity.WARNING
)
UNDECODABLE = Finding(
    "a/b",
    "bytes",
    Location("\udcff.js", 1, 1, 1, 2),
    hint="rm \udcff.js",
    symbol="\udcff",
    related=(Location("\udcff.js", 1, 1, 1, 2, "\udcff"),),
)
EXCUSED = Finding("a/b", "known", Location("x.js", 1, 1), ignored="the vendor's", ignored_in="x.js")
SECRET = Finding("contract/token", "they differ", Location("conf.js", 1, 1, 1, 20), secret=True)

EVERY = (PLAIN, REPOSITORY, WARNING, UNDECODABLE, EXCUSED, SECRET)
OUTCOME = Outcome(EVERY, files=7)


def read(path: str) -> str | None:
    return SOURCE if path.endswith(".js") else None


def test_text() -> None:
    lines = list(text.render(Outcome((PLAIN,), 1), read))
    assert lines == [
        "web/a.js:2:5: error: a left-over [javascript/orphan]",
        "  2 │ let b = {",
        "    │     ~~~~~",
        "  3 │     c: 2",
        "    │     ~~~~",
        "  4 │ };",
        "    │ ~",
        "  web/a.js:1:1: ends here",
        "  1 │ let a = 1;",
        "    │ ~~~",
        "  help: remove it",
        "        git add web/a.js",
        "  help: --fix mends this",
        "",
        "guard: 1 error in 1 file",
    ]


def test_text_never_shows_a_secret() -> None:
    assert "let a" not in "\n".join(text.render(Outcome((SECRET,), 1), read))


@pytest.mark.parametrize(
    ("finding", "first"),
    [
        pytest.param(REPOSITORY, "repository: error: commit 1a is on no remote", id="no file"),
        pytest.param(UNDECODABLE, r"\xff.js:1:1: error: bytes", id="bytes that are not UTF-8"),
        pytest.param(WARNING, r"a,b:c\n.js:1:1: warning: 50% odd", id="a newline in the name"),
    ],
)
def test_text_names_the_place(finding: Finding, first: str) -> None:
    assert next(iter(text.render(Outcome((finding,), 1), read))).startswith(first)


def test_a_long_region_is_cut_in_the_middle() -> None:
    source = "".join(f"line {n}\n" for n in range(1, 101))
    finding = Finding("a/b", "long", Location("a.js", 1, 1, 100, 1))
    lines = list(text.render(Outcome((finding,), 1), lambda path: source))
    assert "  93 more lines" in "".join(lines).replace("…", " ")
    assert len(lines) < 14


def test_a_minified_line_is_shown_around_the_place() -> None:
    finding = Finding("a/b", "here", Location("a.js", 1, 5001, 1, 5003))
    source = "x" * 5000 + "HERE" + "y" * 5000
    lines = list(text.render(Outcome((finding,), 1), lambda path: source))
    assert max(map(len, lines)) < 200
    shown = next(line for line in lines if "HE" in line)
    under = next(line for line in lines if "~" in line)
    assert "HERE" + "y" * 70 in shown, "what follows tells which place it is"
    assert shown[under.index("~") : under.rindex("~") + 1] == "HE"


def test_summary_says_how_many() -> None:
    assert text.summary(OUTCOME) == "guard: 4 errors, 1 warning, 1 ignored in 7 files"
    assert text.summary(Outcome((), 1)) == "guard: clean (1 file)"


def test_json_is_what_the_contract_says() -> None:
    report = json.loads(json_report.render(OUTCOME))
    assert report["schema"] == 1
    assert report["summary"] == {"files": 7, "errors": 4, "warnings": 1, "ignored": 1}
    assert report["findings"][0] == {
        "rule": "javascript/orphan",
        "severity": "error",
        "path": "web/a.js",
        "start": {"line": 2, "column": 5},
        "end": {"line": 4, "column": 2},
        "symbol": "stop",
        "message": "a left-over",
        "hint": "remove it\ngit add web/a.js",
        "related": [{"path": "web/a.js", "line": 1, "column": 1, "note": "ends here"}],
        "edits": [
            {
                "path": "web/a.js",
                "start": {"line": 2, "column": 5},
                "end": {"line": 4, "column": 2},
                "text": "",
            }
        ],
        "ignored": None,
    }
    assert report["findings"][4]["ignored"] == {"reason": "the vendor's"}
    assert report["findings"][3]["path"] == r"\xff.js"


@pytest.fixture(scope="module")
def log() -> dict[str, Any]:
    rules = {"javascript/orphan": "A left-over\n\nSome **help**.", "never/found": "Not found"}
    parsed: dict[str, Any] = json.loads(sarif.render(OUTCOME, rules))
    return parsed


def test_sarif_passes_the_schema(log: dict[str, Any]) -> None:
    schema = json.loads((HERE / "data/sarif-schema-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(log)


def test_every_text_is_unicode(log: dict[str, Any]) -> None:
    for report in (json_report.render(OUTCOME), json.dumps(log)):
        assert r"rm \\xff.js" in report
        assert r"\ud" not in report  # a lone surrogate, which many readers of JSON refuse


def test_sarif_results_point_at_their_rules(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == [
        r["ruleId"] for r in run["results"]
    ]
    orphan = next(r for r in rules if r["id"] == "javascript/orphan")
    assert orphan["shortDescription"]["text"] == "A left-over"
    assert orphan["help"]["markdown"] == "Some **help**."
    assert "never/found" in [r["id"] for r in rules]


def test_sarif_has_fixes_and_related_places(log: dict[str, Any]) -> None:
    results = log["runs"][0]["results"]
    (change,) = results[0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["deletedRegion"] == {
        "startLine": 2, "startColumn": 5, "endLine": 4, "endColumn": 2,
    }  # fmt: skip
    assert results[0]["relatedLocations"][0]["message"]["text"] == "ends here"


@pytest.mark.parametrize(("file", "kind"), [("x.js", "inSource"), ("guard.toml", "external")])
def test_sarif_says_where_a_finding_is_excused(file: str, kind: str) -> None:
    excused = replace(EXCUSED, ignored_in=file)
    (result,) = json.loads(sarif.render(Outcome((excused,), 1), {}))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": kind, "justification": "the vendor's"}]


def test_sarif_paths_are_uris(log: dict[str, Any]) -> None:
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in log["runs"][0]["results"]
    ]
    assert uris == ["web/a.js", "./", "a%2Cb%3Ac%0A.js", "%FF.js", "x.js", "conf.js"]


def test_sarif_fingerprints_survive_a_move_and_tell_findings_apart() -> None:
    def prints(*findings: Finding) -> list[str]:
        results = json.loads(sarif.render(Outcome(findings, 1), {}))["runs"][0]["results"]
        return [r["partialFingerprints"]["treeguard/v1"] for r in results]

    moved = Finding("a/b", "m", Location("x.js", 90, 1))
    here = Finding("a/b", "m", Location("x.js", 9, 1))
    assert prints(here) == prints(moved)
    assert len(set(prints(here, moved, Finding("a/c", "m", Location("x.js"))))) == 3


def test_github_commands_are_escaped() -> None:
    lines = list(github.render(OUTCOME))
    assert lines[0] == (
        "::error title=javascript/orphan,file=web/a.js,line=2,endLine=4"
        "::a left-over%0Aweb/a.js:1: ends here%0Aremove it%0Agit add web/a.js"
    )
    assert lines[1] == "::error title=tree/unpushed::commit 1a is on no remote"
    assert lines[2] == (
        "::warning title=a/b,file=a%2Cb%3Ac%0A.js,line=1,endLine=1,col=1,endColumn=1"
        "::50%25 odd, really: yes"
    )
    assert not any("known" in line for line in lines)
