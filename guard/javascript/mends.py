"""What esprima-fork gets wrong while it reads, put right in its parser."""

from __future__ import annotations

from typing import Any


def mend(parser: Any) -> None:
    """Puts the methods of the class `parser` right; to be done once."""
    parser.nextToken = after_lines(parser.nextToken)
    parser.parseGroupExpression = grouped(parser.parseGroupExpression)


def after_lines(ahead: Any) -> Any:
    """`nextToken`, which has the parser ask whether the token that comes *begins* on a new line.

    It looks at where the token ends: a template or string over several lines makes it refuse
    ``throw `…` `` and believe that a semicolon may be missing before any other such literal.
    """

    def token(self: Any, *given: Any, **named: Any) -> Any:
        passed = ahead(self, *given, **named)
        if self.hasLineTerminator:
            self.hasLineTerminator = passed.lineNumber != self.startMarker.line
        return passed

    return token


def grouped(inside: Any) -> Any:
    """`parseGroupExpression`, which takes `(a, b,)` for the parameters of an arrow only."""

    def group(self: Any) -> Any:
        expression = inside(self)
        if expression.type == "ArrowParameterPlaceHolder" and not self.match("=>"):
            self.throwUnexpectedToken(self.lookahead)
        return expression

    return group
