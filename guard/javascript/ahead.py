"""The fast way to a yes: an engine compiles many files at once, and only ever says yes.

An engine's yes counts only where guard's own reading would say the same. What the two are known to
see differently is never asked: newer syntax than guard's, and calls as targets of assignments,
which engines accept where the standard does not. Whatever the engine refuses is read by guard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from threading import Thread

from guard.javascript.verdict import Goal
from guard.snapshot import Snapshot

Engine = Callable[[Sequence[tuple[bytes, Sequence[str]]]], Sequence[str]]
"""For each text and the goals it may have: the first goal it compiles as, or the empty string.

Answers with nothing at all where there is no engine.
"""

ENGINES: list[Engine] = []
"""The engine of this process, if it was given one; nothing in this room starts a process."""

WORTH = 100_000
"""From this many bytes on in one process, starting an engine costs less than it saves."""

UNASKED = [0]
"""How many bytes this process could have asked an engine about so far."""

FEW = 16
"""Up to this many files, what else is to be looked at is looked at while an engine reads them."""

SUFFIXES = (".js", ".mjs", ".cjs")

LARGEST = 5_000_000
"""Larger files are not read in full by anybody."""

GAP = rb"(?>\s*(?:/\*[^*]*\*+(?:[^/*][^*]*\*+)*/\s*)*)"

TARGET = re.compile(
    rb"\)" + GAP + rb"(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>])\s*[^\s=>)}\],:;|&?]"
)
"""A bracket that is assigned to: of a call, as in `f() = 1`, or of something else."""

SEEN_DIFFERENTLY = tuple(
    # One by one, each with a fixed beginning: so they are searched for many times as fast.
    re.compile(pattern)
    for pattern in (
        rb"\0",
        rb"using(?=\s|/)" + GAP + rb"[\w$\\]+" + GAP + rb"(?:=(?![=>])|of\b)",
        rb"accessor(?<=[\s;{}]accessor)\s",
        rb"import" + GAP + rb"(?:\.\s*(?!meta\b)|defer\b|source\b)",
        # other calls as targets: f()++, ++f(), for (f() in x)
        rb"\)\s*(?:\+\+|--)(?!\s*[\w$(])",
        rb"\+\+(?<![\w$)\]]\+\+)\s*[\w$.]+\s*\(",
        rb"--(?<![\w$)\]]--)\s*[\w$.]+\s*\(",
        rb"for\s*\(\s*[\w$.]+\s*\([^;{}]*?\)\s*(?:in|of)\b",
    )
)
"""What may be syntax that an engine and guard see differently; most of what matches is not."""


OPEN, CLOSE, FAR = ord("("), ord(")"), 2000

CALLEE = re.compile(rb"[\w$)\]`/?.\x80-\xff]\s*$")
"""What may stand before the arguments of a call."""


def accepted(snapshot: Snapshot) -> Mapping[str, Goal]:
    """Which targets an engine says to be sound, and as what; none where there is no engine."""
    if not ENGINES:
        return {}
    from guard.javascript.goals import possible

    paths: list[str] = []
    texts: list[tuple[bytes, Sequence[str]]] = []
    for file in snapshot.targets():
        if not file.path.lower().endswith(SUFFIXES):
            continue
        content = snapshot.read(file)
        if len(content) > LARGEST or seen_differently(content) or not is_utf8(content):
            continue
        _, goals = possible(snapshot, file.path)
        paths.append(file.path)
        texts.append((content, [goal.value for goal in goals]))
    UNASKED[0] += sum(len(content) for content, _ in texts)
    if UNASKED[0] < WORTH:
        return {}
    if len(texts) > FEW:
        answers = ENGINES[0](texts)
    else:
        answers = beside(lambda: ENGINES[0](texts), lambda: look(paths, texts))
    return {path: Goal(goal) for path, goal in zip(paths, answers, strict=False) if goal}


def beside(work: Callable[[], Sequence[str]], other: Callable[[], None]) -> Sequence[str]:
    """What `work` returns, which mostly waits; `other` is done meanwhile."""
    answers: list[Sequence[str]] = []
    thread = Thread(target=lambda: answers.append(work()))
    thread.start()
    try:
        other()
    finally:
        thread.join()
    return answers[0] if answers else ()


def look(paths: Sequence[str], texts: Sequence[tuple[bytes, Sequence[str]]]) -> None:
    """Looks for leftovers that parse, which are remembered for a moment."""
    from guard.javascript.leftovers import found_in, minified

    for path, (content, _) in zip(paths, texts, strict=True):
        if not minified(path, text := content.decode()):
            found_in(path, text, False)


def seen_differently(content: bytes) -> bool:
    """Whether a text may hold syntax that an engine and guard see differently."""
    if any(pattern.search(content) for pattern in SEEN_DIFFERENTLY):
        return True
    return any(may_be_call(content, found.start()) for found in TARGET.finditer(content))


def may_be_call(content: bytes, close: int) -> bool:
    """Whether the bracket that ends at `close` may hold the arguments of a call.

    In a pattern like `/([+-])=/` and in a type like `{(string|null)=}` it does not.
    """
    depth = 0
    for place in range(close, max(close - FAR, -1), -1):
        depth += (content[place] == CLOSE) - (content[place] == OPEN)
        if depth == 0:
            return CALLEE.search(content[max(place - 40, 0) : place]) is not None
    return True


def is_utf8(content: bytes) -> bool:
    """Whether an engine reads the same characters as guard."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
