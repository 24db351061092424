"""Members that stand twice, where the last one silently wins, and fields that are never made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from guard.javascript.grammar import words
from guard.javascript.leftovers.finds import NO_STATEMENT, Leftover

if TYPE_CHECKING:
    from tree_sitter import Node

HINT = "remove the one that is left over, or give it a name of its own"

ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})"
    r"|(\r\n|[\s\S]))"
)

SINGLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


LITERALS = frozenset("string number template_string regex null true false".split())
"""What a computed key may be without depending on a run."""


def duplicates(objects: Iterable[Node], classes: Iterable[Node]) -> Iterator[Leftover]:
    """The second and later of equal members, in each object literal and each class body."""
    for node in objects:
        if node.named_child_count > 1:
            yield from among(node, "object")
    for node in classes:
        if node.named_child_count > 1:
            yield from among(node, "class")


def among(body: Node, kind: str) -> Iterator[Leftover]:
    """The members of one object or class that repeat an earlier one.

    A getter and a setter of one name belong together; a static member and one of the instances
    do not meet.
    """
    seen: dict[tuple[bool, str], dict[str, Node]] = {}
    for member in body.named_children:
        key = key_of(member)
        name = None if key is None else static_name(key)
        if key is None or name is None:
            continue
        if kind == "class" and (key.type == "private_property_identifier" or builds(member, key)):
            continue  # twice is a syntax error there
        if name == "__proto__" and member.type == "pair" and key.type != "computed_property_name":
            continue  # sets the prototype and is no member
        accessor, static = modifiers(member)
        earlier = seen.setdefault((static, name), {})
        clash = earlier.get("value") or (
            next(iter(earlier.values()), None) if accessor == "value" else earlier.get(accessor)
        )
        if clash is not None:
            yield Leftover(
                "duplicate-member",
                member,
                f"{name!r} stands twice in this {kind}, and the last one silently wins",
                HINT,
                symbol=name,
                related=clash,
                note=f"the {name!r} that is lost",
            )
        earlier.setdefault(accessor, member)


def fields(classes: Iterable[Node]) -> Iterator[Leftover]:
    """The fields of derived classes whose constructor never calls `super()`: none is ever made."""
    for body in classes:
        around = body.parent
        if around is None or all(child.type != "class_heritage" for child in around.children):
            continue
        maker = next((m for m in body.named_children if is_constructor(m)), None)
        if maker is None or b"super" in (maker.text or b""):
            continue
        run: list[Node] = []
        for member in [*body.named_children, maker]:
            static = any(child.type == "static" for child in member.children)
            if member.type == "field_definition" and not static:
                run.append(member)
            elif run and member.type not in NO_STATEMENT:
                yield Leftover(
                    "unreachable",
                    run[0],
                    "nothing reaches this: the constructor never calls super()",
                    "call super() in the constructor, or remove what is left over",
                    last=run[-1],
                    related=maker,
                    note="the constructor",
                )
                run = []


def is_constructor(member: Node) -> bool:
    """Whether a member of a class is its constructor."""
    key = key_of(member)
    return member.type == "method_definition" and key is not None and builds(member, key)


def key_of(member: Node) -> Node | None:
    """The node that names a member; None for a spread, a comment and a static block."""
    kind = member.type
    if kind == "pair":
        return member.child_by_field_name("key")
    if kind == "method_definition":
        return member.child_by_field_name("name")
    if kind == "field_definition":
        return member.child_by_field_name("property")
    return member if kind == "shorthand_property_identifier" else None


def builds(member: Node, key: Node) -> bool:
    """Whether a member of a class is its constructor."""
    return (
        member.type == "method_definition"
        and key.type in ("property_identifier", "string")
        and static_name(key) == "constructor"
        and not modifiers(member)[1]
    )


def modifiers(member: Node) -> tuple[str, bool]:
    """Whether a member is a getter, a setter or a value, and whether it is static."""
    accessor, static = "value", False
    if member.type in ("method_definition", "field_definition"):
        for child in member.children:
            if child.type in ("get", "set"):
                accessor = child.type
            elif child.type == "static":
                static = True
            elif child.is_named and child.type != "decorator":
                break
    return accessor, static


def static_name(key: Node) -> str | None:
    """The property name that a key stands for, as the engine sees it; None where it is computed."""
    kind, text = key.type, words(key)
    while kind in ("computed_property_name", "parenthesized_expression"):
        if key.named_child_count != 1:
            return None
        key = key.named_children[0]
        kind, text = key.type, words(key)
        if kind not in (*LITERALS, "parenthesized_expression"):
            return None
    if kind == "string":
        return unescaped(text[1:-1])
    if kind == "template_string":
        plain = all(child.type != "template_substitution" for child in key.named_children)
        return unescaped(text[1:-1]) if plain else None
    if kind == "number":
        return number_name(text)
    return unescaped(text)


def unescaped(text: str) -> str:
    """The characters that JavaScript's escape sequences stand for."""
    if "\\" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        if found[4]:
            return chr(int(found[4], 8))
        return "" if found[5] in ("\n", "\r\n", "\r") else SINGLE.get(found[5], found[5])

    return ESCAPE.sub(one, text)


def number_name(text: str) -> str:
    """The property name of a numeric literal: `0x10`, `16.0` and `16n` all name '16'."""
    digits = text.replace("_", "").rstrip("n")
    try:
        if digits[:2].lower() in ("0x", "0o", "0b"):
            whole = int(digits, 0)
        elif re.fullmatch(r"0[0-7]+", digits):
            whole = int(digits, 8)
        elif text.endswith("n"):
            whole = int(digits)
        else:
            return number_text(float(digits))
    except ValueError:
        return text
    return str(whole) if text.endswith("n") else number_text(float(whole))


def number_text(value: float) -> str:
    """A number that is not negative as JavaScript writes it, after Number::toString."""
    if value == float("inf"):
        return "Infinity"
    mantissa, _, power = repr(value).partition("e")
    if not power:
        return mantissa.removesuffix(".0")
    exponent, digits = int(power), mantissa.removesuffix(".0").replace(".", "")
    if 0 < exponent < 21:
        return digits.ljust(exponent + 1, "0")
    if -7 < exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    return f"{mantissa.removesuffix('.0')}e{exponent:+d}"
