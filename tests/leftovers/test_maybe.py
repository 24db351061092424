"""What the reader in the engine says guard need not look for, guard does not find when it looks."""

from __future__ import annotations

import random
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from routed import TEXTS
from snippets import CASES
from test_leftovers import SOUND, WRONG

from guard import engine
from guard.javascript.engines.answers import DIFFERS, EVERYTHING, Answer, Question
from guard.javascript.leftovers import finds, found_in

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on PATH")

BITS = {
    "duplicate-member": finds.MEMBER,
    "duplicate-function": finds.FUNCTION,
    "unreachable": finds.UNREACHABLE,
    "stray-label": finds.LABEL,
    "unused-label": finds.LABEL,
    "stray-this": finds.THIS,
    "no-effect": finds.IDLE,
    "reassigned-function": finds.REASSIGNED,
}

GOALS = ("script", "commonjs", "module")

# What cannot be asked about, or makes a text that is not one any more: these are other tests.
SEEDS = [
    text
    for text in [
        *(case.text for case in CASES),
        *(text for _, text, _ in WRONG),
        *(text for _, text in SOUND),
        *TEXTS,
    ]
    if len(text) < 2000 and "\0" not in text
]

OWN = [path.read_text("utf-8") for path in sorted(Path(engine.SCRIPT).parent.rglob("*.cjs"))]

WORDS = (
    "return; | break; | continue; | throw e; | a: 1, | a: b(); | a: | this.x(); | this.y = 1; | x; "
    "| a.b; | function f() {} | var f = function () {}; | f = 1; | if (a) return; else throw b | "
    "for (;;) { | } | { | while (1) { | do { | } while (0) | switch (a) { default: return | try { | "
    "} catch (e) { | } finally { | get a() {}, | async | await x; | yield | static | ( | ) | [ | ] "
    "| `${ | }` | // | /* | */ | ' | x = {a, a: 1} | class A { a() {} a() {} } | /x/.test(y) | => "
    "| else | ... | ? | ?. | : | , | ++ | -- | ! | new | typeof | 'use strict'; | /** d */ | let | set"
).split(" | ")
"""What is put between other tokens."""


@pytest.fixture(scope="module")
def node() -> Iterator[engine.Node]:
    process = engine.Node()
    yield process
    process.end()


def mixed(texts: list[str], count: int, seed: int) -> Iterator[str]:
    """Texts with lines or tokens moved, doubled, lost or put in, by chance."""
    chance = random.Random(seed)
    for _ in range(count):
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 2, 3))):
            parts = re.findall(r"\w+|\s+|[^\w\s]", text) if chance.random() < 0.7 else lines(text)
            at = chance.randrange(len(parts) + 1)
            end = at + chance.choice((1, 1, 2, 4))
            how = chance.randrange(5)
            if how == 0:
                parts[at:end] = []
            elif how == 1:
                parts[at:at] = parts[at:end]
            elif how == 2:
                to = chance.randrange(len(parts) + 1)
                parts[to:to] = parts[at:end]
            elif how == 3:
                parts.insert(at, f" {chance.choice(WORDS)} ")
            else:
                parts.insert(at, "\n")
            text = "".join(parts)
        yield text


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def answers(node: engine.Node, texts: list[str]) -> list[Answer]:
    said = node([Question(text.encode(), GOALS) for text in texts])
    assert len(said) == len(texts)
    return list(said)


def hidden(text: str, maybe: int) -> set[str]:
    """The rules that find something where the engine says that they do not."""
    _, found = found_in("a.js", text, False)
    return {one.rule for one in found if not maybe & BITS[one.rule]}


def passed_over(text: str, answer: Answer) -> bool:
    """Whether guard finds anything else in a text where it does not read what is quiet."""
    every, less = (
        found_in("a.js", text, False, answer.maybe & finds.EVERY, quiet)[1]
        for quiet in ((), answer.quiet)
    )
    return [told(one) for one in every] != [told(one) for one in less]


def told(one: finds.Leftover) -> tuple[object, ...]:
    related = one.related and (one.related.start_byte, one.related.end_byte)
    return one.rule, one.start, one.end, one.message, one.symbol, one.warning, related


@pytest.mark.parametrize(
    ("texts", "least"),
    [
        (SEEDS, 900),
        (list(mixed(SEEDS, 15000, 1)), 5000),
        (list(mixed(OWN, 60, 2)), 5),
    ],
    ids=["as-they-are", "mixed", "long"],
)
def test_nothing_is_hidden(node: engine.Node, texts: list[str], least: int) -> None:
    asked = [text for text in texts if encodes(text)]
    taken = [(text, a) for text, a in zip(asked, answers(node, asked), strict=True) if a.goal]
    assert len(taken) > least, "the engine takes hardly any of them"
    wrong = [(text, rules) for text, answer in taken if (rules := hidden(text, answer.maybe))]
    assert wrong == []
    apart = [text for text, answer in taken if answer.quiet and passed_over(text, answer)]
    assert apart == []


def encodes(text: str) -> bool:
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text


def test_most_of_what_is_sound_need_not_be_looked_at(node: engine.Node) -> None:
    said = answers(node, OWN)
    assert [answer.goal for answer in said] == ["script"] * len(OWN)
    assert [answer.maybe for answer in said] == [0] * len(OWN)
    quiet = [answer for answer in answers(node, [text for _, text in SOUND]) if not answer.maybe]
    assert len(quiet) > len(SOUND) / 2


SURE: list[tuple[str, int, int]] = [
    ("x = {a: 1, b: 2}; class A { a() {} static a() {} get b() {} set b(c) {} }", 0, EVERYTHING),
    ("x = {a: 1, 'a': 2}", finds.MEMBER, EVERYTHING),
    ("x = {'\\x61': 1, a: 2}", finds.MEMBER, EVERYTHING),
    ("x = {0x10: 1, 16: 2}", finds.MEMBER, EVERYTHING),
    ("function f() {} { function f() {} }", 0, EVERYTHING),
    ("function f() {} var f", finds.FUNCTION, EVERYTHING),
    ("function f() { return /}/.a; }", 0, EVERYTHING),
    ("function f() { return; a() }", finds.UNREACHABLE, EVERYTHING),
    ("a: for (;;) { for (;;) continue a }", 0, EVERYTHING),
    ("a: b()", finds.LABEL, EVERYTHING),
    ("function f() { this.a() }", 0, EVERYTHING),
    ("this.a()", finds.THIS, EVERYTHING),
    ("'use strict'; a(), b()", 0, EVERYTHING),
    ("a(); b", finds.IDLE, EVERYTHING),
    ("function f() {} { let f; f = 1 }", 0, EVERYTHING),
    ("function f() {} function g() { f = 1 }", finds.REASSIGNED, EVERYTHING),
    ("f() = 1", DIFFERS, DIFFERS),
    ("(f()) += 1", DIFFERS, DIFFERS),
    ("f()++", DIFFERS, DIFFERS),
    ("--a.b()", DIFFERS, DIFFERS),
    ("for (f() in a) b()", DIFFERS, DIFFERS),
    ("for (f(g(1)) of a) b()", DIFFERS, DIFFERS),
    ("x = /([+-])=/", 0, DIFFERS),
    ("f(g())\n++b", 0, DIFFERS),
    ("using = a; accessor\nb()", 0, DIFFERS),
    ("<!-- a", DIFFERS, DIFFERS),
    ("\\u0061()", DIFFERS, DIFFERS),
    ("a\u2028b", DIFFERS, DIFFERS),
    ("a\u00a0= b", DIFFERS, DIFFERS),
    ("x = '\u00a0\u2028é'", 0, DIFFERS),
    ("x = " + "[" * 9000 + "]" * 9000, DIFFERS, DIFFERS),
]


@pytest.mark.parametrize(("text", "maybe", "mask"), SURE, ids=[c[0][:60] for c in SURE])
def test_what_is_said_of_a_text(node: engine.Node, text: str, maybe: int, mask: int) -> None:
    [answer] = answers(node, [text])
    if answer.goal:  # an engine may refuse it as well
        assert answer.maybe & mask == maybe


QUIET: list[tuple[str, list[str]]] = [
    ("a; function f() { b() }", [" b() "]),
    ("a; function f() { b; function g() { c() } }", [" c() "]),
    ("a; x = {b() { c() }, d: () => { e() }, f: () => 1}", [" c() ", " e() "]),
    ("a; class A { b() { c() } static { d() } }", [" c() ", " d() "]),
    ("a; (b = () => { c() }) => { d() }", [" c() ", " d() "]),
    ("'é'; function f() { return; a() } function g() { '…' }", [" '…' "]),
    ("class A extends B { a = 1; constructor() { /* super */ } c() { d() } }", [" d() "]),
    ("class A extends B { constructor() { super(); } c() { return; d() } }", []),
    ("function f() { b() } f = 1; a", [" b() "]),
    ("function f() { b = 1 } f = 1; a", [" b = 1 "]),
    ("function f() { for (var a\n of b) { return } c() } function f() { d() }", []),
    ("function f() { b = () => { c() } } function b() { d() } f = 1", [" c() ", " d() "]),
    (
        "(() => { function f() { b() } g = () => { f = 1; h = () => { i() } } })()",
        [" b() ", " i() "],
    ),
    ("function f() {} (b = () => { f = 1; c = () => { d() } }) => { e() }", ["", " d() ", " e() "]),
    ("function f() {} (b = () => { f = 1; c = () => { d() } }, e)", ["", " d() "]),
    ("function f() { b() }", []),
]


@pytest.mark.parametrize(("text", "quiet"), QUIET, ids=[case[0][:60] for case in QUIET])
def test_where_there_is_nothing_to_look_for(node: engine.Node, text: str, quiet: list[str]) -> None:
    [answer] = answers(node, [text])
    ends = iter(answer.quiet)
    known = text.encode()
    stretches = [known[start:end].decode() for start, end in zip(ends, ends, strict=True)]
    assert list(dict.fromkeys(stretches)) == quiet


def test_an_engine_is_asked_more_than_pipes_hold(node: engine.Node) -> None:
    texts = ["a; " + "x = () => { b() }; " * 40 + f"/* {n} */" for n in range(2000)]
    said = answers(node, texts)
    assert len(said[-1].quiet) == 80
