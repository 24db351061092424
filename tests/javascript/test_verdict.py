"""The verdict on texts: what engines run passes, what they refuse does not, nothing crashes."""

from __future__ import annotations

import sys
import types

import pytest

from guard.check import NoOptions
from guard.checks.javascript import javascript
from guard.errors import GuardError
from guard.javascript import goals, verdict
from guard.javascript.orphans import orphan
from guard.javascript.outcome import TOO_DEEP, Goal, Outcome
from guard.javascript.verdict import parse
from guard.snapshot import Snapshot

S, M, C, H = Goal.SCRIPT, Goal.MODULE, Goal.COMMONJS, Goal.HANDLER
ALL = (S, M, C, H)

# Source, the goals it is sound as; refused as all others.
TABLE = {
    "empty": ("", ALL),
    "only a byte-order mark": ("\ufeff", ALL),
    "hashbang": ("#!/usr/bin/env node\nf()", (S, M, C)),
    "hashbang after a byte-order mark": ("\ufeff#!/usr/bin/env node\nf()", (S, M, C)),
    "hashbang not on line 1": ("\n#!/usr/bin/env node", ()),
    "html comments are for scripts": ("<!-- a\nf()\n--> b", (S, C, H)),
    "the operator of the incident": ("this.$toast?.success('x')", ALL),
    "import": ("import a from 'b'", (M,)),
    "import.meta": ("import.meta.url", (M,)),
    "dynamic import": ("import('b')", ALL),
    "top-level await": ("await f()", (M,)),
    "await is a name elsewhere": ("var await = 1", (S, C, H)),
    "return": ("return 1", (C, H)),
    "new.target": ("new.target", (C, H)),
    "with": ("with (a) b", (S, C, H)),
    "octal": ("010", (S, C, H)),
    "strict octal": ("'use strict'; 010", ()),
    "redeclared parameter of CommonJS": ("const require = 1", (S, M, H)),
    "let twice": ("let a; let a", ()),
    "private name": ("class A { #b; c() { return #b in this } }", ALL),
    "private name in parentheses": ("class A { #b; c() { return (/* */ #b) in this } }", ()),
    "private name and in in parentheses": ("class A { #b; c() { return (#b in this) } }", ALL),
    "undeclared private name": ("class A { c() { this.#b } }", ()),
    "regular expression with v": ("/[\\p{L}--[a-z]]/v", ALL),
    "broken regular expression": ("/(/", ()),
    "import attributes": ("import a from 'b' with {type: 'json'}", (M,)),
    "import defer": ("import defer * as a from 'b'", (M,)),
    "import source": ("import source a from 'b'", (M,)),
    "import source in a spread": ("f(...import.source('a'), ...import/*\n*/.defer('b'))", ALL),
    "import with the old word for attributes": ("import a from 'b' assert {type: 'json'}", (M,)),
    "assert of the next line is no attribute": ("import a from 'b'\nassert {type: 'json'}", ()),
    "default in no pattern": ("[{a = 1}].b = c", ()),
    "rest in parentheses in a pattern": ("[...[([a])]] = 1", ()),
    "default in a pattern": ("[{a = 1}, b.c] = d; ({a: {b = 1}} = d)", ALL),
    "default deep in no pattern": ("for ({a: {b = 1}};;);", ()),
    "getter over two lines": ("class A { get\na() {} }", ALL),
    "getter without its body": ("class A { get\na\nb }", ()),
    "field called get": ("class A { get\n*a() {} static set; get // ;\n}", ALL),
    "class where a statement has to stand": ("if (a) class B {} / c / d", ()),
    "using in a block": ("{ using a = b }", ALL),
    "using at the top of a script": ("using a = b", (M, C, H)),
    "using in a for": ("for (using a of b);", ALL),
    "using of a for": ("for (using of b);", ALL),
    "using in for-in": ("for (using a in b);", ()),
    "using with a pattern": ("{ using {a} = b }", ()),
    "using without a value": ("{ using a }", ()),
    "using in a case": ("switch (a) { case 1: using b = c }", ()),
    "using exported": ("export using a = b", ()),
    "using twice": ("{ using a = b; let a }", ()),
    "using as a name": ("using = using\nusing\n[0]", ALL),
    "using in a comment and a string": ("// using a\n'using b'; { using c = d }", ALL),
    "await using in async": ("async () => { await using a = b }", ALL),
    "await using in for of of": ("async () => { for (await using of of []); }", ALL),
    "await using in a plain function": ("function f() { await using a = b }", ()),
    "await using at the top": ("await using a = b", (M,)),
    "using and an error": ("{ using a = b; ( }", ()),
    "call as a target": ("f() = 1", (S, C, H)),
    "call as a target of +=": ("f(a, b) += 1", (S, C, H)),
    "call as a target of ++": ("f()++; --f()", (S, C, H)),
    "call as a target of for": ("for (f() of a); for (f() in a);", (S, C, H)),
    "call in parentheses as a target": ("(f()) = 1", (S, C, H)),
    "call as a target in strict code": ("'use strict'; f() = 1", ()),
    "call as a target of &&=": ("f() &&= 1", ()),
    "call in a pattern": ("[f()] = 1", ()),
    "new as a target": ("new f() = 1", ()),
    "optional call as a target": ("f?.() = 1", ()),
    "label again in a static block": (
        "a: { class C { static { a: for (;;) { break a } } } }",
        ALL,
    ),
    "label again in static blocks within each other": (
        "a: { class C { static { a: { class D { static { a: f() } } } } } }",
        ALL,
    ),
    "label twice in a static block": ("a: { class C { static { a: { a: ; } } } }", ()),
    "label twice in a block behind a name static": ("a: { static\n{ a: ; } }", ()),
    "label twice behind a static block": ("a: { class C { static { a: ; } } a: ; }", ()),
    "label around a static block": ("a: { class C { static { break a } } }", ()),
    "throw of a template over lines": ("throw `a\nb`", ALL),
    "throw of a string over lines": ("if (a) throw 'x\\\ny'; else z", ALL),
    "throw on another line": ("throw /*\n*/ a", ()),
    "yield of a template over lines": ("function* f() { g(yield `a\n${b}`) }", ALL),
    "a name before a string over lines": ("({async 'a\\\nb'() {}})", ALL),
    "no semicolon before a string over lines": ("a 'x\\\ny'", ()),
    "no semicolon before a template over lines": ("debugger `a\nb`", ()),
    "comma before a closing parenthesis": ("(a, b,)", ()),
    "comma before a closing parenthesis and more": ("x = (a, b,) + c", ()),
    "comma behind the last parameter and argument": ("(a, b,) => f(a, b,)", ALL),
    "export without braces": ("let a; export a", ()),
    "export from without braces": ("export a from 'b'", ()),
    "const without a name": ("for (const in a);", ()),
    "const of the name of": ("for (const of of a);", ALL),
    "parameter of async in parentheses": ("async ((a), b) => 0", ()),
    "parameter in parentheses in a pattern": ("async ([(a)]) => 0", ()),
    "default of async in parentheses": ("async (a = (b), {c = (d)}) => f((a))", ALL),
    "argument of async in parentheses": ("async ((a), b)", ALL),
    "reserved word right behind a directive": ("'use strict'; package", ()),
    "reserved word right behind that of a function": ("function f() { 'use strict'; private }", ()),
    "static where a module begins": ("static", (S, C, H)),
    "static behind a string": ("x = 'use strict'; static = 1", (S, C, H)),
    "sequence as a target": ("(a, f()) = 1", ()),
    "assignment in a pattern": ("({a: (b = 0)} = 1)", ()),
    "pattern in parentheses": ("[([a])] = 1", ()),
    "pattern without a value": ("for (let [a];;);", ()),
    "pattern without a value between comments": ("for (let/* , */{a}/* of */;;);", ()),
    "pattern without a value behind a comment's end": ("for (let // a\u2028{a};;);", ()),
    "pattern without a value behind another": ("for (var b = [1], /* } */ [a];;);", ()),
    "pattern without a value and a name like of": ("for (let of, {in: a};;);", ()),
    "pattern without a value behind loops of": (
        "for (let [a] of b) f(c[0], d)\nfor (let {a};;);",
        (),
    ),
    "patterns with values in a head": ("for (let {a} = b, [c] = [1, 2], d;;) f([d], c);", ALL),
    "many comments at the beginning": ("/* a */ " * 60 + "a(" + "/* b */ " * 60 + "b)", ALL),
    "many loops without a semicolon": ("for (const [a, b] of c) f(a)\n" * 3000, ALL),
    "default of an object": ("for ({a = 0};;);", ()),
    "let before of": ("for (let.a of b);", ()),
    "in within a pattern of for": ("for (let [a = b in c] in d);", (S, C, H, M)),
    "closes the function around": ("}); (function () {", ()),
    "decorators are in no engine": ("@a class B {}", ()),
    "export default of an array": ("export default [] = a", (M,)),
    "export default of an object": ("export default {}.a()", (M,)),
    "export default with a default": ("export default { a = 1 }", ()),
    "export default of a name": ("export default from()", (M,)),
    "export default from": ("export default from 'a'", ()),
    "functions twice in catch": ("try {} catch { function a() {} function a() {} }", (S, C, H)),
    "functions twice in a strict catch": (
        "'use strict'; try {} catch { function a() {} function a() {} }",
        (),
    ),
    "let in catch of its name": ("try {} catch (a) { let a }", ()),
    "word that only begins like a reserved one": ("'use strict'; package$ = static\u200d", ALL),
    "letter that goes on with a reserved word": ("'use strict'; package\u203f", ALL),
    "space behind a reserved word": ("'use strict'; package\u00a0", ()),
    "reserved word behind a strict function": ("function f() { 'use strict' } static", (S, C, H)),
    "reserved word behind a class": ("{ class A { m() {} } package\n= 1 }", (S, C, H)),
    "async of a string over lines in a class": ("class A { async 'a\\\nb'() {} }", ALL),
    "async of a string with a separator": ("class A { static async *'a\u2028'() {} }", ALL),
    "async on another line in a class": ("class A { async\n'a'() {} }", ALL),
    "lone surrogate": ("'\ud800'", ALL),
    "undecodable byte in a string": ("'\udce9'", ALL),
    "undecodable byte in code": ("\udce9 = 1", ()),
    "NUL in code": ("\0", ()),
    "unclosed template": ("`a", ()),
    "unclosed comment": ("/* a", ()),
}


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE.keys())
def test_verdict(case: tuple[str, tuple[Goal, ...]]) -> None:
    source, sound_as = case
    assert {goal for goal in ALL if parse(source, goal).sound} == set(sound_as)


PLACES = {
    "code points, not code units": ("'😀'; f(;", 7),
    "behind a byte-order mark": ("\ufefff(;", 3),
    "the end of the text": ("f(", 2),
    "behind a call as a target": ("f() = 1; g(;", 11),
    "behind using": ("{ using a = b } g(;", 18),
}


@pytest.mark.parametrize("case", PLACES.values(), ids=PLACES.keys())
def test_problems_are_where_the_parser_gave_up(case: tuple[str, int]) -> None:
    for goal in (S, C):
        problem = parse(case[0], goal).problem
        assert problem is not None
        assert problem.offset == case[1]


DEEP = {
    "arrays": "[" * 4000 + "]" * 4000,
    "parentheses": "(" * 4000 + "a" + ")" * 4000,
    "blocks": "if (a) {" * 2000 + "}" * 2000,
    "sums": "a + " * 20000 + "a",
    "else if": "if (a) {}" + " else if (a) {}" * 4000,
    "conditions": "a ? b : " * 4000 + "c",
    "calls": "f(" * 3000 + ")" * 3000,
    "chain": "a" + ".b()" * 4000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_read(source: str) -> None:
    limit = sys.getrecursionlimit()
    assert parse(source, S).sound
    assert parse(source + ")", S).problem is not None
    assert sys.getrecursionlimit() == limit


def test_what_nothing_can_read_is_read_once_and_not_repaired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def counted(text: str, goal: Goal, *, jsx: bool = False) -> Outcome:
        asked.append(goal)
        return parse(text, goal, jsx=jsx)

    monkeypatch.setattr(goals, "parse", counted)
    monkeypatch.setattr(orphan, "find", None)
    for text, goal, message in (
        ("[" * 100_000, [C], TOO_DEEP),
        ("import a from 'b'\n" + "{" * 100_001, [M], TOO_DEEP),
        ("{\n" * 1_500, [C, S, M], "Unexpected end of input"),
    ):
        (found,) = javascript(Snapshot.of({"a.js": text}), NoOptions())
        assert found.message.endswith(message)
        assert asked == goal
        asked.clear()


def test_looks_for_early_errors_end() -> None:
    for text in (
        "/* a */\n" * 5000 + "f()",
        "// a\n" * 5000 + "f()",
        "'use strict' " + "/**/" * 5000,
    ):
        assert parse(text, S).sound
    assert parse("(" * 2000 + "a" + ")" * 2000, S).sound


def test_the_tree_of_a_wrapped_text_is_shifted() -> None:
    outcome = parse("return f()", C)
    (statement,) = outcome.tree.body
    assert statement.type == "ReturnStatement"
    assert statement.range[0] - outcome.shift == 0


def test_the_older_esprima_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    old = types.ModuleType("esprima")
    old.__dict__.update(version="4.0.1", __version__=(4, 0, 1))
    monkeypatch.setitem(sys.modules, "esprima", old)
    verdict.library.cache_clear()
    try:
        with pytest.raises(
            GuardError, match=r"esprima 4\.0\.1 stands in the place of esprima-fork"
        ):
            parse("a?.b", S)
    finally:
        verdict.library.cache_clear()
