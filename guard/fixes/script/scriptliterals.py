"""What the literals of JavaScript say, however they are written."""

from __future__ import annotations

import re

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


def said(text: str) -> str:
    """The content of a string literal."""

    def letter(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else found[0]
        return ESCAPES.get(found[4], found[4])

    escape = r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|(.))"
    return re.sub(escape, letter, text, flags=re.DOTALL)


def number(text: str) -> str:
    """A number in one form for each value."""
    plain = text.replace("_", "").lower()
    try:
        value = int(plain, 0) if plain.startswith(("0x", "0o", "0b")) else float(plain)
    except ValueError:
        return plain
    return str(int(value)) if value == value // 1 and abs(value) < 1e15 else repr(value)
