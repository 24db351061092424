"""Patterns of JavaScript, compiled from the notation of fixes."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from guard.fixes.matching.nodes import Block, Code
from guard.fixes.matching.notation import DEEP, DOTS, MANY, ONE
from guard.fixes.matching.pattern import Pattern, PatternError, check, simplified
from guard.fixes.script.script import Script

TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<template>`(?:[^`\\]|\\.)*`)"
    r"|(?<![\w$])\$(?P<many>\.\.\.)?(?P<name>[A-Z_][A-Z_0-9]*)(?![\w$])"
    r"|(?P<open><\.\.\.)|(?P<close>\.\.\.>)"
    r"|(?P<link>\.\s*)?(?P<dots>\.\.\.(?=[\s,)\]};:.]|\Z))",
    re.DOTALL,
)


def notation(source: str) -> str:
    """A pattern as text for a JavaScript parser."""

    def stand_in(found: re.Match[str]) -> str:
        if found["template"]:
            inner = re.compile(r"(\$\{)([^{}]*)(\})")
            return inner.sub(lambda m: m[1] + notation(m[2]) + m[3], found[0])
        if found["name"]:
            return (MANY if found["many"] else ONE) + found["name"]
        if found["dots"]:
            return (found["link"] or "") + DOTS
        return f"{DEEP}(" if found["open"] else ")" if found["close"] else found[0]

    return placed(TOKEN.sub(stand_in, source))


def placed(text: str) -> str:
    """Dots where JavaScript wants more than a name: among members, cases, in the head of a loop."""
    text = re.sub(rf"([{{;}}]\s*){DOTS}(?=\s+[\w@#\[*])", rf"\1{DOTS};", text)
    text = re.sub(rf"(\bfor\s*\(\s*){DOTS}(\s*\))", rf"\1{DOTS};;\2", text)
    return re.sub(
        rf"(\bswitch\b[^{{}}]*\{{\s*){DOTS};?(?=\s*(?:\}}|case\b|default\b))",
        rf"\1case {DOTS}:",
        text,
    )


def compile(source: str) -> Pattern:  # noqa: A001
    """The pattern written in `source`; a PatternError says what is wrong with it."""
    pattern = template(source)
    check(pattern.root, source)
    return pattern


def template(source: str) -> Pattern:
    """Like `compile`, for what is written and not looked for."""
    text = notation(textwrap.dedent(source).strip())
    if text.startswith("{") and (found := as_object(source, text)) is not None:
        return found
    for whole in (text, f"{text} {{{DOTS}}}", f"{text} {DOTS}"):
        script = Script(whole.encode(), pattern=True)
        labelled = script.tree.parts and script.tree.parts[0].kind == "labeled_statement"
        if text and not script.broken and not labelled:
            body = [s.parts[0] if is_expression(s) else s for s in script.tree.parts]
            root = simplified(Block(body=[wrapped(s) for s in body] if len(body) > 1 else body))
            return Pattern(source, whole, root)
    script = Script(f"({{{text}}})".encode(), pattern=True)
    pairs = script.nodes.get("pair", [])
    if text and not script.broken and pairs and len(script.nodes["object"][0].parts) == 1:
        return Pattern(
            source, f"({{{text}}})", script.entry(pairs[-1].parts[0], pairs[-1].parts[1], pairs[-1])
        )
    raise PatternError(
        f"this pattern is not javascript:\n{textwrap.indent(source.strip(), '    ')}",
        "a pattern is code with $X, $...XS and ... in it",
    )


def as_object(source: str, text: str) -> Pattern | None:
    """A pattern in braces as an object; None where it is none but a block."""
    script = Script(f"({text})".encode(), pattern=True)
    if script.broken or len(script.tree.parts) != 1:
        return None
    found = script.tree.parts[0].parts[0]
    one = isinstance(found, Code) and found.kind == "object"
    return Pattern(source, f"({text})", found) if one else None


def is_expression(statement: Any) -> bool:
    """Whether a statement is only an expression."""
    return isinstance(statement, Code) and statement.kind == "expression_statement"


def wrapped(statement: Any) -> Any:
    """An expression as the statement it was, beside other statements."""
    if isinstance(statement, Code) and not statement.kind.endswith(("_statement", "_declaration")):
        made = Code("expression_statement", "", [statement])
        made.start, made.end = statement.start, statement.end
        return made
    return statement
