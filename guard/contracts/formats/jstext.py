"""The texts of JavaScript: escapes, expressions that hand on others, what opens files."""

from __future__ import annotations

import re
from typing import Any

ESCAPE = re.compile(
    r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|.)", re.DOTALL
)


LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


FUNCTIONS = (
    r"(?:readFile|readFileSync|writeFile|writeFileSync|appendFile|appendFileSync|readdir|"
    r"readdirSync|createReadStream|createWriteStream|existsSync|stat|statSync|access|accessSync|"
    r"mkdir|mkdirSync|unlink|unlinkSync|opendir|watch|sendFile|static|join|resolve)"
)


OPENS = re.compile(rf"(?:^|\.){FUNCTIONS}$")
"""The name of a function that opens the path it is given, or makes one of what it is given."""


OPENING = re.compile(rf"\b{FUNCTIONS}\s*\(")
"""A call that may be of such a function."""


WRITES = re.compile(r"write|append|mkdir|createWriteStream", re.IGNORECASE)


def inner(node: Any) -> Any:
    """An expression without parentheses and calls that hand it on: `Object.freeze({ … })`."""
    while True:
        if (
            node.type in ("parenthesized_expression", "as_expression", "satisfies_expression")
            and node.named_children
        ):
            node = node.named_children[0]
        elif node.type == "call_expression":
            given = node.child_by_field_name("arguments")
            first = given.named_children[:1] if given is not None else []
            if not first or first[0].type != "object":
                return node
            node = first[0]
        elif node.type == "arrow_function":
            body = node.child_by_field_name("body")
            if body is None or body.type != "parenthesized_expression":
                return node
            node = body
        else:
            return node


def unescaped(text: str) -> str:
    """What the escapes in a string stand for."""
    if "\\" not in text:
        return text

    def meant(match: re.Match[str]) -> str:
        code = match[2] or match[3] or match[4]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return LETTERS.get(match[1], "" if match[1] in ("\n", "\r\n") else match[1])

    return ESCAPE.sub(meant, text)
