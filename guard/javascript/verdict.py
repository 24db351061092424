"""Whether a text is JavaScript that engines run: esprima decides, asked twice before a no."""

from __future__ import annotations

import gc
import re
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from guard.javascript.outcome import TOO_DEEP, Goal, Outcome, Problem

FRAMES = 400_000
"""How deep the parser may recurse: far beyond the nesting at which engines overflow themselves."""

STACK = 1 << 29
"""Bytes of stack for it: address space, of which only what is used is ever touched."""

MODERN = 5
"""The first release of esprima-fork's series that knows ECMAScript 2026."""

PILE = 1000
"""From so many open brackets on, no repair of a text is looked for."""

LABELS = re.compile(r"(?<![\w$])(?:[\w$]++\s*+:\s*+){3000}")
"""More labels of one statement than engines read; the parser would look at them for minutes."""

BRACKET = re.compile(r"[][(){}]")

MODULE_SCOPE = ("exports", "require", "module", "__filename", "__dirname")
"""The parameters of the function that Node wraps around a CommonJS file."""


def parse(text: str, goal: Goal, *, jsx: bool = False) -> Outcome:
    """Reads `text` as `goal`, after ECMAScript 2026 and its Annex B.

    A byte-order mark or a hashbang line may come first. Never raises: what the parser cannot
    cope with is a problem.
    """
    from guard.javascript.second import respelled

    source = text.replace("\ufeff", " ", 1) if text.startswith("\ufeff") else text
    if goal is not Goal.HANDLER and source[source != text :].startswith("#!"):
        source = source.replace("#!", "//", 1)
    outcome = read(source, goal, jsx)
    if outcome.problem is None:
        return outcome
    return respelled(source, outcome, lambda again: read(again, goal, jsx))


def read(source: str, goal: Goal, jsx: bool) -> Outcome:
    """One reading of `source`, no second opinion asked on a refusal."""
    outcome = grammatical(source, goal, jsx)
    if outcome.problem is None:
        from guard.javascript.early import missed

        error = missed(outcome.tree, source, outcome.shift)
        if error is not None:
            problem = Problem(error[0], max(error[1] - outcome.shift, 0))
            return Outcome(goal, problem, text=source)
    return outcome


def grammatical(source: str, goal: Goal, jsx: bool) -> Outcome:
    """What esprima makes of `source`, read as `goal`."""
    if goal is Goal.HANDLER:
        return wrapped(source, goal, jsx, ("event",))
    kind = "module" if goal is Goal.MODULE else "script"
    problem, tree = program(source, kind, jsx)
    if goal is not Goal.COMMONJS:
        return Outcome(goal, problem, tree, text=source)
    if problem is None:
        problem = taken(tree)
        return Outcome(goal, problem, tree if problem is None else None, text=source)
    if problem.message == TOO_DEEP:
        return Outcome(goal, problem, text=source)
    inside = wrapped(source, goal, jsx, MODULE_SCOPE)
    return inside if inside.problem is None else Outcome(goal, worst(problem, inside), text=source)


def worst(as_script: Problem, as_function: Outcome) -> Problem:
    """The problem to report of a CommonJS file: the one that is about its own text."""
    inside = as_function.problem
    if inside is None or inside.offset <= as_script.offset:
        return as_script
    if inside.offset < len(as_function.text) or OUTSIDE.search(as_script.message):
        return inside
    # A closer too many ended the function around the text; only the script reading saw which.
    return as_script


OUTSIDE = re.compile("return|new.target|Unexpected identifier")
"""What a script is refused for and the body of a function is not."""


def wrapped(source: str, goal: Goal, jsx: bool, names: tuple[str, ...]) -> Outcome:
    """`source` read as the body of a function with parameters `names`."""
    head = f"(function ({', '.join(names)}) {{"
    problem, tree = program(f"{head}{source}\n}})", "script", jsx)
    if problem is not None:
        at = min(max(problem.offset - len(head), 0), len(source))
        return Outcome(goal, Problem(problem.message, at), text=source)
    body = tree.body
    expression: Any = getattr(body[0], "expression", None) if len(body) == 1 else None
    whole = len(head) + len(source) + 2
    if getattr(expression, "type", "") != "FunctionExpression" or expression.range[1] != whole:
        # The text closes the function around it and opens another: no body of one function.
        return Outcome(goal, Problem("Unexpected token }", source.find("}")), text=source)
    tree.body = expression.body.body
    return Outcome(goal, None, tree, shift=len(head), text=source)


def taken(tree: Any) -> Problem | None:
    """The problem that a CommonJS file declares anew what Node hands it as a parameter."""
    for statement in tree.body:
        if statement.type == "VariableDeclaration" and statement.kind != "var":
            targets = [declarator.id for declarator in statement.declarations]
        elif statement.type == "ClassDeclaration":
            targets = [statement.id]
        else:
            continue
        for target in targets:
            if target.type == "Identifier" and target.name in MODULE_SCOPE:
                message = f"Identifier '{target.name}' has already been declared"
                return Problem(message, target.range[0])
    return None


def program(source: str, kind: str, jsx: bool) -> tuple[Problem | None, Any]:
    """What esprima makes of `source`: a problem or a tree."""
    found: tuple[Problem | None, Any] = (None, None)

    def work() -> None:
        nonlocal found
        found = esprima(source, kind, jsx)

    if source.count(":") >= 3000 and LABELS.search(source):
        return Problem(TOO_DEEP, 0), None
    if nested(source):
        deep(work)
    else:
        work()
        if found[0] is not None and found[0].message == TOO_DEEP:
            deep(work)
    return found


def nested(source: str) -> bool:
    """Whether brackets pile up so high that a plain stack is not worth trying."""
    return any(opener * 40 in source for opener in "([{")


def piled(source: str) -> bool:
    """Whether more brackets are open at once, in strings or not, than anyone leaves open."""
    level = 0
    for bracket in BRACKET.finditer(source):
        level += 1 if bracket[0] in "([{" else -1
        if level > PILE:
            return True
    return False


def deep(work: Callable[[], None]) -> None:
    """Runs `work` on a stack that nesting does not exhaust."""
    limit, size = sys.getrecursionlimit(), threading.stack_size(STACK)
    try:
        sys.setrecursionlimit(FRAMES)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)


def esprima(source: str, kind: str, jsx: bool) -> tuple[Problem | None, Any]:
    """Calls the parser; whatever it raises becomes a problem."""
    parser = library()
    collecting = gc.isenabled()
    # Nothing of a growing tree is garbage; looking for some costs a fifth of the time.
    gc.disable()
    try:
        tree = parser.parse(source, sourceType=kind, jsx=jsx, range=True, positionEncoding="scalar")
    except parser.Error as error:
        message = str(error.message).partition(": ")[2] or str(error.message)
        if "resource limit" in message:
            message = TOO_DEEP
        return Problem(message, min(max(error.index or 0, 0), len(source))), None
    except (RecursionError, MemoryError):
        return Problem(TOO_DEEP, 0), None
    except Exception as error:
        # A bug of the parser on a text it should refuse; it has accepted nothing.
        return Problem(f"the parser gave up: {error or type(error).__name__}", 0), None
    finally:
        if collecting:
            gc.enable()
    return None, tree


@cache
def library() -> Any:
    """The module `esprima`, which must be the one of esprima-fork.

    A GuardError where the older distribution `esprima` stands in its place, or where both are
    installed and have written over each other: they share the import name, and the older one
    calls `a?.b` an error.
    """
    try:
        import esprima as parser

        release = str(getattr(parser, "version", ""))
    except ImportError:
        parser, release = None, "(incomplete)"
    modern = release.partition(".")[0].isdigit() and int(release.partition(".")[0]) >= MODERN
    if modern and works(parser):
        from esprima.parser import Parser

        from guard.javascript.mends import mend

        mend(Parser)
        return parser
    from importlib import metadata  # 20 ms, for the message only

    from guard.errors import GuardError

    try:
        other = metadata.version("esprima")
    except metadata.PackageNotFoundError:
        other = ""
    raise GuardError(
        f"the Python package esprima {other or release} stands in the place of esprima-fork",
        "it knows JavaScript up to 2017 and would refuse sound files; repair it with:\n"
        "pip uninstall -y esprima && pip install --force-reinstall --no-deps esprima-fork",
    )


def works(parser: Any) -> bool:
    """Whether the parser reads what came after 2017, whatever else is installed beside it."""
    try:
        parser.parse("a?.b ?? 1n", sourceType="script", range=True, positionEncoding="scalar")
    except Exception:
        return False
    return True
