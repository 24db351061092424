"""The second opinion: what engines run and esprima does not know is respelled and read again.

`using` and `await using` declarations (ECMAScript 2027, shipped) are read as `const` ones, call
expressions as assignment targets (Annex B) as members of the call, `import defer` and `import
source` as plain imports, `assert` before the attributes of an import (V8 up to 2024, bundlers) as
`with`, an `in` inside the pattern of a `for` as `<`, a label used again inside a class's static
block as another. The tree that comes back says whether what was respelled stands where the grammar
allows it; else the refusal stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from guard.javascript.early import GAP as APART
from guard.javascript.outcome import Outcome
from guard.values import dataclass, replace

PHASE = re.compile(
    r"(?:(?<![\w$.#])|(?<=\.\.\.))import"
    r"(?:\s+defer(?=\s*\*\s*as\b)|\s+source(?=\s+[\w$]+\s+from\b)"
    rf"|{APART}\.{APART}(?:defer|source)(?={APART}\())",
    re.DOTALL,
)
ASSERTED = re.compile(r"assert\s*\{")
"""What tells soon that a text has nothing of the kind that follows."""

ASSERT = re.compile(
    r"""(\b(?:from|import)\s*(?:"[^"\r\n]*"|'[^'\r\n]*')[^\S\r\n]+)assert(?=\s*\{)"""
)
GAP = r"(?:[^\S\r\n\u2028\u2029]|/\*(?:(?!\*/)[^\r\n\u2028\u2029])*\*/)+"
DECLARED = re.compile(rf"(?:(?<![\w$.#])await{GAP})?(?<![\w$.#])using{GAP}([\w$\\]+)")

BLANK = re.compile(r"[^\r\n]")

FRESH = "\u16a0"
"""The first of the letters of which labels are made anew: runes, that nobody writes."""

TARGET = "[eval=0]"
"""Makes a member of a call: a target in sloppy code, an error in strict code, as Annex B says."""

REWRITES = 200
"""How many call targets, or labels, are respelled before the file is given up."""

LABEL = re.compile(r"Label '([\w$]+)' has already been declared")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that was respelled."""

    start: int
    """Offset of the respelled text, in the respelled text."""

    kind: str
    """`using`, `await using`, `call` or `static`."""


def respelled(source: str, outcome: Outcome, read: Callable[[str], Outcome]) -> Outcome:
    """`outcome`, a refusal of `source`, unless the refused syntax is one that engines run."""
    spots: list[Spot] = []
    text, current = source, outcome
    if "import" in text:
        text = PHASE.sub(lambda found: "import" + BLANK.sub(" ", found[0][6:]), text)
    text = with_attributes(text)
    if "using" in text:
        text, spots = as_const(text)
    if text != source:
        current = read(text)
    text, current = inside_patterns(text, current, read)
    text, current, blocks = relabelled(text, current, read)
    spots += blocks
    inserted: list[int] = []
    while current.problem is not None and len(inserted) < REWRITES:
        at = target(text, current)
        if at is None:
            break
        text = text[:at] + TARGET + text[at:]
        spots = [s if s.start < at else replace(s, start=s.start + len(TARGET)) for s in spots]
        spots.append(Spot(at, "call"))
        inserted = [i if i < at else i + len(TARGET) for i in inserted] + [at]
        current = read(text)
    if text == source:
        return outcome
    if current.problem is not None:
        # What was respelled may be all right, and the file broken elsewhere: say where.
        return moved(current, inserted) if accepted_so_far(outcome, current, inserted) else outcome
    return current if all(allowed(current, spots)) else outcome


def with_attributes(text: str) -> str:
    """The text with the old word before the attributes of its imports as today's, as long."""
    return ASSERT.sub(r"\1with  ", text) if ASSERTED.search(text) else text


def as_const(source: str) -> tuple[str, list[Spot]]:
    """The text with what looks like `using` declarations as `const` ones, no offset changed."""
    spots = []
    pieces, done = [], 0
    for match in DECLARED.finditer(source):
        name, after = match[1], source[match.end() : match.end() + 40].lstrip()
        if name in ("in", "instanceof"):
            continue
        head = source[match.start() : match.start(1)]
        plain = name not in ("of", "as", "from") or (after[:1] == "=" and after[1:2] not in "=>")
        if not plain and not (name == "of" and head.startswith("await") and after[:2] == "of"):
            continue
        spots.append(Spot(match.start(), "await using" if head.startswith("await") else "using"))
        pieces += [source[done : match.start()], "const", " " * (len(head) - 5)]
        done = match.start(1)
    return "".join([*pieces, source[done:]]), spots


def inside_patterns(
    text: str, outcome: Outcome, read: Callable[[str], Outcome]
) -> tuple[str, Outcome]:
    """The text and its outcome with an `in` inside a pattern of a `for` head read as `<`."""
    for _ in range(REWRITES):
        problem = outcome.problem
        if problem is None or problem.message != "Unexpected token in":
            break
        start = text.rfind("for", 0, problem.offset)
        if start < 0 or not enclosed(text[start : problem.offset]):
            break
        text = text[: problem.offset] + "< " + text[problem.offset + 2 :]
        outcome = read(text)
    return text, outcome


def relabelled(
    text: str, outcome: Outcome, read: Callable[[str], Outcome]
) -> tuple[str, Outcome, list[Spot]]:
    """The text and its outcome with the labels that static blocks use again spelled otherwise.

    A static block is a function to labels: what is around it is not seen in it.
    """
    spots: list[Spot] = []
    names: dict[str, str] = {}
    while len(spots) < REWRITES and outcome.problem is not None:
        named = LABEL.match(outcome.problem.message)
        found = static_block(text, outcome.problem.offset) if named is not None else None
        if named is None or found is None:
            break
        first, start, stop = found
        if any(spot.start == first and named[1][0] >= FRESH for spot in spots):
            break  # it stands twice in that block itself
        again = chr(ord(FRESH) + len(spots)) * len(named[1])
        names[again] = names.get(named[1], named[1])
        use = re.compile(rf"(?<![\w$.#\\]){re.escape(named[1])}(?=\s*[:;}}\r\n/])")
        text = text[:start] + use.sub(again, text[start:stop]) + text[stop:]
        spots.append(Spot(first, "static"))
        outcome = read(text)
    if names and (problem := outcome.problem) is not None:
        told = re.sub(r"'(\w+)'", lambda m: f"'{names.get(m[1], m[1])}'", problem.message)
        outcome = replace(outcome, problem=replace(problem, message=told))
    return text, outcome, spots


def static_block(text: str, at: int) -> tuple[int, int, int] | None:
    """The innermost `static {…}` around an offset: of its word, its brace, and after its end."""
    from guard.javascript.tokens import tokens

    stream = tokens(text)
    open_now: list[int] = []
    for index, token in enumerate(stream):
        if token.start >= at:
            break
        if token.kind == "open":
            open_now.append(index)
        elif token.kind == "close" and open_now:
            open_now.pop()
    for index in reversed(open_now):
        if index and stream[index].text == "{" and stream[index - 1].text == "static":
            level = 0
            for token in stream[index:]:
                level += {"open": 1, "close": -1}.get(token.kind, 0)
                if not level:
                    return stream[index - 1].start, stream[index].start, token.end
    return None


def enclosed(head: str) -> bool:
    """Whether a `for` head is, at its end, inside a bracket of its own."""
    return sum(head.count(c) for c in "([{") - sum(head.count(c) for c in ")]}") > 1


def target(text: str, outcome: Outcome) -> int | None:
    """The offset after the call that the parser refused to assign to; None for other refusals."""
    problem = outcome.problem
    if problem is None or not problem.message.startswith("Invalid left-hand side in"):
        return None
    for end in (problem.offset, problem.offset + 1):
        before = re.sub(rf"{GAP}$", "", text[:end]).rstrip()
        if before.endswith(")"):
            return len(before)
    return None


def accepted_so_far(refused: Outcome, later: Outcome, inserted: list[int]) -> bool:
    """Whether respelling took the parser further than it came without."""
    assert refused.problem is not None
    assert later.problem is not None
    return original(later.problem.offset, inserted) > refused.problem.offset


def original(offset: int, inserted: list[int]) -> int:
    """The offset in the source of an offset in the respelled text."""
    return offset - sum(len(TARGET) for at in inserted if at < offset)


def moved(outcome: Outcome, inserted: list[int]) -> Outcome:
    """The outcome with its problem at its place in the source."""
    assert outcome.problem is not None
    at = original(outcome.problem.offset, inserted)
    return replace(outcome, problem=replace(outcome.problem, offset=at))


def allowed(outcome: Outcome, spots: list[Spot]) -> Iterator[bool]:
    """For each respelled place whether its syntax may stand there."""
    wanted = {spot.start + outcome.shift: spot.kind for spot in spots}
    # What became `const` and is no declaration in the tree stands in a comment or a string.
    found = {at: kind not in ("call", "static") for at, kind in wanted.items()}
    for node, parents in walk(outcome.tree):
        if node.type == "StaticBlock" and wanted.get(node.range[0]) == "static":
            found[node.range[0]] = True
        elif node.type == "VariableDeclaration" and "using" in wanted.get(node.range[0], ""):
            kind = wanted[node.range[0]]
            found[node.range[0]] = declares(node, kind, parents, outcome.goal.value)
        elif node.type == "MemberExpression" and node.computed:
            # The bracket begins right after the object, or after the parenthesis around it.
            opened = node.range[1] - len(TARGET)
            if wanted.get(opened) == "call":
                found[opened] = assigned(node, parents[-1])
    yield from found.values()


def walk(tree: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Every node with its parents, the outermost first."""
    todo: list[tuple[Any, list[Any]]] = [(node, [tree]) for node in reversed(tree.body)]
    while todo:
        node, parents = todo.pop()
        yield node, parents
        below = [*parents, node]
        for name, value in vars(node).items():
            if name.startswith("_") or name in ("range", "loc", "regex", "type"):
                continue
            for child in value if isinstance(value, list) else (value,):
                if hasattr(child, "type") and hasattr(child, "range"):
                    todo.append((child, below))


FUNCTIONS = ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression")


def declares(node: Any, kind: str, parents: list[Any], goal: str) -> bool:
    """Whether a `using` declaration may stand where `node`, its `const` spelling, stands."""
    parent = parents[-1]
    if any(d.id.type != "Identifier" or d.id.name == "let" for d in node.declarations):
        return False
    if parent.type in ("ExportNamedDeclaration", "SwitchCase", "ForInStatement"):
        return False
    if parent.type in ("Program", "Script", "Module") and goal == "script":
        return False
    if kind == "using":
        return True
    for around in reversed(parents):
        if around.type in FUNCTIONS:
            return bool(getattr(around, "isAsync", False) or getattr(around, "async", False))
        if around.type == "StaticBlock":
            return False
    return goal == "module"


def assigned(member: Any, parent: Any) -> bool:
    """Whether `member` stands for a call that is assigned to as Annex B allows."""
    call = member.object
    if call.type != "CallExpression" or getattr(call.callee, "type", "") in ("Super", "Import"):
        return False
    if parent.type == "AssignmentExpression":
        return parent.left is member and parent.operator not in ("&&=", "||=", "??=")
    if parent.type == "UpdateExpression":
        return True
    return parent.type in ("ForInStatement", "ForOfStatement") and parent.left is member
