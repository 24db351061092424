"""Reads JavaScript with QuickJS, inside this process: it compiles texts and runs none of them.

It answers what Node is asked as well (see ahead.py), and needs no 50 ms to start; over many files
Node reads several times faster. QuickJS runs scan/, too, which says where left-overs may be.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence

from guard.javascript.engines.answers import REFUSED, Answer, Question, scanned
from guard.javascript.engines.crowds import crowded
from guard.javascript.outcome import Goal
from guard.javascript.verdict import MODULE_SCOPE
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scan")

MARK = "guardWasHere"
"""A name that no text declares; where one does, it is read by esprima."""

FUNCTION = f"(function ({', '.join(MODULE_SCOPE)}) {{"
"""What Node wraps around a CommonJS file. A text that closes it is refused by scan/."""

# A program is compiled whole before anything else happens, and then its declarations are made
# before its first statement runs: there the one we add clashes with one that is there already. A
# module is compiled whole before what it imports is loaded: and what we add imports nothing.
COMPILED = f"SyntaxError: redeclaration of '{MARK}'"
COMPILED_MODULE = f"ReferenceError: could not load module '{MARK}'"

KNOWN: Sequence[tuple[str, Goal, bool]] = (
    ("class A { static { } } throw 1", Goal.SCRIPT, True),
    ("return /(?<a>.)|(?<a>.)/", Goal.COMMONJS, True),
    ("import a from 'b'; export default await a", Goal.MODULE, True),
    ("a(", Goal.SCRIPT, False),
    ("let require", Goal.COMMONJS, False),
    ("a; export", Goal.MODULE, False),
)
"""Texts, what they are read as, and whether they are that: who does not know it is not asked.

The archived package quickjs shares its module's name with quickjs-ng.
"""

REQUIRE = """
(() => {
  const known = {};
  const require = (name) => {
    const path = name.slice(2);
    if (!known[path]) files[path]((known[path] = { exports: {} }), require);
    return known[path].exports;
  };
  const { scan, quiet } = require("./index.cjs");
  let kept = new Uint8Array(1 << 16);
  globalThis.answer = (hex, module, plain) => {
    const size = hex.length / 2;
    if (size + 16 > kept.length) kept = new Uint8Array(2 * (size + 16));
    kept.setFromHex(hex);
    kept.fill(0, size, size + 16);
    const maybe = scan(kept, 0, size, module, plain);
    return [maybe, quiet(0, maybe)].join(""); // what + makes is no string yet to Python
  };
})();
"""
"""Links the files of scan/ to each other, as Node does, and offers what they are for."""


def answers(asked: Sequence[Question]) -> Sequence[Answer]:
    """What QuickJS says of each text, or nothing at all where there is none."""
    return [answer(one) for one in asked] if works() else ()


def answer(question: Question) -> Answer:
    """What QuickJS says of one text."""
    if crowded(question.text):
        return REFUSED
    text = question.text.decode()
    for goal in (*question.goals, *question.others):
        if compiles(text, goal):
            told = read(question.text, goal)
            return Answer(goal, *told) if told is not None else REFUSED
    return REFUSED


def compiles(text: str, goal: str) -> bool:
    """Whether QuickJS compiles a text as `goal`."""
    if text.startswith("#!"):
        text = text.replace("#!", "//", 1)
    context = compiler()
    try:
        if goal == Goal.MODULE:
            context.module(f"import '{MARK}'; {text}")
        elif goal == Goal.COMMONJS:
            context.eval(f"{FUNCTION}{text}\n}})\nlet {MARK}")
        else:
            context.eval(f"{text}\nlet {MARK}")
    except Exception as said:  # what it is called depends on the release
        return str(said).startswith(COMPILED_MODULE if goal == Goal.MODULE else COMPILED)
    return False


def read(text: bytes, goal: str) -> tuple[int, tuple[int, ...]] | None:
    """The bits and the offsets of an `Answer`; None where it could not be read."""
    plain = text.isascii() and b"\r" not in text
    try:
        return scanned(scanner()(text.hex(), goal == Goal.MODULE, plain))
    except Exception:  # nested deeper than its stack
        return None


class World(threading.local):
    """What QuickJS needs, for each thread anew: it measures the stack that it was made on."""

    works: bool | None = None
    compiler: Any = None
    scan: Callable[[str, bool, bool], str] | None = None


HERE = World()


ROOM = 1 << 28
"""Bytes of address space without which QuickJS is not asked: where it gets none, it crashes."""


def roomy() -> bool:
    """Whether nobody has limited this process to less memory than QuickJS surely needs."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit
    except ImportError:  # on Windows
        return True
    limit, _ = getrlimit(RLIMIT_AS)
    return limit == RLIM_INFINITY or limit >= ROOM


def works() -> bool:
    """Whether there is a QuickJS that knows the JavaScript of today."""
    if HERE.works is None:
        try:
            HERE.works = roomy() and all(
                compiles(text, goal) is sound for text, goal, sound in KNOWN
            )
        except ImportError:
            HERE.works = False
    return HERE.works


def context() -> Any:
    """A world of its own, without access to anything."""
    # Not `quickjs`: that starts a thread when it is imported, and adds nothing needed here.
    import _quickjs

    return _quickjs.Context()


def compiler() -> Any:
    """Where texts are compiled."""
    if HERE.compiler is None:
        HERE.compiler = context()
        HERE.compiler.eval(f"let {MARK}")
    return HERE.compiler


def scanner() -> Callable[[str, bool, bool], str]:
    """Calls scan/ on a text in hexadecimal digits: bits, and a space and offsets."""
    if HERE.scan is None:
        parts = ["const files = {};\n"]
        for name in os.listdir(FOLDER):
            with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
                parts.append(f'files["{name}"] = (module, require) => {{{file.read()}\n}};\n')
        made = context()
        made.eval("".join(parts) + REQUIRE)
        HERE.scan = made.get("answer")
    assert HERE.scan is not None
    return HERE.scan
