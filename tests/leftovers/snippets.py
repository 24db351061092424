"""The snippets of tests/data/leftovers, what ESLint says of them, and how to ask guard the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guard.check import discover
from guard.javascript.outcome import Goal
from guard.javascript.verdict import parse
from guard.snapshot import Snapshot

DATA = Path(__file__).parent.parent / "data" / "leftovers"
ANSWERS = DATA / "eslint.json"

RULES: dict[str, Any] = {
    "no-dupe-keys": "error",
    "no-dupe-class-members": "error",
    "no-redeclare": ["error", {"builtinGlobals": False}],
    "no-unreachable": "error",
    "no-unused-labels": "error",
    "no-unused-expressions": [
        "error",
        {"allowShortCircuit": True, "allowTernary": True, "allowTaggedTemplates": True},
    ],
    "no-func-assign": "error",
}
"""ESLint's rules, with the options under which they mean what guard's mean."""

THEIRS = {
    "javascript/duplicate-function": "no-redeclare",
    "javascript/unreachable": "no-unreachable",
    "javascript/stray-label": "no-unused-labels",
    "javascript/unused-label": "no-unused-labels",
    "javascript/no-effect": "no-unused-expressions",
    "javascript/reassigned-function": "no-func-assign",
}

GOALS = {"M ": ("module", "a.mjs"), "C ": ("commonjs", "a.cjs"), "J ": ("script", "a.jsx")}

Found = tuple[str, int, int]
"""ESLint's name of a rule, line, column."""

Region = tuple[str, int, int, int, int]
"""ESLint's name of a rule, first and last line and column."""


@dataclass(frozen=True)
class Case:
    rule: str  # the rule it is about; empty for all
    text: str
    goal: str
    path: str = "a.js"
    key: str = ""  # as it stands in snippets.txt


def read() -> list[Case]:
    rule, cases = "", []
    for line in (DATA / "snippets.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            rule = line[2:]
        elif line and not (line.startswith("// ") and not rule):
            goal, path = GOALS.get(line[:2], ("script", "a.js"))
            text = line[2:] if line[:2] in GOALS else line
            cases.append(Case(rule, text.replace("⏎", "\n"), goal, path, line))
    return cases


def by_guard(case: Case) -> list[Region]:
    """What guard finds, under ESLint's names of the rules."""
    check = discover()["javascript"]
    found = []
    for one in check.run(Snapshot.of({case.path: case.text}), check.options()):
        rule = THEIRS.get(one.rule, one.rule)
        if one.rule == "javascript/duplicate-member":
            rule = "no-dupe-class-members" if "this class" in one.message else "no-dupe-keys"
        at = one.at
        found.append((rule, at.line, at.column, at.end_line, at.end_column))
    return found


def agree(ours: Sequence[Region], theirs: Sequence[Found]) -> bool:
    """Whether both found the same places: one of theirs in each of ours, on its first line.

    Guard marks the whole member or function, ESLint its name. A stretch of dead code is one
    region of guard's; ESLint splits it at functions and classes.
    """
    theirs = sorted(set(theirs))
    if all(rule == "no-unreachable" for rule, *_ in (*ours, *theirs)):
        return all(one[:3] in theirs for one in ours) and all(
            any(b[1:3] <= a[1:] < b[3:] for b in ours) for a in theirs
        )
    pairs = zip(sorted(ours), theirs, strict=False)
    return len(ours) == len(theirs) and all(
        a[:2] == b[:2] and a[1:3] <= b[1:] < a[3:] for a, b in pairs
    )


def sound(text: str) -> bool:
    return parse(text, Goal.SCRIPT).sound


CASES = read()

REASONS: dict[str, Sequence[str]] = {
    "what declares no function is not this rule's business": (
        "var a = 1; var a = 2;", "var a; var a;", "var a, a;", "function f(g) { var g; }",
        "class A { static { var g; var g; } }", "/* global a */ var a;", "function f(a, a) {}",
        "var f = class {}; var f = class {};",
    ),
    "a comment declares nothing": ("/* global a */ function a() {}",),
    "functions that are values, in other branches or expressions, are alternatives": (
        "function f(g) { var g = function () {}; }",
        "for (var f = function () {}; ;) { var f = function () {}; }",
        "for (var f in a) { var f = function () {}; }",
        "if (a) function f() {} else function f() {}",
        "var f = cond ? function () {} : function () {}; var f = function () {};",
        "function f() { if (a) { var g = function () {}; } else { var g = function () {}; } }",
        "function f() { var g = function () {}; if (a) { var g = function () {}; } }",
    ),
    "a finally block is reached by a break or continue in its try; ESLint 9 thinks not": (
        "function f() { while (true) { try { break; } finally { } } g(); }",
        "function f() { while (true) { try { break; } finally { return; } } g(); }",
        "function f() { for (;;) { try { continue; } finally { g(); } h(); } }",
    ),
    "an object that lost its name is one finding, not one for each of its keys": (
        "A: { B: 1 }", "A: { B: { C: 1 } }",
    ),
    "the label says it already": ("label: a", "label: 'a'"),
    "so begin the URLs that run code": ("javascript: void 0;", "javascript: a();"),
    "it does something, the value is not what it is for": (
        "a ? b() : null", "a ? b() : 0", "a ? (b(), c()) : d()", "f(), g()", "a = 1, b = 2",
        "a++, b--", "((a(), b()))", "!function () {}()", "+function () { a() }()",
        "-function () { a() }.call(b)", "~function () {}()", "!(() => {})()",
    ),
    "a member of a call's result is an assertion, or a getter read for what it does": (
        "a().b", "a.b().c", "new a().b", "a`b`.c", "M (await a).b",
        "async function f() { (await a).b; }", "function* f() { (yield a).b; }",
        "expect(a).to.be.true", "expect(a).to.be.true;⏎expect(b).not.ok;", "a(); b().c;",
        "a(); b.c(d).e;", "C require('a').b",
    ),
    "a getter is tried out": ("try { a.b } catch (e) { }",),
    "a member is declared for its documentation": (
        "/** @type {A} */ a.b;", "/** @type {A} */ this.b;",
        "class A { constructor() { /** @type {A} */ this.b; } }",
    ),
    "browsers compute the layout when this is read": (
        "a.offsetWidth", "a(); a.offsetWidth;", "a(); a.b.clientHeight",
    ),
    "Babel's helpers replace themselves": (
        "function _f() { _f = a(); return _f(); }",
        "function _extends() { _extends = Object.assign || function () {}; "
        "return _extends.apply(this, arguments); }",
    ),
    "the grammar cannot read a name in parentheses in a pattern": (
        "function f() {} ([(f)] = a);", "function f() {} ({ a: (f) } = b);",
    ),
}  # fmt: skip
"""The snippets of which guard says something else on purpose, by the reason why."""

DIFFERENT = {key for keys in REASONS.values() for key in keys}
