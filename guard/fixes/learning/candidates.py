"""The rules that a change could become, the most general that one example allows first."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from guard.fixes.learning.additions import addition
from guard.fixes.learning.binding import unbinding
from guard.fixes.learning.levels import MOST, Level, head, levels, prose, size
from guard.fixes.learning.pattern import (
    DOTS,
    ROOTS,
    Names,
    anchors,
    builtin_names,
    chosen,
    names,
    pattern,
    used,
)
from guard.fixes.learning.sites import DEFINITIONS, Site, dump, within
from guard.values import dataclass, replace

LONGEST = 14
"""A piece of code of more lines is no rule: it would be broken by the next edit."""

STRONG = 1.5
"""From this weight of anchors on, a pattern may be about the whole repository."""


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

    wide: bool = False
    """Whether the pattern says enough to be about the whole repository."""

    local: bool = False
    """Whether the repair needs names that the file has and others may not."""


def candidates(site: Site, old: ast.Module, new: ast.Module) -> Iterator[Candidate]:
    """Every rule worth trying for a site, in the order of preference, not yet proved."""
    before, after = names(old, site.old_scope), names(new, site.new_scope)
    if (added := addition(site)) is not None:
        key, node = added
        yield from requiring((node,), site, after, key)
    if not site.inserted:
        found = [*levels(site)]
        for exact in (False, True):
            for level in found:
                yield from forbidding(level, site, old, before, exact=exact)
    if not site.removed:
        for nodes in (*pieces(site), *neighbours(site, new)):
            yield from requiring(nodes, site, after)


def forbidding(
    level: Level, site: Site, tree: ast.Module, known: Names, *, exact: bool
) -> Iterator[Candidate]:
    """The rules that forbid the old code at one level."""
    variable = chosen(level.old, known)
    if (exact and not variable) or any(bare(node) for node in level.old):
        return
    metavariables = {} if exact else variable
    weight = anchors([*level.old, *filter(None, [level.key])], known, metavariables)
    forbid = spelled(level.old, level.key, metavariables, known)
    if weight < 1 or not forbid or forbid.count("\n") >= LONGEST:
        return
    wide = weight >= STRONG and not exact and not any(owned(node, known) for node in level.old)
    basis = Candidate(forbid, exact=exact, weight=weight, wide=wide)
    if not level.new:  # what was taken out there may be right elsewhere
        function, class_ = located(site)
        basis = replace(basis, function=function, class_=class_)
    elif not unbinding(level, site, tree):
        basis = mended(basis, level, site, known, metavariables)
    named = tuple(sorted(metavariables.values()))
    around = level.unless or (level.new if len(level.new) == 1 else ())
    excuse = spelled(around, level.key, metavariables, known) if around else None
    excused = [replace(basis, not_inside=(excuse,))] if excuse else []
    # Where the old code is a part of the new, only what is around it tells the two apart.
    if level.unless or (level.new and all(within(old, level.new) for old in level.old)):
        yield from excused
    if level.unless:
        return
    yield basis
    if named:
        yield replace(basis, names=named)
    yield from excused


def owned(node: ast.AST, known: Names) -> bool:
    """Whether code belongs to one class or is a definition: elsewhere it means something else."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return isinstance(node, DEFINITIONS) or bool(names & known.kept)


def bare(node: ast.AST) -> bool:
    """Whether a statement says no more than a name, an attribute or a constant does."""
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, (ast.Name, ast.Constant))
    if isinstance(node, (ast.Pass, ast.Break, ast.Continue)):
        return True
    return isinstance(node, ast.Expr) and not isinstance(node.value, ROOTS)


def mended(
    basis: Candidate, level: Level, site: Site, known: Names, metavariables: dict[str, str]
) -> Candidate:
    """A candidate with its repair, and with the place it is bound to."""
    brought = used(level.new) - used(level.old)
    if not all(known.knows(name) for name in brought):
        # An import or a variable that another part of the fix brings: no repair counts on it.
        return basis
    mend = spelled(level.new, level.key, metavariables, Names(known.local, {}))
    function, class_ = located(site) if brought & known.local else ("", "")
    local = bool(brought - builtin_names())
    return replace(basis, mend=mend, function=function, class_=class_, local=local)


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


IMPORTS = (ast.Import, ast.ImportFrom)


def requiring(
    nodes: Sequence[ast.AST], site: Site, known: Names, key: ast.expr | None = None
) -> Iterator[Candidate]:
    """The rules that require new code, in the function or class that it stands in.

    With a `key`, the code is the value of that entry.
    """
    if key is None and all(bare(node) for node in nodes):
        return
    function, class_ = located(site)
    variable = chosen(nodes, known)
    for metavariables in (variable, {}) if variable else ({},):
        exact = not metavariables
        weight = anchors([*nodes, *filter(None, [key])], known, metavariables)
        text = spelled(nodes, key, metavariables, known)
        # Exact code says enough where it is looked for in one function only.
        least = 0.25 if exact and (function or class_) else 1
        if text and weight >= least and text.count("\n") < LONGEST:
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
    if size(code) <= MOST:
        yield code
    heads = tuple(head(n) for n in code)
    if [dump(h) for h in heads] != [dump(c) for c in code]:
        yield heads
    for one in sorted(code, key=lambda n: size([n]), reverse=True) if len(code) > 1 else ():
        if size([one]) <= MOST:
            yield (one,)
        yield (head(one),)


def neighbours(site: Site, new: ast.Module) -> Iterator[tuple[ast.AST, ...]]:
    """The new code with the statement before or after it: for code that only moved."""
    if not site.new or not isinstance(site.new[0], ast.stmt) or site.chain:
        return
    for node in ast.walk(new):
        for _, block in ast.iter_fields(node):
            if isinstance(block, list) and any(one is site.new[0] for one in block):
                first = next(i for i, one in enumerate(block) if one is site.new[0])
                last = first + len(site.new)
                code = [head(one) for one in block[max(first - 1, 0) : last + 1]]
                if first:
                    yield tuple(code[: len(site.new) + 1])
                if last < len(block):
                    yield tuple(code[-len(site.new) - 1 :])


def handling(node: ast.Try, handlers: Sequence[ast.AST]) -> ast.Try:
    """A `try` reduced to some of its handlers."""
    dots: list[ast.stmt] = [ast.Expr(ast.Name(DOTS, ast.Load()))]
    kept = [h for h in handlers if isinstance(h, ast.ExceptHandler)]
    return ast.Try(body=dots, handlers=kept, orelse=[], finalbody=[])
