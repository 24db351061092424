"""The relations between the values of places: what each of them means and what it says."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.question import Held, Question, noted, shown, where
from guard.contracts.values import Missing
from guard.contracts.versions import version
from guard.finding import Edit, Finding, Location

SAFE = re.compile(r"[A-Za-z0-9._/@:+-]+")
"""Text that can stand anywhere a value stands, quoted or not."""


def same(question: Question) -> Iterator[Finding]:
    """Every value is equal to every other."""
    contract = question.contract
    held = question.held(contract.same)
    undecided = question.undecided(held)
    if undecided is not None:
        yield undecided
        return
    texts = Counter(h.value.text for h in held)
    if len(texts) < 2:
        return
    right = truth(question, held, texts)
    wrong = [h for h in held if h.value.text != right.value.text]
    edits = mended(right, wrong) if contract.truth else []
    yield question.finding(
        disagreement(question, right, wrong),
        wrong[0].value.at,
        [noted(h.value.at, question.says(h.value)) for h in held if h is not wrong[0]],
        edits,
    )


def disagreement(question: Question, right: Held, wrong: Sequence[Held]) -> str:
    """The sentence that names both sides, and more where more disagree."""
    sides = [wrong[0], right]
    if question.secret:
        return f"{where(sides[0].value)} and {where(sides[1].value)} differ (a secret: not shown)"
    said = ", ".join(f"{where(h.value)} says {shown(h.value.text)}" for h in sides)
    more = len(wrong) - 1
    return f"{said}, {more} more disagree" if more else said


def truth(question: Question, held: Sequence[Held], texts: Counter[str]) -> Held:
    """The value that the others are measured by: the declared one, or what most places say."""
    wanted = question.contract.truth
    if wanted:
        return next(h for h in held if wanted in (h.place.written, " + ".join(h.place.paths)))
    most = max(texts.values())
    if most > 1 and list(texts.values()).count(most) == 1:
        return next(h for h in held if texts[h.value.text] == most)
    return held[-1]


def mended(right: Held, wrong: Sequence[Held]) -> list[Edit]:
    """The edits that put the right value everywhere; none where one place cannot be edited."""
    text = right.value.text
    if not SAFE.fullmatch(text) or not all(h.value.exact for h in wrong):
        return []
    edits = {}
    for h in wrong:
        written = text if fitted(h) else h.place.template.replace("{}", text)
        edits[h.value.at] = Edit(h.value.at, written)
    return list(edits.values())


def fitted(held: Held) -> bool:
    """Whether the value stands inside its template, and not in the place of all of it."""
    piece = held.value.sole
    if not held.place.template or piece is None:
        return True
    before, _, after = held.place.template.partition("{}")
    text = piece.source.text
    return text[: piece.start].endswith(before) and text[piece.end :].startswith(after)


def one_of(question: Question) -> Iterator[Finding]:
    """A value is one of several."""
    relation = question.contract.one_of
    assert relation is not None
    literal = [text for text in relation.among if " :: " not in text]
    held = question.held([relation.value])
    others = question.held([text for text in relation.among if " :: " in text])
    undecided = question.undecided([*held, *others])
    if undecided is not None:
        yield undecided
        return
    allowed = [*literal, *(h.value.text for h in others)]
    for h in held:
        if h.value.text not in allowed:
            listed = "none of the values allowed (a secret: not shown)"
            if not question.secret:
                listed = f"none of {', '.join(shown(text) for text in dict.fromkeys(allowed))}"
            said = "holds" if question.secret else f"says {shown(h.value.text)},"
            yield question.finding(
                f"{where(h.value)} {said} {listed}",
                h.value.at,
                [noted(o.value.at, question.says(o.value)) for o in others],
            )


def subset(question: Question) -> Iterator[Finding]:
    """Values are all among others."""
    relation = question.contract.subset
    assert relation is not None
    held, others = question.held(relation.values), question.held(relation.of)
    undecided = question.undecided([*held, *others])
    if undecided is not None:
        yield undecided
        return
    there = {h.value.text for h in others}
    for h in held:
        if h.value.text in there:
            continue
        places = ", ".join(dict.fromkeys(" + ".join(o.place.paths) for o in others))
        said = "holds a secret that is" if question.secret else f"says {shown(h.value.text)},"
        yield question.finding(
            f"{where(h.value)} {said} not found in {places}",
            h.value.at,
            [noted(o.value.at, question.says(o.value)) for o in others],
        )


def unique(question: Question) -> Iterator[Finding]:
    """No two values are equal."""
    held = question.held(question.contract.unique)
    undecided = question.undecided(held)
    if undecided is not None:
        yield undecided
        return
    seen: dict[str, Held] = {}
    for h in held:
        first = seen.setdefault(h.value.text, h)
        if first is h:
            continue
        what = "the same secret" if question.secret else shown(h.value.text)
        yield question.finding(
            f"{where(h.value)} and {where(first.value)} both say {what}",
            h.value.at,
            [noted(first.value.at, "said here first")],
        )


def exists(question: Question) -> Iterator[Finding]:
    """Files are in the repository."""
    for written in question.contract.exists:
        place = parsed(written)
        if not place.selector:
            if place.is_glob:
                question.files.matching(place.paths)
            elif question.files.snapshot.file(place.paths[0]) is None and not is_folder(
                question.files, place.paths[0]
            ):
                yield question.finding(
                    f"{place.paths[0]} is not in {question.files.snapshot.title}",
                    Location(place.paths[0]),
                )
            continue
        for h in question.held([written]):
            undecided = question.undecided([h])
            if undecided is not None:
                yield undecided
                continue
            folder = posixpath.dirname(h.value.at.path)
            tries = {
                posixpath.normpath(posixpath.join(f, h.value.text.lstrip("/")))
                for f in (folder, "")
            }
            known = question.files.snapshot
            if not any(known.file(path) or is_folder(question.files, path) for path in tries):
                said = "a file" if question.secret else shown(h.value.text)
                yield question.finding(
                    f"{where(h.value)} names {said}, which is not in {known.title}", h.value.at
                )


def is_folder(files: Files, path: str) -> bool:
    """Whether something in the snapshot lies below `path`."""
    start = path.rstrip("/") + "/"
    return path == "." or any(name.startswith(start) for name in files.snapshot.files())


def ordered(question: Question) -> Iterator[Finding]:
    """No version is older than the one before it."""
    held = question.held(question.contract.ordered)
    yield from compared(question, list(pairwise(held)), strict=False)


def newer(question: Question) -> Iterator[Finding]:
    """The first version is newer than each of the others."""
    first, *others = question.held(question.contract.newer)
    yield from compared(question, [(other, first) for other in others], strict=True)


def compared(
    question: Question, pairs: Sequence[tuple[Held, Held]], strict: bool
) -> Iterator[Finding]:
    """Findings for pairs that are not in order: the older first."""
    undecided = question.undecided([h for pair in pairs for h in pair])
    if undecided is not None:
        yield undecided
        return
    for low, high in pairs:
        for h in (low, high):
            if not re.search(r"\d", h.value.text):
                raise Missing(
                    f"{h.place.written} is no version", f"{where(h.value)} holds no number"
                )
        a, b = version(low.value.text), version(high.value.text)
        if a > b or (strict and a == b):
            what = "not newer than" if strict else "older than"
            yield question.finding(
                f"{where(high.value)} says {shown(high.value.text)}, {what} "
                f"{shown(low.value.text)} in {where(low.value)}",
                high.value.at,
                [noted(low.value.at, question.says(low.value))],
            )
