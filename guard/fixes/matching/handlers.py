"""Who matches which node of a pattern."""

from __future__ import annotations

from guard.fixes.matching import compound, expressions, foreign, holes, statements
from guard.fixes.matching.match import Handler

HANDLERS: dict[type, Handler] = {
    **holes.HANDLERS,
    **expressions.HANDLERS,
    **statements.HANDLERS,
    **compound.HANDLERS,
    **foreign.HANDLERS,
}
