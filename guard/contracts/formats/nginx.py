"""Values in nginx configurations, split into directives by crossplane's lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guard.contracts.formats.dotenv import filled
from guard.contracts.values import Broken, Missing, Source, Value, plain
from guard.errors import nearest

SYNTAX = "like: listen, proxy_pass, location /api proxy_pass, server[1] listen, upstream app server"
WORD = re.compile(r"(.+?)(?:\[(\d+|\*)\])?$")


@dataclass(slots=True, repr=False)
class Directive:
    """One directive."""

    name: str
    """Its name."""

    arguments: list[Value]
    """Its arguments."""

    block: list[Directive] = field(default_factory=list)
    """What stands in its braces."""


class Config:
    """One nginx configuration; Broken where its braces do not match."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.directives: list[Directive] = []
        self.read()

    def tokens(self) -> Iterator[tuple[str, int, int, bool]]:
        """The tokens with their offsets; comments left out."""
        from io import StringIO

        from crossplane.errors import NgxParserSyntaxError
        from crossplane.lexer import _balance_braces, _lex_file_object

        at = 0
        try:
            lexed = list(
                _balance_braces(
                    _lex_file_object(StringIO(self.source.text + "\n")), self.source.path
                )
            )
        except NgxParserSyntaxError as problem:
            line = getattr(problem, "lineno", 1) or 1
            offset = self.source.lines.starts[min(line, len(self.source.lines.starts)) - 1]
            raise Broken(self.source, "not a valid nginx configuration", offset) from None
        for token, line, is_quoted in lexed:
            at = max(at, self.source.lines.starts[min(line, len(self.source.lines.starts)) - 1])
            found = self.source.text.find(token, at)
            start = found if found >= 0 else at
            at = start + len(token)
            if is_quoted or not token.startswith("#"):
                yield token, start, at, is_quoted

    def read(self) -> None:
        """Builds the directives."""
        stack = [self.directives]
        words: list[Value] = []
        for token, start, end, is_quoted in self.tokens():
            if is_quoted or token not in (";", "{", "}"):
                words.append(plain(self.source, start, end))
            elif token == "}":
                if len(stack) > 1:
                    stack.pop()
            elif words:
                directive = Directive(words[0].text, [w.named(words[0].text) for w in words[1:]])
                stack[-1].append(directive)
                if token == "{":
                    stack.append(directive.block)
                words = []
        if words:
            raise Broken(self.source, "not a valid nginx configuration", words[0].start)

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means: blocks from outside to inside, then a directive."""
        words = selector.split()
        if len(words) == 1 and "." in words[0] and not words[0].startswith("/"):
            words = words[0].split(".")
        if not words:
            raise Missing(f"{selector!r} is no selector for nginx", SYNTAX)
        parts = {"port", "host", "address"}
        take = words.pop() if len(words) > 1 and words[-1] in parts else ""
        found = list(self.found(words))
        if not found:
            known = sorted({d.name for d in every(self.directives)})
            last = WORD.fullmatch(words[-1])
            raise Missing(f"there is no {' '.join(words)}", nearest(last[1] if last else "", known))
        given = [d.arguments for d in every(self.directives) if d.name == "set"]
        names = [words[0].text for words in given]
        held = {w[0].text[1:]: w[1] for w in given if len(w) > 1 and names.count(w[0].text) == 1}
        values = [value for d in found for value in valued(d, take, held)]
        if not values:
            raise Missing(f"{' '.join(words)} names sockets only, which have no port")
        return values

    def found(self, words: list[str]) -> Iterator[Directive]:
        """The directives that some words lead to."""
        match = WORD.fullmatch(words[-1])
        assert match is not None
        name, number = match[1], match[2]
        scope = self.directives
        blocks = words[:-1]
        numbered = WORD.fullmatch(blocks[0]) if blocks else None
        if numbered is not None and numbered[2] not in (None, "*"):
            parents = [d for d in every(scope) if d.block and d.name == numbered[1]]
            index = int(numbered[2])
            scope, blocks = parents[index].block if index < len(parents) else [], blocks[1:]
        chosen = [d for way, d in ways(scope) if d.name == name and leads(blocks, way)]
        yield from chosen if number in (None, "*") else chosen[int(number) : int(number) + 1]


def every(directives: list[Directive]) -> Iterator[Directive]:
    """Directives and what stands in them."""
    for directive in directives:
        yield directive
        yield from every(directive.block)


def ways(
    directives: list[Directive], way: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Directive]]:
    """Each directive with the words of the blocks around it."""
    for directive in directives:
        yield way, directive
        words = (directive.name, *(a.text for a in directive.arguments))
        yield from ways(directive.block, (*way, *words))


def leads(wanted: list[str], way: tuple[str, ...]) -> bool:
    """Whether the blocks around a directive hold the wanted words in order."""
    rest = iter(way)
    return all(any(word == have for have in rest) for word in wanted)


def valued(directive: Directive, part: str, known: Mapping[str, Value]) -> Iterator[Value]:
    """The value of a directive: of `listen` the port, of others all of their first argument.

    `known` are the variables that are set once.
    """
    if not directive.arguments:
        raise Missing(f"{directive.name} has no value")
    first = directive.arguments[0]
    if directive.name == "listen":
        if first.text.startswith("unix:") and part not in ("address", "host"):
            return
        match = re.fullmatch(
            r"(?:(?P<address>\[[^\]]*\]|[^:]*[^:\d][^:]*):?)??(?::)?(?P<port>\d+)?", first.text
        )
        name = "address" if part in ("address", "host") else "port"
        if match is not None and match.start(name) >= 0:
            yield first.cut(*match.span(name))
            return
        raise Missing(f"the listen at line {first.at.line} has no {name}")
    if (
        directive.name in ("set", "proxy_set_header", "add_header", "map")
        and len(directive.arguments) > 1
    ):
        first = directive.arguments[1]
    first = filled(first, known)
    if part:
        from guard.contracts.parts import filtered

        yield filtered(first, "host" if part == "address" else part)
    else:
        yield first
