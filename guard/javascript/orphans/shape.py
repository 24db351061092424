"""The shape of a text that may not parse: its functions and members, as tree-sitter sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guard.javascript.grammar import captures, parse, words
from guard.javascript.tokens import Token
from guard.values import dataclass

FUNCTIONS = frozenset(
    (
        "method_definition",
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "class_static_block",
    )
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function or member, with the name people call it by."""

    name: str
    """The method's, key's or variable's name; empty where it has none."""

    start: int
    """Offset of the first code point: of the member or statement that it is the value of."""

    end: int
    """Offset after the last code point."""

    depth: int
    """How many functions are around it."""

    whole: bool = False
    """Whether it is a class, the container of members and not one of them."""


class Shape:
    """The shape of one text, and quickly that of the text with one edit made."""

    def __init__(self, text: str) -> None:
        # A question mark for what UTF-8 cannot hold keeps one byte for one code point.
        self.content = text.encode("utf-8", "replace")
        self.tree = parse(self.content)
        self._ascii = len(self.content) == len(text)
        self._text = text

    @property
    def regular(self) -> bool:
        """Whether it shows no error: a quick no, and a yes that others must confirm."""
        return not self.tree.root_node.has_error

    @property
    def errors(self) -> int:
        """How many stretches of it are no JavaScript to the quick parser."""
        return len(captures(self.tree.root_node, "(ERROR) @error").get("error", ()))

    def regular_with(self, start: int, end: int, text: str) -> bool:
        """The same of the text in which `text` stands for the code points from start to end."""
        return not self._edited(start, end, text).root_node.has_error

    def beside(self, start: int, end: int, text: str = "") -> tuple[str, str]:
        """The names of the functions that, after such an edit, end right before it or begin there.

        Empty where another thing stands there, or a function without a name.
        """
        node = self._edited(start, end, text).root_node
        at = self._byte(start)
        before = after = None
        while node is not None:
            inner = None
            for child in node.named_children:
                if child.end_byte <= at and child.type != "comment":
                    before, after = child, None
                elif child.start_byte >= at and child.type != "comment":
                    after = after or child
                    break
                elif child.start_byte < at < child.end_byte:
                    inner = child
                    before = after = None
            node = inner
        return called(before), called(after)

    def holds_statements(self, start: int, end: int) -> bool:
        """Whether, without the text from start to end, statements may stand in its place."""
        node = self._edited(start, end, "").root_node
        at = self._byte(start)
        while True:
            inner = [c for c in node.named_children if c.start_byte < at < c.end_byte]
            if not inner:
                return node.type in ("program", "statement_block", "switch_case", "switch_default")
            node = inner[0]

    def _byte(self, offset: int) -> int:
        if self._ascii:
            return offset
        return len(self._text[:offset].encode("utf-8", "replace"))

    def _edited(self, start: int, end: int, text: str) -> Any:
        first, last, new = self._byte(start), self._byte(end), text.encode("utf-8", "replace")
        tree = self.tree.copy()
        tree.edit(
            start_byte=first,
            old_end_byte=last,
            new_end_byte=first + len(new),
            start_point=point(self.content, first),
            old_end_point=point(self.content, last),
            new_end_point=point(self.content[:first] + new, first + len(new)),
        )
        return parse(self.content[:first] + new + self.content[last:], tree)


def called(node: Any) -> str:
    """The name of the function that a member, declaration or statement is; empty for others."""
    wrappers = ("export_statement", "expression_statement", "lexical_declaration")
    holders = ("variable_declaration", "pair", "field_definition", "assignment_expression")
    while node is not None:
        if node.type in FUNCTIONS:
            return named(node)[1]
        if node.type in wrappers or node.type in (*holders, "variable_declarator"):
            # What is declared or assigned stands last.
            node = node.named_children[-1] if node.named_children else None
        else:
            return ""
    return ""


def point(content: bytes, at: int) -> tuple[int, int]:
    """The 0-based row and byte column of a byte offset."""
    return content.count(b"\n", 0, at), at - content.rfind(b"\n", 0, at) - 1


def functions(text: str) -> list[Function]:
    """The named functions and members of `text`, in the order of their starts."""
    # Two bytes for each code unit: the offsets of code points follow without a table.
    return sorted(_functions(text), key=lambda f: (f.start, -f.end))


def _functions(text: str) -> Iterator[Function]:
    content = text.encode("utf-8", "replace")
    place = offsets(text, content)
    todo = [(parse(content).root_node, 0)]
    while todo:
        node, depth = todo.pop()
        if node.type in FUNCTIONS:
            holder, name = named(node)
            if name:
                yield Function(name, place(holder.start_byte), place(holder.end_byte), depth)
            depth += 1
        elif node.type in ("class_declaration", "class"):
            name_node = node.child_by_field_name("name")
            if name_node is not None:
                start, end = place(node.start_byte), place(node.end_byte)
                yield Function(words(name_node), start, end, depth, whole=True)
        todo += [(child, depth) for child in node.named_children]


def member(fragment: str) -> str:
    """The name of the whole member or function that a fragment is; empty for other fragments."""
    for head, tail in (("({", "})"), ("class A {", "}"), ("", "")):
        if not Shape(f"{head}{fragment}{tail}").regular:
            continue
        known = functions(f"{head}{fragment}{tail}")
        whole = [f for f in known if f.start == len(head) and f.end >= len(head + fragment) - 1]
        if whole:
            return whole[0].name
    return ""


def trailed(known: list[Function], text: str, at: int) -> Function | None:
    """The function that ends right before `at`: only closing signs and comments stand between."""
    ended = [f for f in known if f.end <= at and not f.whole]
    if not ended:
        return None
    last = max(ended, key=lambda f: (f.end, -f.start))
    between = text[last.end : at]
    code = "\n".join(line for line in between.splitlines() if not line.strip().startswith("//"))
    return last if not code.strip(" \t\r\n;,)") else None


def around(known: list[Function], at: int) -> str:
    """The name of the innermost function or member in which an offset stands; perhaps empty."""
    inside = [f for f in known if f.start <= at <= f.end and not f.whole]
    return max(inside, key=lambda f: f.start).name if inside else ""


def named(node: Any) -> tuple[Any, str]:
    """The member or declaration that a function node is the value of, and its name."""
    own = node.child_by_field_name("name")
    if own is not None and node.type != "function_expression":
        return node, plain(own)
    parent = node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "await_expression"):
        node, parent = parent, parent.parent
    if parent is not None:
        for kind, field in (
            ("pair", "key"),
            ("variable_declarator", "name"),
            ("field_definition", "property"),
            ("assignment_expression", "left"),
        ):
            if parent.type == kind:
                key = parent.child_by_field_name(field)
                if key is not None:
                    holder = parent
                    if parent.parent is not None and parent.parent.type in (
                        "lexical_declaration",
                        "variable_declaration",
                        "expression_statement",
                    ):
                        holder = parent.parent
                    return holder, plain(key)
    return node, plain(own) if own is not None else ""


def plain(node: Any) -> str:
    """A name as people say it: without quotes, of a chain of members the last one."""
    if node.type == "member_expression":
        node = node.child_by_field_name("property") or node
    text = words(node)
    return text.strip("'\"`") if node.type == "string" else text


def offsets(text: str, content: bytes) -> Any:
    """A function from byte offsets in `content` to code point offsets in `text`."""
    if len(content) == len(text):
        return lambda at: at
    from bisect import bisect_right

    starts, points, at = [0], [0], 0
    for index, line in enumerate(content.split(b"\n")):
        at += len(line) + 1
        starts.append(at)
        points.append(points[index] + len(line.decode("utf-8", "replace")) + 1)

    def place(byte: int) -> int:
        row = bisect_right(starts, byte) - 1
        return points[row] + len(content[starts[row] : byte].decode("utf-8", "replace"))

    return place


def leaves(text: str) -> list[Token]:
    """The tokens of a text as tree-sitter sees them: for JSX, whose text is no tokens at all."""
    content = text.encode("utf-8", "replace")
    place = offsets(text, content)
    kinds = {"(": "open", "[": "open", "{": "open", "${": "open"}
    kinds |= {")": "close", "]": "close", "}": "close"}
    found: list[Token] = []
    todo = [parse(content).root_node]
    while todo:
        node = todo.pop()
        whole = node.type in ("string", "jsx_text", "comment", "regex")
        if node.child_count and not whole:
            todo += reversed(node.children)
        elif node.type not in ("comment", "jsx_text") and node.start_byte < node.end_byte:
            start, end = place(node.start_byte), place(node.end_byte)
            found.append(Token(text[start:end], start, kinds.get(node.type, "other")))
    return found
