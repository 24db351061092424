"""Edits gone wrong as people and language models make them with search-and-replace, in real files.

The truth comes from the edit: which lines were left over, or may as well be said to be; which
function they are of; and every text that a reader would call mended. Nothing here knows how guard
looks for them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import edited_blocks as blocks
import edited_functions as functions
import edited_statements as statements
from corpus_lines import elsewhere
from corpus_members import sound
from edited_files import File, Part, read


@dataclass(frozen=True)
class Edit:
    kind: str
    old: str
    new: str
    regions: tuple[tuple[int, int], ...]  # 1-based lines, any of which is right
    mended: tuple[str, ...]  # sound texts, any of which is right
    symbols: tuple[str, ...]  # names that a reader would accept

    @property
    def missing(self) -> bool:
        return self.kind in MISSING


KINDS: dict[str, Callable[[File, random.Random], Iterator[Part]]] = {
    "tail of a changed function": functions.tail_of_changed,
    "last lines of a longer one": functions.last_lines,
    "old first half above": functions.first_half,
    "helper in the wrong style": functions.wrong_style,
    "if gone, else left": statements.half_if,
    "block unwrapped, closer left": statements.unwrapped,
    "try or catch alone": statements.try_alone,
    "cases behind a switch": statements.old_case,
    "end of a callback twice": blocks.doubled_end,
    "parenthesis dropped": blocks.dropped_parenthesis,
    "closing lines swapped": blocks.swapped,
    "member a line off": functions.wrong_place,
    "hunk a line off": functions.off_by,
    "both versions of a line": functions.both_versions,
    "rest of a list": blocks.cut_list,
    "rest of a chain": blocks.chain,
    "comment without its start": blocks.comment,
    "else off its if": statements.between_else,
    "end and beginning gone": functions.lost_middle,
    "rest of a template": blocks.template,
}
MISSING = frozenset(("parenthesis dropped", "end and beginning gone"))


def made(kind: str, file: File, rng: random.Random) -> Edit | None:
    """One edit of a kind in a file; None where chance gave none that breaks it."""
    part = next(KINDS[kind](file, rng), None)
    if part is None or not part.names:
        return None
    changed = range(part.first, part.last + 1)
    before = elsewhere(
        file.lines[: part.first], [m for m in file.members if m.last < part.first], changed, rng
    )
    after = file.lines[part.last :]
    new = "\n".join([*before, *part.lines, *after])
    if sound(new):
        return None
    texts = ["\n".join([*before, *right, *after]) for right in part.rights]
    if kind not in MISSING:
        texts += [
            "\n".join([*before, *part.lines[: max(a, 0)], *part.lines[b:], *after])
            for a, b in part.spans
            if a >= 0
        ]
    rights = tuple(dict.fromkeys(text for text in texts if sound(text)))
    if not rights:
        return None
    regions = []
    for a, b in part.spans:
        while b - 1 > a and b <= len(part.lines) and not part.lines[b - 1].strip():
            b -= 1
        while a + 1 < b and 0 <= a < len(part.lines) and not part.lines[a].strip():
            a += 1
        regions.append((len(before) + a + 1, len(before) + max(b, a + 1)))
    return Edit(kind, file.text, new, tuple(regions), rights, tuple(dict.fromkeys(part.names)))


def edits(texts: dict[str, str], seed: int, each: int) -> Iterator[tuple[str, Edit]]:
    """Up to `each` edits of each kind, over the files in turn."""
    files = {path: read(text) for path, text in texts.items()}
    paths = sorted(path for path, file in files.items() if len(file.members) >= 3)
    for kind in KINDS:
        rng = random.Random(f"{seed} {kind}")
        count = 0
        for _ in range(each * 30):
            if count >= each:
                break
            path = rng.choice(paths)
            found = made(kind, files[path], rng)
            if found is not None:
                count += 1
                yield path, found
