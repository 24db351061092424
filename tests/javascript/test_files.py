"""Whole files: read as their runtime reads them, and whatever lies in them, a clear answer."""

from __future__ import annotations

import pytest

from guard.check import discover
from guard.finding import Finding, Severity
from guard.javascript import report
from guard.javascript.engines import ahead
from guard.snapshot import Snapshot

PARSING = ("javascript/syntax", "javascript/orphan")


def findings(files: dict[str, str | bytes], path: str) -> list[Finding]:
    check = discover()["javascript"]
    snapshot = Snapshot.of(files).narrowed([path])
    return [f for f in check.run(snapshot, check.options()) if f.rule in PARSING]


IMPORT, SLOPPY, RETURN, JSX = "import a from 'b'", "with (a) b", "return", "f(<p>{a}</p>)"
NESTED = "if (a) {\n  import b from 'c';\n  f(() => {\n    import 'd';\n  });\n}\nexport default a;"
DECORATED = "@a.b({c: 1}) @(d) class E { @f g = 1; @h()\n i() {} }"
METEOR = '{"dependencies": {"meteor-node-stubs": "1"}}'
MODULE, COMMONJS = '{"type": "module"}', '{"type": "commonjs"}'
BUNDLED = '{"type": "commonjs", "devDependencies": {"vite": "5"}}'

# Files, the one that is judged, whether it is sound.
GOALS: dict[str, tuple[dict[str, str], str, bool]] = {
    "module by syntax": ({"a.js": IMPORT}, "a.js", True),
    "script by syntax": ({"a.js": SLOPPY}, "a.js", True),
    "CommonJS by syntax": ({"a.js": RETURN}, "a.js", True),
    "module by await": ({"a.js": "await f()"}, "a.js", True),
    "neither": ({"a.js": f"{IMPORT}\n{SLOPPY}"}, "a.js", False),
    "a browser's own require": ({"a.js": "const require = 1"}, "a.js", True),
    "mjs is a module": ({"a.mjs": SLOPPY}, "a.mjs", False),
    "mjs imports": ({"a.mjs": IMPORT}, "a.mjs", True),
    "cjs is no module": ({"a.cjs": IMPORT}, "a.cjs", False),
    "cjs returns": ({"a.cjs": RETURN}, "a.cjs", True),
    "upper case": ({"A.MJS": SLOPPY}, "A.MJS", False),
    "type module": ({"package.json": MODULE, "a.js": SLOPPY}, "a.js", False),
    "type module, html comment": ({"package.json": MODULE, "a.js": "<!-- a"}, "a.js", False),
    "type module, above": ({"package.json": MODULE, "s/t/a.js": RETURN}, "s/t/a.js", False),
    "type of the nearest": (
        {"package.json": MODULE, "s/package.json": "{}", "s/a.js": SLOPPY},
        "s/a.js",
        True,
    ),
    "type commonjs": ({"package.json": COMMONJS, "a.js": IMPORT}, "a.js", False),
    "type commonjs, mjs": ({"package.json": COMMONJS, "a.mjs": IMPORT}, "a.mjs", True),
    "type module, cjs": ({"package.json": MODULE, "a.cjs": RETURN}, "a.cjs", True),
    "type commonjs, bundled": ({"package.json": BUNDLED, "a.js": IMPORT}, "a.js", True),
    "JSX, a compiler in the root's package.json": (
        {"package.json": BUNDLED, "a/package.json": "{}", "a/b.js": JSX},
        "a/b.js",
        True,
    ),
    "JSX, React": ({"package.json": '{"dependencies": {"react": "1"}}', "a.js": JSX}, "a.js", True),
    "JSX in mjs, bundled": ({"package.json": BUNDLED, "a.mjs": JSX}, "a.mjs", True),
    "JSX in mjs": ({"package.json": MODULE, "a.mjs": JSX}, "a.mjs", False),
    "decorators, bundled": ({"package.json": BUNDLED, "a.js": DECORATED}, "a.js", True),
    "decorators": ({"package.json": "{}", "a.js": DECORATED}, "a.js", False),
    "decorators, broken": ({"package.json": BUNDLED, "a.js": f"{DECORATED}}}"}, "a.js", False),
    "imports in blocks, Meteor": ({"package.json": METEOR, "a.js": NESTED}, "a.js", True),
    "imports in blocks, Meteor, broken": (
        {"package.json": METEOR, "a.js": f"{NESTED}}}"},
        "a.js",
        False,
    ),
    "imports in blocks": ({"package.json": "{}", "a.js": NESTED}, "a.js", False),
    "type commonjs, loaded as a module": (
        {
            "package.json": COMMONJS,
            "js/a.js": IMPORT,
            "i.html": "<script type='module' src='/js/a.js?v=1'></script>",
        },
        "js/a.js",
        True,
    ),
    "type module, loaded as a script": (
        {"package.json": MODULE, "a.js": SLOPPY, "i.html": '<script src="a.js"></script>'},
        "a.js",
        True,
    ),
    "package.json that is no JSON": ({"package.json": "{", "a.js": IMPORT}, "a.js", True),
    "package.json with a byte-order mark": (
        {"package.json": "\ufeff" + MODULE, "a.js": SLOPPY},
        "a.js",
        False,
    ),
    "not above node_modules": (
        {"package.json": MODULE, "node_modules/b/a.js": SLOPPY},
        "node_modules/b/a.js",
        True,
    ),
    "jsx": ({"a.jsx": JSX}, "a.jsx", True),
    "broken jsx": ({"a.jsx": "f(<p>{a</p>)"}, "a.jsx", False),
    "jsx is not for engines": ({"a.js": JSX}, "a.js", False),
    "jsx in a transpiled project": ({"package.json": BUNDLED, "a.js": JSX}, "a.js", True),
}


@pytest.mark.parametrize("case", GOALS.values(), ids=GOALS.keys())
def test_files_are_read_as_their_runtime_reads_them(
    case: tuple[dict[str, str], str, bool],
) -> None:
    files, path, sound = case
    found = findings(dict(files), path)
    assert (found == []) is sound


# Content, and what the finding says; none for a sound file.
STRANGE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ""),
    "blank": (b"\r\n \t\r\n", ""),
    "utf-16": ("f()".encode("utf-16"), "encoded as UTF-16"),
    "utf-16 without a mark": ("function f() {}".encode("utf-16-le"), "encoded as UTF-16"),
    "latin-1 in a comment": ("// é\nf()".encode("latin-1"), ""),
    "latin-1 in code": ("é = 1".encode("latin-1"), "does not parse"),
    "binary": (bytes(range(256)) * 8 + bytes(2000), "binary"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 4, "does not parse"),
    "a NUL in a string": (b"f('\0')", ""),
    "lone CR": (b"f()\rg()\r", ""),
    "line separator": ("f()\u2028g()".encode(), ""),
    "minified and sound": (b"!function(){" + b"a(1,2),b.c=d||e;" * 2000 + b"}()", ""),
    "deep beyond all engines": (b"[" * 60_000, "does not parse"),
    "a template": (b"f((a) => {%body%});\nimport <%= b %> from 'c';\nx = {{ y }};", ""),
    "a template with branches": (b"{% if a %}\nf();\n{% else %}\ng();\n{% endif %}", ""),
    "a template of values": (b"f({a: {{ b }},\n'c': {{ d|e('f') }}, 'g': {{ h.i() }}\n});", ""),
    "braces typed twice": (b"const {{ a }} = b;", "does not parse"),
    "a template that is broken elsewhere": (b"import <%= b %> from 'c';\nf(;", "')' is missing"),
    "braces where no template is": (b"f({{a: 1}}); // {% b %}", "does not parse"),
    "closers only": (b"}" * 3000, "does not parse"),
    "JSON": (b'{"a": 1, "b": [2]}\n', "this is JSON"),
    "JSON with comments": (b'{\n  // "b": 1,\n  "a": "//" /* c */\n}\n', "this is JSON"),
    "JSON behind a mark and a comment": (b'\xef\xbb\xbf/* (c) */\n{"a": 1}', "this is JSON"),
    "JSON that lost a value": (b'{"a": 1, "b": }', "does not parse as"),
    "JSON that engines take for an expression": (b'[{"a": 1}]', ""),
    "an empty object of JSON, or a block": (b"{}", ""),
}


@pytest.mark.parametrize("case", STRANGE.values(), ids=STRANGE.keys())
def test_strange_files_get_a_clear_answer(case: tuple[bytes, str]) -> None:
    content, says = case
    found = findings({"a.js": content}, "a.js")
    if says:
        assert [says in f.message for f in found] == [True]
    else:
        assert found == []


JSON = '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n'


@pytest.mark.parametrize("before", [None, JSON.replace("1", "0")], ids=["new", "changed"])
def test_what_json_needs_is_another_name_and_no_repair(before: str | None) -> None:
    base = None if before is None else {"i18n/de x.js": before}
    check = discover()["javascript"]
    (found,) = check.run(Snapshot.of({"i18n/de x.js": JSON}, base=base), check.options())
    assert (found.rule, found.edits) == ("javascript/syntax", ())
    assert found.hint.splitlines() == [
        "call it what it is: git mv 'i18n/de x.js' 'i18n/de x.json'",
        'or have no check look at it, in guard.toml: exclude = ["i18n/de x.js"]',
    ]


def test_json_that_was_javascript_is_mended() -> None:
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": JSON}, base={"a.js": f"module.exports = {JSON}"})
    (found,) = check.run(snapshot, check.options())
    assert "this is JSON" not in found.message


FLOW = "/**\n * Sums.\n *\n * @flow strict\n */\nexport function sum(a: number) { return a; }\n"

# A file of Flow, its last version, and what a finding is where there is one.
FLOWING: dict[str, tuple[str, str | None, Severity | None]] = {
    "types": (FLOW, None, Severity.WARNING),
    "types, changed": (FLOW + "f();\n", FLOW, Severity.WARNING),
    "types below a hashbang": (
        "#!/usr/bin/env node\n// @flow\nlet a: b;\n",
        None,
        Severity.WARNING,
    ),
    "types in comments": ("// @flow\nlet a /*: b */;\n", None, None),
    "types in comments, broken": ("// @flow\nlet a /*: b */;\n}\n", "// @flow\n", Severity.ERROR),
    "the word elsewhere": ("let a: b; // @flow\n", None, Severity.ERROR),
    "a longer word": ("// see @flowers\nlet a: b;\n", None, Severity.ERROR),
}


@pytest.mark.parametrize(("text", "before", "severity"), FLOWING.values(), ids=FLOWING)
def test_flow_is_left_to_flow(text: str, before: str | None, severity: Severity | None) -> None:
    check = discover()["javascript"]
    snapshot = Snapshot.of({"a.js": text}, base=None if before is None else {"a.js": before})
    found = [f for f in check.run(snapshot, check.options()) if f.rule in PARSING]
    assert [f.severity for f in found] == ([] if severity is None else [severity])


def test_a_broken_minified_file_is_refused() -> None:
    (finding,) = findings({"a.js": "!function(){" + "a(1,2),b.c=d||e;" * 500 + "}}()"}, "a.js")
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "severity"), [("f();\n", Severity.WARNING), ("f(;\n", Severity.ERROR)]
)
def test_a_huge_file_is_judged_by_its_shape(
    text: str, severity: Severity, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (report, ahead):  # an engine may be at work in this process already
        monkeypatch.setattr(module, "LARGEST", 1000)
    (finding,) = findings({"a.js": text * 500}, "a.js")
    assert finding.severity is severity
    assert "too large to be read in full" in finding.message
