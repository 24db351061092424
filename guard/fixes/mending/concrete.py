"""Repairs on the concrete syntax tree, where comments and layout have their place: libcst."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LARGEST = 1_000_000
"""Code points beyond which the tree takes seconds to build."""

# libcst takes no lone surrogates, which are how bytes that are not UTF-8 stand in a text.
STAND_INS = {0xDC00 + byte: chr(0xF0000 + byte) for byte in range(0x80, 0x100)}
BACK = {ord(stand_in): chr(surrogate) for surrogate, stand_in in STAND_INS.items()}


def rewritten(text: str, patches: Sequence[Any]) -> str | None:
    """A Python text with patches applied through libcst; None where that is not possible.

    The statements of the module that the patches touch are parsed anew, comments and all, and put
    in the place of the old ones; every other node of the tree stays the very same, so its code is
    the same byte for byte. `patches` are disjoint and have `start`, `end` (offsets in code points)
    and `text`.
    """
    if len(text) > LARGEST or any(stand_in in text for stand_in in STAND_INS.values()):
        return None
    import libcst

    if text.startswith("\ufeff"):  # which libcst drops
        moved = [type(p)(p.start - 1, p.end - 1, p.text) for p in patches]
        rest = rewritten(text[1:], moved) if all(p.start >= 0 for p in moved) else None
        return None if rest is None else "\ufeff" + rest
    text = text.translate(STAND_INS)

    try:
        module = libcst.parse_module(text)
        if module.code != text:
            return None
        codes = [module.code_for_node(statement) for statement in module.body]
        starts = [sum(len(module.code_for_node(line)) for line in module.header)]
        for code in codes:
            starts.append(starts[-1] + len(code))
        first, last = touched(starts, patches)
        stretch = text[starts[first] : starts[last + 1]]
        for patch in sorted(patches, reverse=True):
            low, high = patch.start - starts[first], patch.end - starts[first]
            stretch = stretch[:low] + patch.text + stretch[high:]
        part = spelled(libcst.parse_module(stretch))
        if part.footer:
            return None
        body = list(part.body)
        if part.header and body:
            leading = [*part.header, *getattr(body[0], "leading_lines", ())]
            body[0] = body[0].with_changes(leading_lines=leading)
        whole = [*module.body[:first], *body, *module.body[last + 1 :]]
        return module.with_changes(body=whole).code.translate(BACK)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, ValueError, RecursionError):
        return None


def spelled(module: Any) -> Any:
    """A module whose blocks and line ends say what they are, so that it may go into another."""
    import libcst

    class Spelled(libcst.CSTTransformer):
        def leave_IndentedBlock(  # noqa: N802  # libcst's name
            self, original_node: libcst.IndentedBlock, updated_node: libcst.IndentedBlock
        ) -> libcst.IndentedBlock:
            indent = updated_node.indent or module.default_indent
            return updated_node.with_changes(indent=indent)

        def leave_Newline(  # noqa: N802  # libcst's name
            self, original_node: libcst.Newline, updated_node: libcst.Newline
        ) -> libcst.Newline:
            return updated_node.with_changes(value=updated_node.value or module.default_newline)

    return module.visit(Spelled())


def touched(starts: Sequence[int], patches: Sequence[Any]) -> tuple[int, int]:
    """The first and the last statement that patches lie in; a ValueError where one lies in none."""
    inside = [
        index
        for index in range(len(starts) - 1)
        if any(starts[index] <= p.start and p.end <= starts[index + 1] for p in patches)
    ]
    held = all(
        any(starts[i] <= p.start and p.end <= starts[i + 1] for i in inside) for p in patches
    )
    if not inside or not held:
        raise ValueError("a patch lies in no statement")
    return inside[0], inside[-1]
