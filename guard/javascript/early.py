"""Early errors that esprima does not report: looked for where the text could hold one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

# Cheap looks at the text, so that few trees are walked: each matches more than it means, and
# begins with letters, which `re` finds ten times as fast as anything else.
COMMENT = r"/\*(?:(?!\*/).)*+\*/|//[^\r\n\u2028\u2029]*+"
GAP = rf"(?>(?:\s|{COMMENT})*)"
COVERED = r"(?:[^;()}]|\([^()]*\))*\{[^{}()]*=(?![=>])"
LET = r"\s*let\s*[^\s\w$\[{]"
CONST = r"\s*const\s+(?:in|of)\b"
WHOLE = r"""(?:[\w$]+|\[[^][{}();/'"`]*\]|\{[^][{}();/'"`]*\})"""
# A head of three parts: one that goes `of` or `in` something may be far from the next semicolon,
# and is not looked through again for each of many.
PATTERN = (
    rf"\s*(?:let|var|const)\b(?!{GAP}{WHOLE}\s*\b(?:of|in)\b)(?:[^;]{{1000}}|"
    rf"(?={GAP}[\[{{]|[^;]{{0,1000}}?,{GAP}[\[{{])[^;]{{0,1000}}[\]}}]{GAP}[;,])"
)
ASYNC = r"[^;]{0,300}?[(,\[:.]\s*\(\s*[\w$\\]+\s*\)|\s*\("
RESERVED = r"(?:implements|interface|package|private|protected|public|static)(?![\w$\\])"
LOOKS = [
    re.compile(look, re.DOTALL)
    for look in (
        rf"for\s*(?:await\s*)?\((?:{LET}|{CONST}|{PATTERN}|{COVERED})",
        rf"async\s*\((?:{ASYNC}|{COVERED})",
        r"export\s+(?!(?:default|const|let|var|function|class|async|import|enum)\b)[\w$\\]",
        rf"use strict['\"]{GAP};?{GAP}{RESERVED}",
        rf"\A{GAP}{RESERVED}",
        # A getter that lost its rest: what stands on the next line is its name.
        r"[gs]et(?<![\w$.][gs]et)[^\S\r\n\u2028\u2029]*+(?:[\r\n\u2028\u2029]|/[/*])",
        # A private name in parentheses.
        rf"\((?>(?:\s|\(|{COMMENT})*)#[^\s/()]+(?>(?:\s|\)|{COMMENT})*)in\b",
        # A pattern, or a target with its default.
        r"[\[,:.]\s*\(+\s*(?:[\[{]|[\w$.\[\]]+\s*=(?![=>]))(?:[^()]|\([^()]*\))*\)\s*[,\]})]",
    )
]

BESIDES = re.compile(COMMENT, re.DOTALL)

PATTERNS = ("ArrayPattern", "ObjectPattern")
PLAIN = frozenset([str, int, float, bool, type(None)])
"""The types of what nodes hold that are no nodes."""


def missed(tree: Any, source: str, shift: int) -> tuple[str, int] | None:
    """The first early error in a tree that esprima accepted: a message, and an offset in it."""
    if not any(look.search(source) for look in LOOKS):
        return None
    found = [place for node in nodes(tree) for place in errors(node, source, shift)]
    if not found:
        return None
    at, message = min(found)
    return message, at


def errors(node: Any, source: str, shift: int) -> Iterator[tuple[int, str]]:
    """The early errors of one node."""
    kind = node.type
    if kind == "ObjectExpression":
        for member in node.properties:
            if getattr(getattr(member, "value", None), "type", "") == "AssignmentPattern":
                yield member.range[0], "Invalid shorthand property initializer"
    elif kind == "ClassBody":
        yield from lost_accessors(node, source, shift)
    elif kind == "ExportDefaultSpecifier":
        yield node.range[0], "Unexpected identifier"
    elif kind in ("ForInStatement", "ForOfStatement") and getattr(node.left, "name", "") == "const":
        yield node.left.range[1], f"Unexpected token {'in' if kind == 'ForInStatement' else 'of'}"
    elif kind == "ArrowFunctionExpression" and node.isAsync:
        for part in [*node.params, *(p for whole in node.params for p in bound(whole))]:
            if getattr(part, "_parenthesized", False):
                yield part.range[0], "Invalid destructuring assignment target"
    elif kind in ("Program", "Script", "Module", "BlockStatement"):
        yield from reserved(node, source, shift)
    elif kind == "BinaryExpression" and node.left.type == "PrivateIdentifier":
        if getattr(node.left, "_parenthesized", False):
            yield node.left.range[0], "Unexpected private identifier"
    elif kind == "ForStatement" and getattr(node.init, "type", "") == "VariableDeclaration":
        for declarator in node.init.declarations:
            if declarator.id.type in PATTERNS and declarator.init is None:
                yield declarator.range[0], "Missing initializer in destructuring declaration"
    elif kind == "ForOfStatement" and node.left.type != "VariableDeclaration":
        start = node.left.range[0]
        if re.match(r"let(?![\w$\\])", source[start - shift : start - shift + 4]):
            yield start, "The left-hand side of a for-of loop may not start with 'let'"
    assigns = kind in ("AssignmentExpression", "ForOfStatement", "ForInStatement")
    if assigns and node.left.type in PATTERNS:
        for part in parts(node.left):
            if getattr(part, "_parenthesized", False):
                yield part.range[0], "Invalid destructuring assignment target"


def lost_accessors(node: Any, source: str, shift: int) -> Iterator[tuple[int, str]]:
    """The fields `get` and `set` that no semicolon ends: what follows on the next line is theirs.

    esprima ends them at the line; a method whose name comes first is what they get or set.
    """
    for member, after in itertools.pairwise(node.body):
        named = after.type == "MethodDefinition" and (
            after.computed or after.key.range[0] == after.range[0]
        )
        if (
            not named
            and member.type == "PropertyDefinition"
            and member.value is None
            and not member.computed
            and getattr(member.key, "name", "") in ("get", "set")
            and ";" not in BESIDES.sub("", source[member.range[0] - shift : after.range[0] - shift])
            and source[after.range[0] - shift] != "*"
        ):
            yield after.range[1], "Unexpected token: a getter or setter without its parentheses"


def reserved(node: Any, source: str, shift: int) -> Iterator[tuple[int, str]]:
    """The first statement of strict code, if a word that is reserved there begins it.

    esprima has read it before it knows that the code is strict.
    """
    module = getattr(node, "sourceType", "") == "module"
    strict = module
    for statement in node.body:
        said = getattr(statement, "directive", None)
        if said is None:
            at = statement.range[0]
            first = re.match(RESERVED, source[at - shift : at - shift + 12])
            if strict and first and not continues(source[at - shift + first.end() :][:1]):
                yield at, "Unexpected strict mode reserved word"
            return
        strict = strict or said == "use strict"


def continues(letter: str) -> bool:
    """Whether a letter goes on with a name, and `re` does not know it."""
    return f"a{letter}".isidentifier() if letter not in "\u200c\u200d" else letter != ""


def bound(pattern: Any) -> Iterator[Any]:
    """Whatever is inside a pattern that binds names."""
    todo = [pattern]
    while todo:
        node = todo.pop()
        inner = {
            "ArrayPattern": "elements",
            "ObjectPattern": "properties",
            "RestElement": "argument",
            "AssignmentPattern": "left",
            "Property": "value",
        }.get(node.type)
        value = getattr(node, inner) if inner is not None else []
        children = value if isinstance(value, list) else [value]
        todo += [child for child in children if child is not None]
        yield from (child for child in children if child is not None)


def parts(pattern: Any) -> Iterator[Any]:
    """The patterns and defaults inside an assignment pattern."""
    todo = [pattern]
    while todo:
        node = todo.pop()
        if node.type == "ArrayPattern":
            inner = [element for element in node.elements if element is not None]
        elif node.type == "ObjectPattern":
            inner = [getattr(member, "value", None) for member in node.properties]
            inner = [value for value in inner if value is not None]
        elif node.type == "AssignmentPattern":
            inner = [node.left]
        elif node.type == "RestElement":
            inner = [node.argument]
        else:
            continue
        for child in inner:
            if child.type == "RestElement":
                todo.append(child)
            elif child.type in (*PATTERNS, "AssignmentPattern"):
                yield child
                todo.append(child)


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of a tree."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for name, value in node.__dict__.items():
            kind = type(value)
            if kind in PLAIN or name[0] == "_" or name == "range":
                continue
            if kind is list:
                todo += [child for child in value if hasattr(child, "type")]
            elif hasattr(value, "type"):
                todo.append(value)
