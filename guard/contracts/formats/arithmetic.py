"""What `+`, `-`, `*` and their like make of two numbers that code writes or names."""

from __future__ import annotations

import re

from guard.contracts.values import Value

NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


def worked_out(operator: str, left: Value, right: Value) -> str | None:
    """The number that an operator makes of two values; None where one is no number."""
    one, other = number(left), number(right)
    if one is None or other is None or (operator in ("/", "//", "%") and not other):
        return None
    match operator:
        case "+":
            return str(one + other)
        case "-":
            return str(one - other)
        case "*":
            return str(one * other)
        case "/":
            return str(one / other).removesuffix(".0")
        case "//":
            return str(one // other)
        case _:
            return None


def number(value: Value) -> int | float | None:
    """The number that a value is; None for a text of digits, which stands in quotes."""
    piece, text = value.sole, value.text
    if piece is None or value.unresolved or not NUMBER.fullmatch(text):
        return None
    written = piece.source.text
    if written[piece.start : piece.start + 1] in QUOTES:
        return None
    if written[max(piece.start - 1, 0) : piece.start] in QUOTES:
        return None
    return float(text) if "." in text else int(text)


QUOTES = ("'", '"', "`")
