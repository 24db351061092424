"""The sizes at which a changed place can be looked at, from the smallest outward."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from guard.fixes.learning.pattern import MANY, ROOTS
from guard.fixes.learning.sites import BLOCKS, DEFINITIONS, Site, Step, within
from guard.values import dataclass

MOST = 5
"""A compound statement of more statements is too much for one pattern."""


@dataclass(frozen=True, slots=True)
class Level:
    """One size at which a change can be looked at: the same node before and after it."""

    old: tuple[ast.AST, ...]
    new: tuple[ast.AST, ...]
    key: ast.expr | None = None
    """For the value of a dict entry, its key."""

    unless: tuple[ast.AST, ...] = ()
    """The code that makes the old one right where it stands inside it."""


def levels(site: Site) -> Iterator[Level]:
    """The sizes at which a replaced site can be looked at, from the smallest outward."""
    if site.statements:
        if isinstance(site.old[0], (ast.ExceptHandler, ast.match_case)):
            return
        if site.wrapped:
            yield Level(site.old, site.new, unless=tuple(wrapper(site)))
        elif len(site.old) == len(site.new) == 1 and type(site.old[0]) is type(site.new[0]):
            yield Level((head(site.old[0]),), (head(site.new[0]),))
        else:
            yield Level(site.old, site.new)
        yield from whole(site)
        return
    inner = Step(site.old[0], site.new[0])
    if isinstance(inner.old, ROOTS) and isinstance(inner.old, ast.expr):
        yield Level((inner.old,), (inner.new,))
    for step in reversed(site.chain):
        key = key_of(step, inner)
        if key is not None:
            yield Level((inner.old,), (inner.new,), key)
        if isinstance(step.old, ast.stmt):
            yield Level((head(step.old),), (head(step.new),))
        elif isinstance(step.old, ROOTS):
            yield Level((step.old,), (step.new,))
        inner = step
    yield from whole(site)


def whole(site: Site) -> Iterator[Level]:
    """The compound statement around a site, where it is small: what the parts do not say."""
    holder = site.holder
    if holder is None or not isinstance(holder.old, ast.stmt):
        return
    small = size([holder.old]) <= MOST >= size([holder.new])
    if small and not isinstance(holder.old, DEFINITIONS):
        yield Level((holder.old,), (holder.new,))


def key_of(step: Step, inner: Step) -> ast.expr | None:
    """The string that is the key of a value: in a dict, an assignment to a key, a call."""
    node = step.old
    if isinstance(node, ast.Dict):
        for key, one in zip(node.keys, node.values, strict=True):
            if one is inner.old and text_key(key):
                return key
    if isinstance(node, ast.Assign) and node.value is inner.old and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and text_key(target.slice):
            return target.slice
    # The name of a keyword argument says enough for a value that says something itself.
    if isinstance(node, ast.keyword) and node.arg and isinstance(inner.old, ROOTS):
        return ast.Constant(node.arg)
    return None


def text_key(key: ast.expr | None) -> bool:
    """Whether a key is a string."""
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def wrapper(site: Site) -> Iterator[ast.AST]:
    """The head of the innermost new statement that has all the old ones in it."""
    inner = [
        node
        for new in site.new
        for node in ast.walk(new)
        if isinstance(node, ast.stmt)
        and any(isinstance(getattr(node, name, None), list) for name in BLOCKS)
        and all(within(old, [node]) for old in site.old)
    ]
    if inner:
        yield head(inner[-1])


def head(node: ast.AST, number: str = "") -> ast.AST:
    """A compound statement with `$...` in the place of its blocks; any other as it is."""
    if not any(isinstance(getattr(node, name, None), list) for name in BLOCKS):
        return node
    short = copy.copy(node)
    for name in BLOCKS:
        block = getattr(node, name, None)
        if not isinstance(block, list) or not block:
            continue
        if isinstance(block[0], ast.stmt):
            dots = ast.Name(f"{MANY}{name.upper()}{number}", ast.Load())
            setattr(short, name, [ast.Expr(dots)])
        else:  # handlers and cases: dots of one name would have to mean the same in all
            setattr(short, name, [head(one, f"_{n}") for n, one in enumerate(block, 1)])
    return short


def prose(node: ast.AST) -> bool:
    """Whether a statement is a string alone, or does nothing."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Pass)


def size(nodes: Sequence[ast.AST]) -> int:
    """How many statements there are in `nodes`."""
    return sum(isinstance(inner, ast.stmt) for node in nodes for inner in ast.walk(node))
