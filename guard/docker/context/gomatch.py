"""Which ignore patterns Docker calls wrong at once: those at which Go's filepath.Match fails."""

from __future__ import annotations


def validate(text: str) -> None:
    """Refuses what Go's filepath.Match("…", ".") calls a bad pattern: what is left open in it.

    Docker asks that once of every pattern. Go reads on only as long as the pattern fits, from one
    `*` to the next: what is wrong behind that is found when a path is compared, if ever.
    """
    name, rest = ".", text
    while rest:
        star, chunk, rest = _chunk(rest)
        if star and not chunk:
            return
        left = _fits(chunk, name)
        if left is not None and (not left or rest):
            name = left
            continue
        tails = [name[at + 1 :] for at in range(len(name))] if star else []
        found = [left for tail in tails if (left := _fits(chunk, tail)) is not None]
        fitting = [left for left in found if rest or not left]
        if not fitting:
            return
        name = fitting[0]


def _chunk(text: str) -> tuple[bool, str, str]:
    """Whether stars lead a pattern, what follows up to the next one, and what is behind that."""
    start = len(text) - len(text.lstrip("*"))
    at, inside = start, False
    while at < len(text) and (inside or text[at] != "*"):
        at += text[at] == "\\"
        inside = text[at : at + 1] == "[" or (inside and text[at : at + 1] != "]")
        at += 1
    return start > 0, text[start:at], text[at:]


def _fits(chunk: str, name: str) -> str | None:
    """What is left of a name that a pattern without stars fits the start of; None if none."""
    at, fits = 0, True
    while at < len(chunk):
        fits = fits and bool(name)
        letter, first = chunk[at], name[:1]
        at += 1
        if letter == "[":
            at, hit = _bracket(chunk, at, first)
        elif letter == "?":
            hit = first != "/"
        else:
            if letter == "\\":
                if at == len(chunk):
                    raise ValueError("a backslash ends the pattern")
                letter, at = chunk[at], at + 1
            hit = letter == first
        fits, name = fits and hit, name[1:]
    return name if fits else None


def _bracket(text: str, at: int, letter: str) -> tuple[int, bool]:
    """The index behind a bracket expression that opens before `at`; whether a letter is in it."""
    negated = text[at : at + 1] == "^"
    at += negated
    ranges, hit = 0, False
    while not (ranges and text[at : at + 1] == "]"):
        low, at = _bound(text, at)
        high = low
        if text[at : at + 1] == "-":
            high, at = _bound(text, at + 1)
        hit = hit or low <= letter <= high
        ranges += 1
        if at >= len(text):
            raise ValueError("a bracket is not closed")
    return at + 1, hit != negated


def _bound(text: str, at: int) -> tuple[str, int]:
    """One end of a range, and the index behind it."""
    if text[at : at + 1] in ("", "-", "]"):
        raise ValueError("a range in brackets has no end")
    at += text[at] == "\\"
    if at >= len(text):
        raise ValueError("a backslash ends the pattern")
    return text[at], at + 1
