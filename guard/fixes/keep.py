"""Code that must stay: is it still there, has it moved, or did a change take it away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from guard.entries import File
from guard.finding import Finding, Location, Severity
from guard.fixes.judge import possible, undecided
from guard.fixes.matching.pattern import TooMuchWork, Unreadable
from guard.fixes.rule import Rule, concerned, is_rule
from guard.fixes.search import lies_in, meant, scopes
from guard.fixes.seen import Seen
from guard.fixes.telling import called_now, gone, moved, moved_to, renaming, scope
from guard.globs import matcher
from guard.snapshot import Snapshot
from guard.values import replace


def lost(snapshot: Snapshot, rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each required piece that is gone, a warning for each that has moved."""
    targets = frozenset(file.path for file in snapshot.targets())
    touched = None
    if snapshot.changes is not None:
        sides = [side for c in snapshot.changes for side in (c.old, c.new) if side is not None]
        touched = frozenset(side.path for side in sides)
    for rule in rules:
        if not rule.require:
            continue
        fresh = touched is None or rule.file in touched
        for path in rule.files:
            present = snapshot.file(path)
            if (fresh or path in (touched or ())) and (present is None or path in targets or fresh):
                yield from in_named_file(snapshot, rule, path, present)
        globs = [path for path in rule.paths if path.lstrip("/") not in rule.files]
        if globs or not rule.paths:
            yield from in_some_file(snapshot, rule, globs, None if fresh else touched)


def in_named_file(
    snapshot: Snapshot, rule: Rule, path: str, present: File | None
) -> Iterator[Finding]:
    """What has become of a piece that must stay in the file at `path`."""
    if present is None or not present.is_regular:
        yield from moved_or_gone(snapshot, rule, path)
        return
    yield from in_content(snapshot, rule, path, snapshot.read(present))


def in_content(snapshot: Snapshot, rule: Rule, path: str, content: bytes) -> Iterator[Finding]:
    """Whether the pieces are in the content of a file, each in its function."""
    try:
        file = rule.language.read(content)
        missing = [p for p in rule.require if not held(rule, p, file)]
    except Unreadable as problem:
        seen = Seen(content)
        if all(possible(seen, rule.language.needs(p)) for p in rule.require):
            yield undecided(rule, path, f"cannot be parsed: {problem.why}", problem.line)
        else:
            yield no_longer(snapshot, rule, Location(path), "is no longer in this file")
        return
    except (TooMuchWork, RecursionError):
        yield undecided(rule, path, "takes too long to search", 1)
        return
    if not missing:
        return
    places = scopes(rule, file)
    if places == []:
        yield renamed(snapshot, rule, path, file, missing)
        return
    start, end = places[-1] if places else (0, 0)
    first = file.text.find("\n", start, end)
    at = file.lines.location(path, start, first if first > 0 else end)
    where = f"is no longer in {scope(rule)}" if places else "is no longer in this file"
    yield no_longer(snapshot, rule, at, where, missing)


def renamed(
    snapshot: Snapshot, rule: Rule, path: str, file: Any, missing: Sequence[Any]
) -> Finding:
    """The function is gone: a warning where all its pieces are in one that was not there before."""
    for names, kind, start, end in rule.language.definitions(file):
        inside = [(start, end)]
        whole = all(any(lies_in(m, inside) for m in p.find(file)) for p in missing)
        if whole and not was_there(snapshot, rule, path, names):
            key, now, new = called_now(rule, names, kind)
            was = rule.class_ if key == "class" else scope(rule)
            message = f"{was} is now called {new}; the rule {rule.id} should say so"
            at = file.lines.location(path, start, start)
            return replace(
                moved(rule, at, message, f'in {rule.file}: {key} = "{new}"'),
                symbol=new,
                edits=renaming(rule, now, new),
            )
    for new in followed(snapshot, rule, path):
        return moved_to(rule, path, new, f"{scope(rule)} is now in {new}")
    gone_now = f"{scope(rule)} is gone, and with it a known fix"
    return no_longer(snapshot, rule, Location(path), "", missing, message=gone_now)


def was_there(snapshot: Snapshot, rule: Rule, path: str, names: Sequence[str]) -> bool:
    """Whether a function of this name was in the file before, beside the one that is gone."""
    before = snapshot.before(path)
    if before is None:
        return False
    try:
        file = rule.language.read(before)
    except Unreadable:
        return False
    known = list(rule.language.definitions(file))
    same = any(tuple(other) == tuple(names) for other, *_ in known)
    return same and any(meant(rule, other, kind) for other, kind, *_ in known)


def moved_or_gone(snapshot: Snapshot, rule: Rule, path: str) -> Iterator[Finding]:
    """The file is gone: followed where git calls it renamed, or its piece is new in another."""
    for new in followed(snapshot, rule, path):
        yield moved_to(rule, path, new, f"{path} is now {new}")
        return
    for new in renames(snapshot, path):
        file = snapshot.file(new)
        if file is not None and file.is_regular:
            found = list(in_content(snapshot, rule, new, snapshot.read(file)))
            if not any(one.severity is Severity.ERROR for one in found):
                yield moved_to(rule, path, new, f"{path} is now {new}")
            yield from found
            return
    yield no_longer(
        snapshot,
        rule,
        Location(path),
        "",
        rule.require,
        message=f"{path} is gone, and with it a known fix",
    )


def renames(snapshot: Snapshot, path: str) -> list[str]:
    """What a file is called now, as git sees it."""
    changes = snapshot.changes or ()
    return [c.new.path for c in changes if c.old and c.new and c.old.path == path != c.new.path]


def followed(snapshot: Snapshot, rule: Rule, path: str) -> Iterator[str]:
    """Files that a piece has moved to: what git calls the rename, else wherever it is new."""
    named = renames(snapshot, path)
    others = [p for p in holders(snapshot, rule) if p not in (path, *named)]
    # Where it was gone before already, it is not known what else held the piece then.
    old = None if snapshot.base is None else snapshot.base.file(path)
    unknown = old is None or snapshot.base is None or not complete(rule, snapshot.base.read(old))
    for new in [*named, *others]:
        fresh = new in named or unknown or not held_before(snapshot, rule, new)
        if fresh and holds(snapshot, rule, new):
            yield new


def holders(snapshot: Snapshot, rule: Rule) -> list[str]:
    """Files of the rule's language that may have the piece, found without parsing."""
    needs = rule.language.needs(rule.require[0])
    if not needs:
        return []
    ends = rule.language.suffixes
    return snapshot.containing(*needs[0].spelled(), suffixes=ends)


def holds(snapshot: Snapshot, rule: Rule, path: str) -> bool:
    """Whether all pieces are in the file at `path`."""
    file = snapshot.file(path)
    return file is not None and file.is_regular and complete(rule, snapshot.read(file))


def in_some_file(
    snapshot: Snapshot, rule: Rule, globs: Sequence[str], touched: Iterable[str] | None
) -> Iterator[Finding]:
    """A piece that must stay in one of many files; asked again when one of them is touched."""
    matches = matcher(globs) if globs else lambda path: True
    about = None if touched is None else [p for p in concerned(rule, touched) if matches(p)]
    if about == []:
        return
    named = frozenset(rule.files)
    may = (
        p for p in holders(snapshot, rule) if (matches(p) and not is_rule(p, rule)) or p in named
    )
    if any(holds(snapshot, rule, path) for path in may):
        return
    if about is None:
        yield no_longer(snapshot, rule, Location(rule.file), "is in none of the files it names")
        return
    had = [path for path in about if held_before(snapshot, rule, path)]
    deleted = [c.old for c in snapshot.changes or () if c.new is None and c.old is not None]
    had += [f.path for f in deleted if snapshot.base and complete(rule, snapshot.base.read(f))]
    for path in sorted({p for p in had if matches(p)}):
        yield no_longer(snapshot, rule, Location(path), "is no longer in this file")


def held(rule: Rule, pattern: Any, file: Any) -> bool:
    """Whether a piece is in a file, in the function or class that the rule names."""
    places = scopes(rule, file)
    dead = getattr(file, "overshadowed", ())  # in JavaScript, whose last one counts, too rare
    if places and dead:
        places = [place for place in places if place not in dead]
    return any(lies_in(match, places) for match in pattern.find(file))


def held_before(snapshot: Snapshot, rule: Rule, path: str) -> bool:
    """Whether the last committed version of the file had all pieces."""
    before = snapshot.before(path)
    return before is not None and complete(rule, before)


def complete(rule: Rule, content: bytes) -> bool:
    """Whether all pieces are in a content; what cannot be parsed has none."""
    seen = Seen(content)
    if not all(possible(seen, rule.language.needs(p)) for p in rule.require):
        return False
    try:
        file = rule.language.read(content)
        return all(held(rule, p, file) for p in rule.require)
    except (Unreadable, TooMuchWork, RecursionError):
        return False


def no_longer(
    snapshot: Snapshot,
    rule: Rule,
    at: Location,
    where: str,
    missing: Sequence[Any] = (),
    message: str = "",
) -> Finding:
    """The finding that a required piece is not where it must be."""
    had = snapshot.base is not None and held_before(snapshot, rule, at.path)
    return gone(snapshot, rule, at, where, had=had, missing=missing, message=message)
