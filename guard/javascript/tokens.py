"""Splits JavaScript, broken or not, into tokens, and says which brackets are open at each line."""

from __future__ import annotations

import re

from guard.values import dataclass

SKIP = re.compile(r"(?:[\s\ufeff]+|//[^\n\r\u2028\u2029]*|/\*.*?\*/|<!--[^\n\r]*)+", re.DOTALL)
WORD = re.compile(r"[#@]?[\w$\u200c\u200d\\]+")
STRING = re.compile(r"\"(?:[^\"\\\r\n]|\\(?:\r\n|.))*\"|'(?:[^'\\\r\n]|\\(?:\r\n|.))*'", re.DOTALL)
HALF = re.compile(r"[\"'][^\r\n]*")
REGEX = re.compile(r"/(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+/\w*")
CHUNK = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
PUNCTUATOR = re.compile(r"=>|\?\.(?!\d)|\.\.\.|[=!]==?|&&=?|\|\|=?|\?\?=?|\+\+|--|.", re.DOTALL)

OPERAND_FOLLOWS = frozenset(
    "return typeof instanceof in of new delete void throw case do else yield await default".split()
)
"""Words after which `/` begins a regular expression."""

CONDITIONED = frozenset("if while for with".split())
"""Words whose parenthesis is followed by a statement, so that `/` begins one there as well."""

CLOSERS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token."""

    text: str
    """As it is written."""

    start: int
    """Offset of its first code point."""

    kind: str
    """word, string, half (a string without its end), regex, template, open, close or other."""

    @property
    def end(self) -> int:
        """The offset after its last code point."""
        return self.start + len(self.text)


def tokens(text: str) -> list[Token]:
    """The tokens of `text` without white space and comments; nothing makes it fail.

    A template literal is one token for each stretch between its substitutions; `${` and its
    `}` are brackets of their own.
    """
    result: list[Token] = []
    openers: list[tuple[str, str]] = []
    at, size = 0, len(text)
    before = ""  # what decides whether `/` divides
    while at < size:
        skipped = SKIP.match(text, at)
        if skipped is not None:
            at = skipped.end()
            if at >= size:
                break
        char = text[at]
        if char in "\"'":
            whole = STRING.match(text, at)
            found = whole or HALF.match(text, at)
            assert found is not None
            result.append(Token(found[0], at, "string" if whole else "half"))
            before = ")"
        elif char == "`" or (char == "}" and openers and openers[-1][0] == "${"):
            if char == "}":
                openers.pop()
                result.append(Token("}", at, "close"))
                at += 1
                begin = at
            else:
                begin = at
                at += 1
            chunk = CHUNK.match(text, at)
            stop = chunk.end() if chunk is not None else at
            stop += text[stop : stop + 1] == "`"
            if stop > begin:
                result.append(Token(text[begin:stop], begin, "template"))
            at = stop
            if text.startswith("${", at):
                openers.append(("${", ""))
                result.append(Token("${", at, "open"))
                at += 2
                before = ""
            else:
                before = ")"
            continue
        elif (word := WORD.match(text, at)) is not None:
            result.append(Token(word[0], at, "word"))
            before = word[0]
        elif char == "/" and divides(before) is False and (found := REGEX.match(text, at)):
            result.append(Token(found[0], at, "regex"))
            before = ")"
        else:
            sign = PUNCTUATOR.match(text, at)
            assert sign is not None
            kind = "open" if char in "([{" else "close" if char in ")]}" else "other"
            result.append(Token(sign[0], at, kind))
            if kind == "open":
                openers.append((char, before))
            elif kind == "close" and openers and openers[-1][0] == CLOSERS[char]:
                head = openers.pop()[1]
                before = "" if char == ")" and head in CONDITIONED else char
                at += 1
                continue
            before = sign[0]
        at = result[-1].end
    return result


def divides(before: str) -> bool:
    """Whether `/` after this token divides; otherwise it begins a regular expression."""
    if before in (")", "]"):
        return True
    return bool(WORD.fullmatch(before)) and before not in OPERAND_FOLLOWS


class Brackets:
    """Which brackets are open before each token, seen from the start and seen from the end.

    States are numbers: equal numbers mean equal stacks. Where a stretch from token `a` up to,
    not including, token `b` is taken out, the rest is balanced exactly if `opened[a]` is
    `needed[b]`. -1 where a closer met the wrong opener before (or after).
    """

    __slots__ = ("depth", "needed", "opened", "parents")

    def __init__(self, stream: list[Token]) -> None:
        stacks: dict[tuple[int, str], int] = {}
        parents: list[tuple[int, str]] = [(-1, "")]
        self.depth = [0]
        """By state, how many brackets are open."""
        self.parents = parents
        """By state, the state without its innermost bracket, and that bracket."""

        def push(state: int, bracket: str) -> int:
            known = stacks.get((state, bracket))
            if known is None:
                known = stacks[state, bracket] = len(parents)
                parents.append((state, bracket))
                self.depth.append(self.depth[state] + 1)
            return known

        state = 0
        self.opened = [0]
        for token in stream:
            if state >= 0 and token.kind == "open":
                state = push(state, token.text[-1])
            elif state >= 0 and token.kind == "close":
                parent, bracket = parents[state]
                state = parent if bracket == CLOSERS[token.text] else -1
            self.opened.append(state)
        state = 0
        self.needed = [0]
        for token in reversed(stream):
            if state >= 0 and token.kind == "close":
                state = push(state, CLOSERS[token.text])
            elif state >= 0 and token.kind == "open":
                parent, bracket = parents[state]
                state = parent if bracket == token.text[-1] else -1
            self.needed.append(state)
        self.needed.reverse()
