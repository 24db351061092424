"""What a statement says beyond the pattern that met it, and a repair of the whole would lose."""

from __future__ import annotations

import ast
from typing import Any

from guard.fixes.matching.nodes import Code, Dots

PARTS = (
    "names items handlers cases decorator_list bases keywords orelse finalbody cause returns"
).split()
"""Fields of a statement of which a pattern need not say everything."""


def says_more(p: Any, n: Any, met: dict[int, Any]) -> bool:
    """Whether a statement has parts that its pattern does not speak of, and that would be lost."""
    if isinstance(p, Code):
        return code_says_more(p, n, met)
    if not isinstance(p, ast.stmt) or isinstance(p, ast.Expr) or getattr(n, "instead", None):
        return False
    if isinstance(p, ast.Assign) and isinstance(n, ast.Assign):
        return [id(met.get(id(t))) for t in p.targets] != [id(t) for t in n.targets]
    if isinstance(p, (ast.Import, ast.ImportFrom)) and type(p) is not type(n):
        return True
    for field in (*PARTS, *(["body"] if isinstance(p, ast.ClassDef) else [])):
        mine, theirs = getattr(p, field, None) or [], getattr(n, field, None) or []
        if isinstance(mine, list) and isinstance(theirs, list):
            if len(mine) < len(theirs) and not any(map(many, mine)):
                return True
        elif not mine:
            return True
    return False


def code_says_more(p: Code, n: Any, met: dict[int, Any]) -> bool:
    """The same of a node of another language."""
    if not isinstance(n, Code):
        return False
    if p.kind != n.kind:
        return True
    if not any(map(many, p.parts)):
        seen = {id(met.get(id(part))) for part in p.parts}
        if any(id(part) not in seen for part in n.parts):
            return True
    return any(
        code_says_more(part, met.get(id(part)), met) for part in p.parts if isinstance(part, Code)
    )


def many(p: Any) -> bool:
    """Whether an element of a list in the pattern is dots."""
    inner = p.value if isinstance(p, (ast.Expr, ast.keyword)) else p
    return isinstance(inner, Dots)
