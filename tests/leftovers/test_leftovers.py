"""Leftovers that parse: each rule on what it means, on what it must leave alone, and in a hook."""

import pytest

from guard.finding import Severity
from guard.javascript.leftovers import leftovers

Found = list[tuple[str, int, str]]


def found(text: str, before: str | None = None, path: str = "a.js", **more: bool) -> Found:
    findings = list(leftovers(path, text, before, **more))
    return [(f.rule.removeprefix("javascript/"), f.at.line, f.symbol) for f in findings]


WRONG: list[tuple[str, str, Found]] = [
    ("pair", "x = {\n a: 1,\n b: 2,\n a: 3,\n};", [("duplicate-member", 4, "a")]),
    ("method", "x = {\n a() {},\n a() {},\n};", [("duplicate-member", 3, "a")]),
    ("method-and-pair", "x = {\n a() {},\n 'a': 1,\n};", [("duplicate-member", 3, "a")]),
    ("three", "x = {a: 1,\na: 2,\na: 3};", [("duplicate-member", n, "a") for n in (2, 3)]),
    ("shorthand", "x = {a,\na: 1};", [("duplicate-member", 2, "a")]),
    ("computed-literal", "x = {['a']: 1,\n[`a`]: 2};", [("duplicate-member", 2, "a")]),
    ("numbers", "x = {16: 1,\n0x10: 2, '16': 3};", [("duplicate-member", 2, "16")] * 2),
    ("escaped", "x = {'\\x61': 1,\n\\u0061: 2};", [("duplicate-member", 2, "a")]),
    ("two-getters", "x = {get a(){},\nget a(){}};", [("duplicate-member", 2, "a")]),
    ("getter-and-value", "x = {get a(){},\na: 1};", [("duplicate-member", 2, "a")]),
    ("around-spread", "x = {a: 1, ...y,\na: 2};", [("duplicate-member", 2, "a")]),
    ("class", "class A {\n a() {}\n b() {}\n a() {}\n}", [("duplicate-member", 4, "a")]),
    ("class-static", "class A { static a() {}\nstatic a() {} }", [("duplicate-member", 2, "a")]),
    ("class-field", "class A { a = 1;\na = 2; }", [("duplicate-member", 2, "a")]),
    ("function", "function f() {}\nfunction f() {}", [("duplicate-function", 2, "f")]),
    ("inner", "(() => {function f() {}\nfunction f() {}})()", [("duplicate-function", 2, "f")]),
    ("var-function", "var f = () => 1;\nfunction f() {}", [("duplicate-function", 2, "f")]),
    ("async", "async function f() {}\nfunction* f() {}", [("duplicate-function", 2, "f")]),
    ("return", "function f() {\n return 1;\n g();\n}", [("unreachable", 3, "")]),
    ("throw", "function f() {\n throw 1;\n g();\n}", [("unreachable", 3, "")]),
    ("break", "for (;;) {\n break;\n g();\n}", [("unreachable", 3, "")]),
    ("continue", "for (x of y) {\n continue;\n g();\n}", [("unreachable", 3, "")]),
    ("if-else", "function f() {\n if (a) return 1; else return 2;\n g();\n}", [("unreachable", 3, "")]),
    ("else-if", "function f(){if(a){return}else if(b){return}else{throw c}\ng()}", [("unreachable", 2, "")]),
    ("try-catch", "function f(){try{return a()}catch(e){return}\ng()}", [("unreachable", 2, "")]),
    ("finally", "function f(){try{a()}finally{return}\ng()}", [("unreachable", 2, "")]),
    ("switch", "function f(){switch(a){case 1:return;default:throw b}\ng()}", [("unreachable", 2, "")]),
    ("endless", "function f(){while(true){if(a){return}}\ng()}", [("unreachable", 2, "")]),
    ("endless-for", "function f(){for(;;){switch(a){case 1:break}}\ng()}", [("unreachable", 2, "")]),
    ("do", "function f(){do{return}while(a)\ng()}", [("unreachable", 2, "")]),
    ("in-case", "switch(a){case 1:\nthrow b;\ng();\ncase 2: h()}", [("unreachable", 3, "")]),
    ("after-hoisted", "function f(){return g();\nfunction g(){}\nh()}", [("unreachable", 3, "")]),
    ("comment-between", "function f(){return\n// why\ng()}", [("unreachable", 3, "")]),
    ("break-after-return", "switch(a){case 1: f(); throw b;\nbreak; case 2:}", [("unreachable", 2, "")]),
    ("key-of-a-string", "name: 'x'", [("stray-label", 1, "name")]),
    ("key-of-a-call", "a();\ntimeout: b()", [("stray-label", 2, "timeout")]),
    ("key-of-an-object", "style: {\n color: red\n}", [("stray-label", 1, "style")]),
    ("key-in-a-block", "f();\n{ color: 1 }\ng()", [("stray-label", 2, "color")]),
    ("key-of-a-call-in-a-block", "function f() { { color: b() } }", [("stray-label", 1, "color")]),
    ("key-in-an-arrow", "f(a => { color: b() })", [("stray-label", 1, "color")]),
    ("url", "http://example.org\nf()", [("stray-label", 1, "http")]),
    ("unused-label", "a: while (b) { break }", [("unused-label", 1, "a")]),
    ("label-of-inner-function", "a: while (b) { c = () => { a: while (c) break a } }", [("unused-label", 1, "a")]),
    ("this", "let a;\nthis.$toast?.success('x')", [("stray-this", 2, "$toast")]),
    ("this-in-block", "if (a) {\nthis.load()\n}", [("stray-this", 2, "load")]),
    ("this-awaited", "await this.load()\nexport {}", [("stray-this", 1, "load")]),
    ("this-in-module", "import 'a'\nthis.loading = false", [("stray-this", 2, "loading")]),
    ("name", "a();\nb", [("no-effect", 2, "")]),
    ("member", "a();\nb.c", [("no-effect", 2, "")]),
    ("optional-member", "a();\nb?.c", [("no-effect", 2, "")]),
    ("comparison", "a();\nb == c()", [("no-effect", 2, "")]),
    ("negation", "a();\n-b()", [("no-effect", 2, "")]),
    ("string", "a();\n'use strict'", [("no-effect", 2, "")]),
    ("template", "a();\n`b`", [("no-effect", 2, "")]),
    ("arrow", "a();\n() => b()", [("no-effect", 2, "")]),
    ("uncalled", "a();\n(function () { b() })", [("no-effect", 2, "")]),
    ("short-circuit-of-nothing", "a();\nb() && c", [("no-effect", 2, "")]),
    ("ternary-of-nothing", "a();\nb ? c : d()", [("no-effect", 2, "")]),
    ("lone-value", "({ a: 1 })", [("no-effect", 1, "")]),
    ("variable-of-that-name", "function f() {}\nvar f = 1", [("duplicate-function", 2, "f")]),
    ("parameter-of-that-name", "x = function (g) {\nfunction g() {} }", [("duplicate-function", 2, "g")]),
    ("catch-of-nothing", "function f() { try { return 1 }\ncatch { g() } }", [("unreachable", 2, "")]),
    ("fields-never-made", "class A extends B {\na = 1;\nconstructor() {} }", [("unreachable", 2, "")]),
    ("assigned", "function f() {}\nf = 1", [("reassigned-function", 2, "f")]),
    ("assigned-inside", "function f() {\nf = 1 }", [("reassigned-function", 2, "f")]),
    ("destructured", "function f() {}\n({a: [f = 2]} = b)", [("reassigned-function", 2, "f")]),
    ("incremented", "function f() {}\nf++", [("reassigned-function", 2, "f")]),
    ("for-of", "function f() {}\nfor (f of g) h()", [("reassigned-function", 2, "f")]),
    ("own-name", "(function f() {\nf = 1 })()", [("reassigned-function", 2, "f")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_a_leftover_is_found(text: str, expected: Found) -> None:
    assert found(text) == expected


SOUND = [
    ("accessors", "x = {get a() {}, set a(v) {}}; class A {get a() {} set a(v) {}}"),
    ("static-and-instance", "class A { a() {} static a() {} }"),
    ("proto", "x = {__proto__: a, ['__proto__']: b}"),
    ("computed", "x = {[a]: 1, [a]: 2, [`${b}`]: 3, [`${b}`]: 4}"),
    ("nested-objects", "x = {a: {a: 1}, b: {a: 1}}"),
    ("spread", "x = {...a, ...a}"),
    ("private", "class A { #a = 1; a() {} }"),
    ("patterns", "const {a: b, a: c} = d"),
    ("branches", "if (a) { function f() {} } else { function f() {} }"),
    ("scopes", "function f() {} function g() { function f() {} }"),
    ("assigned-var", "var f; f = function () {}; var f = 1;"),
    ("shadowed", "function f() {} function g(f) { f = 1; } function h() { let f; f = 2 }"),
    ("shadowed-by-var", "function f() {} function g() { f = 1; if (a) { var f } }"),
    ("shadowed-in-catch", "function f() {} try { a() } catch (f) { f = 1 }"),
    ("member-write", "function f() {} f.a = 1; a.f = 2; ({f: b} = c)"),
    ("babel-helper", "function _typeof(o) { return _typeof = g(), _typeof(o) }"),
    ("hoisted", "function f() { return g(); function g() {} var h; }"),
    ("no-default", "function f() { switch (a) { case 1: return } g() }"),
    ("break-out", "function f() { switch (a) { case 1: break; default: return } g() }"),
    ("loop-left", "function f() { while (true) { if (a) break } g() }"),
    ("label-left", "function f() { a: for (;;) { for (;;) { break a } } g() }"),
    ("block-left", "function f() { a: { if (b) break a; return } g() }"),
    ("do-continued", "function f() { do { if (a) continue; return } while (b); g() }"),
    ("one-branch", "function f() { if (a) return; g() }"),
    ("try-falls-through", "function f() { try { return a() } catch (e) {} g() }"),
    ("next-case", "switch (a) { case 1: throw b; case 2: g() }"),
    ("condition-not-constant", "function f() { while (a) { return } g() }"),
    ("empty-statement", "function f() { return a;; }"),
    ("loop-label", "a: for (;;) { for (;;) { continue a } }"),
    ("step-behind-a-line", "let c = a/*\n*/++b"),
    ("attributes-on-the-next-line", "import a from 'b'\nwith {type: 'json'}\na()"),
    ("old-attributes", "export * from 'b' assert\n{type: 'json'}"),
    ("directives", "'use strict'; 'use asm'; function f() { 'use strict'; a() }"),
    ("arrow-directive", "x = () => { 'use strict'; a() }"),
    ("short-circuit", "a && b(); a || (b = 1); a ?? b(); a?.b && c.d()"),
    ("ternary", "a ? b() : c(); a ? b() : null"),
    ("calls", "a(); a?.(); a?.b(); new A; a`b`; import('a'); (0, a.b)()"),
    (
        "iife",
        "(function () { a() })(); (() => a())(); !function () { a() }(); +function(){}.call(a)",
    ),
    ("await", "x = async () => { await a; for await (const x of y) z(x) }"),
    ("yield", "function* f() { yield; yield a }"),
    ("void-delete", "void 0; void a; delete a.b"),
    ("update", "a++; --b; a += 1; [a, b] = [b, a]; ({a} = b)"),
    ("sequence-of-acts", "a = 1, b(); for (a = 0, b = 1; a < b; a++, b--) c()"),
    ("debugger", "debugger;; ;{}"),
    ("chai", "a(); expect(b).to.be.true; expect(c).not.ok"),
    ("layout", "a(); element.offsetWidth; element.a.clientHeight"),
    ("declared-for-docs", "class A { constructor() {\n/** @type {number} */\nthis.a;\n} }"),
    ("tried", "a(); try { b.c } catch { d() }"),
    ("jsx", "a(); <b c={1} />"),
    ("value-file", "({\n a: 1,\n})"),
    ("value-file-function", "// c\n(function (doc) {\n emit(doc)\n})"),
    ("this-in-function", "a = function () { this.b() }; class A { c = this.d() }"),
    ("umd", "(function (root) { root.a() })(this); (function () { this.a() }).call(this)"),
    ("this-exports", "this.a = 1; var b = this.b || {}; var c = (this && this.c) || d"),
    ("this-global", "this.addEventListener('a', b); this.App.start()"),
    ("this-own-global", "this.start = function () {}; this.start()"),
    ("this-in-arrow", "const f = () => this.a()"),
    ("javascript-url", "javascript: a()"),
    ("using", "{ using a = b(); await using c = d() }"),
    (
        "this-in-a-torn-tree",
        "x = { render() { if (a) b = this.c(); } }; class A { @d accessor e = 1 }",
    ),
    ("module", "import a from 'a'; export default a; export * from 'b'; import.meta.c()"),
    ("hashbang", "#!/usr/bin/env node\n'use strict'\na()"),
]


@pytest.mark.parametrize("text", [c[1] for c in SOUND], ids=[c[0] for c in SOUND])
def test_sound_code_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_svelte_and_handlers_have_a_this_and_labels_of_their_own() -> None:
    assert found("a();\n$: b = c", path="a.svelte") == []
    assert found("a();\n$: b = c", path="a.js") == [("stray-label", 2, "$")]
    assert found("this.form.submit(); event.returnValue", handler=True) == []


def test_where_it_stands_and_what_it_says() -> None:
    [one] = leftovers("a.js", "é = '𝒳'; x = {\n  'é𝒳': 1,  a: 2,\n  a: 3,\n}")
    assert (one.at.line, one.at.column, one.at.end_line, one.at.end_column) == (3, 3, 3, 7)
    assert [(r.line, r.column) for r in one.related] == [(2, 13)]
    assert one.severity is Severity.ERROR
    assert "'a'" in one.message
    assert not one.message.endswith(".")


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("x = {a: 1, a: 2}", Severity.ERROR),
        ("function f() { return; g() }", Severity.ERROR),
        ("switch (a) { case 1: throw b; break }", Severity.WARNING),
        ("function f() {} function f() {}", Severity.ERROR),
        ("function f() {} var f", Severity.WARNING),
        ("a: 1", Severity.ERROR),
        ("a: for (;;) b()", Severity.WARNING),
        ("a(); b", Severity.WARNING),
        ("function f() {} f = 1", Severity.WARNING),
    ],
)
def test_only_what_is_surely_wrong_fails_the_run(text: str, severity: Severity) -> None:
    assert [f.severity for f in leftovers("a.js", text)] == [severity]


@pytest.mark.parametrize(
    ("text", "part"),
    [("a(); b", False), ("a(); b && c", False), ("a(); b ? b : b = c", True), ("a(), b", True)],
)
def test_it_is_not_said_of_a_whole_that_it_does_nothing_where_a_part_acts(
    text: str, part: bool
) -> None:
    [one] = leftovers("a.js", text)
    assert one.message == ("a part of this" if part else "this") + " statement does nothing"


OLD_SIN = "x = {a: 1, a: 2};\nfunction f() {\n  return 1;\n  old();\n}\n"

CHANGES: list[tuple[str, str, str, Found]] = [
    ("nothing-changed", OLD_SIN, OLD_SIN, []),
    ("elsewhere", OLD_SIN, "import 'b';\n\n" + OLD_SIN + "g();\n", []),
    ("reindented", OLD_SIN, OLD_SIN.replace("  old", "      old"), []),
    ("edited-in-place", OLD_SIN, OLD_SIN.replace("old()", "older(1)"), []),
    ("function-renamed", OLD_SIN, OLD_SIN.replace("f()", "renamed()"), []),
    ("another", OLD_SIN, OLD_SIN + "y = {b: 1, b: 2}", [("duplicate-member", 6, "b")]),
    ("same-once-more", OLD_SIN, OLD_SIN + "y = {a: 1, a: 2}", [("duplicate-member", 6, "a")]),
    ("return-before-old-code", "function f() {\n g();\n}", "function f() {\n return;\n g();\n}", [("unreachable", 3, "")]),
    ("twin-inserted-before", "x = {\n a: 1,\n}", "x = {\n a: 0,\n a: 1,\n}", [("duplicate-member", 3, "a")]),
    ("before-did-not-parse", "x = {a: 1, a: 2}; function (", "x = {a: 1, a: 2};", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "text", "expected"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_change_answers_only_for_what_it_brought_in(
    before: str, text: str, expected: Found
) -> None:
    assert found(text, before) == expected


WRITTEN_BY_A_PROGRAM = "a;b==c;x={a:1,a:2};" * 200


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", WRITTEN_BY_A_PROGRAM),
        ("a.min.js", "a();b"),
        ("a.js", "/*\n * A licence\n" * 40 + "*/\n" + WRITTEN_BY_A_PROGRAM * 5),
    ],
    ids=["one-long-line", "by-name", "licence-first"],
)
def test_minified_files_are_nobodys_edit(path: str, text: str) -> None:
    assert found(text, path=path) == []


def test_an_image_in_the_code_does_not_make_it_minified() -> None:
    text = f"const image = '{'A' * 20_000}'\n" + "f()\n" * 30 + "x = {a: 1, a: 2}\n"
    assert found(text) == [("duplicate-member", 32, "a")]


def test_lines_that_a_program_wrote_are_left_out() -> None:
    """Compiled code stands in a few long lines among short ones."""
    short = "f();\n" * 200
    assert found(f"{short}x = {{a: 1, a: 2}};\n") == [("duplicate-member", 201, "a")]
    assert found(f"{short}x = {{a: 1, a: 2}}; {'f();' * 200}\n") == []


def test_what_the_grammar_cannot_read_is_not_guessed_at() -> None:
    """A decorator's `accessor` is ahead of the grammar: no rule speaks of that class."""
    assert found("class A { @b accessor c = 1; @b accessor c = 1 }\nx = {a: 1, a: 2}") == [
        ("duplicate-member", 2, "a")
    ]
