r"""What is looked for in all files at once, so that only those are read in which a rule can match.

Of what every match of a pattern must contain one thing is looked for, the most telling. They make
a few expressions, which are looked for line by line and mean the same to git's Perl expressions
and to `re`. What they find says which rules to ask:

    load            a word
    yaml.load       a name taken from another; `yaml` alone where the line ends before it says what
                    is taken, or imports something from there
    "               a string in pieces or with escapes, in which any word may be spelled
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from guard.anyof import any_of
from guard.fixes.seen import Need, telling

MOST = 24
"""Up to so many expressions, to look for one after the other takes less time.

Where all matches begin with the same letters, these are looked for many letters at a time.
"""

START = "(?<![A-Za-z0-9_])"
END = "(?![A-Za-z0-9_])"
BETWEEN = r"[\s()\\]*+"


class Sought:
    """The expressions for some patterns, and which of these what they find speaks for."""

    def __init__(self, wanted: Iterable[tuple[str, Sequence[Need]]]) -> None:
        """`wanted`: by a name, what a file with a match contains, a name for each pattern."""
        self.everywhere: set[str] = set()
        """The names of what nothing can be looked for."""
        self._words: defaultdict[str, set[str]] = defaultdict(set)
        self._begun: defaultdict[str, set[str]] = defaultdict(set)
        self._taken: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._from: defaultdict[str, set[str]] = defaultdict(set)
        self._vague: set[str] = set()
        self._said: set[str] = set()
        self._signs: set[str] = set()
        self._known: dict[str, frozenset[str]] = {}
        for name, needs in wanted:
            self._want(name, needs)

    def _want(self, name: str, needs: Sequence[Need]) -> None:
        need = max(needs, key=weight, default=None)
        if need is None or not selective(needs):
            self.everywhere.add(name)
        elif need.of:
            self._taken[need.of, need.text].add(name)
            self._from[need.of].add(name)
        elif need.said:
            self._vague.add(name)
            self._said.add(need.text)
            words = list(re.finditer("[A-Za-z0-9_]{2,}", need.text))
            if not words:
                self._signs.add(need.text)
                return
            word = max(words, key=lambda found: len(found[0]))
            cut = word.end() == len(need.text) and not need.whole
            (self._begun if cut else self._words)[word[0]].add(name)
        else:
            self._words[need.text].add(name)

    @property
    def expressions(self) -> list[str]:
        """What to look for."""
        words = [*self._taking()]
        words += [any_of(some) + END for some in alike(self._words)]
        words += [any_of(some) + "[A-Za-z0-9_]*+" for some in alike(self._begun)]
        if len(words) > MOST:
            words = [f"(?:{'|'.join(words)})"]
        found = [START + word for word in words]
        if self._said:
            found.append(in_pieces(self._said))
        if self._signs:
            found.append(f"(?={any_of(sorted(self._signs))}).")
        return found

    def _taking(self) -> Iterator[str]:
        sources: defaultdict[frozenset[str], set[str]] = defaultdict(set)
        for of in self._from:
            sources[frozenset(name for one, name in self._taken if one == of)].add(of)
        for taken, ofs in sources.items():
            name = any_of(sorted(taken)) + END
            taking = rf"{BETWEEN}\.{BETWEEN}(?:{name}|(?=#|$))"
            # What is imported from there stands in the line, or in the next ones.
            named = rf"import\b.*?(?:(?<![A-Za-z0-9_]){name}|[(,\\]\s*$|\*|#)"
            other = rf"{BETWEEN}(?:as\b|{named}|#)|[\s()]*\\\s*$"
            for some in alike(ofs):
                of = any_of(some) + END
                alone = rf"(?<!import ){of}(?={BETWEEN}$)"  # `import yaml` alone takes nothing
                yield f"(?:{of}(?:{taking}|(?={other}))|{alone})"

    def names(self, texts: Iterable[str]) -> frozenset[str]:
        """The names of the patterns that a file may match in which these texts were found."""
        return frozenset[str]().union(*(self._spoken_for(text) for text in texts))

    def _spoken_for(self, text: str) -> frozenset[str]:
        if text not in self._known:
            words = re.findall("[A-Za-z0-9_]+", text)
            found = set(self._vague) if len(text) == 1 else set[str]()
            for word in words:
                found |= self._words.get(word, set())
                for begun, names in self._begun.items():
                    if word.startswith(begun):
                        found |= names
            if len(words) > 1:
                found |= self._taken.get((words[0], words[1]), set())
            if words:  # what is taken from the last of them was not looked at
                found |= self._from.get(words[-1], set())
            self._known[text] = frozenset(found)
        return self._known[text]


def alike(words: Iterable[str]) -> Iterator[list[str]]:
    """The words, those together that begin with the same letters."""
    for _, some in groupby(sorted(words), key=lambda word: word[:3]):
        yield [*some]


def weight(need: Need) -> int:
    """How much looking for a need narrows the files down; under 2, nearly not at all."""
    return telling(need) + (telling(Need(need.of)) if need.of else 0)


def selective(needs: Sequence[Need]) -> bool:
    """Whether anything in a pattern tells which files to look at."""
    return any(weight(need) > 1 for need in needs)


def in_pieces(said: Iterable[str]) -> str:
    """Strings of which the first piece is the beginning of a text, or an escape for its letter.

    Its quote is found. What follows the piece is told as far as its line tells.
    """
    texts = sorted(said)
    heads = any_of(sorted({text[:size] for text in texts for size in range(1, len(text))}))
    letters = "|".join(sorted({escapes(text[0]) for text in texts}))
    joined = r"\s*+(?:[a-zA-Z]{0,2}[\"']|#|\\|$)"
    broken = rf"{heads}(?:[\"'](?={joined})|\\)|" if heads else ""
    return rf"[\"'](?={broken}\\(?:{letters}))"


def escapes(letter: str) -> str:
    """The ways to write a letter as an escape, behind its backslash."""
    code = ord(letter)
    numbers = rf"x{code:02x}|u{code:04x}|U{code:08x}|0*{code:o}|u\{{0*{code:x}\}}"
    return rf"(?i:{numbers}|N\{{{unicodedata.name(letter)}\}})"
