"""What a commit changed in one Python file: the smallest pairs of old and new code, each in place.

Blocks of statements are aligned by their content (Ratcliff and Obershelp's matching, as in
`difflib`), what is left is paired by likeness, and each pair is followed downward for as long as
exactly one part of it differs. Comments and layout are no change.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from guard.values import dataclass

Block = tuple[ast.stmt, ...]
Scope = tuple[ast.AST, ...]

ALIKE = 0.5
"""From this share of equal words on, two statements are an old and a new form of one."""

MOST_PAIRS = 2500
"""With more pairs of statements to compare, only definitions are paired, by their names."""

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields that hold statements, or what holds statements."""

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Step:
    """One node on the way from a statement down to what changed in it, old beside new."""

    old: ast.AST
    """The node before the change."""

    new: ast.AST
    """The same node after it; equal but for what changed below."""


@dataclass(frozen=True, slots=True)
class Site:
    """One place that a commit changed."""

    old: tuple[ast.AST, ...]
    """What stood there: one node, or statements in a row; empty where the commit only inserted."""

    new: tuple[ast.AST, ...]
    """What stands there now; empty where the commit only removed."""

    chain: tuple[Step, ...]
    """The nodes around a changed expression, the statement first; empty for whole statements."""

    old_scope: Scope
    """The classes and functions around the old code, the outermost first."""

    new_scope: Scope
    """Those around the new code."""

    holder: Step | None = None
    """The compound statement whose block, handlers or cases differ here; None at the top."""

    @property
    def inserted(self) -> bool:
        """Whether the commit added code here and took none away."""
        return not self.old

    @property
    def removed(self) -> bool:
        """Whether the commit took code away here and added none."""
        return not self.new

    @property
    def wrapped(self) -> bool:
        """Whether the old statements stand, unchanged, inside the new ones."""
        return self.statements and bool(self.new) and all(within(o, self.new) for o in self.old)

    @property
    def statements(self) -> bool:
        """Whether whole statements were exchanged, not a part of one."""
        return not self.chain

    @property
    def symbol(self) -> str:
        """The qualified name of the class or function around the new code; empty at the top."""
        return qualified(self.new_scope)


def qualified(scope: Scope) -> str:
    """The dotted name of the innermost of the classes and functions `scope`."""
    return ".".join(node.name for node in scope if isinstance(node, DEFINITIONS))


@lru_cache(maxsize=1 << 16)
def dump(node: ast.AST) -> str:
    """The content of a node as text, without places; equal for equal code."""
    return ast.dump(node)


def within(node: ast.AST, others: Sequence[ast.AST]) -> bool:
    """Whether `node` occurs, unchanged, somewhere in `others`."""
    wanted = dump(node)
    return any(
        type(inner) is type(node) and dump(inner) == wanted
        for other in others
        for inner in ast.walk(other)
    )


def sites(old: str, new: str) -> list[Site]:
    """The places in which two versions of a file differ; a SyntaxError where one does not parse."""
    return list(blocks(ast.parse(old).body, ast.parse(new).body, (), ()))


def blocks(
    old: Sequence[ast.AST],
    new: Sequence[ast.AST],
    old_scope: Scope,
    new_scope: Scope,
    holder: Step | None = None,
) -> Iterator[Site]:
    """The differences of two lists of statements, handlers or match cases."""
    matcher = SequenceMatcher(None, [dump(n) for n in old], [dump(n) for n in new], autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            yield from changed(old[i:i_end], new[j:j_end], old_scope, new_scope, holder)


def changed(
    old: Sequence[ast.AST],
    new: Sequence[ast.AST],
    old_scope: Scope,
    new_scope: Scope,
    holder: Step | None,
) -> Iterator[Site]:
    """The differences of two runs of statements that have none in common."""
    i = j = 0
    if not (old and all(within(o, new) for o in old)):
        for one, other in paired(old, new):
            if old[i:one] or new[j:other]:
                yield Site(tuple(old[i:one]), tuple(new[j:other]), (), old_scope, new_scope, holder)
            yield from statement(old[one], new[other], old_scope, new_scope, holder)
            i, j = one + 1, other + 1
    if old[i:] or new[j:]:
        yield Site(tuple(old[i:]), tuple(new[j:]), (), old_scope, new_scope, holder)


def paired(old: Sequence[ast.AST], new: Sequence[ast.AST]) -> list[tuple[int, int]]:
    """Which old statement became which new one: pairs in order, their likeness the highest sum."""
    if len(old) * len(new) > MOST_PAIRS:
        return namesakes(old, new)
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]]
    best = [[(0.0, ())] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            likeness = alike(one, other)
            options = [best[i][j + 1], best[i + 1][j]]
            if likeness >= ALIKE or (len(old) == len(new) == 1 and likeness):
                score, pairs = best[i][j]
                options.append((score + likeness, (*pairs, (i, j))))
            best[i + 1][j + 1] = max(options, key=lambda option: option[0])
    return list(best[-1][-1][1])


def namesakes(old: Sequence[ast.AST], new: Sequence[ast.AST]) -> list[tuple[int, int]]:
    """The definitions of one name in two long runs of statements, in order."""
    found: list[tuple[int, int]] = []
    places = {n.name: j for j, n in enumerate(new) if isinstance(n, DEFINITIONS)}
    for i, one in enumerate(old):
        j = places.get(one.name, -1) if isinstance(one, DEFINITIONS) else -1
        if j >= 0 and type(new[j]) is type(one) and (not found or j > found[-1][1]):
            found.append((i, j))
    return found


def alike(old: ast.AST, new: ast.AST) -> float:
    """How far two nodes are forms of one statement, from 0 to 1; 0 for those of different kinds."""
    if type(old) is not type(new):
        return 0.0
    if isinstance(old, DEFINITIONS) and isinstance(new, DEFINITIONS) and old.name == new.name:
        return 1.0
    return SequenceMatcher(None, words(old), words(new), autojunk=False).ratio()


@lru_cache(maxsize=4096)
def words(node: ast.AST) -> tuple[str, ...]:
    """The kinds, names and constants in a node, in order."""
    found = []
    for inner in ast.walk(node):
        found.append(type(inner).__name__)
        found += [str(v) for _, v in ast.iter_fields(inner) if isinstance(v, (str, int, bytes))]
    return tuple(found)


def statement(
    old: ast.AST, new: ast.AST, old_scope: Scope, new_scope: Scope, holder: Step | None
) -> Iterator[Site]:
    """The differences of two forms of one statement: of its head, then of the blocks in it."""
    inner = (old_scope, new_scope)
    if isinstance(old, DEFINITIONS):
        inner = (*old_scope, old), (*new_scope, new)
    heads = [
        (one, other)
        for name, one, other in fields(old, new)
        if not (name in BLOCKS and isinstance(one, list)) and not same(one, other)
    ]
    if heads and not documentation(old, new):
        # A handler or a case is no statement of its own: the one it belongs to comes first.
        around = () if isinstance(old, ast.stmt) or holder is None else (holder,)
        yield from expression(old, new, around, old_scope, new_scope)
    for name in BLOCKS:
        one, other = getattr(old, name, None), getattr(new, name, None)
        if isinstance(one, list) and isinstance(other, list):
            yield from blocks(one, other, *inner, Step(old, new))


def documentation(old: ast.AST, new: ast.AST) -> bool:
    """Whether both are strings standing as statements, as docstrings do."""
    return all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for node in (old, new)
    )


def fields(old: ast.AST, new: ast.AST) -> Iterator[tuple[str, object, object]]:
    """The fields of two nodes of one kind, side by side; contexts and type comments left out."""
    for name in old._fields:
        if name not in ("ctx", "type_comment", "kind"):
            yield name, getattr(old, name, None), getattr(new, name, None)


def same(old: object, new: object) -> bool:
    """Whether two fields have the same content."""
    if isinstance(old, ast.AST) and isinstance(new, ast.AST):
        return dump(old) == dump(new)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return type(old) is type(new) and old == new


def expression(
    old: ast.AST, new: ast.AST, chain: tuple[Step, ...], old_scope: Scope, new_scope: Scope
) -> Iterator[Site]:
    """The smallest differing parts of two expressions, or of the heads of two statements."""
    parts = differing(old, new)
    if parts is None or (len(parts) > 1 and not separate(old, parts)):
        yield Site((old,), (new,), chain, old_scope, new_scope)
        return
    for one, other in parts:
        yield from expression(one, other, (*chain, Step(old, new)), old_scope, new_scope)


def separate(node: ast.AST, parts: Sequence[tuple[ast.AST, ast.AST]]) -> bool:
    """Whether several changes below one node are a place each, and not one together."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(isinstance(one, (ast.Call, ast.Dict)) for pair in parts for one in pair)
    return isinstance(node, (ast.Dict, ast.keyword))


def differing(old: ast.AST, new: ast.AST) -> list[tuple[ast.AST, ast.AST]] | None:
    """The pairs of children that differ; None where the nodes differ in themselves."""
    if type(old) is not type(new):
        return None
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        return entries(old, new)
    found: list[tuple[ast.AST, ast.AST]] = []
    for name, one, other in fields(old, new):
        if (name in BLOCKS and isinstance(one, list)) or same(one, other):
            continue
        if isinstance(one, ast.AST) and isinstance(other, ast.AST):
            found.append((one, other))
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            for a, b in zip(one, other, strict=True):
                if not same(a, b):
                    if not (isinstance(a, ast.AST) and isinstance(b, ast.AST)):
                        return None
                    found.append((a, b))
        else:
            return None
    return found


def entries(old: ast.Dict, new: ast.Dict) -> list[tuple[ast.AST, ast.AST]] | None:
    """The values that differ under equal keys; None where the keys differ."""
    if not same(old.keys, new.keys):
        return None
    pairs = zip(old.values, new.values, strict=True)
    return [(a, b) for a, b in pairs if not same(a, b)]
