"""Values in shell scripts, read with tree-sitter-bash: variables, and options of commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from guard.contracts.formats.grammar import Tree, descendants
from guard.contracts.formats.shelloption import arguments, numbered, parted, spellings
from guard.contracts.values import Missing, Source, Value, joined, made, plain, quoted, unknown
from guard.errors import nearest

SYNTAX = "like: PORT, ssh -L remote-port, docker run -p published, curl --port"


class Script:
    """One shell script; Broken where not even tolerant parsing sees commands in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree = Tree(source, "bash")
        self.given: dict[str, list[Any]] = {}
        self.commands: list[Any] = []
        self.settings: dict[str, list[Any]] = {}
        """Where `${X:=default}` sets a variable."""
        for node in descendants(self.tree.root):
            if node.type == "variable_assignment":
                named = node.child_by_field_name("name")
                self.given.setdefault(self.tree.text(named), []).append(node)
            elif node.type == "command":
                self.commands.append(node)
            elif node.type == "expansion" and (match := SETTING.match(self.tree.text(node))):
                self.settings.setdefault(match[1], []).append(node)

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means: a variable, or an option of a command."""
        words = selector.split()
        if len(words) == 1 and re.fullmatch(r"\$?\{?\w+\}?(\[\*\])?", words[0]):
            return self.variable(words[0].strip("${}").removesuffix("[*]"))
        option = next((i for i, word in enumerate(words) if word.startswith("-")), None)
        if option is None or option == 0 or len(words) > option + 2:
            raise Missing(f"{selector!r} is no selector for a shell script", SYNTAX)
        part = words[option + 1].replace("-", "_") if len(words) > option + 1 else ""
        return self.option(words[:option], words[option], part)

    def variable(self, name: str) -> list[Value]:
        """The values given to a variable."""
        nodes = self.given.get(name)
        if not nodes and name in self.settings:
            return [self.expanded(node, ()).named(name) for node in self.settings[name]]
        if not nodes:
            known = [*self.given, *self.settings]
            raise Missing(f"no variable {name!r} is set", nearest(name, known) if known else "")
        return [self.assigned(node, (name,)).named(name) for node in nodes]

    def assigned(self, node: Any, stack: tuple[str, ...]) -> Value:
        """What one assignment gives."""
        held = node.child_by_field_name("value")
        start, end = self.tree.span(node)
        if held is None:
            return plain(self.source, end, end)
        if self.tree.text(node).partition("=")[0].endswith("+"):
            return unknown(self.source, start, end, "it is put together with +=")
        return self.value(held, stack)

    def option(self, command: list[str], option: str, part: str) -> list[Value]:
        """What calls of `command` give as `option`, or a part of that."""
        found: list[Value] = []
        options: set[str] = set()
        words, numbers = zip(*map(numbered, command), strict=True)
        name, number = words[0], "".join(numbers)
        option, which = numbered(option)
        calls = [call for node in self.commands if (call := self.call(node, words))]
        if number not in ("", "*"):
            calls = calls[int(number) : int(number) + 1]
        for call in calls:
            spelled = spellings(words, option)
            given = [v for one in spelled for v in arguments(name, one, call, options)]
            given.sort(key=lambda value: value.start)
            if which not in ("", "*"):
                given = given[int(which) : int(which) + 1]
            found += given
        if not calls:
            known = sorted({self.name(node) for node in self.commands} - {""})
            hint = f"{name} is run with other words" if name in known else nearest(name, known)
            raise Missing(f"no command {' '.join(words)!r} is run", hint if known else "")
        if not found:
            known = sorted(options)
            raise Missing(
                f"{' '.join(command)} is not given {option}",
                nearest(option, known) if known else "",
            )
        return [parted(value, part, option) for value in found]

    def name(self, node: Any) -> str:
        """The name of the command that is run, without its folder."""
        named = node.child_by_field_name("name")
        return posixpath.basename(self.tree.text(named)) if named is not None else ""

    def call(self, node: Any, wanted: Sequence[str]) -> list[Value]:
        """The arguments of a command behind `wanted`, also where `sudo` or `exec` runs it.

        Empty where it is another command.
        """
        children = [c for c in node.children if c.type not in SKIPPED]
        values = [value for child in children for value in self.words(child)]
        texts = [value.text for value in values]
        for start, text in enumerate(texts):
            if posixpath.basename(text) == wanted[0]:
                rest = [t for t in texts[start + 1 :] if not t.startswith("-")][: len(wanted) - 1]
                return values[start + 1 :] if rest == [*wanted[1:]] else []
            if start and not (texts[0] in WRAPPERS or posixpath.basename(texts[0]) in WRAPPERS):
                return []
        return []

    def words(self, node: Any) -> list[Value]:
        """The words that one becomes: a list's members, or several where no quotes hold a text."""
        match = SPREAD.fullmatch(self.tree.text(node))
        given = self.given.get(match[1], []) if match is not None else []
        lists = [held.child_by_field_name("value") for held in given]
        if lists and all(held is not None and held.type == "array" for held in lists):
            return [self.value(member, ()) for held in lists for member in held.named_children]
        value = self.value(node, ())
        if node.type not in ("simple_expansion", "expansion") or value.unresolved:
            return [value]
        return [value.cut(*part.span()) for part in re.finditer(r"\S+", value.text)]

    def value(self, node: Any, stack: tuple[str, ...]) -> Value:
        """What a word is worth, variables resolved where one static value is known."""
        start, end = self.tree.span(node)
        text = self.tree.text(node)
        kind = node.type
        if kind in ("word", "number", "string_content", "special_variable_name", "variable_name"):
            return self.unescaped(start, end, text)
        if kind == "raw_string":
            return quoted(self.source, start, end, text[1:-1])
        if kind == "string":
            return self.string(node, start, end, stack)
        if kind in ("concatenation", "command_name"):
            return joined(self.source, start, end, [self.value(c, stack) for c in node.children])
        if kind in ("simple_expansion", "expansion"):
            return self.expanded(node, stack)
        if kind == "command_substitution":
            return unknown(self.source, start, end, "the output of a command")
        if not node.children:
            return plain(self.source, start, end)
        return unknown(self.source, start, end, "only running the script tells")

    def string(self, node: Any, start: int, end: int, stack: tuple[str, ...]) -> Value:
        """A string in double quotes; what lies between its parts is text as well."""
        parts = self.parts(node.children[1:-1], start + 1, end - 1, stack)
        return joined(self.source, start, end, parts)

    def parts(
        self, nodes: Sequence[Any], start: int, end: int, stack: tuple[str, ...]
    ) -> list[Value]:
        """The values of `nodes`, and the text between `start` and `end` that lies around them."""
        parts, at = [], start
        for node in nodes:
            low, high = self.tree.span(node)
            if low > at:
                parts.append(plain(self.source, at, low))
            parts.append(self.value(node, stack))
            at = high
        if end > at:
            parts.append(plain(self.source, at, end))
        return parts

    def unescaped(self, start: int, end: int, text: str) -> Value:
        """A bare word; a backslash takes the meaning from what follows."""
        if "\\" not in text:
            return plain(self.source, start, end)
        return made(self.source, start, end, re.sub(r"\\(.)", r"\1", text))

    def expanded(self, node: Any, stack: tuple[str, ...]) -> Value:
        """What `$X`, `${X}` or `${X:-default}` stands for."""
        start, end = self.tree.span(node)
        match = re.fullmatch(
            r"\$\{?(\w+|[@*#?!$-])(?:(:?[-=?+])(.*))?\}?", self.tree.text(node), re.S
        )
        if match is None:
            return unknown(self.source, start, end, "only running the script tells")
        name, op = match[1], match[2] or ""
        if name in stack and not op.endswith(("-", "=")):
            way = " → ".join((*stack[stack.index(name) :], name))
            return unknown(self.source, start, end, f"the variables lead in a circle: {way}")
        nodes = self.given.get(name, [])
        values = []
        if name not in stack:
            values = [self.assigned(node, (*stack, name)).named(name) for node in nodes]
        texts = {value.text for value in values if not value.unresolved}
        if values and len(texts) == 1 and not any(v.unresolved for v in values):
            return values[-1]
        if len(values) > 1:
            return unknown(self.source, start, end, f"${name} is set to several values")
        if op.endswith(("-", "=")):
            return self.default(node, start, end, match, stack)
        if values:
            return unknown(
                self.source,
                start,
                end,
                f"${name} is known only when the script runs: {values[0].unresolved}",
            )
        if name.isdigit() or not name.isidentifier():
            return unknown(self.source, start, end, f"${name} is an argument of the script")
        return unknown(self.source, start, end, f"${name} is set outside of the script")

    def default(
        self, node: Any, start: int, end: int, match: re.Match[str], stack: tuple[str, ...]
    ) -> Value:
        """The default of `${X:-default}`, whose parts follow the operator."""
        offset = start + match.start(3)
        spans = [(child, *self.tree.span(child)) for child in node.children]
        inside = [child for child, low, high in spans if low >= offset and high < end]
        return joined(self.source, start, end, self.parts(inside, offset, end - 1, stack))


SPREAD = re.compile(r'"?\$\{(\w+)\[[@*]\]\}"?')
"""All members of a list, as a command is given them."""

SETTING = re.compile(r"\$\{(\w+):?=")

SKIPPED = {
    "variable_assignment",
    "file_redirect",
    "herestring_redirect",
    "heredoc_redirect",
    "comment",
}
WRAPPERS = {
    "sudo",
    "exec",
    "nohup",
    "command",
    "env",
    "time",
    "timeout",
    "sshpass",
    "setsid",
    "nice",
    "doas",
    "xargs",
    "watch",
    "screen",
    "tmux",
}
