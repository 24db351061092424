"""What a fix added to a dict or a list: that must stay, whatever else comes to stand beside it."""

from __future__ import annotations

import ast

from guard.fixes.learning.pattern import DOTS
from guard.fixes.learning.sites import Site, dump

Addition = tuple[ast.expr | None, ast.AST]
"""The key of an added entry, None for what is no entry, and the node that must stay."""


def addition(site: Site) -> Addition | None:
    """What was added to a dict or a list that else stayed as it was; None for any other change."""
    if len(site.old) != 1 or len(site.new) != 1:
        return None
    old, new = site.old[0], site.new[0]
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        before, after = entries(old), entries(new)
        added = [entry for entry in after if entry not in before]
        if len(added) != 1 or len(after) != len(before) + 1:
            return None
        index = after.index(added[0])
        key = new.keys[index]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key, new.values[index]
    if isinstance(old, ast.List) and isinstance(new, ast.List):
        mine, theirs = [dump(one) for one in old.elts], [dump(one) for one in new.elts]
        for index, one in enumerate(new.elts):
            if theirs[:index] + theirs[index + 1 :] == mine and theirs[index] not in mine:
                return None, among(one, site)
    return None


def entries(node: ast.Dict) -> list[tuple[str, str]]:
    """The keys and values of a dict, as they can be compared."""
    return [
        (dump(key) if key is not None else "**", dump(value))
        for key, value in zip(node.keys, node.values, strict=True)
    ]


def among(element: ast.expr, site: Site) -> ast.AST:
    """A list with `element` anywhere in it, assigned to the name that the list has."""
    dots = ast.Name(DOTS, ast.Load())
    listed = ast.List([dots, element, dots], ast.Load())
    step = site.chain[-1].new if site.chain else None
    if isinstance(step, ast.Assign) and step.value is site.new[0]:
        return ast.Assign(step.targets, listed, lineno=step.lineno)
    return listed
