"""Writes pieces of a replacement: its own text, with the code's text where metavariables stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from guard.fixes.matching.env import MISSING, Content, Env, Ident, lookup
from guard.fixes.matching.nodes import AnyText, Code, Dots, One
from guard.fixes.matching.pattern import Pattern, children
from guard.fixes.matching.text import Python


class NoRepair(Exception):
    """There is no safe way to write the replacement here; says why."""


PRECEDENCE: dict[type, int] = {
    ast.NamedExpr: 0,
    ast.Yield: 0,
    ast.YieldFrom: 0,
    ast.Tuple: 0,
    ast.Lambda: 1,
    ast.IfExp: 2,
    ast.Or: 3,
    ast.And: 4,
    ast.Not: 5,
    ast.Compare: 6,
    ast.BitOr: 7,
    ast.BitXor: 8,
    ast.BitAnd: 9,
    ast.LShift: 10,
    ast.RShift: 10,
    ast.Add: 11,
    ast.Sub: 11,
    ast.Mult: 12,
    ast.Div: 12,
    ast.FloorDiv: 12,
    ast.Mod: 12,
    ast.MatMult: 12,
    ast.USub: 13,
    ast.UAdd: 13,
    ast.Invert: 13,
    ast.Pow: 14,
    ast.Await: 15,
}
ATOM = 16


def precedence(node: Any) -> int:
    """How tightly an expression holds together, as the Python reference orders operators."""
    if isinstance(node, Code):
        return CODE.get(node.kind, ATOM)
    return PRECEDENCE.get(type(getattr(node, "op", node)), ATOM)


CODE: dict[str, int] = {
    "sequence_expression": 0,
    "arrow_function": 1,
    "assignment_expression": 1,
    "augmented_assignment_expression": 1,
    "yield_expression": 1,
    "ternary_expression": 2,
    "binary_expression": 3,
    "unary_expression": 13,
    "update_expression": 13,
    "await_expression": 13,
}
"""The same for JavaScript; its binary operators are taken to be all alike."""

LOOSE = frozenset(
    "arguments pair array return_statement variable_declarator expression_statement if_statement"
    " while_statement template_substitution assignment_expression".split()
)
"""Kinds of nodes whose parts need no parentheses, unless they are a sequence."""


def demanded(parent: Any, child: Any) -> int:
    """The least precedence of what may stand without parentheses in the place of `child`."""
    if isinstance(parent, Code):
        return 1 if parent.kind in LOOSE else min(precedence(parent) + 1, ATOM)
    if isinstance(parent, (ast.Attribute, ast.Call, ast.Subscript)):
        head = parent.func if isinstance(parent, ast.Call) else parent.value
        return ATOM if head is child else 1
    if isinstance(parent, ast.BinOp):
        mine = precedence(parent)
        right = parent.right is child
        return mine + (right is not isinstance(parent.op, ast.Pow))
    if isinstance(parent, (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.Await)):
        return precedence(parent) + (not isinstance(parent, ast.UnaryOp))
    if isinstance(parent, ast.IfExp):
        return 2 if parent.orelse is child else 3
    if isinstance(parent, (ast.Starred, ast.comprehension)):
        return 7 if isinstance(parent, ast.Starred) else 3
    if isinstance(parent, (ast.Assign, ast.Return, ast.Expr, ast.AugAssign, ast.AnnAssign)):
        return 0
    return 1


def parenthesised(text: str, outcome: Any, place: Any, file: Python) -> str:
    """`text` in parentheses where the place of a node in the code demands them."""
    start, end = file.span(place)
    before, after = file.text[:start].rstrip(" \t"), file.text[end:].lstrip(" \t")
    if before.endswith("(") and after.startswith(")"):
        return text
    if isinstance(outcome, ast.NamedExpr) and text.startswith("("):
        return text  # it brought its own
    least = demanded(getattr(place, "up", None), place)
    broken = "\n" in text and precedence(outcome) < ATOM
    return f"({text})" if precedence(outcome) < least or broken else text


def indentation(file: Python, start: int) -> str:
    """The white space that the line of an offset begins with."""
    line = file.text[file.text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip(" \t\f"))]


TOKEN = re.compile(
    r"(?P<star>\*{0,2})_guard_(?P<kind>1|n)_(?P<name>[A-Z_][A-Z_0-9]*)"
    r"|\*{0,2}_guard_(?P<dots>dots)_(?:=0)?"
    r"|(?P<quote>[\"'])\$(?P<text>[A-Z_][A-Z_0-9]*)(?P=quote)"
)


class Rendering:
    """One replacement, with what one match found."""

    def __init__(self, pattern: Pattern, replacement: Pattern, env: Env, file: Python) -> None:
        self.replacement = replacement
        self.env = env
        self.file = file
        self.above = {id(c): node for node in below(replacement.root) for c in children(node)}
        mine = ordered(pattern.root)
        theirs = ordered(replacement.root)
        self.dots = (
            dict(zip(map(id, theirs), mine, strict=False)) if len(theirs) <= len(mine) else {}
        )
        self.starts = [0]
        for line in replacement.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.at = {
            self.place(node)[0]: node
            for node in below(replacement.root)
            if isinstance(node, (One, Dots, AnyText)) and stands(node)
        }

    def place(self, node: Any) -> tuple[int, int]:
        """Where a node of the replacement stands in its text."""
        lines = self.replacement.text.split("\n")

        def offset(line: int, column: int) -> int:
            return self.starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

        if isinstance(start := getattr(node, "start", None), int):
            return start, node.end
        start = offset(node.lineno, node.col_offset)
        for decorator in getattr(node, "decorator_list", ()):
            first = offset(decorator.lineno, decorator.col_offset)
            start = self.replacement.text.rindex("@", 0, first)
            break
        return start, offset(node.end_lineno, node.end_col_offset)

    def outcome(self, node: Any) -> Any:
        """The node that decides how tightly the written text holds together."""
        if isinstance(node, One):
            value = lookup(self.env, node.name)
            return value if isinstance(value, ast.AST) else node
        return node

    def expression(self, node: Any) -> str:
        """The text of an expression, or of an argument, of the replacement."""
        return self.filled(*self.place(node), "")

    def statement(self, node: Any, indent: str) -> str:
        """The text of a statement, its further lines behind `indent`."""
        return self.filled(*self.place(node), indent)

    def filled(self, start: int, end: int, indent: str) -> str:
        """The text from `start` to `end` with metavariables filled in."""
        text = self.replacement.text
        out, at = [], start
        for found in TOKEN.finditer(text, start, end):
            out.append(self.own(text[at : found.start()], indent))
            piece = self.piece(found, indent)
            at = found.end()
            if piece is None:
                # nothing stands for it: its comma goes with it
                if comma := re.compile(r"\s*,\s*").match(text, at, end):
                    at = comma.end()
                else:
                    out[-1] = re.sub(r"\s*,\s*\Z", "", out[-1])
                continue
            out.append(piece)
        out.append(self.own(text[at:end], indent))
        return "".join(out)

    def own(self, text: str, indent: str) -> str:
        """Text of the replacement itself, in the file's encoding."""
        stored = self.file.stored(text.replace("\n", "\n" + indent))
        if stored is None:
            raise NoRepair(f"the file's encoding has no letters for {text!r}")
        return stored

    def piece(self, found: re.Match[str], indent: str) -> str | None:
        """What one metavariable stands for; None where that is nothing."""
        if found["dots"] or found["kind"] == "n":
            return self.many(found, indent)
        value = lookup(self.env, found["name"] or found["text"])
        if value is MISSING:
            raise NoRepair(f"${found['name'] or found['text']} stands for nothing here")
        if found["text"]:
            return self.file.source(value.node) if isinstance(value, Content) else found[0]
        if isinstance(value, (Ident, Content)):
            return found["star"] + value.text
        if isinstance(value, list):  # `$S` alone stands for all statements of a block
            return self.moved(value, indent, found.start())
        if not hasattr(value, "lineno"):
            raise NoRepair("what a metavariable stands for has no place in the code")
        text = self.file.source(value)
        node = self.at.get(found.start() + len(found["star"]))
        if isinstance(value, ast.stmt):
            return self.moved([value], indent, found.start())
        least = demanded(self.above.get(id(node)), node) if node is not None else 1
        loose = precedence(value) < least or ("\n" in text and precedence(value) < ATOM)
        number = isinstance(value, ast.Constant) and isinstance(value.value, int) and least == ATOM
        if isinstance(value, ast.Tuple) and text.startswith("("):
            loose = False
        return found["star"] + (f"({text})" if loose or number else text)

    def many(self, found: re.Match[str], indent: str) -> str | None:
        """What dots stand for."""
        if found["kind"]:
            value = lookup(self.env, found["name"])
        else:
            stars = found[0].count("*", 0, 2)
            node = self.at.get(found.start() + stars) or self.at.get(found.start())
            value = lookup(self.env, self.dots.get(id(node))) if id(node) in self.dots else MISSING
        if value is MISSING or not isinstance(value, list):
            raise NoRepair("it is not known what ... stands for here")
        if not value:
            return None
        if not all(hasattr(v, "lineno") for v in value):
            raise NoRepair("what ... stands for has no place in the code")
        if isinstance(value[0], ast.stmt):
            return self.moved(value, indent, found.start())
        if isinstance(value[0], Code):
            return self.file.text[value[0].start : value[-1].end]
        return ", ".join(self.file.source(v) for v in value)

    def moved(self, value: list[Any], indent: str, at: int) -> str:
        """Statements copied to another place, at that place's indentation."""
        start, end = self.file.span(value[0])[0], self.file.span(value[-1])[1]
        text = self.file.text[start:end]
        line = self.replacement.text.rfind("\n", 0, at) + 1
        new, old = indent + self.replacement.text[line:at], indentation(self.file, start)
        if new.strip():
            raise NoRepair("statements cannot stand here")
        if new == old or "\n" not in text:
            return text
        for node in (n for v in value for n in ast.walk(v)):
            if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.lineno != node.end_lineno:
                raise NoRepair("a string over several lines would change with its indentation")
        first, *rest = text.split("\n")
        return "\n".join([first, *(new + r.removeprefix(old) if r.strip() else r for r in rest)])


def stands(node: Any) -> bool:
    """Whether a node has a place in a text."""
    return hasattr(node, "lineno") or hasattr(node, "start")


def below(root: Any) -> Iterator[Any]:
    """A pattern node and all below it, in the order they are written."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


def ordered(root: Any) -> list[Dots]:
    """The plain dots of a pattern, in the order they are written."""
    found = [n for n in below(root) if isinstance(n, Dots) and not n.name]
    return sorted(found, key=lambda n: getattr(n, "start", None) or (n.lineno, n.col_offset))
