"""The rules that a change could become, the most general that one example allows first."""

from __future__ import annotations

import ast
import copy
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guard.fixes.learn_pattern import (
    DOTS,
    MANY,
    ROOTS,
    Names,
    anchors,
    chosen,
    names,
    pattern,
)
from guard.fixes.learn_sites import BLOCKS, Site, Step, dump, within

LONGEST = 14
"""A piece of code of more lines is no rule: it would be broken by the next edit."""

STRONG = 1.5
"""From this weight of anchors on, a pattern may be about the whole repository."""


@dataclass(frozen=True, slots=True)
class Level:
    """One size at which a change can be looked at: the same node before and after it."""

    old: tuple[ast.AST, ...]
    new: tuple[ast.AST, ...]
    key: ast.expr | None = None
    """For the value of a dict entry, its key."""

    unless: tuple[ast.AST, ...] = ()
    """The code that makes the old one right where it stands inside it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule that a change could become; patterns in the notation of the rule files."""

    forbid: str = ""
    """The code that must not come back; empty for a rule that only requires."""

    mend: str | None = None
    """The code that takes its place; None where no repair is known."""

    not_inside: tuple[str, ...] = ()
    """Patterns within which the forbidden code is right."""

    require: str = ""
    """The code that must stay; empty for a rule that only forbids."""

    function: str = ""
    """The function that the rule is about; empty for anywhere."""

    class_: str = ""
    """The class that it is about; empty for anywhere."""

    names: tuple[str, ...] = ()
    """Metavariables that must stand for a name, as they do in the example."""

    exact: bool = False
    """Whether the local names are kept as they are."""

    weight: float = 0.0
    """How much in the pattern is its own."""

    local: bool = False
    """Whether the repair needs names that the file has and others may not."""


def understood(site: Site, old: ast.Module, new: ast.Module) -> tuple[Names, Names]:
    """What names mean around the old and the new code of a site."""
    return names(old, site.old_scope), names(new, site.new_scope)


def candidates(site: Site, old: ast.Module, new: ast.Module) -> Iterator[Candidate]:
    """Every rule worth trying for a site, in the order of preference, not yet proved."""
    before, after = understood(site, old, new)
    if not site.inserted:
        found = [*levels(site)]
        for exact in (False, True):
            for level in found:
                yield from forbidding(level, site, before, exact=exact)
    if not site.removed:
        for exact in (False, True):
            yield from requiring(site, after, exact=exact)


def forbidding(level: Level, site: Site, known: Names, *, exact: bool) -> Iterator[Candidate]:
    """The rules that forbid the old code at one level."""
    looked_at = [*level.old, *([level.key] if level.key is not None else [])]
    metavariables = {} if exact else chosen(level.old, known)
    if exact and not chosen(level.old, known):
        return
    weight = anchors(looked_at, known, metavariables)
    if weight < 1:
        return
    forbid = spelled(level.old, level.key, metavariables, known)
    if not forbid or forbid.count("\n") >= LONGEST:
        return
    plain = Names(known.local, {}, known.kept)
    mend = spelled(level.new, level.key, metavariables, plain) if level.new else None
    function, class_ = ("", "") if level.new else located(site)
    basis = Candidate(forbid, mend, function=function, class_=class_, exact=exact, weight=weight)
    named = sorted(metavariables.values())
    around = level.unless or (level.new if len(level.new) == 1 else ())
    excuse = spelled(around, level.key, metavariables, known) if around else None
    excused = [] if not excuse else [dataclasses.replace(basis, not_inside=(excuse,))]
    if level.unless:
        yield from excused
        return
    # Where the old code is a part of the new, only what is around it tells the two apart.
    if level.new and all(within(old, level.new) for old in level.old):
        yield from excused
    yield basis
    if named:
        yield dataclasses.replace(basis, names=tuple(named))
    yield from excused


def located(site: Site) -> tuple[str, str]:
    """The function and the class around a site, as a rule names them."""
    scope = site.new_scope or site.old_scope
    classes = [node.name for node in scope if isinstance(node, ast.ClassDef)]
    functions = [
        node.name for node in scope if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    mixed = functions and isinstance(scope[-1], ast.ClassDef)
    return (functions[-1], "") if mixed else (".".join(functions), ".".join(classes))


def spelled(
    nodes: Sequence[ast.AST], key: ast.expr | None, metavariables: dict[str, str], known: Names
) -> str | None:
    """Code as a pattern, with its key in front where it is the value of a dict entry."""
    text = pattern(nodes, metavariables, known.imported)
    if text is None or key is None:
        return text
    name = pattern([key], metavariables, known.imported)
    return None if name is None else f"{name}: {text}"


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


IMPORTS = (ast.Import, ast.ImportFrom)


def requiring(site: Site, known: Names, *, exact: bool) -> Iterator[Candidate]:
    """The rules that require the new code, in the function or class that it stands in."""
    for nodes in pieces(site):
        metavariables = {} if exact else chosen(nodes, known)
        if exact and not chosen(nodes, known):
            continue
        weight = anchors(nodes, known, metavariables)
        if weight < (0.25 if exact else 1):
            continue
        text = pattern(nodes, metavariables, known.imported)
        if text and text.count("\n") < LONGEST:
            function, class_ = located(site)
            yield Candidate(
                require=text, function=function, class_=class_, exact=exact, weight=weight
            )


def pieces(site: Site) -> Iterator[tuple[ast.AST, ...]]:
    """The parts of the new code that can be required, the most telling first."""
    whole = (head(site.chain[0].new),) if site.chain else site.new
    if whole and isinstance(whole[0], (ast.ExceptHandler, ast.match_case)):
        if site.holder is not None and isinstance(site.holder.new, ast.Try):
            yield (handling(site.holder.new, whole),)
        return
    code = tuple(n for n in whole if not isinstance(n, IMPORTS) and not prose(n))
    code = code or tuple(n for n in whole if not prose(n))
    if not code:
        return
    if size(code) <= 4:
        yield code
    heads = tuple(head(n) for n in code)
    if [dump(h) for h in heads] != [dump(c) for c in code]:
        yield heads
    for one in sorted(code, key=lambda n: size([n]), reverse=True) if len(code) > 1 else ():
        if size([one]) <= 4:
            yield (one,)
        yield (head(one),)


def handling(node: ast.Try, handlers: Sequence[ast.AST]) -> ast.Try:
    """A `try` reduced to some of its handlers."""
    dots: list[ast.stmt] = [ast.Expr(ast.Name(DOTS, ast.Load()))]
    kept = [h for h in handlers if isinstance(h, ast.ExceptHandler)]
    return ast.Try(body=dots, handlers=kept, orelse=[], finalbody=[])


def prose(node: ast.AST) -> bool:
    """Whether a statement is a string alone, or does nothing."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Pass)


def size(nodes: Sequence[ast.AST]) -> int:
    """How many statements there are in `nodes`."""
    return sum(isinstance(inner, ast.stmt) for node in nodes for inner in ast.walk(node))
